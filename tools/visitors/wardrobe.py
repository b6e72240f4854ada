"""Hair and clothes: meshes of our own around a FaceKit head."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .facekit import FACE, HEAD_NECK, FaceKit
from .looks import HairStyle, Look
from .rasterizer import vertex_normals

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# style → (thickness on top, thickness at the sides, y to which long hair falls or None)
_CUTS: dict[HairStyle, tuple[float, float, float | None]] = {
    "cropped": (0.35, 0.2, None), "short": (1.1, 0.5, None), "full": (2.0, 1.1, None),
    "bob": (1.5, 1.2, -7.5), "long": (1.3, 1.0, -17.0),
}  # fmt: skip
# azimuth from the front in degrees → height of the hairline on the mean head
_HAIRLINE = (
    (0, 20, 40, 52, 64, 72, 80, 96, 112, 130, 150, 180),
    (10.9, 10.8, 10.0, 8.2, 5.2, 2.6, 2.2, 5.0, 3.6, -1.0, -5.5, -6.5),
)


@dataclass(frozen=True, slots=True)
class Mesh:
    """A part of a figure, in the head model's frame.

    Attributes:
        vertices: (V, 3) float32 cm; uv: (V, 2) float32 in [0, 1).
        triangles: (T, 3) int32, counter-clockwise from outside.
        turns: (V,) float32, how far a vertex follows the head's turn.
        two_sided: whether its inside can be seen.
    """

    vertices: Floats
    uv: Floats
    triangles: Ints
    turns: Floats
    two_sided: bool = False


def grid_mesh(points: Floats, turns: float, closed: bool, two_sided: bool = False) -> Mesh:
    """A mesh over a grid (R, C, 3) of points; ``closed`` joins the last column to the first."""
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns, dtype=np.int32).reshape(rows, columns)
    if closed:
        index = np.hstack([index, index[:, :1]])
    a, b = index[:-1, :-1].ravel(), index[:-1, 1:].ravel()
    c, d = index[1:, :-1].ravel(), index[1:, 1:].ravel()
    triangles = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    v, u = np.mgrid[0:rows, 0:columns].astype(np.float32)
    uv = np.stack([u.ravel() / columns, 1.0 - (v.ravel() + 0.5) / rows], 1) * 0.998
    flat = np.ascontiguousarray(points.reshape(-1, 3), np.float32)
    return Mesh(
        flat,
        uv.astype(np.float32),
        triangles.astype(np.int32),
        np.full(len(flat), turns, np.float32),
        two_sided,
    )


def scalp(points: Floats) -> Floats:
    """(…,) how far inside the hairline points (…, 3) of the mean head lie, in cm; negative
    outside. Ears are outside."""
    x, y, z = points[..., 0], points[..., 1], points[..., 2]
    azimuth = np.degrees(np.abs(np.arctan2(x, z + 0.5)))
    inside = y - np.interp(azimuth, *_HAIRLINE)
    ear = (np.abs(x) > 7.2) & (y < 5.0) & (y > -3.0) & (z < 2.2) & (z > -2.6)
    return np.asarray(np.where(ear, -5.0, inside), np.float32)


def hair(kit: FaceKit, neutral: Floats, look: Look) -> list[Mesh]:
    """The hair of a look on a head without expression; empty for a bald one."""
    if look.hair == "bald":
        return []
    top, side, fall = _CUTS[look.hair]
    skull = (kit.region == FACE) | (kit.region == HEAD_NECK)
    inside = np.where(skull, scalp(kit.vertices), -5.0)
    triangles = kit.triangle_vertices[(inside[kit.triangle_vertices] > -1.6).all(1)]
    used, compact = np.unique(triangles, return_inverse=True)
    normals = vertex_normals(neutral, kit.triangle_vertices)[used]
    points, depth = neutral[used], inside[used]
    rng = np.random.default_rng([look.seed, 17])
    height = np.clip((points[:, 1] - 4.0) / 8.0, 0.0, 1.0)
    thickness = side + (top - side) * height + 0.1 * min(top, 1.0) * rng.normal(0, 1, len(used))
    # hair lies flat where it begins: an edge of full thickness looks like a helmet's
    rise = np.clip((depth + 0.5 + 0.25 * rng.normal(0, 1, len(used))) / 3.4, 0.0, 1.0)
    rise = rise * rise * (3.0 - 2.0 * rise)
    offset = np.where(depth > -0.9, rise * thickness + (1 - rise) * -0.12, -0.8)
    cap = (points + offset[:, None] * normals).astype(np.float32)
    azimuth = np.arctan2(points[:, 0], points[:, 2] + 0.5)
    uv = np.stack(
        [(azimuth / (2 * np.pi) + 0.5) * 0.99, np.clip((points[:, 1] + 20) / 40, 0, 0.99)], 1
    )
    parts = [
        Mesh(
            cap,
            uv.astype(np.float32),
            compact.reshape(-1, 3).astype(np.int32),
            np.ones(len(used), np.float32),
        )
    ]
    if fall is not None:
        parts.append(_curtain(neutral, kit, side, fall))
    return parts


def _curtain(neutral: Floats, kit: FaceKit, thickness: float, fall: float) -> Mesh:
    """Hair that hangs from the sides and the back of the head."""
    skull = neutral[(kit.region == HEAD_NECK) | (kit.region == FACE)]
    band = skull[(skull[:, 1] > -1.0) & (skull[:, 1] < 7.0)]
    azimuth = np.linspace(np.radians(78), np.radians(282), 49)
    reach = np.array([
        np.max(band[:, 0] * np.sin(a) + (band[:, 2] + 0.5) * np.cos(a)) for a in azimuth
    ]) + thickness * 0.75  # fmt: skip
    heights = np.linspace(8.0, fall, 18)
    rows = []
    for y in heights:
        hang = np.clip((7.0 - y) / 12.0, 0.0, 1.0)
        scale = np.interp(y, [fall, fall + 3.0, 5.0, 8.0], [0.93, 1.0, 1.0, 0.9])
        ripple = 1.0 + 0.025 * hang * np.sin(azimuth * 11.0 + 1.3)
        x = np.sin(azimuth) * reach * scale * ripple
        z = np.cos(azimuth) * reach * scale * ripple - 0.5 - 0.8 * hang
        rows.append(np.stack([x, np.full_like(x, y), z], 1))
    mesh = grid_mesh(np.array(rows, np.float32)[:, ::1], 1.0, closed=False, two_sided=True)
    turns = np.clip((mesh.vertices[:, 1] + 20.0) / 16.0, 0.25, 1.0).astype(np.float32)
    return Mesh(mesh.vertices, mesh.uv, mesh.triangles, turns, two_sided=True)


def torso(kit: FaceKit, neutral: Floats) -> Mesh:
    """Shoulders and chest in a round-necked shirt; they stay while the head turns.

    The shirt lies outside the skin all round, so that its neckline is its own edge.
    """
    #  y, half width, half depth, centre z
    levels = (
        (-10.4, 7.2, 6.6, -3.4), (-10.8, 8.4, 7.0, -3.3), (-11.4, 10.6, 7.6, -3.0),
        (-12.2, 12.9, 8.2, -2.6), (-13.6, 15.0, 8.8, -2.4), (-15.6, 16.8, 9.2, -2.2),
        (-18.4, 18.4, 9.8, -1.8), (-22.0, 19.8, 10.6, -1.4), (-28.0, 20.6, 11.6, -1.0),
        (-36.0, 20.6, 12.2, -0.8), (-60.0, 19.6, 12.6, -0.8),
    )  # fmt: skip
    angle = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    skin = neutral[_bust(kit)]
    rows = []
    for y, width, depth, centre in levels:
        x = width * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** 0.85
        z = centre + depth * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** 0.85
        height = y - _dip(angle) * np.interp(-y, [10, 19], [1.0, 0.0])
        rows.append(_outside(np.stack([x, height, z], 1), skin))
    rolled = rows[0] + np.array([0.0, 0.25, 0.0])
    rolled[:, [0, 2]] = (rolled[:, [0, 2]] - _SPINE) * 0.965 + _SPINE
    rows.insert(0, rolled)
    return grid_mesh(np.array(rows, np.float32), 0.0, closed=True, two_sided=True)


def under_shirt(kit: FaceKit) -> NDArray[np.bool_]:
    """(V,) which vertices of the head model lie below the neckline where nobody sees them, not even
    through the opening round the neck."""
    v = kit.vertices
    radius, angle = np.hypot(v[:, 0], v[:, 2] - _SPINE[1]), np.arctan2(v[:, 0], v[:, 2] - _SPINE[1])
    below = -10.4 - _dip(angle) - v[:, 1]
    return _bust(kit) & ((below > 4.5) | ((below > 1.2) & (radius > 8.0)))


_SPINE = np.array([0.0, -3.0])
"""x and z of the axis round which shirt and skin are compared."""


def _bust(kit: FaceKit) -> NDArray[np.bool_]:
    return (kit.region <= HEAD_NECK) & (kit.vertices[:, 1] < -8.0) & (kit.vertices[:, 2] < 7.0)


def _dip(angle: Floats) -> Floats:
    """How far the neckline dips in front, cm, by azimuth from the front."""
    return np.asarray(np.where(np.cos(angle) > 0, 5.2 * np.cos(angle) ** 2, 0.0))


def _outside(ring: Floats, skin: Floats) -> Floats:
    """The ring (N, 3), moved away from the spine until it clears the skin (M, 3) at its height."""
    flat, skin_flat = ring[:, [0, 2]] - _SPINE, skin[:, [0, 2]] - _SPINE
    radius, angle = np.hypot(*flat.T), np.arctan2(*flat.T)
    skin_radius, skin_angle = np.hypot(*skin_flat.T), np.arctan2(*skin_flat.T)
    apart = np.abs((angle[:, None] - skin_angle + np.pi) % (2 * np.pi) - np.pi)
    near = (apart < 0.2) & (np.abs(ring[:, 1, None] - skin[:, 1]) < 1.1)
    reach = np.where(near, skin_radius, 0.0).max(1)
    kernel = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9.0
    clear = np.convolve(np.pad(np.maximum(radius, reach + 0.35), 2, mode="wrap"), kernel, "valid")
    out = ring.copy()
    out[:, [0, 2]] = flat * (np.maximum(clear, reach + 0.2) / radius)[:, None] + _SPINE
    return out
