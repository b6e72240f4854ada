"""A painted headset hides what a headset hides, where the head is and however it turns."""

import tracemalloc

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune.errors import InputError
from attune.vision.overlay import (
    REQUIRED_COVERAGE,
    Placement,
    fallback_placement,
    paint,
    paint_for_evaluation,
    placement_from_mesh,
    placement_from_pose,
    protected_coverage,
)
from attune.vision.overlay_shapes import (
    SEEN_FAMILIES,
    UNSEEN_FAMILIES,
    Family,
    Headset,
    draw_headset,
    unit_outline,
)

FACE = np.full((48, 48), 140, np.uint8)


def turned(yaw_deg: float, pitch_deg: float = 0.0, scale: float = 17.0) -> Placement:
    """A face at the middle of a 48-px picture; yaw > 0 moves its front to image right."""
    yaw, pitch = np.radians(yaw_deg), np.radians(pitch_deg)
    c, s, cp, sp = np.cos(yaw), np.sin(yaw), np.cos(pitch), np.sin(pitch)
    about_y = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    about_x = np.array([[1, 0, 0], [0, cp, sp], [0, -sp, cp]])
    return Placement(np.array([24.0, 19.0]), scale * (about_y @ about_x)[:2])


def test_seen_and_unseen_outlines_are_different_families() -> None:
    assert not set(SEEN_FAMILIES) & set(UNSEEN_FAMILIES)
    assert set(SEEN_FAMILIES) | set(UNSEEN_FAMILIES) == set(Family)


@pytest.mark.parametrize("family", list(Family))
def test_every_outline_fills_its_unit_box_and_no_more(family: Family) -> None:
    points = unit_outline(family)
    assert np.abs(points[:, 0]).max() == pytest.approx(1.0)
    assert np.abs(points[:, 1]).max() <= 1.2
    mirrored = np.sort(np.round(points * [-1, 1], 6), axis=0)
    np.testing.assert_allclose(mirrored, np.sort(np.round(points, 6), axis=0), atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10_000),
    st.floats(-40, 40),
    st.floats(-25, 25),
    st.sampled_from([SEEN_FAMILIES, UNSEEN_FAMILIES]),
)
def test_an_evaluation_headset_hides_eyes_brows_and_bridge_in_every_pose(
    index: int, yaw: float, pitch: float, families: tuple[Family, ...]
) -> None:
    placement = turned(yaw, pitch)
    painted, headset = paint_for_evaluation(FACE, placement, (1, index), families)
    assert protected_coverage(painted.covered, placement) >= REQUIRED_COVERAGE
    assert headset.family in families


def test_an_evaluation_headset_depends_on_the_seed_alone() -> None:
    placement = turned(10)
    first = paint_for_evaluation(FACE, placement, (1, 7))
    paint_for_evaluation(FACE, placement, (1, 8))
    again = paint_for_evaluation(FACE, placement, (1, 7))
    assert first[1] == again[1]
    np.testing.assert_array_equal(first[0].image, again[0].image)


def test_a_frontal_headset_leaves_mouth_and_chin_alone() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        painted = paint(FACE, draw_headset(rng), turned(0))
        np.testing.assert_array_equal(painted.image[38:, 14:34], FACE[38:, 14:34])
        assert not painted.covered[38:, 14:34].any()


def test_what_is_not_covered_is_not_touched() -> None:
    rng = np.random.default_rng(4)
    noise = rng.integers(0, 256, (48, 48), dtype=np.uint8)
    painted = paint(noise, draw_headset(rng), turned(20))
    free = painted.covered == 0
    assert free.any()
    np.testing.assert_array_equal(painted.image[free], noise[free])


@given(st.floats(10, 45))
@settings(max_examples=20, deadline=None)
def test_the_front_of_the_headset_goes_where_the_nose_goes(yaw: float) -> None:
    headset = Headset(Family.SLAB, 1.1, -0.7, 0.5, 1.2, front_tone=0, side_tone=255, side_strap=0)
    front = paint(FACE, headset, turned(yaw)).image < 60
    centre = np.nonzero(front)[1].mean()
    assert centre > 24
    assert np.nonzero(paint(FACE, headset, turned(-yaw)).image < 60)[1].mean() < 24


def test_a_turned_headset_shows_one_of_its_sides() -> None:
    headset = Headset(Family.ROUNDED, 1.1, -0.7, 0.5, 1.0, front_tone=0, side_tone=255)
    side = np.nonzero(paint(FACE, headset, turned(30)).image > 250)[1]
    assert len(side) > 20
    assert side.mean() < 20


def test_a_colour_picture_is_painted_like_its_gray_one() -> None:
    headset = draw_headset(np.random.default_rng(5))
    gray = paint(FACE, headset, turned(15))
    colour = paint(cv2.cvtColor(FACE, cv2.COLOR_GRAY2BGR), headset, turned(15))
    np.testing.assert_array_equal(gray.covered, colour.covered)
    assert np.abs(colour.image.mean(axis=2) - gray.image).max() <= 8


def test_pose_and_mesh_place_a_headset_alike() -> None:
    placement = turned(25, scale=60)
    mesh = np.zeros((468, 3))
    model = {33: (-0.7, 0, 0), 133: (-0.3, 0, 0), 362: (0.3, 0, 0), 263: (0.7, 0, 0)}
    model |= {61: (-0.4, 1.05, 0), 291: (0.4, 1.05, 0)}
    yaw = np.radians(25)
    rotation = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    for index, point in model.items():
        mesh[index] = 60 * rotation @ point + [24, 19, 0]
    from_mesh = placement_from_mesh(mesh)
    eyes = placement.project(np.array([[-0.5, 0, 0], [0.5, 0, 0.0]]))
    from_pose = placement_from_pose(eyes, rotation)
    for other in (from_mesh, from_pose):
        np.testing.assert_allclose(other.origin, placement.origin, atol=1e-6)
        np.testing.assert_allclose(other.axes, placement.axes, atol=1e-6)


def test_without_landmarks_the_headset_sits_where_fer2013_has_eyes() -> None:
    places = [fallback_placement(np.random.default_rng(k)) for k in range(200)]
    middle = np.mean([p.origin for p in places], axis=0)
    np.testing.assert_allclose(middle, [24.0, 18.3], atol=0.4)
    assert np.mean([p.eye_distance() for p in places]) == pytest.approx(17.46, abs=0.4)
    double = fallback_placement(np.random.default_rng(0), 96)
    np.testing.assert_allclose(double.origin, 2 * places[0].origin)


def test_two_draws_differ() -> None:
    rng = np.random.default_rng(0)
    assert len({draw_headset(rng) for _ in range(20)}) == 20


def test_a_float_picture_is_refused() -> None:
    with pytest.raises(InputError, match="uint8"):
        paint(FACE.astype(np.float32), draw_headset(np.random.default_rng(0)), turned(0))


@pytest.mark.parametrize("shape", [(48, 48, 1), (48, 48, 2), (48, 48, 4)])
def test_a_picture_of_other_channels_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match=r"expected uint8 of \(height, width\)"):
        paint(np.zeros(shape, np.uint8), draw_headset(np.random.default_rng(0)), turned(0))


def test_a_headset_seen_exactly_from_the_side_changes_nothing_but_what_it_covers() -> None:
    from_the_side = Placement(np.array([24.0, 19.0]), 17 * np.array([[0, 0, -1.0], [0, 1.0, 0]]))
    painted = paint(FACE, draw_headset(np.random.default_rng(1)), from_the_side)
    free = painted.covered == 0
    assert not free.all()
    np.testing.assert_array_equal(painted.image[free], FACE[free])


def test_a_headset_beside_the_picture_changes_nothing() -> None:
    place = Placement(np.array([400.0, -300.0]), 17 * np.eye(3)[:2])
    painted = paint(FACE, draw_headset(np.random.default_rng(0)), place)
    np.testing.assert_array_equal(painted.image, FACE)
    assert not painted.covered.any()


def test_a_large_picture_takes_little_more_than_itself() -> None:
    picture = np.zeros((1500, 2000, 3), np.uint8)
    place = Placement(np.array([1000.0, 700.0]), 100 * np.eye(3)[:2])
    tracemalloc.start()
    paint(picture, draw_headset(np.random.default_rng(1)), place)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5 * picture.nbytes


def test_a_placement_of_another_shape_is_refused() -> None:
    with pytest.raises(InputError, match=r"axes \(2, 3\)"):
        Placement(np.zeros(2), np.zeros((2, 2)))
