"""An encoded frame as it arrives and a decoded image as vision works on it."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Encoding(StrEnum):
    """How the bytes of a frame hold its pixels."""

    JPEG = "jpeg"
    PNG = "png"
    RGB24 = "rgb24"
    GRAY8 = "gray8"
    NV12 = "nv12"


class FrameRole(StrEnum):
    """Whose faces a frame may show.

    A pass-through camera looks away from the wearer: its faces are bystanders and never feed the
    wearer's state.
    """

    WEARER = "wearer"
    BYSTANDERS = "bystanders"


class CaptureTimeSource(StrEnum):
    """Where a frame's capture time was taken."""

    SENSOR = "sensor"
    FRAME_ARRIVAL = "frame_arrival"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class EncodedFrame:
    """One frame as sent.

    `width` and `height` are pixels before rotation. `rotation_deg` ∈ {0, 90, 180, 270} is clockwise
    and is applied first; `mirrored` (left-right) is applied second. Rows are top-down. EXIF
    orientation is ignored.
    """

    encoding: Encoding
    data: bytes
    width: int
    height: int
    rotation_deg: int = 0
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Image:
    """An upright, unmirrored image. `rgb` is (H, W, 3) uint8, rows top-down."""

    rgb: NDArray[np.uint8]

    @property
    def height(self) -> int:
        """Rows, pixels."""
        return int(self.rgb.shape[0])

    @property
    def width(self) -> int:
        """Columns, pixels."""
        return int(self.rgb.shape[1])
