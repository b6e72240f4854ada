"""Paints a headset onto a face: live preview, training and evaluation use the same painter.

A painted headset is not a headset: straps, cushions, shadows and the light of a real room are
missing. Numbers from painted faces are called painted wherever they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError
from attune.vision.overlay_shapes import SEEN_FAMILIES, Family, Headset, draw_headset

_SHIFT = 4
_FACE_Z = 0.2
_EXTRUSION = (0.0, 0.25, 0.5, 0.75, 1.0)
REQUIRED_COVERAGE = 0.95

EYE_DISTANCE_FER2013 = 17.46
_EYE_LINE_FER2013 = 18.3


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a face's frame lies in an image, under weak perspective.

    `origin` (2,) is the point midway between the eyes, in pixels (0 = outer border of the first
    pixel); `axes` (2, 3) holds, column by column, what one eye distance along the face's x, y and z
    becomes in pixels.
    """

    origin: NDArray[np.float64]
    axes: NDArray[np.float64]

    def __post_init__(self) -> None:
        if self.origin.shape != (2,) or self.axes.shape != (2, 3):
            raise InputError(
                "overlay.placement",
                f"expected origin (2,) and axes (2, 3), got {self.origin.shape}, {self.axes.shape}",
            )

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return image positions (n, 2) in pixels of `points` (n, 3) of the face's frame."""
        return points @ self.axes.T + self.origin

    def scale(self) -> float:
        """Pixels for one eye distance, whichever way the face looks."""
        return float(np.linalg.norm(self.axes[0]))

    def eye_distance(self) -> float:
        """Length of the face's x axis in pixels; shorter when the face turns away."""
        return float(np.hypot(*self.axes[:, 0]))


@dataclass(frozen=True, slots=True)
class Painted:
    """A painted image and what the headset hides.

    `image` has the shape and dtype of the input; `covered` (height, width) float32 in [0, 1],
    1 where the headset or its straps hide the face.
    """

    image: NDArray[np.uint8]
    covered: NDArray[np.float32]


def placement_from_pose(
    eyes: NDArray[np.float64],
    rotation: NDArray[np.float64],
    ray: tuple[float, float] = (0.0, 0.0),
) -> Placement:
    """Return the placement of a face whose eye centres are `eyes` (2, 2), image-left eye first.

    `rotation` (3, 3) turns the face's frame (as in `overlay_shapes`) into the camera's (x right,
    y down, z forward), as PnP followed by Rodrigues gives it. `ray` is where the camera sees the
    face, x/z and y/z: beside the optical axis what lies nearer is seen further out.
    """
    if eyes.shape != (2, 2) or rotation.shape != (3, 3):
        raise InputError(
            "overlay.pose", f"expected (2, 2) and (3, 3), got {eyes.shape}, {rotation.shape}"
        )
    axes = rotation[:2] - np.outer(ray, rotation[2])
    apart = float(np.hypot(*(eyes[1] - eyes[0])))
    foreshortened = float(np.hypot(*axes[:, 0]))
    scale = apart / max(foreshortened, 0.3)
    return Placement(eyes.mean(axis=0), scale * axes)


def placement_from_mesh(points: NDArray[np.float64]) -> Placement:
    """Return the placement from face-mesh points (468 or more, 3), x, y, z in pixels, z forward."""
    if points.ndim != 2 or points.shape[0] < 468 or points.shape[1] != 3:
        raise InputError("overlay.mesh", f"expected (468 or more, 3), got {points.shape}")
    right, left = points[[33, 133]].mean(axis=0), points[[362, 263]].mean(axis=0)
    origin = (right + left) / 2
    scale = float(np.linalg.norm(left - right))
    x = (left - right) / scale
    down = points[[61, 291]].mean(axis=0) - origin
    y = down - (down @ x) * x
    y /= np.linalg.norm(y)
    z = np.cross(x, y)
    return Placement(origin[:2].copy(), scale * np.stack([x, y, z], axis=1)[:2])


def fallback_placement(rng: np.random.Generator, size: int = 48) -> Placement:
    """Return a placement for a face without landmarks, framed as FER2013 frames faces.

    The fixed geometry is the mean of FER2013's training faces (calibration/crop_fer2013.toml):
    eye line at 0.38 of the height, eyes 0.36 of the width apart; position, size and roll are
    jittered by about half of the spread measured there.
    """
    unit = size / 48
    scale = unit * EYE_DISTANCE_FER2013 * float(rng.normal(1.0, 0.05))
    roll = np.radians(float(rng.normal(0.0, 4.0)))
    c, s = np.cos(roll), np.sin(roll)
    origin = unit * (np.array([24.0, _EYE_LINE_FER2013]) + rng.normal(0.0, 1.0, 2))
    return Placement(origin, scale * np.array([[c, -s, 0.0], [s, c, 0.0]]))


def protected_points() -> NDArray[np.float64]:
    """Points (n, 3) of the face's frame on both eyes, both brows and the nasal bridge.

    Medians of face-mesh points over FER2013's training faces, in eye distances; a headset worn for
    evaluation hides at least `REQUIRED_COVERAGE` of them.
    """
    eye = [[x, y, 0.0] for x in (0.3, 0.4, 0.5, 0.6, 0.7) for y in (-0.08, 0.0, 0.08)]
    brow = [
        [0.21, -0.21, -0.28], [0.24, -0.33, -0.32], [0.35, -0.35, -0.3], [0.46, -0.36, -0.28],
        [0.56, -0.37, -0.23], [0.66, -0.37, -0.19], [0.78, -0.31, -0.07], [0.89, -0.25, 0.05],
        [0.84, -0.2, -0.03],
    ]  # fmt: skip
    one_side = np.array(eye + brow)
    bridge = np.array([[0.0, -0.06, -0.3], [0.0, 0.08, -0.36], [0.0, 0.19, -0.43]])
    return np.concatenate([one_side, one_side * [-1, 1, 1], bridge])


def protected_coverage(covered: NDArray[np.float32], placement: Placement) -> float:
    """Return the covered share of those protected points that lie inside the image, in [0, 1]."""
    at = np.floor(placement.project(protected_points())).astype(int)
    height, width = covered.shape
    inside = (at[:, 0] >= 0) & (at[:, 0] < width) & (at[:, 1] >= 0) & (at[:, 1] < height)
    if not inside.any():
        return 1.0
    return float((covered[at[inside, 1], at[inside, 0]] > 0.5).mean())


def paint(image: NDArray[np.uint8], headset: Headset, placement: Placement) -> Painted:
    """Paint `headset` onto a gray (height, width) or BGR (height, width, 3) image."""
    if image.dtype != np.uint8 or image.ndim not in (2, 3) or image.shape[2:] not in ((), (3,)):
        raise InputError(
            "overlay.image",
            f"expected uint8 of (height, width) or (height, width, 3), got {image.dtype} "
            f"{image.shape}",
        )
    shape = (image.shape[0], image.shape[1])
    strap, shell, front = (np.zeros(shape, np.uint8) for _ in range(3))
    for band in headset.straps():
        _fill(strap, placement.project(band))
    flat = placement.project(_at_depth(headset.outline(), _FACE_Z))
    outward = -headset.depth * placement.axes[:, 2]
    for part in _EXTRUSION:
        _fill(shell, flat + part * outward)
    _fill(front, flat + outward)
    hidden = np.maximum(strap, shell)
    painted = image.copy()
    # Beside the headset nothing changes, and pictures can be large.
    left, top, width, height = cv2.boundingRect(hidden)
    part_of = np.s_[top : top + height, left : left + width]
    columns, rows = (
        np.arange(first, first + count, dtype=np.float32)
        for first, count in ((left, width), (top, height))
    )
    tone = _front_light(headset, placement, columns, rows)
    blended = painted[part_of].astype(np.float32)
    for alpha, level in (
        (strap, headset.side_tone * 0.8),
        (shell, headset.side_tone),
        (front, tone),
    ):
        blended = _blend(blended, alpha[part_of], level, headset.tint)
    painted[part_of] = np.clip(blended + 0.5, 0, 255).astype(np.uint8)
    return Painted(painted, hidden.astype(np.float32) / 255)


def paint_for_evaluation(
    image: NDArray[np.uint8],
    placement: Placement,
    seed: Sequence[int],
    families: Sequence[Family] = SEEN_FAMILIES,
) -> tuple[Painted, Headset]:
    """Paint a headset that depends on `seed` alone and hides what it must hide.

    The drawn headset grows by 6 % at a time until it covers `REQUIRED_COVERAGE` of both eyes, both
    brows and the nasal bridge.
    """
    headset = draw_headset(np.random.default_rng(list(seed)), families)
    for _ in range(12):
        painted = paint(image, headset, placement)
        if protected_coverage(painted.covered, placement) >= REQUIRED_COVERAGE:
            break
        headset = replace(
            headset,
            half_width=headset.half_width * 1.06,
            top=headset.top * 1.06,
            bottom=headset.bottom * 1.06,
        )
    return painted, headset


def _at_depth(points: NDArray[np.float64], z: float) -> NDArray[np.float64]:
    return np.column_stack([points, np.full(len(points), z)])


def _fill(mask: NDArray[np.uint8], points: NDArray[np.float64]) -> None:
    fixed = np.round((points - 0.5) * (1 << _SHIFT)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], (255,), cv2.LINE_AA, _SHIFT)


def _front_light(
    headset: Headset,
    placement: Placement,
    columns: NDArray[np.float32],
    rows: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return the front's gray level at every pixel of `columns` and `rows`, (rows, columns)."""
    (a, b), (c, d) = placement.axes[:, :2]
    determinant = a * d - b * c
    determinant = np.copysign(max(abs(determinant), 1e-3 * placement.scale() ** 2), determinant)
    inverse = np.array([[d, -b], [-c, a]]) / determinant
    centre = placement.project(np.array([[*headset.offset, _FACE_Z - headset.depth]]))[0]
    dx = (columns + np.float32(0.5 - centre[0]))[None, :]
    dy = (rows + np.float32(0.5 - centre[1]))[:, None]
    u = np.float32(inverse[0, 0]) * dx + np.float32(inverse[0, 1]) * dy
    v = np.float32(inverse[1, 0]) * dx + np.float32(inverse[1, 1]) * dy
    tone = np.float32(headset.front_tone) + headset.shade[0] * u + headset.shade[1] * v
    if headset.gloss > 0:
        across = ((u - headset.gloss_at[0]) / headset.gloss_size) ** 2
        along = ((v - headset.gloss_at[1]) / (0.5 * headset.gloss_size)) ** 2
        tone = tone + headset.gloss * np.exp(-across - along)
    return np.asarray(tone, dtype=np.float32)


def _blend(
    image: NDArray[np.float32],
    alpha: NDArray[np.uint8],
    level: float | NDArray[np.float32],
    tint: tuple[float, float, float],
) -> NDArray[np.float32]:
    weight = alpha.astype(np.float32) / 255
    tone = np.broadcast_to(np.asarray(level, dtype=np.float32), weight.shape)
    if image.ndim == 3:
        weight = weight[..., None]
        tone = tone[..., None] + np.asarray(tint, dtype=np.float32)
    return image + weight * (tone - image)
