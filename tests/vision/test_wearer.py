"""Which face is the wearer's, and what happens to the others."""

import numpy as np
import pytest

from attune.errors import ConfigError
from attune.timeline import NS_PER_S
from attune.vision.face import Box
from attune.vision.frame import Image
from attune.vision.wearer import (
    Candidate,
    Region,
    TrackIdentities,
    WearerSelector,
    black_out,
    overlap,
)

FRAME_NS = 33_000_000
SMALL, LARGE = Box(100, 100, 60, 60), Box(400, 100, 120, 120)


def choose(selector: WearerSelector, candidates: list[Candidate], time_ns: int = 0) -> int | None:
    return selector.choose(candidates, 640, 480, time_ns)


def test_the_largest_face_is_taken_only_where_nothing_else_is_known() -> None:
    both = [Candidate(1, SMALL), Candidate(2, LARGE)]
    assert choose(WearerSelector(None), both) == 2
    assert choose(WearerSelector(Region(0, 0, 0.5, 1)), both) == 1
    agreeing = [Candidate(1, SMALL, 3.0), Candidate(2, LARGE, 70.0)]
    assert choose(WearerSelector(None), agreeing) == 1


def test_nobody_outside_the_region_is_the_wearer() -> None:
    assert choose(WearerSelector(Region(0, 0, 0.5, 1)), [Candidate(2, LARGE)]) is None
    assert choose(WearerSelector(None), []) is None


def test_the_wearer_stays_when_somebody_larger_stays_in_the_image() -> None:
    selector = WearerSelector(None)
    assert choose(selector, [Candidate(1, SMALL)]) == 1
    passing = [Candidate(1, SMALL), Candidate(2, LARGE)]
    for k in range(1, 100):
        assert choose(selector, passing, k * FRAME_NS) == 1


def test_a_face_that_agrees_with_the_headset_takes_over_after_a_while() -> None:
    selector = WearerSelector(None)
    assert choose(selector, [Candidate(1, SMALL)]) == 1
    both = [Candidate(1, SMALL, 80.0), Candidate(2, LARGE, 2.0)]
    chosen = [choose(selector, both, k * FRAME_NS) for k in range(1, 40)]
    assert chosen[:15] == [1] * 15
    assert chosen[-1] == 2


def test_a_short_absence_makes_nobody_else_the_wearer() -> None:
    selector = WearerSelector(None)
    assert choose(selector, [Candidate(1, SMALL)]) == 1
    assert choose(selector, [Candidate(2, LARGE)], NS_PER_S // 2) is None
    assert choose(selector, [Candidate(1, SMALL)], NS_PER_S * 6 // 10) == 1
    assert choose(selector, [Candidate(2, LARGE)], 3 * NS_PER_S) == 2


def test_track_ids_follow_moving_faces_and_are_never_given_again() -> None:
    identities = TrackIdentities()
    first = identities.match([SMALL, LARGE], 0)
    assert sorted(first) == [1, 2]
    for k in range(1, 20):
        moved = [Box(b.x + 8 * k, b.y, b.width, b.height) for b in (LARGE, SMALL)]
        assert identities.match(moved, k * FRAME_NS) == (first[1], first[0])
    assert identities.match([Box(0, 400, 50, 50)], 20 * FRAME_NS) == (3,)
    assert identities.match([LARGE], 10 * NS_PER_S) == (4,)


def test_two_faces_never_share_an_id() -> None:
    identities = TrackIdentities()
    identities.match([LARGE], 0)
    near = [Box(405, 100, 120, 120), Box(410, 105, 118, 118)]
    assert len(set(identities.match(near, FRAME_NS))) == 2


def test_overlap_is_one_for_equal_boxes_and_zero_for_distant_ones() -> None:
    assert overlap(SMALL, SMALL) == 1
    assert overlap(SMALL, LARGE) == 0
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)


def test_blacking_out_covers_the_box_with_a_margin_and_leaves_the_input_alone() -> None:
    image = Image(np.full((200, 300, 3), 200, np.uint8))
    black = black_out(image, [Box(100, 50, 40, 40)], margin=0.25)
    assert (black.rgb[40:100, 90:150] == 0).all()
    assert (black.rgb[:39] == 200).all()
    assert (black.rgb[:, :89] == 200).all()
    assert (black.rgb[101:] == 200).all()
    assert (image.rgb == 200).all()


def test_boxes_that_leave_the_image_are_blacked_out_where_they_are_in_it() -> None:
    image = Image(np.full((100, 100, 3), 200, np.uint8))
    black = black_out(image, [Box(-30, -30, 50, 50), Box(500, 500, 10, 10), Box(-90, 0, 20, 20)])
    assert (black.rgb[:20, :20] == 0).all()
    assert (black.rgb[60:, 60:] == 200).all()
    assert black_out(image, []) is image


@pytest.mark.parametrize("numbers", [(-0.1, 0, 0.5, 1), (0.6, 0, 0.5, 1), (0, 0, 0, 1)])
def test_a_region_outside_the_image_is_refused(numbers: tuple[float, ...]) -> None:
    with pytest.raises(ConfigError, match="fractions"):
        Region(*numbers)
