"""The bundled clips of simulated visitors are what their README says."""

from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import Settings
from attune.scenario.loading import load_scenario
from tools.visitors import record, trial
from tools.visitors.regions import REGIONS

CLIPS = [
    ("1-resonant-headset", 1, "resonant", "quest"),
    ("2-detached-headset", 2, "detached", "slab"),
    ("3-resonant-bare", 3, "resonant", "none"),
]
BYTES = 2_000_000


@pytest.fixture(scope="module")
def folder(repository: Path) -> Path:
    return repository / "examples" / "visitors"


@pytest.mark.parametrize(("name", "seed", "visitor", "headset"), CLIPS)
def test_a_clip_is_small_and_has_a_row_of_truth_for_each_frame(
    folder: Path, name: str, seed: int, visitor: str, headset: str
) -> None:
    video = folder / f"{name}.mp4"
    assert video.stat().st_size <= BYTES
    truths = record.read(folder / f"{name}.truth.csv.gz")
    capture = cv2.VideoCapture(str(video))
    size = [capture.get(one) for one in (cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT)]
    assert size == [640, 480]
    assert int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) == len(truths)
    rate_hz = capture.get(cv2.CAP_PROP_FPS)
    assert 40 <= len(truths) / rate_hz <= 60
    assert {one.size for one in truths} == {(640, 480)}
    assert {(one.identity, one.visitor, one.headset) for one in truths} == {
        (seed, visitor, headset)
    }
    times = np.array([one.capture_time_ns for one in truths])
    np.testing.assert_allclose(np.diff(times), 1e9 / rate_hz, atol=2)


@pytest.mark.parametrize(("name", "headset"), [(name, headset) for name, *_, headset in CLIPS])
def test_the_truth_knows_what_the_headset_hides(folder: Path, name: str, headset: str) -> None:
    visible = np.array([one.visible for one in record.read(folder / f"{name}.truth.csv.gz")])
    shares = dict(zip(REGIONS, np.nanmean(visible, axis=0), strict=True))
    if headset == "none":
        assert min(shares.values()) == 1.0
    else:
        assert max(shares["left_eye"], shares["right_eye"]) == 0.0
        assert min(shares["mouth"], shares["chin"]) > 0.98


@pytest.mark.parametrize(("name", "headset"), [(name, headset) for name, *_, headset in CLIPS])
def test_the_mask_of_the_headset_lies_in_its_box_and_is_as_large(
    folder: Path, name: str, headset: str
) -> None:
    for truth in record.read(folder / f"{name}.truth.csv.gz")[::50]:
        mask = truth.headset_mask
        assert mask.sum() == pytest.approx(truth.headset_px, rel=0.01)
        if headset == "none":
            continue
        assert truth.headset_box is not None
        left, top, right, bottom = truth.headset_box
        rows, columns = np.nonzero(mask)
        assert abs(columns.min() - left) <= 1 >= abs(columns.max() + 1 - right)
        assert abs(rows.min() - top) <= 1 >= abs(rows.max() + 1 - bottom)


def test_the_truth_of_all_clips_is_small(folder: Path) -> None:
    assert sum(file.stat().st_size for file in folder.glob("*.truth.csv.gz")) <= BYTES


@pytest.mark.parametrize(("name", "visitor"), [(name, visitor) for name, _, visitor, _ in CLIPS])
def test_the_server_finds_the_visitor_of_a_clip(
    repository: Path, folder: Path, name: str, visitor: str
) -> None:
    loaded = load_scenario(repository / "examples/scenarios/memorial.yaml")
    frames = trial.frames_of(folder / f"{name}.mp4")
    came_to = trial.run_trial(islice(frames, 30), loaded, Settings())
    assert came_to.found > 0.9
    assert came_to.visitor == visitor
    assert len(came_to.shown) == len(came_to.read) > 20
    np.testing.assert_allclose(came_to.probabilities.sum(1), 1.0, atol=1e-4)
