"""The shipped models in a row: one face to one expression, alone and fused."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from attune.config import ExpressionSettings
from attune.errors import ConfigError, ModelCardInvalid
from attune.expression.emotion import softmax
from attune.expression.recognizer import ExpressionRecognizer
from attune.expression.store import ModelStore
from attune.vision.face import (
    Box,
    Face,
    FaceCrop,
    FaceQuality,
    HeadPose,
    PoseSource,
    RegionVisibility,
    VisibilityBand,
)

NAME = "headset-aware-fer"
GRAY = np.random.default_rng(3).integers(0, 256, (48, 48)).astype(np.uint8)
CROP = FaceCrop(GRAY, np.ones((48, 48), np.float32), np.zeros((2, 3)))
LANDMARKS = np.random.default_rng(4).uniform(10, 90, (68, 2)).astype(np.float32)


def face(band: VisibilityBand = VisibilityBand.FULL) -> Face:
    return Face(
        track_id=1,
        box=Box(0, 0, 100, 100),
        score=1.0,
        landmarks=LANDMARKS,
        mesh=np.zeros((468, 3), np.float32),
        visibility=RegionVisibility(*[1.0] * 9),
        band=band,
        quality=FaceQuality(1.0, 1.0, 1.0, 100.0),
        headset=0.0,
    )


@pytest.fixture(scope="module")
def store(repository: Path) -> ModelStore:
    return ModelStore(repository / "models")


def recognizer(store: ModelStore, **settings: object) -> ExpressionRecognizer:
    return ExpressionRecognizer.open(ExpressionSettings.model_validate(settings), store)


def test_a_fused_answer_lies_between_those_of_its_models(store: ModelStore) -> None:
    said = [
        recognizer(store, landmark_model="landmarks-lower", pixel_weight=weight)
        .for_visitor()
        .recognize(face(), CROP, None, 0)
        .probabilities
        for weight in (0.0, 0.5, 1.0)
    ]
    np.testing.assert_allclose(said[1], (said[0] + said[2]) / 2, atol=1e-5)
    alone = recognizer(store).for_visitor().recognize(face(), CROP, None, 0)
    np.testing.assert_allclose(said[2], alone.probabilities, atol=1e-6)


def test_the_expression_names_every_model_that_had_a_say(store: ModelStore) -> None:
    fused = recognizer(store, landmark_model="landmarks-lower")
    name = fused.for_visitor().recognize(face(), CROP, None, 0).model
    assert NAME in name
    assert "landmarks-lower" in name


def test_the_adaptive_weight_of_one_visitor_is_not_another_s(store: ModelStore) -> None:
    shared = recognizer(
        store, landmark_model="landmarks-lower", fusion="adaptive", pixel_weight=0.5
    )
    watched, fresh = shared.for_visitor(), shared.for_visitor()
    first = watched.recognize(face(), CROP, None, 0)
    for second in range(1, 62):
        last = watched.recognize(face(), CROP, None, second * 1_000_000_000)
    again = fresh.recognize(face(), CROP, None, 0)
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    assert np.abs(last.probabilities - again.probabilities).max() > 1e-4


def test_in_a_poor_view_the_landmark_model_has_no_say(store: ModelStore) -> None:
    poor = face(VisibilityBand.POOR)
    fused = recognizer(store, landmark_model="landmarks-lower", pixel_weight=0.2)
    one = fused.for_visitor().recognize(poor, CROP, None, 0)
    other = recognizer(store).for_visitor().recognize(poor, CROP, None, 0)
    np.testing.assert_array_equal(one.probabilities, other.probabilities)


@pytest.mark.parametrize("band", list(VisibilityBand))
def test_temperature_and_threshold_are_those_of_one_band_whatever_the_crop_shows(
    store: ModelStore, band: VisibilityBand
) -> None:
    """Half a headset is already doubted by the face while its crop still counts as seen."""
    shared = recognizer(store)
    temperature = store.card(NAME).calibration.temperature["logits8"][band]

    said = shared.for_visitor().recognize(face(band), CROP, None, 0)

    logits = shared.model.predict(GRAY, CROP.visible, band).eight.logits
    np.testing.assert_allclose(said.probabilities, softmax(logits, temperature), atol=1e-6)
    assert said.withheld is shared.abstention.withholds(float(said.probabilities.max()), band)


def test_reliability_follows_how_far_the_pixels_show_the_head_turned(store: ModelStore) -> None:
    """The same pixels at the picture's border are of a head turned further, or less."""

    def reliability(yaw_deg: float, aside_deg: float) -> float:
        pose = HeadPose(yaw_deg, 0, 0, None, 1.0, PoseSource.LANDMARKS, aside_deg)
        return recognizer(store).for_visitor().recognize(face(), CROP, pose, 0).reliability

    assert reliability(55, -20) == reliability(35, 0) == reliability(15, 20) > 0
    assert reliability(30, 20) == 0.0


def _with_thresholds(repository: Path, root: Path, threshold: float) -> ModelStore:
    """A copy of the shipped model with thresholds of its own beside its card."""
    shutil.copytree(repository / "models" / NAME, root / NAME)
    card = root / NAME / "card.toml"
    written = [
        line for line in card.read_text("utf-8").splitlines() if not line.startswith("abstention =")
    ]
    at = written.index("[calibration]")
    written.insert(at + 1, 'abstention = "own.toml"')
    card.write_text("\n".join(written), "utf-8")
    digest = ModelStore(root).card(NAME).model.sha256
    bands = "".join(
        f"[bands.{band.value}]\nthreshold = {threshold}\nkept_reliability = 0.5\n"
        for band in VisibilityBand
    )
    (root / NAME / "own.toml").write_text(f'sha256 = "{digest}"\n{bands}', "utf-8")
    return ModelStore(root)


def test_an_expression_below_its_threshold_is_withheld_and_counts_for_less(
    repository: Path, tmp_path: Path
) -> None:
    sure = _with_thresholds(repository, tmp_path / "sure", 0.0)
    unsure = _with_thresholds(repository, tmp_path / "unsure", 1.0)
    given, kept_back = (
        recognizer(one).for_visitor().recognize(face(), CROP, None, 0) for one in (sure, unsure)
    )
    assert given.named == given.top(1)[0][0]
    assert kept_back.withheld
    assert kept_back.named is None
    assert kept_back.reliability == pytest.approx(given.reliability / 2)
    np.testing.assert_array_equal(given.probabilities, kept_back.probabilities)


def test_a_card_that_names_a_missing_file_of_thresholds_is_refused(
    repository: Path, tmp_path: Path
) -> None:
    store = _with_thresholds(repository, tmp_path, 0.5)
    (tmp_path / NAME / "own.toml").unlink()
    with pytest.raises(ModelCardInvalid, match=r"own\.toml"):
        recognizer(store)


def test_a_class_without_a_place_on_the_circumplex_is_found_before_the_first_visitor(
    repository: Path, tmp_path: Path
) -> None:
    shutil.copytree(repository / "models" / NAME, tmp_path / NAME)
    card = tmp_path / NAME / "card.toml"
    card.write_text(card.read_text("utf-8").replace('"contempt"]', '"scorn"]'), "utf-8")
    with pytest.raises(ConfigError, match=r"'scorn' has no place"):
        recognizer(ModelStore(tmp_path))
