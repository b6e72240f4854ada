"""Thresholds keep the promised risk on faces they were not fitted on."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.expression.abstention import load_abstention
from attune.vision.face import VisibilityBand
from tools.train import coverage
from tools.train.cli_shipping import home_of_thresholds


def answers(seed: int, n: int = 4000, sharpness: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Confidences of a calibrated model, and whether each answer is right."""
    rng = np.random.default_rng(seed)
    confidence = rng.uniform(0.2, 1, n) ** (1 / sharpness)
    return confidence, rng.random(n) < confidence


def test_the_promised_risk_holds_on_other_faces() -> None:
    at = coverage.threshold(*answers(1), wanted=0.2)
    done = coverage.named(*answers(2), at)
    assert 0.1 < done.risk <= 0.2
    assert 0.2 < done.coverage < 0.8


def test_risk_falls_with_coverage_and_ends_at_the_error_of_all() -> None:
    confidence, right = answers(3)
    drawn = coverage.curve(confidence, right)
    assert drawn.coverage[-1] == 1
    assert drawn.risk[-1] == pytest.approx(1 - right.mean())
    assert drawn.risk[0] < drawn.risk[9] < drawn.risk[-1]


def test_a_model_that_is_never_right_enough_names_nothing() -> None:
    confidence = np.linspace(0.2, 1, 500)
    at = coverage.threshold(confidence, np.arange(500) % 2 == 0)
    assert at == coverage.NEVER
    assert coverage.named(confidence[:-1], np.ones(499, bool), at).coverage == 0


def test_a_model_that_is_always_right_names_everything() -> None:
    assert coverage.threshold(np.linspace(0.2, 1, 500), np.ones(500, bool)) == 0


@given(st.integers(0, 50), st.floats(0.1, 0.4), st.floats(0, 0.1))
def test_allowing_more_risk_never_names_fewer(seed: int, wanted: float, more: float) -> None:
    confidence, right = answers(seed, n=300)
    strict = coverage.threshold(confidence, right, wanted)
    assert coverage.threshold(confidence, right, wanted + more) <= strict


def test_what_is_written_is_what_the_recognizer_reads(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    confidence, right = answers(4)
    felt = rng.normal(size=(4000, 2))
    noise = np.where(confidence < 0.6, 2.0, 0.1)[:, None] * rng.normal(size=(4000, 2))
    one = coverage.BandAnswers(confidence, right, felt + noise, felt)
    found = coverage.profile({"public_test": dict.fromkeys(VisibilityBand, one)})
    path = tmp_path / "abstention.toml"
    coverage.write_profile(path, found, model="m", version="1.0.0", sha256="c" * 64)
    read = load_abstention(path, "c" * 64)
    at = found.threshold[VisibilityBand.FULL]
    assert read.threshold[VisibilityBand.FULL] == pytest.approx(at, abs=1e-4)
    assert read.withholds(at - 0.01, VisibilityBand.FULL)
    assert 0 < read.kept[VisibilityBand.FULL] < 0.9


def test_thresholds_of_a_candidate_do_not_replace_those_of_the_model_that_ships(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped, candidate = Path("models/ours/model.onnx"), Path("candidates/ours/model.onnx")
    assert home_of_thresholds(shipped) == Path("calibration")
    assert home_of_thresholds(shipped.absolute()) == Path("calibration")
    assert home_of_thresholds(candidate) == candidate.parent


def test_thresholds_that_ship_are_measured_as_they_are() -> None:
    confidence, right = answers(5)
    felt = np.random.default_rng(6).normal(size=(4000, 2))
    one = coverage.BandAnswers(confidence, right, felt, felt)
    shipped = dict.fromkeys(VisibilityBand, 0.9)
    found = coverage.profile({"public_test": dict.fromkeys(VisibilityBand, one)}, shipped)
    assert found.threshold == shipped
    named = found.named["public_test"][VisibilityBand.FULL]
    assert named.coverage == pytest.approx((confidence > 0.9).mean())
