"""What vision knows about one face in one frame: the currency of the vision room."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

REGIONS = (
    "left_eye",
    "right_eye",
    "left_brow",
    "right_brow",
    "nose",
    "mouth",
    "chin",
    "left_cheek",
    "right_cheek",
)
"""Face regions; left and right are the subject's own."""


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-aligned box in pixels of the upright image; x right, y down; may leave the image."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Square pixels."""
        return self.width * self.height


@dataclass(frozen=True, slots=True)
class RegionVisibility:
    """How much of each region can be seen, each in [0, 1]; names as in `REGIONS`."""

    left_eye: float
    right_eye: float
    left_brow: float
    right_brow: float
    nose: float
    mouth: float
    chin: float
    left_cheek: float
    right_cheek: float

    @property
    def eyes(self) -> float:
        """Mean over both eyes and both brows."""
        return (self.left_eye + self.right_eye + self.left_brow + self.right_brow) / 4

    @property
    def lower(self) -> float:
        """Mean over mouth and chin."""
        return (self.mouth + self.chin) / 2

    def as_dict(self) -> dict[str, float]:
        """Region name to visibility, in the order of `REGIONS`."""
        return {name: float(getattr(self, name)) for name in REGIONS}


class VisibilityBand(StrEnum):
    """Coarse class of what can be seen; calibration is fitted for each."""

    FULL = "full"
    LOWER_FACE = "lower_face"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How usable the pixels are.

    `sharpness`, `exposure` and `size` are scores in [0, 1], 1 = no loss, and so is `certainty`: how
    sure the tracker is of the face it follows. `overall` is the product of the four; `face_px` is
    the width of the face in pixels.
    """

    sharpness: float
    exposure: float
    size: float
    face_px: float
    certainty: float = 1.0

    @property
    def overall(self) -> float:
        """Product of the scores, in [0, 1]."""
        return self.sharpness * self.exposure * self.size * self.certainty


class PoseSource(StrEnum):
    """Which measurement a head pose rests on."""

    LANDMARKS = "landmarks"
    TRACKER_MATRIX = "tracker_matrix"
    HEADSET = "headset"
    FUSED = "fused"


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Orientation and place of the head in the camera's frame (OpenCV: x right, y down, z forward).

    Angles in degrees with the signs of the table in `attune.vision.pose`: yaw > 0 turns to the
    subject's own left, pitch > 0 looks up, roll > 0 tilts to the subject's own left shoulder.
    `translation_m` is (3,) float64 metres or None where no camera model is known well enough.
    `reprojection_px` is the root mean square error of the fit, NaN where there was none.
    `aside_deg` is how far to the image's right of the optical axis the camera sees the head.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    translation_m: NDArray[np.float64] | None
    reprojection_px: float
    source: PoseSource
    aside_deg: float = 0.0

    @property
    def seen_yaw_deg(self) -> float:
        """How far the pixels show the head turned: yaw about the line from camera to head."""
        return self.yaw_deg + self.aside_deg


@dataclass(frozen=True, slots=True)
class Face:
    """One tracked face.

    `landmarks` is (68, 2) float32 pixels in iBUG order; `mesh` is (468 or 478, 3) float32, x and y
    in pixels, z in the same scale (towards the camera negative). `track_id` is stable inside a
    session and means nothing outside it. `headset` is the probability in [0, 1] that a headset
    covers the eyes. `blendshapes` (ARKit names, [0, 1]) and `transform` (4, 4 float64, canonical
    face to camera in OpenGL axes, centimetres) are there only when the tracker measures them.
    """

    track_id: int
    box: Box
    score: float
    landmarks: NDArray[np.float32]
    mesh: NDArray[np.float32]
    visibility: RegionVisibility
    band: VisibilityBand
    quality: FaceQuality
    headset: float
    blendshapes: Mapping[str, float] = field(default_factory=dict)
    transform: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class FaceCrop:
    """The aligned crop that every pixel model sees.

    `gray` is (48, 48) uint8 in FER2013's framing; `visible` is (48, 48) float32 in [0, 1], 1 where
    the face itself is seen, 0 where headset or hand covers it; `matrix` is (2, 3) float64, image
    pixels to crop pixels.
    """

    gray: NDArray[np.uint8]
    visible: NDArray[np.float32]
    matrix: NDArray[np.float64]
