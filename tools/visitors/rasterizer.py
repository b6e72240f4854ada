"""A z-buffer rasteriser on the CPU: which triangle is seen in each pixel, and where inside it."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

NEAR_CM = 1.0


@dataclass(frozen=True, slots=True)
class Canvas:
    """The buffers of one picture; cleared and filled again for every frame.

    Attributes:
        inverse_depth: (H, W) float32, 1/z in 1/cm, 0 where nothing is seen.
        triangle: (H, W) int32, index of the triangle that is seen, -1 where there is none.
        barycentric: (H, W, 2) float32, perspective-correct weights of its corners 1 and 2.
    """

    inverse_depth: Floats
    triangle: Ints
    barycentric: Floats

    @classmethod
    def of_size(cls, width: int, height: int) -> "Canvas":
        return cls(
            np.zeros((height, width), np.float32),
            np.full((height, width), -1, np.int32),
            np.zeros((height, width, 2), np.float32),
        )

    def clear(self) -> None:
        self.inverse_depth.fill(0.0)
        self.triangle.fill(-1)


@njit(cache=True, fastmath=True, boundscheck=False)
def draw(  # noqa: PLR0917 - a kernel takes plain arrays
    vertices: Floats,
    triangles: Ints,
    two_sided: NDArray[np.bool_],
    fx: float,
    fy: float,
    cx: float,
    cy: float,
    first_index: int,
    inverse_depth: Floats,
    seen: Ints,
    barycentric: Floats,
) -> None:
    """Draw triangles into the buffers, keeping what lies nearer.

    ``vertices`` (V, 3) are in the OpenCV camera frame (x right, y down, z forward, cm);
    ``triangles`` (T, 3) index them, counter-clockwise as seen from outside; triangle ``t`` is
    written as ``first_index + t``. Pixel (i, j) has its centre at (i + 0.5, j + 0.5).
    Triangles that reach behind the near plane are left out: a head never comes so near.
    """
    height, width = seen.shape
    count = vertices.shape[0]
    px = np.empty(count, np.float32)
    py = np.empty(count, np.float32)
    iz = np.empty(count, np.float32)
    for i in range(count):
        z = vertices[i, 2]
        if z > NEAR_CM:
            w = np.float32(1.0) / z
            iz[i] = w
            px[i] = fx * vertices[i, 0] * w + cx
            py[i] = fy * vertices[i, 1] * w + cy
        else:
            iz[i] = 0.0
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if iz[a] == 0.0 or iz[b] == 0.0 or iz[c] == 0.0:
            continue
        ax, ay, bx, by, qx, qy = px[a], py[a], px[b], py[b], px[c], py[c]
        # y points down, so a triangle that faces the camera has a negative signed area here
        area = (bx - ax) * (qy - ay) - (qx - ax) * (by - ay)
        if area > 0.0 and not two_sided[t]:
            continue
        if abs(area) < 1e-9:
            continue
        x0 = max(0, int(np.ceil(min(ax, bx, qx) - 0.5)))
        x1 = min(width - 1, int(np.floor(max(ax, bx, qx) - 0.5)))
        y0 = max(0, int(np.ceil(min(ay, by, qy) - 0.5)))
        y1 = min(height - 1, int(np.floor(max(ay, by, qy) - 0.5)))
        if x1 < x0 or y1 < y0:
            continue
        inv = np.float32(1.0) / area
        for y in range(y0, y1 + 1):
            sy = y + np.float32(0.5)
            for x in range(x0, x1 + 1):
                sx = x + np.float32(0.5)
                wb = ((sx - ax) * (qy - ay) - (qx - ax) * (sy - ay)) * inv
                wc = ((bx - ax) * (sy - ay) - (sx - ax) * (by - ay)) * inv
                wa = np.float32(1.0) - wb - wc
                if wa < 0.0 or wb < 0.0 or wc < 0.0:
                    continue
                w = wa * iz[a] + wb * iz[b] + wc * iz[c]
                if w > inverse_depth[y, x]:
                    inverse_depth[y, x] = w
                    seen[y, x] = first_index + t
                    barycentric[y, x, 0] = wb * iz[b] / w
                    barycentric[y, x, 1] = wc * iz[c] / w


@njit(cache=True, fastmath=True, boundscheck=False)
def vertex_normals(vertices: Floats, triangles: Ints) -> Floats:
    """(V, 3) unit normals, each the area-weighted mean of the triangles around a vertex."""
    normals = np.zeros_like(vertices)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ux = vertices[b, 0] - vertices[a, 0]
        uy = vertices[b, 1] - vertices[a, 1]
        uz = vertices[b, 2] - vertices[a, 2]
        vx = vertices[c, 0] - vertices[a, 0]
        vy = vertices[c, 1] - vertices[a, 1]
        vz = vertices[c, 2] - vertices[a, 2]
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        for i in (a, b, c):
            normals[i, 0] += nx
            normals[i, 1] += ny
            normals[i, 2] += nz
    for i in range(vertices.shape[0]):
        length = np.sqrt(normals[i, 0] ** 2 + normals[i, 1] ** 2 + normals[i, 2] ** 2)
        if length > 1e-12:
            normals[i, 0] /= length
            normals[i, 1] /= length
            normals[i, 2] /= length
    return normals


@njit(cache=True, fastmath=True, boundscheck=False)
def bake(
    uv: Floats, triangles: Ints, values: Floats, size: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Spread per-corner ``values`` (C, K) over a texture: (size, size, K) and where it is covered.

    ``uv`` (C, 2) in [0, 1], v upwards; row 0 of the texture is v = 1.
    """
    channels = values.shape[1]
    texture = np.zeros((size, size, channels), np.float32)
    covered = np.zeros((size, size), np.bool_)
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay = uv[a, 0] * size, (1.0 - uv[a, 1]) * size
        bx, by = uv[b, 0] * size, (1.0 - uv[b, 1]) * size
        qx, qy = uv[c, 0] * size, (1.0 - uv[c, 1]) * size
        area = (bx - ax) * (qy - ay) - (qx - ax) * (by - ay)
        if abs(area) < 1e-12:
            continue
        for y in range(
            max(0, int(min(ay, by, qy)) - 1), min(size - 1, int(max(ay, by, qy)) + 1) + 1
        ):
            for x in range(
                max(0, int(min(ax, bx, qx)) - 1), min(size - 1, int(max(ax, bx, qx)) + 1) + 1
            ):
                sx, sy = x + 0.5, y + 0.5
                wb = ((sx - ax) * (qy - ay) - (qx - ax) * (sy - ay)) / area
                wc = ((bx - ax) * (sy - ay) - (sx - ax) * (by - ay)) / area
                wa = 1.0 - wb - wc
                if wa < -1e-6 or wb < -1e-6 or wc < -1e-6:
                    continue
                covered[y, x] = True
                for k in range(channels):
                    texture[y, x, k] = wa * values[a, k] + wb * values[b, k] + wc * values[c, k]
    return texture, covered
