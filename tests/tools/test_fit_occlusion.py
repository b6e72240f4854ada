"""The fit of the occlusion model, on numbers whose answer is known."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from tests.vision.geometry import head
from tools.vision.fingers import paint_fingers
from tools.vision.fit_occlusion import area_under_curve, fit_logistic
from tools.vision.rendered_faces import rendered_faces


def test_the_area_under_the_curve_is_the_chance_to_rank_rightly() -> None:
    high, low = np.array([2.0, 3.0, 4.0]), np.array([-1.0, 0.0, 1.0])
    assert area_under_curve(high, low) == 1
    assert area_under_curve(low, high) == 0
    assert area_under_curve(np.array([0.0, 3.0]), np.array([1.0, 2.0])) == 0.5


def test_the_regression_finds_the_side_and_the_middle() -> None:
    rng = np.random.default_rng(0)
    weights = fit_logistic(rng.normal(3, 1, (400, 1)), rng.normal(1, 1, (400, 1)), ridge=0.1)
    assert weights[0] == pytest.approx(2, abs=0.4)
    assert -weights[1] / weights[0] == pytest.approx(2, abs=0.1)


def test_a_row_that_counts_twice_is_as_good_as_two_rows() -> None:
    rng = np.random.default_rng(1)
    high, low = rng.normal(2, 1, (30, 2)), rng.normal(0, 1, (20, 2))
    counted = fit_logistic(high, low, 1.0, np.r_[np.full(30, 2.0), np.ones(20)])
    np.testing.assert_allclose(counted, fit_logistic(np.r_[high, high], low, 1.0), atol=1e-9)


def test_rendered_faces_come_bare_first_with_the_mesh_on_the_face(facekit: Path) -> None:
    faces = list(islice(rendered_faces(facekit, range(611, 613)), 4))
    assert {(face.identity, face.headset) for face in faces} == {(611, "none")}
    for face in faces:
        height, width = face.image.shape[:2]
        middle = face.mesh[:, :2].mean(axis=0) / (width, height)
        assert (np.abs(middle - 0.5) < 0.3).all()


def test_fingers_cover_the_mouth_and_leave_the_forehead() -> None:
    mesh = head()
    gray = np.full((480, 640), 120, np.uint8)
    for seed in range(5):
        painted = paint_fingers(gray, mesh, np.random.default_rng(seed))
        x, y = mesh[[61, 291], :2].mean(axis=0).astype(int)
        assert np.abs(painted[y - 8 : y + 9, x - 8 : x + 9].astype(int) - 120).max() > 8
        x, y = mesh[10, :2].astype(int)
        assert (painted[y, x - 20 : x + 20] == 120).all()
