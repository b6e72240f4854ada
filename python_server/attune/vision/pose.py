"""Head pose: the one sign table, Euler angles and matrices, and the pose from a mesh.

The table. Angles of the head as the camera sees it, in the upright, unmirrored image::

        yaw > 0                    pitch > 0                  roll > 0
     turns to own left             looks up              tilts to own left shoulder

      .-------.                    .-------.                     ____
     |     o  o|                  |  o . o  |                  .'    '.
     |       . >  image           |    ^    |               .'  o  .'  |
     |     ==  |  right           |   ===   |               |  .^  o  .'
      '-------'                    \\       /                 '. == .'
                                    '-----'                    '--'
     nose moves to the            nose moves to the          top of the head moves to
     image's right                image's top                the image's right (clockwise)

In OpenGL axes (x right, y up, z towards the camera) R = Ry(yaw)·Rx(−pitch)·Rz(−roll) turns the
canonical face into the seen one. `HeadPose` and `PoseEstimate.rotation` speak of OpenCV's camera
axes (x right, y down, z away); there the same turn is F·R·F with F = diag(1, −1, −1).
"""

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.camera import CameraModel
from attune.vision.canonical import CANONICAL_FACE, OPENGL_TO_OPENCV
from attune.vision.face import HeadPose, PoseSource

# fmt: off
LOWER_POINTS = (
    1, 2, 4, 5, 45, 275, 64, 294, 98, 327, 129, 358,  # nose
    234, 454, 93, 323, 132, 361, 58, 288, 172, 397,  # sides of the jaw
    123, 352, 147, 376, 177, 401, 213, 433, 215, 435,  # outer cheeks
)
"""Points that a headset leaves in sight and that expression moves little."""

UPPER_POINTS = (
    6, 168, 197, 195, 9, 151, 10, 33, 133, 362, 263,  # bridge, forehead, corners of the eyes
    127, 356, 162, 389, 21, 251, 54, 284, 103, 332, 67, 297, 109, 338,  # upper oval
)
"""Points that a headset covers."""
# fmt: on

_LOWER = np.array(LOWER_POINTS)
_ALL = np.array(LOWER_POINTS + UPPER_POINTS)
_LOWER_OBJECT = np.ascontiguousarray((CANONICAL_FACE @ OPENGL_TO_OPENCV)[_LOWER])
_ALL_OBJECT = np.ascontiguousarray((CANONICAL_FACE @ OPENGL_TO_OPENCV)[_ALL])

_SMALLEST_SPREAD_PX = 2.0
_NARROW_VIEW = 1e-4
"""Variance of the viewing rays below which SQPnP refuses; the iterative method takes over."""
_HEADSET_TURN, _DOUBTED_TURN, _MOST_TURN = 1.15, 0.15, 1.6
"""Turn of a head in a headset as a multiple of its mesh's: where the tracker is sure, more for each
tenth of the presence at which it is sure, and at most."""
_SURE = 0.9
_LEAST_PRESENCE = 1e-4
_REFINEMENT = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 8, 1e-5)


@dataclass(frozen=True, slots=True)
class PoseEstimate:
    """One unsmoothed pose of a head in the camera's frame.

    `rotation` is (3, 3) float64, canonical face to camera, OpenCV axes; `translation_cm` (3,)
    float64 in centimetres of the canonical face (None with a tracker's matrix);
    `reprojection_px` the root mean square error, NaN where there was no fit.
    """

    rotation: NDArray[np.float64]
    translation_cm: NDArray[np.float64] | None
    reprojection_px: float
    source: PoseSource


def rotation_from_angles(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float64]:
    """Return the (3, 3) rotation in OpenCV camera axes of a head with these angles."""
    yaw, pitch, roll = (math.radians(angle) for angle in (yaw_deg, -pitch_deg, -roll_deg))
    ry = np.array(
        [[math.cos(yaw), 0, math.sin(yaw)], [0, 1, 0], [-math.sin(yaw), 0, math.cos(yaw)]]
    )
    rx = np.array(
        [[1, 0, 0], [0, math.cos(pitch), -math.sin(pitch)], [0, math.sin(pitch), math.cos(pitch)]]
    )
    rz = np.array(
        [[math.cos(roll), -math.sin(roll), 0], [math.sin(roll), math.cos(roll), 0], [0, 0, 1]]
    )
    return np.asarray(OPENGL_TO_OPENCV @ ry @ rx @ rz @ OPENGL_TO_OPENCV, np.float64)


def angles_from_rotation(rotation: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return (yaw, pitch, roll) in degrees of a (3, 3) rotation in OpenCV camera axes.

    Pitch lies in [−90, 90], yaw and roll in (−180, 180]. At ±90° of pitch, where yaw and roll turn
    about one axis, roll is 0.
    """
    r = OPENGL_TO_OPENCV @ rotation @ OPENGL_TO_OPENCV
    pitch = math.asin(min(1.0, max(-1.0, float(r[1, 2]))))
    if abs(r[1, 2]) > 1 - 1e-9:
        return math.degrees(math.atan2(-r[2, 0], r[0, 0])), math.degrees(pitch), 0.0
    yaw = math.atan2(r[0, 2], r[2, 2])
    roll = -math.atan2(r[1, 0], r[1, 1])
    return math.degrees(yaw), math.degrees(pitch), math.degrees(roll)


def estimate_pose(
    mesh: NDArray[np.float32], camera: CameraModel, *, upper_face: bool
) -> PoseEstimate | None:
    """Return the pose that projects the canonical face onto the mesh best; None if none does.

    `mesh` is (468 or 478, 3) in pixels of the camera's image. Without `upper_face` no point at or
    above the eyes is used: under a headset the mesh invents them.
    """
    index, points = (_ALL, _ALL_OBJECT) if upper_face else (_LOWER, _LOWER_OBJECT)
    pixels = np.ascontiguousarray(mesh[index, :2], np.float64)
    apart = pixels - pixels.sum(axis=0) / len(pixels)
    spread = float(np.vdot(apart, apart)) / len(pixels)
    if not spread > _SMALLEST_SPREAD_PX**2:
        return None
    narrow = spread < _NARROW_VIEW * camera.fx * camera.fy
    try:
        fit = _fit(points, pixels, camera, cv2.SOLVEPNP_ITERATIVE if narrow else cv2.SOLVEPNP_SQPNP)
    except cv2.error:
        # An assertion of its solvers: no lens like this one shows these points.
        return None
    if fit is None:
        return None
    turn, shift = fit
    if not (np.isfinite(turn).all() and np.isfinite(shift).all()) or shift[2, 0] <= 0:
        return None
    seen, _ = cv2.projectPoints(points, turn, shift, camera.matrix, camera.distortion_array)
    off = seen[:, 0] - pixels
    error = math.sqrt(float(np.vdot(off, off)) / len(pixels))
    if not math.isfinite(error):
        return None
    rotation = np.asarray(cv2.Rodrigues(turn)[0], np.float64)
    return PoseEstimate(rotation, np.asarray(shift[:, 0], np.float64), error, PoseSource.LANDMARKS)


def _fit(
    points: NDArray[np.float64], pixels: NDArray[np.float64], camera: CameraModel, method: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return Rodrigues' vector and translation, (3, 1) each, or None where none is found."""
    matrix, distortion = camera.matrix, camera.distortion_array
    found, turn, shift = cv2.solvePnP(points, pixels, matrix, distortion, flags=method)
    if not found:
        return None
    turn, shift = cv2.solvePnPRefineLM(
        points, pixels, matrix, distortion, turn, shift, criteria=_REFINEMENT
    )
    return np.asarray(turn, np.float64), np.asarray(shift, np.float64)


def turned_further(estimate: PoseEstimate, presence: float) -> PoseEstimate:
    """Return the pose of a head in a headset, given the one that its mesh has.

    With the upper face hidden the mesh keeps nearer to a frontal face than the head, the more so
    the less the tracker is sure of it (`presence` in [0, 1]). How much was fitted on 2,182 frames
    of eight rendered heads that turn to 45°.
    """
    if estimate.translation_cm is None:
        return estimate
    yaw, pitch, roll = angles_from_rotation(estimate.rotation)
    x, _, z = estimate.translation_cm
    aside = math.degrees(math.atan2(float(x), float(z)))
    doubt = max(0.0, math.log10(_SURE / max(presence, _LEAST_PRESENCE)))
    turn = min(_HEADSET_TURN + _DOUBTED_TURN * doubt, _MOST_TURN)
    yaw = turn * (yaw + aside) - aside
    return replace(estimate, rotation=rotation_from_angles(yaw, pitch, roll))


def pose_from_transform(transform: NDArray[np.float64]) -> PoseEstimate:
    """Return the pose in a tracker's (4, 4) matrix (canonical face to camera, OpenGL axes)."""
    u, _, vt = np.linalg.svd(transform[:3, :3])
    rotation = OPENGL_TO_OPENCV @ (u @ vt) @ OPENGL_TO_OPENCV
    return PoseEstimate(np.asarray(rotation, np.float64), None, math.nan, PoseSource.TRACKER_MATRIX)


def head_pose(estimate: PoseEstimate, camera: CameraModel) -> HeadPose:
    """Return the estimate as angles; metres only where the camera's model is not assumed."""
    yaw, pitch, roll = angles_from_rotation(estimate.rotation)
    shift = estimate.translation_cm
    metres = None if shift is None or camera.assumed else shift / 100
    aside = 0.0 if shift is None else math.degrees(math.atan2(float(shift[0]), float(shift[2])))
    return HeadPose(yaw, pitch, roll, metres, estimate.reprojection_px, estimate.source, aside)
