"""Where the visitor looks relative to what the scene wants looked at."""

import math

import numpy as np

from attune.session.inputs import HeadsetPoseInput
from attune.timeline import NS_PER_MS

MAX_AGE_NS = 300 * NS_PER_MS
"""A headset pose older than this says nothing about where the head points now."""

FORWARD = np.array([0.0, 0.0, 1.0])


class Focus:
    """Remembers the headset's latest pose and measures the angle to the focus it came with."""

    def __init__(self) -> None:
        self._pose: HeadsetPoseInput | None = None

    def observe(self, pose: HeadsetPoseInput) -> None:
        """Take a pose; one older than the last is ignored."""
        if self._pose is None or pose.time_ns >= self._pose.time_ns:
            self._pose = pose

    def pose_at(self, time_ns: int) -> HeadsetPoseInput | None:
        """The latest pose if it is close enough to `time_ns`."""
        pose = self._pose
        if pose is None or abs(time_ns - pose.time_ns) > MAX_AGE_NS:
            return None
        return pose

    def angle_deg(self, time_ns: int) -> float | None:
        """Angle between head direction and focus in degrees, 0 … 180; None when either is
        unknown."""
        pose = self.pose_at(time_ns)
        if pose is None or pose.focus_m is None:
            return None
        towards = pose.focus_m - pose.position_m
        distance = float(np.linalg.norm(towards))
        if distance < 1e-6:
            return None
        cosine = float(np.dot(pose.rotation @ FORWARD, towards)) / distance
        return math.degrees(math.acos(min(1.0, max(-1.0, cosine))))
