"""Paints a few fingers over a mouth: shaded, in the skin's own tone."""

import cv2
import numpy as np
from numpy.typing import NDArray

_CHEEKS = (205, 425, 50, 280)


def paint_fingers(
    image: NDArray[np.uint8], points: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Return the gray image (height, width) with two to four fingers across the mouth.

    `points` is the mesh (≥468, ≥2) in pixels. Direction, width, spread and tone are drawn.
    """
    height, width = image.shape
    at = np.clip(points[list(_CHEEKS), :2], 0, (width - 1, height - 1)).astype(int)
    tone = float(np.median(image[at[:, 1], at[:, 0]])) * rng.uniform(0.8, 1.15)
    mouth = points[[61, 291], :2].mean(axis=0)
    wide = float(np.linalg.norm(points[61, :2] - points[291, :2]))
    angle = np.radians(rng.uniform(-80, 80))
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    count, thick = int(rng.integers(2, 5)), wide * rng.uniform(0.28, 0.42)
    base = mouth + across * thick * rng.uniform(-0.6, 0.6)
    painted = image.astype(np.float32)
    for k in range(count):
        middle = base + across * (k - (count - 1) / 2) * thick * rng.uniform(0.85, 1.0)
        tip = middle + along * wide * rng.uniform(0.5, 0.9)
        tail = middle - along * wide * rng.uniform(1.5, 3.0)
        mask = np.zeros(image.shape, np.uint8)
        ends = [tuple(int(v) for v in end) for end in (tip, tail)]
        cv2.line(mask, ends[0], ends[1], (255,), max(1, int(thick)), cv2.LINE_AA)
        alpha = cv2.GaussianBlur(mask, (0, 0), 1.5).astype(np.float32) / 255
        depth = cv2.distanceTransform((mask > 128).astype(np.uint8), cv2.DIST_L2, 3)
        shading = 0.72 + 0.3 * np.sqrt(np.clip(depth / (thick / 2), 0, 1))
        finger = tone * shading + rng.normal(0, 2, image.shape)
        painted += alpha * (finger - painted)
    return np.clip(painted, 0, 255).astype(np.uint8)
