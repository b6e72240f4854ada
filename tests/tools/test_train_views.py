"""Training views are disturbed, evaluation views are fixed."""

import cv2
import numpy as np
import pytest

from attune.vision.overlay import REQUIRED_COVERAGE, fallback_placement, protected_coverage
from attune.vision.overlay_shapes import SEEN_FAMILIES, UNSEEN_FAMILIES, Family, unit_outline
from tools.train import views
from tools.train.views import Condition, ViewOptions

IMAGES = np.random.default_rng(0).integers(60, 200, (6, 48, 48), dtype=np.uint8)
NOWHERE = [views.NOWHERE] * 6
ROWS = np.arange(6)


@pytest.mark.parametrize("size", [36, 48])
def test_a_pair_is_a_clean_and_a_painted_view_of_the_wished_size(size: int) -> None:
    rng = np.random.default_rng(1)
    clean, painted = views.training_pair(IMAGES[0], views.NOWHERE, size, rng, ViewOptions())
    assert clean.shape == painted.shape == (size, size, 2)
    assert clean.dtype == painted.dtype == np.float32
    assert (clean[..., 1] == 1).all()
    assert clean.min() >= 0
    assert clean.max() <= 1


def test_a_painted_view_comes_with_and_without_a_mask() -> None:
    rng = np.random.default_rng(2)
    pairs = [
        views.training_pair(IMAGES[0], views.NOWHERE, 48, rng, ViewOptions()) for _ in range(60)
    ]
    unknown = sum(bool((painted[..., 1] == 1).all()) for _, painted in pairs)
    assert 10 < unknown < 45


def test_half_of_single_views_are_painted() -> None:
    rng = np.random.default_rng(3)
    options = ViewOptions(p_mask_unknown=0.0)
    shown = [views.single_view(IMAGES[1], views.NOWHERE, 48, rng, options) for _ in range(200)]
    painted = sum(bool((view[..., 1] < 0.5).any()) for view in shown)
    assert 70 < painted < 130


@pytest.mark.parametrize("condition", list(Condition))
def test_evaluation_views_do_not_depend_on_their_neighbours(condition: Condition) -> None:
    together = views.evaluation_views(IMAGES, NOWHERE, ROWS, condition)
    alone = views.evaluation_views(IMAGES, NOWHERE, ROWS[4:5], condition)
    np.testing.assert_array_equal(together[4:5], alone)


def test_the_black_condition_hides_26_rows_and_says_so() -> None:
    view = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.BLACK)
    assert not view[:, :26].any()
    np.testing.assert_array_equal(view[:, 26:, :, 0], IMAGES[:, 26:].astype(np.float32) / 255)
    unknown = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.BLACK, mask_known=False)
    assert (unknown[..., 1] == 1).all()


def test_seen_and_unseen_headsets_are_different_pictures() -> None:
    seen = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.SEEN)
    unseen = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.UNSEEN)
    assert all((a != b).any() for a, b in zip(seen, unseen, strict=True))


def test_an_aligned_view_shows_the_face_where_the_live_crop_has_it() -> None:
    image = np.zeros((48, 48), np.uint8)
    image[20:24, 10:14] = 255
    shift = np.array([[1.0, 0.0, 6.0], [0.0, 1.0, -3.0]])
    where = [views.Located(None, shift)]
    (view,) = views.evaluation_views(
        image[None], where, np.arange(1), Condition.CLEAN, aligned=True
    )
    rows, columns = np.nonzero(view[..., 0] > 0.9)
    assert (rows.min(), columns.min()) == (17, 16)


def test_without_points_an_aligned_view_is_the_picture_as_given() -> None:
    given = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.SEEN)
    aligned = views.evaluation_views(IMAGES, NOWHERE, ROWS, Condition.SEEN, aligned=True)
    np.testing.assert_array_equal(given, aligned)


def _filled(family: Family) -> np.ndarray:
    points = unit_outline(family)
    canvas = np.zeros((400, 400), np.uint8)
    cv2.fillPoly(canvas, [np.rint(points / np.abs(points).max(axis=0) * 180 + 200).astype(int)], 1)
    return canvas > 0


@pytest.mark.parametrize("unseen", UNSEEN_FAMILIES)
def test_an_unseen_outline_is_none_of_the_seen_ones(unseen: Family) -> None:
    ours = _filled(unseen)
    overlap = {
        seen: (ours & theirs).sum() / (ours | theirs).sum()
        for seen in SEEN_FAMILIES
        for theirs in [_filled(seen)]
    }
    assert max(overlap.values()) < 0.96


@pytest.mark.parametrize("condition", [Condition.SEEN, Condition.UNSEEN])
def test_a_headset_of_evaluation_hides_eyes_brows_and_bridge_of_every_face(
    condition: Condition,
) -> None:
    rows = np.arange(60)
    images = np.full((60, 48, 48), 128, np.uint8)
    where = [views.Located(fallback_placement(np.random.default_rng(k))) for k in rows]
    shown = views.evaluation_pictures(images, where, rows, condition)
    for row, (_, covered) in zip(rows, shown, strict=True):
        placement = where[row].placement
        assert covered is not None
        assert placement is not None
        assert protected_coverage(covered, placement) >= REQUIRED_COVERAGE
