"""Which points of the 468-point mesh are which part of a face.

Left and right are the subject's own: the subject's right eye lies on the image's left.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MESH_POINTS: Final = 468
"""Points of the mesh; trackers that also find the irises append ten more."""

# fmt: off
IBUG_68: Final[tuple[int, ...]] = (
    127, 234, 93, 132, 58, 136, 150, 176, 152, 400, 379, 365, 288, 361, 323, 454, 356,  # jaw
    70, 63, 105, 66, 107,  # right brow
    336, 296, 334, 293, 300,  # left brow
    168, 197, 5, 4,  # bridge of the nose
    98, 97, 2, 326, 327,  # base of the nose
    33, 160, 158, 133, 153, 144,  # right eye
    362, 385, 387, 263, 373, 380,  # left eye
    61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181,  # outer lips
    78, 81, 13, 311, 308, 402, 14, 178,  # inner lips
)
"""Mesh index of each of the 68 points in iBUG order."""

_IBUG_INDEX: Final = np.array(IBUG_68)

FACE_OVAL: Final[tuple[int, ...]] = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377,
    152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)
"""Outline of the face, clockwise in the image from the middle of the forehead."""

OUTER_LIPS: Final[tuple[int, ...]] = (
    61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146,
)
INNER_LIPS: Final[tuple[int, ...]] = (
    78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95,
)

REGION_POINTS: Final[dict[str, tuple[int, ...]]] = {
    "left_eye": (362, 398, 384, 385, 386, 387, 388, 466, 263, 249, 390, 373, 374, 380, 381, 382),
    "right_eye": (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7),
    "left_brow": (336, 296, 334, 293, 300, 276, 283, 282, 295, 285),
    "right_brow": (70, 63, 105, 66, 107, 55, 65, 52, 53, 46),
    "nose": (168, 197, 5, 4, 1, 2, 98, 327, 64, 294, 129, 358),
    "mouth": OUTER_LIPS,
    "chin": (152, 176, 400, 148, 377, 175, 199, 200, 18, 32, 262, 208, 428),
    "left_cheek": (425, 280, 411, 427, 436, 352, 346, 330, 266),
    "right_cheek": (205, 50, 187, 207, 216, 123, 117, 101, 36),
}
"""Mesh points that belong to each region of `attune.vision.face.REGIONS`."""
# fmt: on

NOSE_TIP: Final = 4
CHIN: Final = 152
MOUTH_RIGHT: Final = 61
MOUTH_LEFT: Final = 291
TEMPLE_RIGHT: Final = 127
TEMPLE_LEFT: Final = 356


def to_68(mesh: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the (68, 2) float32 iBUG landmarks of a (468 or 478, 3) mesh, same pixels."""
    return np.ascontiguousarray(mesh[_IBUG_INDEX, :2], np.float32)


def mirror_index() -> NDArray[np.intp]:
    """Return, for each of the 468 points, the index of its mirror image on the canonical face."""
    from attune.vision.canonical import CANONICAL_FACE

    mirrored = CANONICAL_FACE * np.array([-1.0, 1.0, 1.0])
    distance = np.linalg.norm(mirrored[:, None] - CANONICAL_FACE[None], axis=2)
    return np.asarray(distance.argmin(axis=1), np.intp)
