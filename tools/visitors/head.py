"""A head that can be posed: identity, expression, gaze, and a turn on the neck."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .facekit import EYEBALL, GUMS, TEETH, FaceKit

Floats = NDArray[np.float32]

NECK_PIVOT = np.array([0.0, -4.0, -1.0], np.float32)
"""Where the skull turns on the spine, in the model's frame."""

TEETH_BACK_CM = 0.35
LOWER_GUMS_BELOW_CM = -3.6
LOWER_TEETH_FROM = 19247
"""First vertex of the lower teeth; the teeth's vertices run from the upper to the lower jaw."""

GL_TO_CV = np.diag([1.0, -1.0, -1.0])


def rotation(yaw_deg: float, pitch_deg: float, roll_deg: float) -> NDArray[np.float64]:
    """(3, 3) rotation in the model's axes (x image right, y up, z to the camera).

    Signs as in ``attune.vision.pose``: yaw > 0 turns to the subject's left, pitch > 0 looks up,
    roll > 0 tilts towards the subject's left shoulder. R = Ry(yaw)·Rx(−pitch)·Rz(−roll).
    """
    y, p, r = np.radians([yaw_deg, -pitch_deg, -roll_deg])
    ry = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    rx = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    rz = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(ry @ rx @ rz)


def angles(matrix: NDArray[np.float64]) -> tuple[float, float, float]:
    """(yaw, pitch, roll) in degrees of a rotation as made by ``rotation``."""
    yaw = np.degrees(np.arctan2(matrix[0, 2], matrix[2, 2]))
    pitch = np.degrees(np.arcsin(np.clip(matrix[1, 2], -1.0, 1.0)))
    roll = -np.degrees(np.arctan2(matrix[1, 0], matrix[1, 1]))
    return float(yaw), float(pitch), float(roll)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head is and what it does in one frame.

    Attributes:
        yaw_deg, pitch_deg, roll_deg: of the head against the camera (signs in ``rotation``).
        position_cm: (3,) of the neck pivot in the OpenCV camera frame (x right, y down, z forward).
        gaze_yaw_deg, gaze_pitch_deg: of the eyes against the head, same signs.
        weights: (E,) float32 expression weights in the FaceKit's order.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    position_cm: tuple[float, float, float]
    gaze_yaw_deg: float
    gaze_pitch_deg: float
    weights: Floats


class Head:
    """One identity of the FaceKit, ready to be posed."""

    def __init__(self, kit: FaceKit, shape: Floats) -> None:
        self._kit = kit
        self.neutral: Floats = kit.vertices + np.tensordot(shape, kit.identity[: len(shape)], 1)
        _withdraw_teeth(self.neutral, kit)
        self._turns = neck_weight(kit.vertices)
        self._balls: list[tuple[NDArray[np.intp], Floats]] = []
        for side in (1.0, -1.0):
            ball = np.flatnonzero((kit.region == EYEBALL) & (side * kit.vertices[:, 0] > 0))
            extent = self.neutral[ball]
            self._balls.append((ball, ((extent.max(0) + extent.min(0)) / 2).astype(np.float32)))

    def deform(self, pose: Pose) -> Floats:
        """(V, 3) vertices in the model's frame with expression and gaze, not yet turned."""
        vertices = self.neutral.copy()
        for index in np.flatnonzero(np.abs(pose.weights) > 1e-3):
            vertices += pose.weights[index] * self._kit.expressions[index]
        turn = rotation(pose.gaze_yaw_deg, pose.gaze_pitch_deg, 0.0).astype(np.float32)
        for ball, centre in self._balls:
            vertices[ball] = (vertices[ball] - centre) @ turn.T + centre
        return vertices

    def place(self, vertices: Floats, pose: Pose) -> Floats:
        """Turn the head on its neck and bring it before the camera (OpenCV frame, cm).

        The neck bends with the head, the shoulders stay.
        """
        return place(vertices, self._turns, pose)


def _withdraw_teeth(vertices: Floats, kit: FaceKit) -> None:
    """Set teeth and gums back from the lips, in place.

    Identity modes move lips and teeth apart, and open mouths bare the side teeth, which then look
    like fangs: the rows are made a little narrower, the lower one deeper.
    """
    number = np.arange(len(vertices))
    mouth = (kit.region == TEETH) | (kit.region == GUMS)
    lower = (kit.region == TEETH) & (number >= LOWER_TEETH_FROM)
    lower |= (kit.region == GUMS) & (kit.vertices[:, 1] < LOWER_GUMS_BELOW_CM)
    side = np.clip((np.abs(vertices[:, 0]) - 0.8) / 1.4, 0.0, 1.0)
    vertices[mouth, 2] -= (TEETH_BACK_CM + 0.9 * side)[mouth]
    vertices[mouth, 0] *= 0.9
    vertices[lower, 1] -= 0.45
    vertices[lower, 2] -= 0.25


def place(vertices: Floats, turns: Floats, pose: Pose) -> Floats:
    """Like ``Head.place`` for vertices that follow the head's turn by ``turns`` (V,) in [0, 1]."""
    full = rotation(pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
    local = vertices - NECK_PIVOT
    turned = local @ full.T.astype(np.float32)
    partly = (turns > 0.0) & (turns < 1.0)
    half = rotation(0.5 * pose.yaw_deg, 0.5 * pose.pitch_deg, 0.5 * pose.roll_deg).astype(
        np.float32
    )
    w = turns[partly][:, None]
    middle = local[partly] @ half.T
    # a quadratic through (still, half-turned, turned) bends the neck without pinching it
    turned[partly] = (
        (1 - w) * (1 - 2 * w) * local[partly]
        + 4 * w * (1 - w) * middle
        + w * (2 * w - 1) * turned[partly]
    )
    turned[turns == 0.0] = local[turns == 0.0]
    placed = turned @ GL_TO_CV.astype(np.float32) + np.asarray(pose.position_cm, np.float32)
    return np.ascontiguousarray(placed, np.float32)


def neck_weight(vertices: Floats) -> Floats:
    """(V,) how far each vertex follows the head: 1 on the skull and jaw, 0 on the shoulders."""
    along = vertices[:, 1] + 0.25 * np.maximum(vertices[:, 2], 0.0)
    t = np.clip((along + 15.0) / 7.5, 0.0, 1.0)
    weight: Floats = (t * t * (3 - 2 * t)).astype(np.float32)
    return weight


def look_weights(gaze_yaw_deg: float, gaze_pitch_deg: float) -> dict[str, float]:
    """The lids' share of a gaze: ARKit's eyeLook weights for a gaze against the head."""
    left, up = gaze_yaw_deg / 30.0, gaze_pitch_deg / 25.0
    return {
        "eyeLookOut_L": max(left, 0.0), "eyeLookIn_R": max(left, 0.0),
        "eyeLookIn_L": max(-left, 0.0), "eyeLookOut_R": max(-left, 0.0),
        "eyeLookUp_L": max(up, 0.0), "eyeLookUp_R": max(up, 0.0),
        "eyeLookDown_L": max(-up, 0.0), "eyeLookDown_R": max(-up, 0.0),
    }  # fmt: skip
