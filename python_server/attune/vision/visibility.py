"""How much of each region of a face can be seen, from pose, image border and pixels.

Three things hide a region: the head turns it away, it leaves the image, or something lies over it.
The first two follow from geometry. The third is measured by `attune.vision.occlusion`.
"""

import numpy as np
from numpy.typing import NDArray

from attune.vision.canonical import CANONICAL_FACE, OPENGL_TO_OPENCV, outward
from attune.vision.crop import CROP_PX
from attune.vision.face import REGIONS, RegionVisibility, VisibilityBand
from attune.vision.landmarks import MESH_POINTS, REGION_POINTS

_TURNED_AWAY = -0.05
_FACING = 0.45
"""Cosines between a region's outward direction and the view: lost below, whole above."""

FULL_EYES = 0.6
ENOUGH_LOWER = 0.5
ENOUGH_MOUTH = 0.4

_PATCHES = [CANONICAL_FACE[list(REGION_POINTS[name])] for name in REGIONS]
_OUTWARD = np.stack([outward(patch) for patch in _PATCHES]) @ OPENGL_TO_OPENCV
_CENTER = np.stack([patch.mean(axis=0) for patch in _PATCHES]) @ OPENGL_TO_OPENCV
"""(9, 3) each: where a region of the canonical face looks and lies, in OpenCV axes."""


def _membership() -> NDArray[np.float64]:
    """Return (9, 468): row by row the equal weights of a region's points, summing to 1."""
    weights = np.zeros((len(REGIONS), MESH_POINTS))
    for row, name in enumerate(REGIONS):
        weights[row, list(REGION_POINTS[name])] = 1 / len(REGION_POINTS[name])
    return weights


_MEMBERSHIP = _membership()
_IS_UPPER = np.array([name.endswith(("_eye", "_brow")) for name in REGIONS])
_IS_MOUTH = np.array([name == "mouth" for name in REGIONS])


def facing(
    rotation: NDArray[np.float64], translation_cm: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """Return (9,) float64 in [0, 1]: how far each region faces the camera.

    `rotation` is the canonical face's in the camera, OpenCV axes; without a translation the head is
    taken to be far away on the optical axis.
    """
    normals = _OUTWARD @ rotation.T
    if translation_cm is None:
        cosine = -normals[:, 2]
    else:
        places = _CENTER @ rotation.T + translation_cm
        distance = np.sqrt(np.einsum("ij,ij->i", places, places))
        cosine = -np.einsum("ij,ij->i", normals, places) / distance
    share = (cosine - _TURNED_AWAY) / (_FACING - _TURNED_AWAY)
    return np.asarray(np.minimum(np.maximum(share, 0), 1), np.float64)


def inside(mesh: NDArray[np.float32], width: int, height: int) -> NDArray[np.float64]:
    """Return (9,) float64 in [0, 1]: the share of each region's points inside the image."""
    x, y = mesh[:MESH_POINTS, 0], mesh[:MESH_POINTS, 1]
    return _MEMBERSHIP @ ((x >= 0) & (x < width) & (y >= 0) & (y < height))


def uncovered(points: NDArray[np.float64], covered: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return (9,) float64 in [0, 1]: the share of each region's points that nothing lies over.

    `points` is the mesh in crop positions (≥468, 2), `covered` the (48, 48) hidden share. Points
    outside the crop are judged by its border.
    """
    if not covered.any():
        return np.ones(len(REGIONS))
    at = np.minimum(np.maximum(points[:MESH_POINTS], 0), CROP_PX - 1).astype(np.intp)
    return np.asarray(1 - _MEMBERSHIP @ covered[at[:, 1], at[:, 0]], np.float64)


def region_visibility(shares: NDArray[np.float64]) -> RegionVisibility:
    """Return the nine shares, in the order of `REGIONS`, by name."""
    return RegionVisibility(*(min(1.0, max(0.0, share)) for share in shares.tolist()))


def without_upper_face(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares with eyes and brows at 0, for the lower-face-only mode."""
    return np.where(_IS_UPPER, 0.0, shares)


def visibility_band(visibility: RegionVisibility) -> VisibilityBand:
    """Return the class for which calibrations are fitted."""
    if visibility.lower < ENOUGH_LOWER or visibility.mouth < ENOUGH_MOUTH:
        return VisibilityBand.POOR
    if visibility.eyes >= FULL_EYES:
        return VisibilityBand.FULL
    return VisibilityBand.LOWER_FACE


def lowered(
    shares: NDArray[np.float64], headset: float, mouth_covered: float
) -> NDArray[np.float64]:
    """Return the shares with eyes and brows weighed by the headset, the mouth by its covering.

    Both are probabilities. A mouth more likely seen than covered counts in full: every other
    expression would lower it a little.
    """
    shares = np.where(_IS_UPPER, shares * (1 - headset), shares)
    return np.where(_IS_MOUTH, np.minimum(shares, min(1.0, 2 * (1 - mouth_covered))), shares)
