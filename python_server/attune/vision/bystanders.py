"""Finds everybody else in an image before it is stored, near or far.

The tracker follows the wearer and a few more; a detector that reaches to five metres looks for the
rest. It runs only where video is stored, and errs towards blacking out.
"""

from collections.abc import Iterable

from attune.vision.face import Box
from attune.vision.frame import Image
from attune.vision.native_chatter import quiet_native_logs
from attune.vision.without_plotting import without_plotting

MIN_SCORE = 0.3
"""A doubtful face is somebody's face."""

FULL_RANGE = 1
"""MediaPipe's model for faces up to five metres away; it finds no face behind a headset."""


class BystanderFinder:
    """MediaPipe's full-range face detector; made and used on one thread."""

    def __init__(self) -> None:
        with quiet_native_logs(), without_plotting():
            from mediapipe.python.solutions.face_detection import FaceDetection

            self._detector = FaceDetection(
                model_selection=FULL_RANGE, min_detection_confidence=MIN_SCORE
            )

    def find(self, image: Image, wearer: Box | None) -> tuple[Box, ...]:
        """Boxes of all faces in `image` but the wearer's, in its pixels; of all faces where the
        wearer was not found."""
        found = self._detector.process(image.rgb).detections or ()
        boxes = (_box(one.location_data.relative_bounding_box, image) for one in found)
        return tuple(_others(boxes, wearer))

    def close(self) -> None:
        """Free the detector; it cannot be used again."""
        self._detector.close()


def _box(relative: object, image: Image) -> Box:
    x, y, width, height = (
        float(getattr(relative, name)) for name in ("xmin", "ymin", "width", "height")
    )
    return Box(x * image.width, y * image.height, width * image.width, height * image.height)


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
