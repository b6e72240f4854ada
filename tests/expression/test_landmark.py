"""Landmark features do not see roll, distance or place."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import InputError, ModelCardInvalid
from attune.expression.emotion import EMOTIONS_7, EMOTIONS_8
from attune.expression.landmark import ALL_POINTS, LOWER_POINTS, LandmarkModel, features
from attune.expression.store import ModelStore
from attune.vision.canonical import CANONICAL_FACE
from attune.vision.face import VisibilityBand
from attune.vision.landmarks import to_68

NAMES = ("landmarks-68", "landmarks-lower")


def neutral() -> np.ndarray:
    """Landmarks (68, 2) of the canonical face, 200 pixels wide."""
    mesh = CANONICAL_FACE * [12.0, -12.0, -12.0] + [160.0, 120.0, 0.0]
    return to_68(mesh.astype(np.float32)).astype(np.float64)


@given(st.floats(-40, 40), st.floats(0.3, 3), st.floats(-200, 200))
def test_roll_distance_and_place_do_not_matter(roll_deg: float, zoom: float, shift: float) -> None:
    angle = np.radians(roll_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = zoom * neutral() @ turn.T + [shift, -shift]
    for points in (ALL_POINTS, LOWER_POINTS):
        expected, seen = features(neutral(), points), features(moved, points)
        n = 3 * len(points)
        np.testing.assert_allclose(seen[:n], expected[:n], atol=1e-4)


def test_the_lower_face_alone_does_not_see_the_brows() -> None:
    raised = neutral()
    raised[17:27, 1] -= 20
    raised[36:48, 1] -= 5
    np.testing.assert_array_equal(features(raised, LOWER_POINTS), features(neutral(), LOWER_POINTS))
    assert np.abs(features(raised) - features(neutral())).max() > 0.01


def _with(value: float) -> np.ndarray:
    at = neutral()
    at[50, 0] = value
    return at


@pytest.mark.parametrize(
    "bad",
    [np.zeros((67, 2)), np.zeros((68, 3)), np.zeros((68, 2)), _with(np.nan), _with(np.inf)],
    ids=["too few", "in space", "in one place", "nan", "inf"],
)
def test_no_landmarks_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(InputError):
        features(bad)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_landmark_model_answers_over_both_sets_of_classes(
    repository: Path, name: str
) -> None:
    model = LandmarkModel(ModelStore(repository / "models").load(name))
    answer = model.predict(neutral(), VisibilityBand.FULL)
    assert answer.seven.labels == EMOTIONS_7
    assert answer.eight.labels == EMOTIONS_8


@pytest.mark.parametrize("name", NAMES)
def test_a_wide_smile_makes_happiness_likelier(repository: Path, name: str) -> None:
    model = LandmarkModel(ModelStore(repository / "models").load(name))
    smiling = neutral()
    mouth = smiling[48:68].copy()
    centre = mouth.mean(axis=0)
    wide = (mouth - centre) * [1.35, 1.2] + centre
    corners = np.abs(mouth[:, 0] - centre[0]) / np.abs(mouth[:, 0] - centre[0]).max()
    wide[:, 1] -= 10 * corners**2
    smiling[48:68] = wide
    happy = EMOTIONS_7.index("happy")
    before, after = (
        model.predict(at, VisibilityBand.FULL).seven.probabilities[happy]
        for at in (neutral(), smiling)
    )
    assert after > before + 0.1


def test_a_pixel_model_is_no_landmark_model(repository: Path) -> None:
    with pytest.raises(ModelCardInvalid, match="expected a landmark model"):
        LandmarkModel(ModelStore(repository / "models").load("headset-aware-fer"))


@pytest.mark.parametrize("channels", ["[]", '["landmarks_68"]', '["landmarks_lower", "gray"]'])
def test_a_card_of_other_points_than_its_weights_take_is_refused(
    repository: Path, tmp_path: Path, channels: str
) -> None:
    shutil.copytree(repository / "models" / "landmarks-lower", tmp_path / "landmarks-lower")
    card = tmp_path / "landmarks-lower" / "card.toml"
    card.write_text(card.read_text("utf-8").replace('["landmarks_lower"]', channels), "utf-8")
    with pytest.raises(ModelCardInvalid, match=r"model of \(148,\)"):
        LandmarkModel(ModelStore(tmp_path).load("landmarks-lower"))
