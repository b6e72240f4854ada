"""Points of MediaPipe's face mesh for which the head model knows the exact place.

The canonical face that the mesh is made of is bent onto the head model by the landmarks that both
have (eyes, nose, lips, tip of the chin; thin-plate spline), and each of ``MESH_POINTS`` is the
model's nearest vertex of skin. Left out are points where the two disagree, by more than about 3 %
of the distance between the outer corners of the eyes, about what a part of the face is (brows, jaw,
the ridge of the nose, the edge of the red of the lips).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from attune.vision.canonical import CANONICAL_FACE
from attune.vision.landmarks import IBUG_68, INNER_LIPS, REGION_POINTS

from .facekit import FACE, FaceKit

# fmt: off
_OUTER_LIPS = (61, 185, 40, 37, 0, 267, 270, 409, 291, 375, 17, 146)
_NOSE = (168, 6, 4, 1, 19, 94, 2, 97, 326, 48, 278, 45, 275)
_CHIN = (18, 200, 199, 175, 152, 148, 377)
_CHEEKS = (101, 330, 36, 266, 117, 346, 123, 352, 205, 425, 216, 436, 207, 427, 187, 411)
# fmt: on

MESH_POINTS: Final[tuple[int, ...]] = tuple(
    sorted(
        (
            *REGION_POINTS["left_eye"], *REGION_POINTS["right_eye"], *_OUTER_LIPS, *INNER_LIPS,
            *_NOSE, *_CHIN, *_CHEEKS,
        )
    )
)  # fmt: skip
"""Indices of the mesh, ascending: 32 around the eyes, 32 of the lips, 13 of the nose, 7 of the
chin, 16 of the cheeks."""

_SHARED = (8, *range(27, 68))
"""Landmarks of the 68 that mark the same spot in both models."""
_STIFFNESS = 0.05


def mesh_vertices(kit: FaceKit) -> NDArray[np.int32]:
    """(100,) int32 vertex of the head model for each of ``MESH_POINTS``."""
    shared = [IBUG_68[mark] for mark in _SHARED]
    marks = kit.landmarks[list(_SHARED)]
    bent = _bend(CANONICAL_FACE[shared], kit.vertices[marks], CANONICAL_FACE[list(MESH_POINTS)])
    skin = np.flatnonzero(kit.region == FACE)
    apart = np.linalg.norm(bent[:, None] - kit.vertices[skin][None], axis=2)
    nearest = skin[apart.argmin(axis=1)]
    exact = dict(zip(shared, marks.tolist(), strict=True))
    pairs = zip(MESH_POINTS, nearest.tolist(), strict=True)
    return np.array([exact.get(point, vertex) for point, vertex in pairs], np.int32)


def _bend(
    source: NDArray[np.float64], target: NDArray[np.float32], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """(N, 3) where the thin-plate spline that takes ``source`` to ``target`` takes ``points``."""
    n = len(source)
    flat = np.c_[np.ones(n), source]
    kernel = np.linalg.norm(source[:, None] - source[None], axis=2) + _STIFFNESS * np.eye(n)
    system = np.block([[kernel, flat], [flat.T, np.zeros((4, 4))]])
    weights = np.linalg.solve(system, np.vstack([target, np.zeros((4, 3))]))
    reach = np.linalg.norm(points[:, None] - source[None], axis=2)
    return np.asarray(np.c_[reach, np.ones(len(points)), points] @ weights)
