"""Finds everybody else in an image before it is stored, near or far.

The tracker follows the wearer and a few more; a detector that reaches to five metres looks for the
rest. It runs only where video is stored, and errs towards blacking out.
"""

from collections.abc import Iterable

from attune.vision.face import Box
from attune.vision.face_detector import FaceDetector, Range
from attune.vision.frame import Image

MIN_SCORE = 0.3
"""A doubtful face is somebody's face."""


class BystanderFinder:
    """MediaPipe's full-range face detector; it finds no face behind a headset."""

    def __init__(self) -> None:
        self._detector = FaceDetector(Range.FULL, MIN_SCORE)

    def find(self, image: Image, wearer: Box | None) -> tuple[Box, ...]:
        """Boxes of all faces in `image` but the wearer's, in its pixels; of all faces where the
        wearer was not found."""
        boxes = (one.box for one in self._detector.find(image))
        return tuple(_others(boxes, wearer))

    def close(self) -> None:
        """Free the detector; it cannot be used again."""
        self._detector.close()


def _others(boxes: Iterable[Box], wearer: Box | None) -> Iterable[Box]:
    for box in boxes:
        if wearer is None or not _is_same(box, wearer):
            yield box


def _is_same(box: Box, wearer: Box) -> bool:
    """Whether two boxes are of one head: the middle of each lies in the other."""
    return _holds(box, wearer) and _holds(wearer, box)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = inner.x + inner.width / 2, inner.y + inner.height / 2
    return outer.x <= x <= outer.x + outer.width and outer.y <= y <= outer.y + outer.height
