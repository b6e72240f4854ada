"""Vision against the truth of the bundled rendered visitors (drawings of faces, nobody real)."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.timeline import UntimedStages
from attune.vision.camera import CameraModel
from attune.vision.face import REGIONS
from attune.vision.observer import FaceObserver

from .clips import frames

EVERY = 6
CLIPS = ("1-resonant-headset", "2-detached-headset", "3-resonant-bare")


@dataclass(frozen=True)
class Compared:
    """One clip: share of frames with a face, and arrays over those frames."""

    found: float
    headset: NDArray[np.float64]
    pose_error_deg: NDArray[np.float64]
    visible: NDArray[np.float64]
    truly_visible: NDArray[np.float64]


@pytest.fixture(scope="module", params=CLIPS)
def compared(request: pytest.FixtureRequest, repository: Path) -> tuple[str, Compared]:
    clip = repository / "examples" / "visitors" / f"{request.param}.mp4"
    if not clip.exists():
        pytest.skip(f"{clip.name} is not bundled")
    with gzip.open(clip.with_suffix(".truth.csv.gz"), "rt", newline="") as file:
        truth = list(csv.DictReader(file))[::EVERY]
    observer = FaceObserver(VisionSettings(max_faces=1))
    headset, errors, visible, truly = [], [], [], []
    for image, row in zip(frames(clip, EVERY), truth, strict=True):
        optics = (float(row[name]) for name in ("fx", "fy", "cx", "cy"))
        camera = CameraModel(*optics, image.width, image.height)
        seen = observer.observe(image, int(row["capture_time_ns"]), camera, None, UntimedStages())
        if seen.wearer is None or seen.pose is None:
            continue
        headset.append(seen.wearer.headset)
        pose = (seen.pose.yaw_deg, seen.pose.pitch_deg, seen.pose.roll_deg)
        errors.append(np.subtract(pose, [float(row[f"{a}_deg"]) for a in ("yaw", "pitch", "roll")]))
        visible.append(list(seen.wearer.visibility.as_dict().values()))
        truly.append([float(row[f"visible_{name}"]) for name in REGIONS])
    observer.close()
    arrays = (np.array(column) for column in (headset, errors, visible, truly))
    return request.param, Compared(len(headset) / len(truth), *arrays)


def test_the_face_is_found_in_nearly_every_frame(compared: tuple[str, Compared]) -> None:
    assert compared[1].found > 0.9


def test_the_headset_is_seen_where_one_is_worn(compared: tuple[str, Compared]) -> None:
    name, clip = compared
    agrees = (clip.headset > 0.5) == ("headset" in name)
    assert agrees.mean() > 0.9


def test_the_pose_is_near_the_truth(compared: tuple[str, Compared]) -> None:
    yaw, pitch, roll = np.abs(compared[1].pose_error_deg).mean(axis=0)
    assert yaw < 6
    assert pitch < 9
    assert roll < 5


def test_regions_are_as_visible_as_they_are_drawn(compared: tuple[str, Compared]) -> None:
    clip = compared[1]
    apart = dict(zip(REGIONS, np.abs(clip.visible - clip.truly_visible).mean(axis=0), strict=True))
    assert max(apart[name] for name in REGIONS[:4]) < 0.2
    assert apart["mouth"] < 0.2
    assert max(apart.values()) < 0.4
