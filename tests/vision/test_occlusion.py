"""A headset over the eyes and a hand over the mouth, on real faces in painted headsets."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.errors import ConfigError
from attune.timeline import UntimedStages
from attune.vision.crop import sample
from attune.vision.face import VisibilityBand
from attune.vision.frame import Image
from attune.vision.observer import FaceObserver, Observation
from attune.vision.occlusion import load_occlusion_model
from attune.vision.overlay import paint, placement_from_mesh
from attune.vision.overlay_shapes import Family, Headset

from .clips import frames

FRAME_NS = 66_666_667
HEADSETS = {
    "dark slab": Headset(Family.SLAB, 1.2, -0.75, 0.55, 1.0, front_tone=18, side_tone=30),
    "white twin": Headset(Family.TWIN, 1.25, -0.7, 0.6, 1.0, front_tone=225, side_tone=200),
    "gray tapered": Headset(Family.TAPERED, 1.2, -0.75, 0.6, 1.0, front_tone=95, side_tone=80),
}


def observe(images: Iterator[Image], declared: str | None = None) -> list[Observation]:
    observer = FaceObserver(VisionSettings(max_faces=1), declared_headset=declared)
    seen = [
        observer.observe(image, k * FRAME_NS, None, None, UntimedStages())
        for k, image in enumerate(images)
    ]
    observer.close()
    return seen


@pytest.fixture(scope="module")
def bare(clips: Path) -> list[tuple[Image, Observation]]:
    images = list(frames(clips / "single_face.mp4", every=3))
    return list(zip(images, observe(iter(images)), strict=True))


@dataclass(frozen=True)
class Worn:
    """The clip with a painted headset: images, the truth of what it covers, observations."""

    images: list[Image]
    covered: list[NDArray[np.float32]]
    seen: list[Observation]


@pytest.fixture(scope="module")
def worn(bare: list[tuple[Image, Observation]]) -> dict[str, Worn]:
    found = {}
    for name, headset in HEADSETS.items():
        painted = []
        for image, seen in bare:
            assert seen.wearer is not None
            placement = placement_from_mesh(seen.wearer.mesh.astype(np.float64))
            painted.append(paint(image.rgb, headset, placement))
        images = [Image(one.image) for one in painted]
        found[name] = Worn(images, [one.covered for one in painted], observe(iter(images)))
    return found


def test_a_bare_face_wears_no_headset(bare: list[tuple[Image, Observation]]) -> None:
    for _, seen in bare:
        assert seen.wearer is not None
        assert seen.crop is not None
        assert seen.wearer.headset < 0.1
        assert seen.wearer.band is VisibilityBand.FULL
        assert seen.wearer.visibility.mouth == 1
        assert seen.crop.visible.min() == 1


@pytest.mark.parametrize("name", HEADSETS)
def test_a_painted_headset_is_seen_and_only_the_lower_face_remains(
    worn: dict[str, Worn], name: str
) -> None:
    seen = worn[name].seen
    found = [one.wearer for one in seen if one.wearer is not None]
    assert len(found) >= 0.9 * len(seen)
    assert np.median([face.headset for face in found]) > 0.9
    assert np.mean([face.band is VisibilityBand.LOWER_FACE for face in found]) > 0.9
    assert np.median([face.visibility.eyes for face in found]) < 0.1
    assert np.median([face.visibility.mouth for face in found]) > 0.9


@pytest.mark.parametrize("name", HEADSETS)
def test_the_mask_of_the_crop_agrees_with_what_was_painted(
    worn: dict[str, Worn], name: str
) -> None:
    agreement = []
    for covered, seen in zip(worn[name].covered, worn[name].seen, strict=True):
        if seen.crop is None:
            continue
        truth = sample((255 * covered).astype(np.uint8), seen.crop.matrix)[:, 8:40] > 127
        ours = seen.crop.visible[:, 8:40] < 0.5
        agreement.append((truth & ours).sum() / (truth | ours).sum())
    assert np.median(agreement) > 0.7


def test_a_headset_moves_crop_and_pose_only_a_little(
    bare: list[tuple[Image, Observation]], worn: dict[str, Worn]
) -> None:
    corners = np.array([[8.0, 20], [40, 20], [24, 44]])
    moved, turned = [], []
    for (_, plain), seen in zip(bare, worn["dark slab"].seen, strict=True):
        if seen.crop is None or plain.crop is None or seen.pose is None or plain.pose is None:
            continue
        there, here = (
            (corners - one.matrix[:, 2]) @ np.linalg.inv(one.matrix[:, :2]).T
            for one in (seen.crop, plain.crop)
        )
        scale = np.hypot(*plain.crop.matrix[:, 0])
        moved.append(scale * np.linalg.norm(there - here, axis=1).mean())
        turned.append(abs(seen.pose.yaw_deg - plain.pose.yaw_deg))
    assert np.median(moved) < 3
    assert np.median(turned) < 4


def test_putting_on_is_noticed_within_a_second_and_taking_off_within_three(
    bare: list[tuple[Image, Observation]], worn: dict[str, Worn]
) -> None:
    plain = [image for image, _ in bare]
    covered = worn["dark slab"].images
    seen = observe(iter(plain[:15] + covered + plain + plain + plain[:12]))
    values = [None if one.wearer is None else one.wearer.headset for one in seen]
    on, off = 15, 15 + len(covered)
    assert all(value is not None and value < 0.2 for value in values[:on])
    late = [value for value in values[on + 15 : off] if value is not None]
    assert late
    assert min(late) > 0.7
    bare_again = [value for value in values[off + 45 :] if value is not None]
    assert bare_again
    assert max(bare_again) < 0.3


def test_a_declared_headset_is_a_prior_that_pixels_overrule(clips: Path) -> None:
    images = list(frames(clips / "single_face.mp4", every=12))
    said = observe(iter(images), declared="quest-3")
    unsaid = observe(iter(images))
    for a, b in zip(said, unsaid, strict=True):
        assert a.wearer is not None
        assert b.wearer is not None
        assert b.wearer.headset < a.wearer.headset < 0.3


def test_a_hand_over_the_mouth_lowers_the_mouth(clips: Path) -> None:
    """Frames 100 to 140 of the clip show fingers across the mouth, frames 280 on a bare smile."""
    seen = observe(frames(clips / "WolfgangLanger_Pexels.mp4", every=4))
    mouth = [0.0 if one.wearer is None else one.wearer.visibility.mouth for one in seen]
    assert np.median(mouth[26:35]) < 0.5
    assert np.median(mouth[70:]) == 1
    assert np.mean(np.array(mouth[70:]) > 0.9) > 0.9


def test_a_missing_model_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="fit_occlusion"):
        load_occlusion_model(tmp_path / "occlusion.npz")
    (tmp_path / "other.npz").write_bytes(b"PK\x03\x04 broken")
    with pytest.raises(ConfigError, match="other"):
        load_occlusion_model(tmp_path / "other.npz")


def test_a_damaged_model_is_refused_wherever_the_damage_lies(
    tmp_path: Path, repository: Path
) -> None:
    whole = (repository / "calibration" / "occlusion.npz").read_bytes()
    path, draw, refused = tmp_path / "occlusion.npz", np.random.default_rng(1), 0
    for _ in range(200):
        damaged = np.frombuffer(whole, np.uint8).copy()
        damaged[draw.integers(len(whole), size=3)] ^= draw.integers(1, 256, 3).astype(np.uint8)
        path.write_bytes(damaged.tobytes())
        try:
            load_occlusion_model(path)
        except ConfigError:
            refused += 1
    assert refused > 180


@pytest.mark.parametrize(("name", "array"), [("eye", np.zeros(216)), ("slab", np.full(13, np.nan))])
def test_a_model_of_other_shapes_or_without_numbers_is_refused(
    tmp_path: Path, repository: Path, name: str, array: NDArray[np.float64]
) -> None:
    with np.load(repository / "calibration" / "occlusion.npz") as stored:
        arrays = dict(stored)
    np.savez(tmp_path / "occlusion.npz", **{**arrays, name: array})
    with pytest.raises(ConfigError, match="finite numbers of"):
        load_occlusion_model(tmp_path / "occlusion.npz")
