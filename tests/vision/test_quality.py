"""Quality scores fall with blur, bad light and distance."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from attune.vision.quality import face_width_px, measure_quality

from .geometry import head

SEEN = np.ones((96, 96), np.bool_)


def texture(mean: float = 120, deviation: float = 30) -> NDArray[np.uint8]:
    """Broad shading, as over a face, with finer detail on it."""
    rng = np.random.default_rng(0)
    fine = cv2.GaussianBlur(rng.normal(0, 1, (96, 96)), (0, 0), 2.0)
    broad = cv2.GaussianBlur(rng.normal(0, 1, (96, 96)), (0, 0), 12.0)
    mixed = fine / fine.std() + 2 * broad / broad.std()
    return np.clip(mean + deviation * mixed / mixed.std(), 0, 255).astype(np.uint8)


def test_blur_lowers_sharpness_step_by_step() -> None:
    scores = [
        measure_quality(cv2.GaussianBlur(texture(), (0, 0), s), SEEN, 100).sharpness
        for s in (0.3, 2, 4, 8)
    ]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0.9
    assert scores[-1] < 0.2


def test_skin_tone_and_light_do_not_count_as_blur() -> None:
    scores = [
        measure_quality(texture(mean, 0.25 * mean), SEEN, 100).sharpness for mean in (60, 120, 200)
    ]
    assert max(scores) - min(scores) < 0.15


@pytest.mark.parametrize(("mean", "deviation"), [(8, 4), (252, 6)])
def test_darkness_and_glare_lower_the_exposure(mean: float, deviation: float) -> None:
    assert measure_quality(texture(mean, deviation), SEEN, 100).exposure < 0.4
    assert measure_quality(texture(), SEEN, 100).exposure == 1


def test_small_faces_lose_size_and_overall() -> None:
    near, far, gone = (measure_quality(texture(), SEEN, px) for px in (150, 40, 20))
    assert near.size == 1 > far.size > gone.size == 0
    assert gone.overall == 0


def test_a_doubtful_face_counts_for_less() -> None:
    sure, doubtful, faint = (
        measure_quality(texture(), SEEN, 100, score) for score in (0.9, 0.03, 0.0005)
    )
    assert sure.certainty == 1
    assert sure.overall > doubtful.overall > faint.overall > 0
    assert faint.certainty < 0.3


def test_only_the_seen_pixels_count() -> None:
    half = texture()
    half[:48] = 0
    seen = SEEN.copy()
    seen[:50] = False
    assert measure_quality(half, seen, 100).exposure == 1
    assert measure_quality(half, np.zeros_like(SEEN), 100).overall == 0


def test_a_profile_does_not_count_as_a_small_face() -> None:
    assert face_width_px(head(yaw=80)) > 0.6 * face_width_px(head())
