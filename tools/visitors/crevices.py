"""How much of the sky each vertex sees: soft shade in crevices, under chins and headsets."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .rasterizer import Canvas, draw, vertex_normals

Floats = NDArray[np.float32]

_FAR_CM = 600.0
_SIZE = 256
_FOCAL = _SIZE * _FAR_CM / 90.0
_BIAS_CM = 0.25


@njit(cache=True, fastmath=True)
def _add_lit(  # noqa: PLR0917 - a kernel takes plain arrays
    seen_from: Floats,
    facing: Floats,
    inverse_depth: Floats,
    focal: float,
    bias: float,
    lit: Floats,
    total: Floats,
) -> None:
    height, width = inverse_depth.shape
    for i in range(seen_from.shape[0]):
        cosine = -facing[i, 2]
        if cosine <= 0.05:
            continue
        total[i] += cosine
        z = seen_from[i, 2]
        x = int(focal * seen_from[i, 0] / z + width / 2)
        y = int(focal * seen_from[i, 1] / z + height / 2)
        if x < 0 or y < 0 or x >= width or y >= height:
            lit[i] += cosine
            continue
        front = inverse_depth[y, x]
        if front == 0.0 or z < 1.0 / front + bias:
            lit[i] += cosine


def openness(
    vertices: Floats,
    triangles: NDArray[np.int32],
    two_sided: NDArray[np.bool_],
    directions: int = 72,
) -> Floats:
    """(V,) share of the cosine-weighted sky that each vertex sees, in [0, 1].

    The figure is drawn from many sides; a vertex is lit from where nothing lies before it.
    """
    normals = vertex_normals(vertices, triangles)
    centre = np.array([0.0, -6.0, 1.0], np.float32)
    lit = np.zeros(len(vertices), np.float32)
    total = np.full(len(vertices), 1e-3, np.float32)
    canvas = Canvas.of_size(_SIZE, _SIZE)
    golden = np.pi * (3 - np.sqrt(5))
    for k in range(directions):
        y = 1 - 2 * (k + 0.5) / directions
        if y < -0.7:
            continue
        r = np.sqrt(1 - y * y)
        back = np.array([r * np.cos(golden * k), y, r * np.sin(golden * k)])
        right = np.cross([0.0, 1.0, 0.0], back)
        right /= np.linalg.norm(right)
        basis = np.stack([right, -np.cross(back, right), -back]).astype(np.float32)
        view = np.ascontiguousarray(
            (vertices - centre) @ basis.T + np.array([0, 0, _FAR_CM], np.float32)
        )
        canvas.clear()
        draw(
            view, triangles, two_sided, _FOCAL, _FOCAL, _SIZE / 2, _SIZE / 2, 0,
            canvas.inverse_depth, canvas.triangle, canvas.barycentric,
        )  # fmt: skip
        _add_lit(
            view,
            np.ascontiguousarray(normals @ basis.T),
            canvas.inverse_depth,
            _FOCAL,
            _BIAS_CM,
            lit,
            total,
        )
    share = np.clip(lit / total, 0.0, 1.0)
    return _smoothed(share, triangles)


def _smoothed(values: Floats, triangles: NDArray[np.int32]) -> Floats:
    """The mean over the triangles around each vertex, to hide the finite number of directions."""
    mean = values[triangles].mean(1)
    total = np.zeros_like(values)
    count = np.zeros_like(values)
    for k in range(3):
        np.add.at(total, triangles[:, k], mean)
        np.add.at(count, triangles[:, k], 1.0)
    result: Floats = np.where(count > 0, total / np.maximum(count, 1), values).astype(np.float32)
    return result
