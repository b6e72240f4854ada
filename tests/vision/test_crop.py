"""The one aligned crop follows the face, whatever the image does around it."""

import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from attune.errors import ConfigError
from attune.vision.crop import (
    CROP_POINTS,
    CROP_PX,
    crop_matrix,
    crop_scale,
    default_template,
    fill_polygon,
    inside_image,
    load_template,
    sample,
    sample_gray,
    take_crop,
    to_gray,
)
from attune.vision.landmarks import REGION_POINTS

from .geometry import head

NOTHING = np.zeros((CROP_PX, CROP_PX), np.float32)


def painted_head(mesh: NDArray[np.float32], width: int, height: int) -> NDArray[np.uint8]:
    """A gray picture with soft blobs at the crop's points, so that a wrong crop shows."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) + 0.5
    size = float(np.linalg.norm(mesh[454, :2] - mesh[234, :2])) / 12
    gray = np.full((height, width), 90, np.float32)
    for k, index in enumerate((*CROP_POINTS, 33, 263, 10)):
        d2 = (x - mesh[index, 0]) ** 2 + (y - mesh[index, 1]) ** 2
        gray += (60 if k % 2 else -60) * np.exp(-d2 / (2 * size * size))
    return np.clip(gray, 0, 255).astype(np.uint8)


def transformed(mesh: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    moved = mesh.copy()
    moved[:, :2] = mesh[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return moved


@given(
    st.floats(-180, 180),
    st.floats(0.2, 5),
    st.floats(-300, 300),
    st.floats(-300, 300),
    st.floats(-30, 30),
)
def test_turning_scaling_and_moving_the_image_leaves_the_crop_where_it_is(
    turn: float, scale: float, dx: float, dy: float, yaw: float
) -> None:
    mesh = head(yaw)
    image = cv2.getRotationMatrix2D((320, 240), turn, scale)
    image[:, 2] += (dx, dy)
    moved = transformed(mesh, image)
    here = mesh[:, :2] @ crop_matrix(mesh)[:, :2].T + crop_matrix(mesh)[:, 2]
    there = moved[:, :2] @ crop_matrix(moved)[:, :2].T + crop_matrix(moved)[:, 2]
    assert np.allclose(here, there, atol=0.02)


@pytest.mark.parametrize(("turn", "scale"), [(0, 1.7), (25, 1.0), (-40, 0.6), (180, 1.3)])
def test_the_pixels_of_the_crop_are_the_same_too(turn: float, scale: float) -> None:
    mesh = head(at_cm=(0, 0, 70))
    picture = painted_head(mesh, 640, 480)
    image = cv2.getRotationMatrix2D((float(mesh[4, 0]), float(mesh[4, 1])), turn, scale)
    image[:, 2] += 320 - mesh[4, 0], 240 - mesh[4, 1]
    shift = image.copy()
    shift[:, 2] += shift[:, :2] @ (0.5, 0.5) - (0.5, 0.5)
    turned = cv2.warpAffine(picture, shift, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    a = take_crop(picture, crop_matrix(mesh), NOTHING)
    moved = transformed(mesh, image)
    b = take_crop(turned, crop_matrix(moved), NOTHING)
    apart = np.abs(a.gray.astype(int) - b.gray.astype(int))
    assert apart.mean() < 2.0
    assert a.gray.std() > 10


def test_a_mirrored_face_gives_the_mirrored_crop() -> None:
    template = default_template().points
    x_by_index = dict(zip(CROP_POINTS, template[:, 0], strict=True))
    assert x_by_index[1] == pytest.approx(CROP_PX / 2)
    assert x_by_index[61] + x_by_index[291] == pytest.approx(CROP_PX)


def test_eyes_and_brows_take_no_part() -> None:
    mesh = head(10, 5, 20)
    before = crop_matrix(mesh)
    upper = [
        index for name, points in REGION_POINTS.items() if "eye" in name or "brow" in name
        for index in points
    ]  # fmt: skip
    assert not set(upper) & set(CROP_POINTS)
    mesh[upper] += 100
    assert np.array_equal(crop_matrix(mesh), before)


def test_a_straight_face_lands_in_fer2013s_framing() -> None:
    mesh = head()
    matrix = crop_matrix(mesh)
    placed = mesh[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    eyes = placed[[33, 133, 362, 263]].mean(axis=0)
    assert eyes == pytest.approx([24, 19], abs=2.5)
    assert placed[152] == pytest.approx([24, 47.5], abs=2.5)


def test_shrinking_averages_and_makes_no_moire() -> None:
    stripes = np.zeros((480, 640), np.uint8)
    stripes[:, ::2] = 255
    matrix = np.array([[0.1, 0, 0], [0, 0.1, 0]])
    assert np.abs(sample(stripes, matrix).astype(int) - 128).max() < 20
    assert np.ptp(stripes[::10, ::10]) == 0, "taking every tenth pixel would show no gray at all"


def test_an_untouched_image_is_its_own_crop() -> None:
    gray = np.random.default_rng(0).integers(0, 255, (CROP_PX, CROP_PX), dtype=np.uint8)
    identity = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    assert np.array_equal(sample(gray, identity), gray)


@given(st.floats(-180, 180), st.floats(0.08, 2), st.floats(-80, 380), st.floats(-80, 320))
def test_a_crop_of_a_colour_image_is_the_crop_of_the_whole_image_in_gray(
    turn: float, scale: float, x: float, y: float
) -> None:
    rng = np.random.default_rng(2)
    image = rng.integers(0, 255, (240, 300, 3), dtype=np.uint8)
    matrix = cv2.getRotationMatrix2D((x, y), turn, scale)
    matrix[:, 2] += CROP_PX / 2 - np.array([x, y])
    whole, part = sample(to_gray(image), matrix), sample_gray(image, matrix)
    differ = np.abs(whole.astype(int) - part.astype(int))
    assert np.count_nonzero(differ) <= 24, "only a sample on the verge of rounding may differ"


@given(st.floats(0.05, 0.49))
def test_the_crop_made_from_a_doubled_sample_is_the_crop(scale: float) -> None:
    rng = np.random.default_rng(1)
    gray = cv2.GaussianBlur(rng.integers(0, 255, (300, 300), dtype=np.uint8), (0, 0), 3)
    matrix = np.array([[scale, 0, 2.0], [0, scale, -3.0]])
    plain = take_crop(gray, matrix, NOTHING)
    nested = take_crop(gray, matrix, NOTHING, sample(gray, matrix, 2 * CROP_PX))
    assert crop_scale(matrix) == pytest.approx(scale)
    assert np.abs(plain.gray.astype(int) - nested.gray.astype(int)).max() <= 1


def test_what_lies_outside_the_image_is_not_visible() -> None:
    matrix = np.array([[1.0, 0, 24.0], [0, 1.0, 0]])
    inside = inside_image(matrix, 100, 100)
    assert inside[:, :23].max() == 0
    assert inside[:, 25:].min() == 1
    assert inside_image(np.array([[1.0, 0, 0], [0, 1.0, 0]]), 48, 48).min() == 1


def test_a_covered_part_is_marked_and_the_pixels_stay() -> None:
    covered = fill_polygon(np.array([[0, 0], [48, 0], [48, 20], [0, 20]], float))
    gray = np.full((100, 100), 77, np.uint8)
    crop = take_crop(gray, np.array([[0.5, 0, 0], [0, 0.5, 0]]), covered)
    assert crop.visible[:19].max() < 0.1
    assert crop.visible[21:].min() > 0.9
    assert (crop.gray == 77).all()
    assert crop.visible.dtype == np.float32


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[crop]\nsize_px = 48\n[points.nose]\nmesh = 1\nx = 1.0\ny = 2.0\n",
        b"crop = 48\n[points.nose]\nmesh = 1\nx = 1.0\ny = 2.0\n",
        b"points = 468\n[crop]\nsize_px = 48\n",
        b"not toml [",
        b"# \xff\n",
    ],
)
def test_a_broken_template_says_what_it_needs(tmp_path: Path, text: bytes) -> None:
    path = tmp_path / "crop.toml"
    path.write_bytes(text)
    with pytest.raises(ConfigError, match=str(path)):
        load_template(path)


@pytest.mark.parametrize(
    ("figure", "value"), [("size_px", "0"), ("size_px", "nan"), ("x", "inf"), ("mesh", "1e400")]
)
def test_a_template_of_numbers_that_cannot_be_is_refused(
    tmp_path: Path, repository: Path, figure: str, value: str
) -> None:
    shipped = (repository / "calibration" / "crop_fer2013.toml").read_text("utf-8")
    path = tmp_path / "crop.toml"
    path.write_text(re.sub(rf"(?m)^{figure} = .*$", f"{figure} = {value}", shipped, count=1))
    with pytest.raises(ConfigError, match=str(path)):
        load_template(path)


def test_a_missing_template_names_its_path(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load_template(tmp_path / "nowhere.toml")
