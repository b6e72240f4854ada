"""The default tracker: MediaPipe's face mesh and detector, whose models come with its wheel.

A face that the mesh is sure of is followed from its own points, and the detector only looks for
further faces now and then. Turned away in a headset, a face leaves the mesh in doubt although its
points still fit: then the detector is asked in every frame, and while it sees nose and mouth where
the mesh has them the face is held. A doubtful face never begins a track. Patience is counted in
session time, so that a doubtful face is believed for as long at 10 frames a second as at 60.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.timeline import NS_PER_MS
from attune.vision.crop import crop_matrix, crop_scale
from attune.vision.face_detector import Detection, FaceDetector, Range
from attune.vision.face_region import FaceRegion, around_lower_face, around_mesh
from attune.vision.frame import Image
from attune.vision.landmarks import MESH_POINTS
from attune.vision.mesh_network import MeshNetwork
from attune.vision.tracker import TrackedMesh

_LOOK_EVERY_NS = 150 * NS_PER_MS
"""Time between two looks for further faces while those that are followed are certain: every fifth
of 30 frames a second. Here and below half a frame of those is left for cameras that jitter."""
_BARELY, _FAINT, _DIM = 0.0003, 0.003, 0.03
"""Least presence of a doubtful face with which the detector agrees closely, roughly, or not for a
while."""
_PATIENCE_NS = 280 * NS_PER_MS
"""How long the detector may miss a doubtful face."""
_MEMORY_NS = 1_515 * NS_PER_MS
"""How long a lost face may come back in doubt; after a gap as long as this nothing is followed."""
_CLEAR = 0.5
"""Least score of a detection where no face is known."""
_CLOSELY, _ROUGHLY = np.array([6.0, 8.0]), np.array([8.0, 10.0])
"""Largest distance of the detector's mouth and nose from the mesh's, in pixels of the crop."""
_SAME_FACE = 0.4
"""Two meshes nearer than this share of the larger one's size are of one face."""
_NOSE_TIP, _LIPS = 4, (13, 14)


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """A followed face, last vouched for at `since_ns` by mesh or detector; of a lost face, when it
    was lost."""

    mesh: NDArray[np.float32]
    presence: float
    rule: Callable[[NDArray[np.float32]], FaceRegion]
    since_ns: int

    @property
    def middle(self) -> NDArray[np.float32]:
        return np.asarray(self.mesh[:MESH_POINTS, :2].mean(axis=0), np.float32)

    @property
    def size(self) -> float:
        points = self.mesh[:MESH_POINTS, :2]
        return float((points.max(axis=0) - points.min(axis=0)).max())


class MediaPipeMeshTracker:
    """468 points a face, for one visitor; a face scores what the mesh thinks of its presence."""

    def __init__(self, settings: VisionSettings) -> None:
        self._network = MeshNetwork()
        self._detector = FaceDetector(Range.SHORT, settings.min_detection_confidence)
        self._certain = settings.min_tracking_confidence
        self._most = settings.max_faces
        self._tracks: tuple[_Track, ...] = ()
        self._lost: tuple[_Track, ...] = ()
        self._now_ns = 0
        self._looked_ns = 0

    def track(self, image: Image, capture_time_ns: int) -> tuple[TrackedMesh, ...]:
        """Return the faces; a time before the last one begins afresh."""
        self._advance(capture_time_ns)
        followed = _distinct([self._follow(image, one) for one in self._tracks])
        detections = self._detector.find(image) if self._must_look(followed) else ()
        kept: list[_Track] = []
        lost = [one for one in self._lost if self._now_ns - one.since_ns <= _MEMORY_NS]
        for one in followed:
            held = self._hold(image, one, detections)
            if held is None:
                lost.append(replace(one, since_ns=self._now_ns))
            else:
                kept.append(held)
        for detection in detections:
            if len(kept) >= self._most:
                break
            found = self._begin(image, detection, kept, lost)
            if found is not None:
                kept.append(found)
        self._tracks = tuple(_distinct(kept))
        self._lost = tuple(
            one for one in lost if not any(_same(one, kept) for kept in self._tracks)
        )
        return tuple(TrackedMesh(one.mesh, one.presence) for one in self._tracks)

    def close(self) -> None:
        """Stop the graphs."""
        self._network.close()
        self._detector.close()

    def _advance(self, time_ns: int) -> None:
        if not 0 <= time_ns - self._now_ns <= _MEMORY_NS:
            self._tracks = self._lost = ()
        self._now_ns = time_ns

    def _must_look(self, followed: Sequence[_Track]) -> bool:
        doubtful = not followed or any(one.presence < self._certain for one in followed)
        due = len(followed) < self._most and self._now_ns - self._looked_ns >= _LOOK_EVERY_NS
        if not doubtful and not due:
            return False
        self._looked_ns = self._now_ns
        return True

    def _follow(self, image: Image, track: _Track) -> _Track:
        """Return the track with what its region shows now; in doubt, the lower face leads."""
        mesh, presence = self._network.read(image, track.rule(track.mesh))
        if presence < self._certain and track.rule is around_mesh:
            again, better = self._network.read(image, around_lower_face(track.mesh))
            if better > presence:
                return replace(track, mesh=again, presence=better, rule=around_lower_face)
        return replace(track, mesh=mesh, presence=presence)

    def _hold(self, image: Image, track: _Track, detections: Sequence[Detection]) -> _Track | None:
        """Return the track as it goes on, None where the face is lost."""
        if track.presence >= self._certain:
            return replace(track, since_ns=self._now_ns)
        here = [one for one in detections if _covers(track, one)]
        if here and not _agree(track, here[0]):
            anew = self._read_detection(image, here[0])
            if anew.presence > track.presence:
                track = replace(anew, since_ns=track.since_ns)
        if here and _agree(track, here[0]):
            return replace(track, since_ns=self._now_ns)
        believed = track.presence >= _DIM and self._now_ns - track.since_ns <= _PATIENCE_NS
        return track if believed else None

    def _begin(
        self,
        image: Image,
        detection: Detection,
        kept: Sequence[_Track],
        lost: Sequence[_Track],
    ) -> _Track | None:
        """Return the track that a detection starts, or takes up again where one was lost."""
        if any(_covers(one, detection) for one in kept):
            return None
        known = any(_covers(one, detection) for one in lost)
        if detection.score < _CLEAR and not known:
            return None
        mesh, presence = self._network.read(image, detection.region)
        track = _Track(mesh, presence, around_mesh, self._now_ns)
        if presence < self._certain and known:
            track = self._read_detection(image, detection)
        if any(_same(track, one) for one in kept):
            return None
        doubtful = known and _agree(track, detection)
        return track if track.presence >= self._certain or doubtful else None

    def _read_detection(self, image: Image, detection: Detection) -> _Track:
        """Return what the lower face's region shows, found by way of the detector's."""
        first, _ = self._network.read(image, detection.region)
        mesh, presence = self._network.read(image, around_lower_face(first))
        return _Track(mesh, presence, around_lower_face, self._now_ns)


def _covers(track: _Track, detection: Detection) -> bool:
    """Whether a detection lies on the face of a track."""
    return float(np.linalg.norm(detection.middle - track.middle)) < 0.5 * track.size


def _agree(track: _Track, detection: Detection) -> bool:
    """Whether the detector has mouth and nose where a mesh of some presence has them."""
    if track.presence < _BARELY:
        return False
    unit = crop_scale(crop_matrix(track.mesh))
    mouth = np.linalg.norm(detection.mouth - track.mesh[list(_LIPS), :2].mean(axis=0))
    nose = np.linalg.norm(detection.nose - track.mesh[_NOSE_TIP, :2])
    near = _ROUGHLY if track.presence >= _FAINT else _CLOSELY
    return bool((np.array([mouth, nose]) * unit < near).all())


def _same(a: _Track, b: _Track) -> bool:
    return float(np.linalg.norm(a.middle - b.middle)) < _SAME_FACE * max(a.size, b.size)


def _distinct(tracks: Sequence[_Track]) -> list[_Track]:
    """Return the tracks without those that slid onto another's face."""
    kept: list[_Track] = []
    for one in sorted(tracks, key=lambda track: -track.presence):
        if not any(_same(one, other) for other in kept):
            kept.append(one)
    return [one for one in tracks if one in kept]
