"""Smooths a head pose over capture time and joins it with the headset's own orientation."""

import math
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.timeline import seconds
from attune.vision.face import HeadPose, PoseSource
from attune.vision.filters import OneEuroFilter
from attune.vision.pose import PoseEstimate

_MIN_CUTOFF_HZ = 1.5
_BETA = 0.2
_HEADSET_TO_FACE = np.diag([-1.0, 1.0, -1.0])
"""The headset looks out of the face, the canonical face's z axis points into it."""


def unwrap_deg(angle_deg: float, near_deg: float) -> float:
    """Return the angle plus the multiple of 360° that brings it nearest to `near_deg`."""
    return angle_deg - 360.0 * round((angle_deg - near_deg) / 360.0)


def wrap_deg(angle_deg: float) -> float:
    """Return the angle in (−180, 180]."""
    return -((180.0 - angle_deg) % 360.0 - 180.0)


class PoseFilter:
    """One Euro smoothing of yaw, pitch and roll, each with the real time between frames.

    Continuous across ±180°; begins afresh when the track changes or after a gap of one second.
    """

    _GAP_S = 1.0

    def __init__(self, min_cutoff_hz: float = _MIN_CUTOFF_HZ, beta: float = _BETA) -> None:
        self._filters = tuple(OneEuroFilter(min_cutoff_hz, beta) for _ in range(3))
        self._track_id: int | None = None
        self._time_ns = 0
        self._angles = [0.0, 0.0, 0.0]

    def step(self, pose: HeadPose, track_id: int, time_ns: int) -> HeadPose:
        """Return the smoothed pose of this track at `time_ns`."""
        if track_id != self._track_id or seconds(time_ns - self._time_ns) > self._GAP_S:
            self._track_id = track_id
            for one in self._filters:
                one.reset()
            self._angles = [pose.yaw_deg, pose.pitch_deg, pose.roll_deg]
        self._time_ns = max(time_ns, self._time_ns)
        raw = (pose.yaw_deg, pose.pitch_deg, pose.roll_deg)
        self._angles = [
            one.step(unwrap_deg(angle, last), time_ns)
            for one, angle, last in zip(self._filters, raw, self._angles, strict=True)
        ]
        yaw, pitch, roll = (wrap_deg(angle) for angle in self._angles)
        return replace(pose, yaw_deg=yaw, pitch_deg=pitch, roll_deg=roll)

    def reset(self) -> None:
        """Forget the track."""
        self._track_id = None


class PoseFusion:
    """A complementary filter: the headset's quick orientation, the camera's absolute one.

    The headset knows well how it turns but not where the camera stands; the camera knows where the
    face looks, but slowly, noisily and not always. A = (head in camera)·(head in headset's frame)⁻¹
    is constant while camera and tracking frame stand still. It is learned while both are present
    (mean of the first frames, then low-pass with time constant `time_constant_s`), and A times the
    headset's orientation is the fused pose. A tilted camera or a headset worn askew goes into A
    too. A new `tracking_epoch` (recentred headset) starts the learning again.
    """

    _LEARN_FRAMES = 5
    _OUTLIER_DEG = 30.0
    _PATIENCE_S = 1.0
    _GAP_S = 1.0
    """After a longer time without a face, its first frame counts as after this one."""

    def __init__(self, time_constant_s: float = 4.0) -> None:
        self._time_constant_s = time_constant_s
        self._epoch: int | None = None
        self._alignment: NDArray[np.float64] | None = None
        self._frames = 0
        self._time_ns = 0
        self._disagreeing_since_ns: int | None = None

    @property
    def learned(self) -> bool:
        """Whether the alignment rests on enough frames to be used."""
        return self._frames >= self._LEARN_FRAMES

    def reset(self) -> None:
        """Forget the alignment."""
        self._alignment, self._frames, self._disagreeing_since_ns = None, 0, None

    def disagreement_deg(
        self, estimate: PoseEstimate, headset_rotation: NDArray[np.float64], epoch: int
    ) -> float | None:
        """Return the angle between a face's pose and the headset's; None before it is learned."""
        if not self.learned or self._alignment is None or epoch != self._epoch:
            return None
        expected = self._alignment @ headset_rotation @ _HEADSET_TO_FACE
        return _angle_deg(estimate.rotation @ expected.T)

    def step(
        self,
        estimate: PoseEstimate | None,
        headset_rotation: NDArray[np.float64],
        epoch: int,
        time_ns: int,
    ) -> PoseEstimate | None:
        """Return the fused pose; None while neither camera nor a learned alignment gives one.

        `headset_rotation` is (3, 3) float64, headset to tracking frame, in right-handed axes
        (x to the wearer's right, y down, z out of the face).
        """
        if epoch != self._epoch:
            self._epoch = epoch
            self.reset()
        head = headset_rotation @ _HEADSET_TO_FACE
        if estimate is not None:
            self._learn(estimate.rotation @ head.T, time_ns)
        if not self.learned or self._alignment is None:
            return estimate
        fused = self._alignment @ head
        if estimate is None:
            return PoseEstimate(fused, None, math.nan, PoseSource.HEADSET)
        return replace(estimate, rotation=fused, source=PoseSource.FUSED)

    def _learn(self, measured: NDArray[np.float64], time_ns: int) -> None:
        dt_s = max(0.0, seconds(time_ns - self._time_ns))
        self._time_ns = max(time_ns, self._time_ns)
        if self._alignment is None:
            self._alignment, self._frames = measured, 1
            return
        if dt_s > self._GAP_S:
            dt_s, self._disagreeing_since_ns = self._GAP_S, None
        error = measured @ self._alignment.T
        if self.learned and _angle_deg(error) > self._OUTLIER_DEG:
            self._doubt(time_ns)
            return
        self._disagreeing_since_ns = None
        self._frames += 1
        gain = max(1 / self._frames, 1 - math.exp(-dt_s / self._time_constant_s))
        step, _ = cv2.Rodrigues(error)
        correction, _ = cv2.Rodrigues(gain * step)
        self._alignment = np.asarray(correction @ self._alignment, np.float64)

    def _doubt(self, time_ns: int) -> None:
        """A frame far off is passed over; a second of them means that something was moved."""
        if self._disagreeing_since_ns is None:
            self._disagreeing_since_ns = time_ns
        elif seconds(time_ns - self._disagreeing_since_ns) > self._PATIENCE_S:
            self.reset()


def _angle_deg(rotation: NDArray[np.float64]) -> float:
    cosine = (float(np.trace(rotation)) - 1) / 2
    return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
