"""Which of the faces in an image is the wearer's, and which have to be blacked out.

Tracks keep their identity from frame to frame by overlap. The wearer is the track inside the
station's region that agrees with the headset's own orientation; only where neither is known the
largest face is taken. Once chosen, a wearer stays the wearer until the track is gone or another
face has agreed better with the headset for a while; a larger face alone never takes over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.errors import ConfigError, InputError
from attune.timeline import seconds
from attune.vision.face import Box
from attune.vision.frame import Image

LOST_AFTER_S = 1.0
_SAME_FACE_IOU = 0.25
_SWITCH_AFTER_S = 0.7
_DISAGREEMENT_SCALE_DEG = 25.0
_SWITCH_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Region:
    """The station's part of the image, as fractions of its width and height."""

    x: float
    y: float
    width: float
    height: float

    def __post_init__(self) -> None:
        inside = 0 <= self.x < 1 and 0 <= self.y < 1 and self.width > 0 and self.height > 0
        if not inside or self.x + self.width > 1.0001 or self.y + self.height > 1.0001:
            raise ConfigError(
                "expected a region x, y, width, height as fractions inside the image, got "
                f"{self.x}, {self.y}, {self.width}, {self.height}"
            )

    def contains(self, box: Box, width: int, height: int) -> bool:
        """Whether the middle of `box` lies in this part of a `width`×`height` image."""
        x = (box.x + box.width / 2) / width
        y = (box.y + box.height / 2) / height
        return self.x <= x <= self.x + self.width and self.y <= y <= self.y + self.height


@dataclass(frozen=True, slots=True)
class Candidate:
    """A face that could be the wearer's.

    `disagreement_deg` is the angle between its pose and the one the headset reports, None where
    that is not known.
    """

    track_id: int
    box: Box
    disagreement_deg: float | None = None


class TrackIdentities:
    """Gives each face of a frame an id that stays with it, starting from 1."""

    def __init__(self) -> None:
        self._boxes: dict[int, tuple[Box, int]] = {}
        self._next = 1

    def match(self, boxes: Sequence[Box], time_ns: int) -> tuple[int, ...]:
        """Return one id for each box; the best overlaps are matched first."""
        self._boxes = {
            track: (box, seen)
            for track, (box, seen) in self._boxes.items()
            if seconds(time_ns - seen) <= LOST_AFTER_S
        }
        pairs = sorted(
            (
                (overlap(box, old), -track, index)
                for index, box in enumerate(boxes)
                for track, (old, _) in self._boxes.items()
            ),
            reverse=True,
        )
        ids: dict[int, int] = {}
        taken: set[int] = set()
        for iou, negative, index in pairs:
            track = -negative
            if iou >= _SAME_FACE_IOU and index not in ids and track not in taken:
                ids[index] = track
                taken.add(track)
        for index in range(len(boxes)):
            if index not in ids:
                ids[index] = self._next
                self._next += 1
        for index, box in enumerate(boxes):
            self._boxes[ids[index]] = (box, time_ns)
        return tuple(ids[index] for index in range(len(boxes)))


class WearerSelector:
    """Chooses the wearer among the candidates of each frame."""

    def __init__(self, region: Region | None) -> None:
        self._region = region
        self._track_id: int | None = None
        self._seen_ns = 0
        self._rival: tuple[int, int] | None = None

    def choose(
        self, candidates: Sequence[Candidate], width: int, height: int, time_ns: int
    ) -> int | None:
        """Return the track id of the wearer in this frame, None where the wearer is not in it.

        While the wearer's track is out of sight for less than `LOST_AFTER_S`, nobody else is
        taken instead.
        """
        eligible = [
            one
            for one in candidates
            if self._region is None or self._region.contains(one.box, width, height)
        ]
        best = max(
            eligible,
            key=lambda one: (_agreement(one) * one.box.area, -one.track_id),
            default=None,
        )
        current = next((one for one in eligible if one.track_id == self._track_id), None)
        if current is None:
            gone = self._track_id is None or seconds(time_ns - self._seen_ns) > LOST_AFTER_S
            if not gone or best is None:
                return None
            return self._take(best, time_ns)
        self._seen_ns = time_ns
        rivals = (one for one in eligible if one is not current)
        best = max(rivals, key=_agreement, default=None)
        if best is None or _agreement(best) < _SWITCH_MARGIN * _agreement(current):
            self._rival = None
            return current.track_id
        if self._rival is None or self._rival[0] != best.track_id:
            self._rival = (best.track_id, time_ns)
        if seconds(time_ns - self._rival[1]) < _SWITCH_AFTER_S:
            return current.track_id
        return self._take(best, time_ns)

    def _take(self, one: Candidate, time_ns: int) -> int:
        self._track_id, self._seen_ns, self._rival = one.track_id, time_ns, None
        return one.track_id


def overlap(a: Box, b: Box) -> float:
    """Return the intersection over union of two boxes, in [0, 1]."""
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    return shared / (a.area + b.area - shared)


def black_out(image: Image, boxes: Sequence[Box], margin: float = 0.35) -> Image:
    """Return the image with every box black, each grown by `margin` of its size on every side."""
    if margin < 0:
        raise InputError("box.margin_invalid", f"expected a margin of at least 0, got {margin}")
    if not boxes:
        return image
    rgb: NDArray[np.uint8] = image.rgb.copy()
    for box in boxes:
        left = int(np.floor(box.x - margin * box.width))
        right = int(np.ceil(box.x + (1 + margin) * box.width))
        top = int(np.floor(box.y - margin * box.height))
        bottom = int(np.ceil(box.y + (1 + margin) * box.height))
        rgb[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = 0
    return Image(rgb)


def _agreement(one: Candidate) -> float:
    """Agreement with the headset's orientation, in (0, 1]; 1 where that is not known."""
    if one.disagreement_deg is None:
        return 1.0
    off = one.disagreement_deg / _DISAGREEMENT_SCALE_DEG
    return 0.02 + 0.98 * float(np.exp(-0.5 * off * off))
