"""Puts one headset on the largest face of a sequence, and keeps it there while the head moves."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.vision.camera import CameraModel
from attune.vision.frame import Image
from attune.vision.overlay import Placement, paint, placement_from_pose
from attune.vision.overlay_shapes import Headset
from attune.vision.pose import estimate_pose
from attune.vision.tracker import FaceTracker, TrackedMesh, create_tracker

_EYE_CORNERS = ((33, 133), (362, 263))
_HALF_LIFE_S = 0.03
_FORGET_AFTER_S = 0.5
_LARGER = 1.25
"""A face this much wider than its wearer's takes the headset over."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    placement: Placement
    time_ns: int


class LiveOverlay:
    """Wears one headset through a sequence of images; one instance a sequence.

    Mesh, then PnP over the whole face (its wearer has no real headset), then Rodrigues' rotation
    and the midpoint of the eyes place the headset; the placement is smoothed exponentially over
    capture time.
    """

    def __init__(self, headset: Headset, settings: VisionSettings | None = None) -> None:
        self._headset = headset
        self._tracker: FaceTracker = create_tracker(settings or VisionSettings())
        self._last: _Remembered | None = None

    def wear(self, image: Image, capture_time_ns: int) -> Image | None:
        """Return the image with the headset on its largest face; None where no face is found."""
        faces = self._tracker.track(image, capture_time_ns)
        if not faces:
            return None
        mesh = self._wearer(faces, capture_time_ns).mesh
        placement = place(mesh, CameraModel.from_size(image.width, image.height))
        if placement is None:
            return None
        placement = self._smoothed(placement, capture_time_ns)
        bgr = paint(image.rgb[..., ::-1], self._headset, placement).image
        return Image(np.ascontiguousarray(bgr[..., ::-1]))

    def close(self) -> None:
        """Free the tracker."""
        self._tracker.close()

    def _wearer(self, faces: tuple[TrackedMesh, ...], time_ns: int) -> TrackedMesh:
        """Return the largest face; of faces about as large the one that wore the headset."""
        largest = max(faces, key=_width)
        last = self._last
        if last is None or not 0 <= (time_ns - last.time_ns) / 1e9 < _FORGET_AFTER_S:
            return largest

        def moved(face: TrackedMesh) -> float:
            return float(np.hypot(*(_eyes(face.mesh).mean(axis=0) - last.placement.origin)))

        nearest = min(faces, key=moved)
        stays = moved(nearest) < last.placement.scale()
        return nearest if stays and _width(largest) < _LARGER * _width(nearest) else largest

    def _smoothed(self, placement: Placement, time_ns: int) -> Placement:
        if self._last is not None:
            old = self._last.placement
            gap_s = (time_ns - self._last.time_ns) / 1e9
            moved = float(np.hypot(*(placement.origin - old.origin)))
            # Further than that at once is a cut, or another face.
            if 0 <= gap_s < _FORGET_AFTER_S and moved < placement.scale():
                keep = 0.5 ** (gap_s / _HALF_LIFE_S)
                placement = Placement(
                    keep * old.origin + (1 - keep) * placement.origin,
                    keep * old.axes + (1 - keep) * placement.axes,
                )
        self._last = _Remembered(placement, time_ns)
        return placement


def place(mesh: NDArray[np.float32], camera: CameraModel) -> Placement | None:
    """Return where a headset sits on a face without one, from its mesh (468 or more, 3) in pixels.

    None where no pose explains the mesh.
    """
    estimate = estimate_pose(mesh, camera, upper_face=True)
    if estimate is None:
        return None
    eyes = _eyes(mesh)
    x, y = eyes.mean(axis=0)
    ray = ((x - camera.cx) / camera.fx, (y - camera.cy) / camera.fy)
    return placement_from_pose(eyes, estimate.rotation, ray)


def _eyes(mesh: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.array([mesh[list(pair), :2].mean(axis=0) for pair in _EYE_CORNERS], np.float64)


def _width(face: TrackedMesh) -> float:
    return float(np.ptp(face.mesh[:, 0]))
