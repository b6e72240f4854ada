"""What a face tracker is, and which ones there are.

A tracker belongs to one visitor: it keeps state from frame to frame, so it is never shared between
sessions and never handed to the next visitor.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.errors import ConfigError
from attune.vision.frame import Image


@dataclass(frozen=True, slots=True)
class TrackedMesh:
    """One face as a tracker reports it.

    `mesh` is (468 or 478, 3) float32: x and y in pixels of the image, z in the same scale, smaller
    towards the camera. `score` in [0, 1]. `blendshapes` (ARKit names, [0, 1]) and `transform`
    ((4, 4) float64, canonical face to camera, OpenGL axes, centimetres) where measured.
    """

    mesh: NDArray[np.float32]
    score: float
    blendshapes: Mapping[str, float] = field(default_factory=dict)
    transform: NDArray[np.float64] | None = None


class FaceTracker(Protocol):
    """Finds the faces of one camera's images, in the order of capture."""

    def track(self, image: Image, capture_time_ns: int) -> tuple[TrackedMesh, ...]:
        """Return the faces in `image`, none if there are none; times must not run backwards."""
        ...

    def close(self) -> None:
        """Free what the tracker holds; it cannot be used again."""
        ...


def _mediapipe_mesh(settings: VisionSettings) -> FaceTracker:
    from attune.vision.mediapipe_mesh import MediaPipeMeshTracker

    return MediaPipeMeshTracker(settings)


def _mediapipe_tasks(settings: VisionSettings) -> FaceTracker:
    from attune.vision.mediapipe_tasks import MediaPipeTasksTracker

    return MediaPipeTasksTracker(settings)


TRACKERS: dict[str, Callable[[VisionSettings], FaceTracker]] = {
    "mediapipe-mesh": _mediapipe_mesh,
    "mediapipe-tasks": _mediapipe_tasks,
}
"""Trackers by name; add an entry to add a tracker."""


def create_tracker(settings: VisionSettings) -> FaceTracker:
    """Return a fresh tracker of the kind that `settings.tracker` names; raises `ConfigError`."""
    make = TRACKERS.get(settings.tracker)
    if make is None:
        raise ConfigError(
            f"expected a tracker among {', '.join(sorted(TRACKERS))}, got {settings.tracker!r}"
        )
    return make(settings)
