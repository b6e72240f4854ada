"""Headsets of our own, as parametric meshes worn on a head. No maker's model is copied."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from .wardrobe import Mesh, grid_mesh

Floats = NDArray[np.float32]
HeadsetKind = Literal["none", "slab", "quest", "visor", "halo"]
HEADSET_KINDS: tuple[HeadsetKind, ...] = get_args(HeadsetKind)


@dataclass(frozen=True, slots=True)
class Shell:
    """Proportions of a headset's body in cm.

    Attributes:
        width, height, depth: of the body; depth is measured from the face to the front.
        squareness: exponent of the outline's superellipse; 2 is an ellipse, 8 nearly a box.
        front_round: how far the front bulges, cm.
        rounding: share of the outline lost at the front edge.
        notch: how far the lower edge rises over the nose, cm.
        center_y: height of the body's middle in the head's frame.
        strap_y: height of the strap at the temples; band: its half height; thick: its thickness.
        top_strap: a second strap over the crown.
    """

    width: float
    height: float
    depth: float
    squareness: float
    front_round: float
    rounding: float
    notch: float
    center_y: float
    strap_y: float
    band: float
    thick: float
    top_strap: bool


SHELLS: dict[str, Shell] = {
    "slab": Shell(17.6, 9.6, 8.0, 9.0, 0.15, 0.05, 1.6, 4.6, 4.6, 1.7, 0.35, True),
    "quest": Shell(18.2, 9.8, 6.6, 4.0, 0.9, 0.16, 1.9, 4.7, 5.0, 1.5, 0.4, True),
    "visor": Shell(19.2, 8.4, 5.2, 3.2, 2.2, 0.10, 1.7, 4.3, 4.6, 1.2, 0.6, False),
    "halo": Shell(17.8, 9.2, 6.0, 4.6, 0.6, 0.12, 1.8, 4.5, 9.4, 1.6, 1.3, False),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """How a headset sits and what it is made of: no two visitors wear it alike.

    Attributes:
        shift_x_cm, shift_y_cm: off the middle; tilt_deg: roll on the face; nod_deg: pitch.
        scale: of the body.
        gloss: 0 matte to 1 glossy.
        color: sRGB of the body; strap_color: of the strap.
    """

    shift_x_cm: float
    shift_y_cm: float
    tilt_deg: float
    nod_deg: float
    scale: float
    gloss: float
    color: tuple[int, int, int]
    strap_color: tuple[int, int, int]


_BODIES = ((24, 25, 28), (228, 228, 226), (58, 60, 66), (206, 204, 198), (40, 44, 58))


def draw_fit(seed: int) -> Fit:
    """A fit for a seed: a few millimetres and degrees off, light or dark, matte or glossy."""
    rng = np.random.default_rng([seed, 211])
    body = _BODIES[int(rng.integers(len(_BODIES)))]
    strap = (34, 34, 36) if rng.random() < 0.6 else (196, 196, 192)
    return Fit(
        shift_x_cm=float(np.clip(rng.normal(0, 0.2), -0.45, 0.45)),
        shift_y_cm=float(np.clip(rng.normal(0, 0.3), -0.6, 0.6)),
        tilt_deg=float(np.clip(rng.normal(0, 1.2), -3, 3)),
        nod_deg=float(np.clip(rng.normal(0, 1.5), -3.5, 3.5)),
        scale=float(rng.uniform(0.96, 1.04)),
        gloss=float(rng.uniform(0, 1)),
        color=body,
        strap_color=strap,
    )


def build(kind: HeadsetKind, fit: Fit, skull: Floats) -> tuple[list[Mesh], list[Mesh]]:
    """(body parts, strap parts) of a headset worn on a head.

    ``skull`` (N, 3) are the outer points of head and hair, without expression, on which the
    headset must sit; every part follows the head rigidly.
    """
    if kind == "none":
        return [], []
    shell = SHELLS[kind]
    face = skull[(np.abs(skull[:, 0]) < 5.0) & (skull[:, 1] > 1.8) & (skull[:, 1] < 8.0)]
    rest = float(np.percentile(face[:, 2], 99.0))
    body = [_worn(mesh, fit, rest) for mesh in (_shell(shell, rest), _plate(shell, rest))]
    # straps are drawn tight over the hair from where the body sits, not moved into it
    sits = replace(shell, center_y=shell.center_y + fit.shift_y_cm)
    straps = [
        _worn(
            _strap(sits, skull, shell.strap_y + fit.shift_y_cm),
            replace(fit, shift_x_cm=0.0, shift_y_cm=0.0, nod_deg=0.0, scale=1.0),
            rest,
        )
    ]
    if shell.top_strap:
        straps.append(_top_strap(sits, skull))
    return body, straps


def _outline(shell: Shell, shrink: float, count: int = 72) -> Floats:
    """(count, 2) superellipse outline with the notch over the nose."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    power = 2.0 / shell.squareness
    x = 0.5 * shell.width * np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    y = 0.5 * shell.height * np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** power
    lower = np.clip(-y / (0.5 * shell.height), 0.0, 1.0)
    y = y + shell.notch * np.exp(-((x / 2.3) ** 2)) * lower
    return np.stack([x * (1 - shrink), y * (1 - shrink * shell.width / shell.height * 0.7)], 1)


def _profile(shell: Shell) -> list[tuple[float, float]]:
    """(way from back 0 to front 1, shrink) rings along the body's depth."""
    rings = [(0.0, 0.05), (0.12, 0.0), (0.6, 0.0)]
    rings += [
        (0.6 + 0.4 * np.sin(a), shell.rounding * (1 - np.cos(a)))
        for a in np.linspace(0.2, np.pi / 2, 7)
    ]
    return rings


def _bulge(shell: Shell, x: Floats) -> Floats:
    bulge: Floats = shell.front_round * (1.0 - (2 * x / shell.width) ** 2)
    return bulge


def _shell(shell: Shell, rest: float) -> Mesh:
    """The body's side walls; the back edge reaches round the temples, as a face cushion does."""
    rows = []
    for way, shrink in _profile(shell):
        ring = _outline(shell, shrink)
        back = rest - 1.2 - 3.4 * (2 * ring[:, 0] / shell.width) ** 2
        front = rest + shell.depth + _bulge(shell, ring[:, 0])
        rows.append(
            np.column_stack([ring[:, 0], shell.center_y + ring[:, 1], back + way * (front - back)])
        )
    return grid_mesh(np.array(rows[::-1], np.float32), 1.0, closed=True, two_sided=True)


def _plate(shell: Shell, rest: float) -> Mesh:
    """The front plate, from its rim inwards."""
    rows = []
    for inward in np.linspace(0.0, 1.0, 12):
        ring = _outline(shell, shell.rounding) * (1 - inward)
        z = rest + shell.depth + _bulge(shell, ring[:, 0])
        rows.append(np.column_stack([ring[:, 0], shell.center_y + ring[:, 1], z]))
    return grid_mesh(np.array(rows, np.float32)[::-1], 1.0, closed=True, two_sided=True)


def _reach(skull: Floats, y: float, azimuth: Floats, half: float) -> Floats:
    """How far head and hair reach at a height, for every azimuth."""
    band = skull[np.abs(skull[:, 1] - y) < half + 0.8]
    band = band[:, [0, 2]] - np.array([0.0, -0.5], np.float32)
    return _taut(band, np.pi / 2 - azimuth)


def _taut(points: Floats, angle: Floats) -> Floats:
    """(A,) how far a band drawn taut round points (N, 2) lies from the origin, at each angle."""
    around = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    support = (points @ np.stack([np.cos(around), np.sin(around)])).max(0)
    cosine = np.cos(angle[:, None] - around[None])
    with np.errstate(divide="ignore"):
        reach = np.where(cosine > 0.2, support / np.maximum(cosine, 1e-6), np.inf).min(1)
    result: Floats = reach.astype(np.float32)
    return result


def _strap(shell: Shell, skull: Floats, y: float) -> Mesh:
    """A band round the head; a halo's is thick, rigid and passes over the forehead."""
    halo = shell.strap_y > 7.0
    azimuth = (
        np.linspace(0, 2 * np.pi, 73)[:-1]
        if halo
        else np.linspace(np.radians(58), np.radians(302), 61)
    )
    reach = _reach(skull, y, azimuth.astype(np.float32), shell.band) + 0.25
    low = np.where(np.cos(azimuth) < 0, 2.2 * np.cos(azimuth) ** 2, 0.0) * (1.0 if halo else 0.4)
    profile = ((-1.0, 0.0), (-0.85, 1.0), (0.85, 1.0), (1.0, 0.0))
    rows = []
    for across, out in profile[::-1]:
        radius = reach + out * shell.thick
        height = y - low + across * shell.band
        rows.append(
            np.column_stack([np.sin(azimuth) * radius, height, np.cos(azimuth) * radius - 0.5])
        )
    return grid_mesh(np.array(rows, np.float32), 1.0, closed=halo, two_sided=True)


def _top_strap(shell: Shell, skull: Floats) -> Mesh:
    """A strap from the body over the crown to the back."""
    angle = np.linspace(np.radians(-8), np.radians(190), 49)
    middle = skull[np.abs(skull[:, 0]) < 2.5]
    start = np.array([shell.center_y + 2.0, 0.0])
    crown = np.stack([middle[:, 2], middle[:, 1] - start[0]], 1)
    reach = _taut(crown, angle.astype(np.float32))
    rows = []
    for across, out in ((-1.0, 0.0), (-0.9, 1.0), (0.9, 1.0), (1.0, 0.0)):
        radius = reach + 0.2 + out * shell.thick
        x = np.full_like(angle, across * 1.1)
        rows.append(np.column_stack([x, start[0] + np.sin(angle) * radius, np.cos(angle) * radius]))
    return grid_mesh(np.array(rows, np.float32), 1.0, closed=False, two_sided=True)


def _worn(mesh: Mesh, fit: Fit, rest: float) -> Mesh:
    """The mesh as this visitor wears it: scaled, tilted and shifted about the point on the brow."""
    pivot = np.array([0.0, 5.0, rest - 6.0], np.float32)
    tilt, nod = np.radians([fit.tilt_deg, fit.nod_deg])
    roll = np.array([[np.cos(tilt), -np.sin(tilt), 0], [np.sin(tilt), np.cos(tilt), 0], [0, 0, 1]])
    pitch = np.array([[1, 0, 0], [0, np.cos(nod), -np.sin(nod)], [0, np.sin(nod), np.cos(nod)]])
    moved = (mesh.vertices - pivot) * fit.scale @ (pitch @ roll).T.astype(np.float32) + pivot
    moved = moved + np.array([fit.shift_x_cm, fit.shift_y_cm, 0.0])
    return Mesh(moved.astype(np.float32), mesh.uv, mesh.triangles, mesh.turns, mesh.two_sided)
