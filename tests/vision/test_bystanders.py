"""Whoever is in the picture beside the wearer is found before the picture is stored."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.vision.bystanders import BystanderFinder
from attune.vision.face import Box
from attune.vision.frame import Image
from attune.vision.wearer import black_out


@pytest.fixture(scope="module")
def finder() -> Iterator[BystanderFinder]:
    finder = BystanderFinder()
    yield finder
    finder.close()


@pytest.fixture(scope="module")
def crowd(clips: Path) -> Image:
    bgr = cv2.imread(str(clips / "multi_face.jpg"))
    return Image(np.ascontiguousarray(bgr[..., ::-1]))


def test_everybody_but_the_wearer_is_found(finder: BystanderFinder, crowd: Image) -> None:
    everybody = finder.find(crowd, None)
    assert len(everybody) >= 5
    for wearer in everybody:
        others = finder.find(crowd, wearer)
        assert wearer not in others
        assert len(others) == len(everybody) - 1


def test_nobody_is_left_once_they_are_blacked_out(finder: BystanderFinder, crowd: Image) -> None:
    wearer, *others = finder.find(crowd, None)
    stored = black_out(crowd, others)
    assert finder.find(stored, wearer) == ()
    assert len(finder.find(stored, None)) == 1


def test_an_empty_room_has_no_bystanders(finder: BystanderFinder) -> None:
    room = Image(np.full((240, 320, 3), 90, np.uint8))
    assert finder.find(room, None) == ()


def test_a_small_face_inside_the_wearers_box_is_somebody_else(
    finder: BystanderFinder, crowd: Image
) -> None:
    one = finder.find(crowd, None)[0]
    around = Box(one.x - 4 * one.width, one.y - one.height, 9 * one.width, 9 * one.height)
    assert one in finder.find(crowd, around)
