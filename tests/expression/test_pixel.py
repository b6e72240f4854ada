"""The shipped pixel model, run for real: shapes, calibration by band, and what a headset does."""

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.errors import InputError, ModelCardInvalid
from attune.expression.emotion import EMOTIONS_7, EMOTIONS_8, Prediction, softmax
from attune.expression.pixel import PixelModel
from attune.expression.store import ModelStore
from attune.vision.face import VisibilityBand

SEEN = np.ones((48, 48), np.float32)
FULL = VisibilityBand.FULL


@pytest.fixture(scope="module")
def model(repository: Path) -> PixelModel:
    return PixelModel(ModelStore(repository / "models").load("headset-aware-fer"))


def smile() -> np.ndarray:
    """A drawn face with a wide, open, bright smile."""
    face = np.full((48, 48), 150, np.uint8)
    cv2.ellipse(face, (24, 26), (18, 23), 0, 0, 360, 190, -1)
    for x in (15, 33):
        cv2.ellipse(face, (x, 19), (4, 2), 0, 0, 360, 60, -1)
        cv2.ellipse(face, (x, 13), (6, 2), 0, 180, 360, 80, 2)
    cv2.ellipse(face, (24, 33), (10, 7), 0, 0, 180, 70, -1)
    cv2.ellipse(face, (24, 33), (9, 3), 0, 0, 180, 250, -1)
    return face


def test_both_heads_answer_with_probabilities_over_their_own_classes(model: PixelModel) -> None:
    prediction = model.predict(smile(), SEEN, FULL)
    assert prediction.seven.labels == EMOTIONS_7
    assert prediction.eight.labels == EMOTIONS_8 == model.labels == prediction.labels
    for head in (prediction.seven, prediction.eight):
        assert head.probabilities.dtype == np.float32
        assert head.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert prediction.probabilities is prediction.eight.probabilities


def test_the_same_crop_gives_the_same_answer_to_the_bit(model: PixelModel) -> None:
    first, second = model.predict(smile(), SEEN, FULL), model.predict(smile(), SEEN, FULL)
    assert first.eight.logits.tobytes() == second.eight.logits.tobytes()


def test_probabilities_are_the_logits_at_the_temperature_of_the_band(
    model: PixelModel, repository: Path
) -> None:
    card = ModelStore(repository / "models").card("headset-aware-fer")
    for band in VisibilityBand:
        prediction = model.predict(smile(), SEEN, band)
        assert prediction.band is band
        temperature = card.calibration.temperature["logits8"][band]
        expected = softmax(prediction.eight.logits, temperature)
        np.testing.assert_allclose(prediction.probabilities, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("crop", "visible"),
    [
        (np.zeros((48, 47), np.uint8), SEEN),
        (np.zeros((48, 48), np.float32), SEEN),
        (np.zeros((48, 48, 3), np.uint8), SEEN),
        (np.zeros((48, 48), np.uint8), np.ones((24, 24), np.float32)),
    ],
)
def test_another_shape_or_type_is_refused(
    model: PixelModel, crop: np.ndarray, visible: np.ndarray
) -> None:
    with pytest.raises(InputError, match="expected a uint8 crop"):
        model.predict(crop, visible, FULL)


@pytest.mark.parametrize("channels", ['["gray"]', '["gray", "visible", "depth"]'])
def test_a_card_that_miscounts_its_channels_is_refused(
    repository: Path, tmp_path: Path, channels: str
) -> None:
    name = "headset-aware-fer"
    shutil.copytree(repository / "models" / name, tmp_path / name)
    card = tmp_path / name / "card.toml"
    text = card.read_text("utf-8").replace('["gray", "visible"]', channels)
    card.write_text(text, "utf-8")
    with pytest.raises(ModelCardInvalid, match=r"channels .* of shape \(48, 48, 2\)"):
        PixelModel(ModelStore(tmp_path).load(name))


def test_probabilities_that_do_not_sum_to_one_are_no_prediction() -> None:
    logits = np.zeros(2, np.float32)
    with pytest.raises(ValueError, match="sum to 1"):
        Prediction(("a", "b"), logits, np.array([0.9, 0.9], np.float32))
    with pytest.raises(ValueError, match=r"expected \(3,\)"):
        Prediction(("a", "b", "c"), logits, logits)


def test_real_faces_are_read_better_than_chance_with_and_without_the_upper_face(
    model: PixelModel, fer2013: Path
) -> None:
    mosaic = cv2.imread(str(fer2013 / "public_test.webp"), cv2.IMREAD_GRAYSCALE)
    faces = mosaic.reshape(-1, 48, 160, 48).transpose(0, 2, 1, 3).reshape(-1, 48, 48)[:400]
    rows = (fer2013 / "index.csv").read_text().splitlines()[1:]
    labels = [row.split(",")[2] for row in rows if row.startswith("public_test,")][:400]
    black = faces.copy()
    black[:, :26] = 0
    hidden = SEEN.copy()
    hidden[:26] = 0

    def right(shown: np.ndarray, visible: np.ndarray, band: VisibilityBand) -> float:
        pairs = zip(shown, labels, strict=True)
        return float(np.mean([model.predict(f, visible, band).seven.label == y for f, y in pairs]))

    assert right(faces, SEEN, FULL) > 0.4
    assert right(black, hidden, VisibilityBand.LOWER_FACE) > 0.35
