"""What a network is shown: disturbed views in training, fixed ones in evaluation."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.vision.crop import UPPER_ROWS, crop_matrix
from attune.vision.overlay import (
    EYE_DISTANCE_FER2013,
    Painted,
    Placement,
    fallback_placement,
    paint,
    paint_for_evaluation,
    placement_from_mesh,
)
from attune.vision.overlay_shapes import SEEN_FAMILIES, UNSEEN_FAMILIES, draw_headset

EVALUATION_SEED = 20
DISPLACEMENT_UNDER_HEADSET = 0.08
"""How far mouth, nose and chin move under a painted headset, in eye distances (.06 to .10)."""


class Condition(StrEnum):
    """How faces are shown in evaluation."""

    CLEAN = "clean"
    SEEN = "headset_seen"
    UNSEEN = "headset_unseen"
    BLACK = "top_26_black"
    NEARLY_ALL_BLACK = "top_43_black"


BLACK_ROWS = {Condition.BLACK: UPPER_ROWS, Condition.NEARLY_ALL_BLACK: 43}
"""Rows that are black under a condition; 43 of 48 rows are 90 % of the picture."""


@dataclass(frozen=True, slots=True)
class ViewOptions:
    """How strongly training views are disturbed.

    `p_aligned` is how often a face whose points are known is first cropped as live faces are;
    angles are in degrees, `shift` is a share of the width; each `p_` is the probability of one
    disturbance; `p_mask_unknown` is how often a painted view comes with a mask of ones.
    """

    p_aligned: float = 0.7
    rotation_deg: float = 12.0
    scale: tuple[float, float] = (0.87, 1.17)
    shift: float = 0.06
    p_black: float = 0.1
    p_mask_unknown: float = 0.4
    p_blur: float = 0.1
    p_low_resolution: float = 0.08
    p_jpeg: float = 0.1
    p_noise: float = 0.15
    p_erase: float = 0.15

    def at_strength(self, strength: float) -> "ViewOptions":
        """Return options whose disturbances are `strength` times as strong or as frequent."""
        return replace(
            self,
            rotation_deg=self.rotation_deg * strength,
            scale=(self.scale[0] ** strength, self.scale[1] ** strength),
            shift=self.shift * strength,
            p_blur=self.p_blur * strength,
            p_low_resolution=self.p_low_resolution * strength,
            p_jpeg=self.p_jpeg * strength,
            p_noise=self.p_noise * strength,
            p_erase=self.p_erase * strength,
        )


@dataclass(frozen=True, slots=True)
class Located:
    """What is known about where one face lies in its 48-px picture.

    `placement` is where a headset would sit, `aligned` (2, 3) the map from pixels of the picture
    to pixels of the crop that live faces get; both None where no points were found.
    """

    placement: Placement | None = None
    aligned: NDArray[np.float64] | None = None


NOWHERE = Located()


def locate(points: NDArray[np.floating] | None, count: int) -> list[Located]:
    """Return where each face lies whose mesh points (count, 468, 3) are finite."""
    if points is None:
        return [NOWHERE] * count
    found = np.isfinite(points[:, 0, 0])
    return [
        _located(p.astype(np.float64)) if ok else NOWHERE
        for p, ok in zip(points, found, strict=True)
    ]


def _located(mesh: NDArray[np.float64]) -> Located:
    return Located(placement_from_mesh(mesh), crop_of_mesh(mesh))


def _after(second: NDArray[np.float64], first: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (2, 3) map that applies `first`, then `second`."""
    linear = second[:, :2] @ first[:, :2]
    return np.column_stack([linear, second[:, :2] @ first[:, 2] + second[:, 2]])


def _affine(
    rng: np.random.Generator, options: ViewOptions, where: Located, size: int
) -> NDArray[np.float64]:
    """Return a (2, 3) map from 48-px to `size`-px pixels: align, flip, turn, scale and shift."""
    angle = np.radians(rng.uniform(-options.rotation_deg, options.rotation_deg))
    zoom = np.exp(rng.uniform(np.log(options.scale[0]), np.log(options.scale[1])))
    flip = -1.0 if rng.random() < 0.5 else 1.0
    c, s = np.cos(angle) * zoom, np.sin(angle) * zoom
    turn = np.array([[c * flip, -s], [s * flip, c]]) * (size / 48)
    centre = np.full(2, 23.5)
    target = np.full(2, size / 2 - 0.5) + rng.uniform(-options.shift, options.shift, 2) * size
    disturbed = np.column_stack([turn, target - turn @ centre])
    if where.aligned is not None and rng.random() < options.p_aligned:
        return _after(disturbed, where.aligned)
    return disturbed


def _black_band(image: NDArray[np.uint8], rng: np.random.Generator) -> Painted:
    rows = int(rng.integers(23, 30))
    painted, covered = image.copy(), np.zeros(image.shape, np.float32)
    painted[:rows] = 0
    covered[:rows] = 1
    return Painted(painted, covered)


def _photometric(
    image: NDArray[np.uint8], rng: np.random.Generator, options: ViewOptions
) -> NDArray[np.uint8]:
    """Disturb light and sharpness of one view."""
    u = rng.random(8)
    size = image.shape[0]
    if u[0] < options.p_blur:
        image = cv2.GaussianBlur(image, (0, 0), float(rng.uniform(0.4, 1.0)))
    if u[1] < options.p_low_resolution:
        small = int(size * rng.uniform(0.5, 0.85))
        image = cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA)
        image = cv2.resize(image, (size, size), interpolation=cv2.INTER_LINEAR)
    if u[2] < options.p_erase:
        y, x = rng.integers(size // 2, size - 4), rng.integers(0, size - 4)
        h, w = rng.integers(size // 12, size // 5, 2)
        image = image.copy()
        image[y : y + h, x : x + w] = rng.integers(0, 256)
    ramp = np.linspace(0, 1, 256) ** np.exp((2 * u[3] - 1) * 0.4)
    gain, bias = np.exp((2 * u[4] - 1) * 0.3), (2 * u[5] - 1) * 0.15
    table = np.clip(((ramp - 0.5) * gain + 0.5 + bias) * 255, 0, 255).astype(np.uint8)
    image = cv2.LUT(image, table)
    if u[6] < options.p_jpeg:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))]
        image = cv2.imdecode(cv2.imencode(".jpg", image, quality)[1], cv2.IMREAD_GRAYSCALE)
    if u[7] < options.p_noise:
        noise = rng.normal(0, rng.uniform(2, 10), image.shape)
        image = np.clip(image + noise, 0, 255).astype(np.uint8)
    return image


def _mask(
    covered: NDArray[np.float32], rng: np.random.Generator, options: ViewOptions
) -> NDArray[np.float32]:
    """Return the visibility that a detector might report for what is truly covered."""
    kind = rng.random()
    if kind < options.p_mask_unknown:
        return np.ones_like(covered)
    if kind < options.p_mask_unknown + 0.25:
        rows = np.flatnonzero(covered.mean(axis=1) > 0.4)
        blunt = np.zeros_like(covered)
        if len(rows):
            reach = rng.integers(-2, 3, 2)
            blunt[max(rows[0] + reach[0], 0) : rows[-1] + 1 + reach[1]] = 1
        return 1 - blunt
    shift = rng.integers(-2, 3, 2)
    return 1 - np.roll(covered, shift, axis=(0, 1))


def training_view(
    image: NDArray[np.uint8],
    where: Located,
    *,
    painted: bool,
    affine: NDArray[np.float64],
    size: int,
    rng: np.random.Generator,
    options: ViewOptions,
) -> NDArray[np.float32]:
    """Return one view (size, size, 2): gray and visibility, both in [0, 1]."""
    shown = Painted(image, np.zeros(image.shape, np.float32))
    if painted:
        if rng.random() < options.p_black:
            shown = _black_band(image, rng)
        else:
            placement = where.placement or fallback_placement(rng)
            shown = paint(image, draw_headset(rng), placement)
    warped = cv2.warpAffine(
        shown.image, affine, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )
    view = np.ones((size, size, 2), np.float32)
    if painted:
        covered = cv2.warpAffine(
            shown.covered, affine, (size, size), borderMode=cv2.BORDER_REPLICATE
        )
        view[..., 1] = _mask(covered, rng, options)
    view[..., 0] = _photometric(warped, rng, options).astype(np.float32) / 255
    return view


def training_pair(
    image: NDArray[np.uint8],
    where: Located,
    size: int,
    rng: np.random.Generator,
    options: ViewOptions,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a clean and a painted view of one face under the same geometry."""
    affine = _affine(rng, options, where, size)
    clean, painted = (
        training_view(image, where, painted=p, affine=affine, size=size, rng=rng, options=options)
        for p in (False, True)
    )
    return clean, painted


def single_view(
    image: NDArray[np.uint8],
    where: Located,
    size: int,
    rng: np.random.Generator,
    options: ViewOptions,
) -> NDArray[np.float32]:
    """Return one view of a face, painted half of the time."""
    affine = _affine(rng, options, where, size)
    return training_view(
        image,
        where,
        painted=bool(rng.random() < 0.5),
        affine=affine,
        size=size,
        rng=rng,
        options=options,
    )


def crop_of_mesh(mesh: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the (2, 3) map from pixels of a picture to pixels of the crop that live faces get."""
    matrix = crop_matrix(mesh)
    half = np.full(2, 0.5)
    shift = matrix[:, 2] + matrix[:, :2] @ half - half
    return np.column_stack([matrix[:, :2], shift])


def _warped(
    image: NDArray[np.uint8], covered: NDArray[np.float32] | None, crop: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """Return picture and cover in a crop."""
    size = image.shape
    image = cv2.warpAffine(image, crop, size, borderMode=cv2.BORDER_REFLECT_101)
    if covered is None:
        return image, None
    return image, cv2.warpAffine(covered, crop, size, borderMode=cv2.BORDER_REPLICATE)


def _displaced(
    image: NDArray[np.uint8],
    covered: NDArray[np.float32] | None,
    crop: NDArray[np.float64],
    row: int,
) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """Return picture and cover in the live crop, displaced when something is covered."""
    if covered is not None:
        crop = crop.copy()
        rng = np.random.default_rng([EVALUATION_SEED, row, 2])
        crop[:, 2] += rng.normal(0, DISPLACEMENT_UNDER_HEADSET * EYE_DISTANCE_FER2013, 2)
    return _warped(image, covered, crop)


Picture = tuple[NDArray[np.uint8], NDArray[np.float32] | None]
"""A face as it is shown, and what of it is covered; None where nothing is."""


def evaluation_pictures(
    images: NDArray[np.uint8],
    where: Sequence[Located],
    rows: NDArray[np.int64],
    condition: Condition,
) -> Iterator[Picture]:
    """Yield each of `images[rows]` as a condition shows it, and what is covered (None: nothing).

    Each draw depends on the row's number alone, so every model meets the same pictures.
    """
    families = UNSEEN_FAMILIES if condition is Condition.UNSEEN else SEEN_FAMILIES
    for row in rows:
        image = images[row]
        if condition is Condition.CLEAN:
            yield image, None
        elif condition in BLACK_ROWS:
            black, covered = image.copy(), np.zeros(image.shape, np.float32)
            black[: BLACK_ROWS[condition]] = 0
            covered[: BLACK_ROWS[condition]] = 1
            yield black, covered
        else:
            seed = (EVALUATION_SEED, int(row))
            placement = where[row].placement or fallback_placement(
                np.random.default_rng([*seed, 1])
            )
            painted, _ = paint_for_evaluation(image, placement, seed, families)
            yield painted.image, painted.covered


def evaluation_views(
    images: NDArray[np.uint8],
    where: Sequence[Located],
    rows: NDArray[np.int64],
    condition: Condition,
    *,
    mask_known: bool = True,
    aligned: bool = False,
    crops: NDArray[np.float64] | None = None,
    pictures: Iterable[Picture] | None = None,
) -> NDArray[np.float32]:
    """Return the fixed views (len(rows), 48, 48, 2) of `images[rows]` under one condition.

    With `aligned`, faces whose points are known are cropped as live faces are; under a headset the
    crop is displaced by as much as the lower face's points are when a tracker sees a painted
    headset. With `crops` (len(rows), 2, 3), maps from pixels of the picture to pixels of the crop,
    those are used instead where they are finite. `pictures` are those of `evaluation_pictures`,
    where they were made before.
    """
    views = np.ones((len(rows), *images.shape[1:], 2), np.float32)
    if pictures is None:
        pictures = evaluation_pictures(images, where, rows, condition)
    for k, (row, (shown, hidden)) in enumerate(zip(rows, pictures, strict=True)):
        image, covered = shown, hidden
        crop = where[row].aligned if aligned else None
        if crops is not None and np.isfinite(crops[k, 0, 0]):
            image, covered = _warped(shown, hidden, crops[k])
        elif crop is not None:
            image, covered = _displaced(shown, hidden, crop, int(row))
        views[k, ..., 0] = image.astype(np.float32) / 255
        if covered is not None and mask_known:
            views[k, ..., 1] = 1 - covered
    return views
