"""What hides a region: turning away, the image's border, and what lies over the face."""

import numpy as np
import pytest
from numpy.typing import NDArray

from attune.vision.crop import crop_matrix, fill_polygon
from attune.vision.face import REGIONS, RegionVisibility, VisibilityBand
from attune.vision.landmarks import REGION_POINTS
from attune.vision.pose import rotation_from_angles
from attune.vision.visibility import (
    facing,
    inside,
    lowered,
    region_visibility,
    uncovered,
    visibility_band,
    without_upper_face,
)

from .geometry import head

ALL = np.ones(len(REGIONS))


def by_name(shares: NDArray[np.float64]) -> dict[str, float]:
    return region_visibility(shares).as_dict()


def test_every_region_of_the_currency_has_points() -> None:
    assert set(REGION_POINTS) == set(REGIONS)


def test_a_face_straight_ahead_shows_every_region() -> None:
    assert by_name(facing(rotation_from_angles(0, 0, 0), None)) == dict.fromkeys(REGIONS, 1.0)


@pytest.mark.parametrize(("yaw", "hidden", "seen"), [(75, "left", "right"), (-75, "right", "left")])
def test_turning_to_one_side_hides_that_side(yaw: float, hidden: str, seen: str) -> None:
    shares = by_name(facing(rotation_from_angles(yaw, 0, 0), None))
    for part in ("eye", "brow", "cheek"):
        assert shares[f"{hidden}_{part}"] < 0.3
        assert shares[f"{seen}_{part}"] > 0.9


def test_a_mirrored_pose_swaps_left_and_right() -> None:
    right = by_name(facing(rotation_from_angles(50, 10, 5), None))
    left = by_name(facing(rotation_from_angles(-50, 10, -5), None))
    for name in REGIONS:
        twin = {"left": "right", "right": "left"}.get(name.split("_")[0])
        mirrored = f"{twin}_{name.split('_')[1]}" if twin else name
        assert left[mirrored] == pytest.approx(right[name], abs=0.02)


def test_the_back_of_the_head_shows_nothing() -> None:
    assert facing(rotation_from_angles(180, 0, 0), None).max() == 0


def test_a_head_at_the_border_is_seen_from_the_side() -> None:
    """60 cm to the image's left at 60 cm distance, a straight head shows its left side."""
    shares = by_name(facing(rotation_from_angles(0, 0, 0), np.array([-60.0, 0, 60.0])))
    assert shares["right_cheek"] < 0.7
    assert shares["left_cheek"] == 1


def test_regions_outside_the_image_are_not_seen() -> None:
    mesh = head()
    chin_cut = mesh.copy()
    chin_cut[:, 1] += 480 - mesh[REGION_POINTS["mouth"], 1].max() - 1
    shares = by_name(inside(chin_cut, 640, 480))
    assert shares["mouth"] == 1
    assert shares["chin"] < 0.5
    assert inside(mesh + 5000, 640, 480).max() == 0


def test_a_slab_over_the_eyes_covers_them_and_not_the_mouth() -> None:
    mesh = head()
    matrix = crop_matrix(mesh)
    points = mesh[:, :2].astype(np.float64) @ matrix[:, :2].T + matrix[:, 2]
    slab = fill_polygon(np.array([[2, 4], [46, 4], [46, 26], [2, 26]], float))
    shares = by_name(uncovered(points, slab))
    for name in ("left_eye", "right_eye", "left_brow", "right_brow"):
        assert shares[name] < 0.1
    assert shares["mouth"] == shares["chin"] == 1
    assert 0.1 < shares["nose"] < 0.9
    assert uncovered(points, np.zeros((48, 48), np.float32)).min() == 1


def test_a_likely_headset_lowers_the_eyes_and_a_covered_mouth_the_mouth() -> None:
    shares = by_name(lowered(ALL, 0.9, 0.8))
    assert shares["left_eye"] == shares["right_brow"] == pytest.approx(0.1)
    assert shares["mouth"] == pytest.approx(0.4)
    assert shares["chin"] == shares["nose"] == 1
    assert by_name(lowered(ALL, 0.0, 0.4))["mouth"] == 1


def test_the_lower_face_only_mode_uses_nothing_above_the_nose() -> None:
    shares = by_name(without_upper_face(ALL))
    assert [name for name, share in shares.items() if share == 0] == list(REGIONS[:4])


@pytest.mark.parametrize(
    ("eyes", "mouth", "chin", "band"),
    [
        (1.0, 1.0, 1.0, VisibilityBand.FULL),
        (0.0, 1.0, 1.0, VisibilityBand.LOWER_FACE),
        (0.3, 0.8, 0.8, VisibilityBand.LOWER_FACE),
        (1.0, 0.2, 1.0, VisibilityBand.POOR),
        (0.0, 0.5, 0.2, VisibilityBand.POOR),
    ],
)
def test_the_band_follows_eyes_and_mouth(
    eyes: float, mouth: float, chin: float, band: VisibilityBand
) -> None:
    visibility = RegionVisibility(eyes, eyes, eyes, eyes, 1.0, mouth, chin, 1.0, 1.0)
    assert visibility_band(visibility) is band
