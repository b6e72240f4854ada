"""A model names an expression only where it is sure enough; what is withheld counts for less."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import ModelCardInvalid
from attune.expression.abstention import NAMES_ALL, Abstention, load_abstention
from attune.vision.face import VisibilityBand

HASH = "a" * 64
WRITTEN = f"""
sha256 = "{HASH}"
[bands.full]
threshold = 0.4
kept_reliability = 0.5
[bands.lower_face]
threshold = 0.6
kept_reliability = 0.25
[bands.poor]
threshold = 1.0
kept_reliability = 0.0
"""


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A file of thresholds."""
    path = tmp_path / "abstention.toml"
    path.write_text(WRITTEN)
    return path


def test_the_same_confidence_is_enough_for_a_whole_face_and_not_under_a_headset(
    profile: Path,
) -> None:
    abstention = load_abstention(profile, HASH)
    assert not abstention.withholds(0.5, VisibilityBand.FULL)
    assert abstention.withholds(0.5, VisibilityBand.LOWER_FACE)


def test_a_band_that_never_reaches_the_wanted_risk_names_nothing(profile: Path) -> None:
    assert load_abstention(profile, HASH).withholds(1.0, VisibilityBand.POOR)


def test_what_is_withheld_keeps_its_measured_share_of_reliability(profile: Path) -> None:
    abstention = load_abstention(profile, HASH)
    assert abstention.reliability(0.8, 0.3, VisibilityBand.FULL) == pytest.approx(0.4)
    assert abstention.reliability(0.8, 0.7, VisibilityBand.FULL) == pytest.approx(0.8)


@given(st.floats(0.01, 1), st.floats(0, 1), st.sampled_from(list(VisibilityBand)))
def test_a_model_without_thresholds_names_everything(
    confidence: float, quality: float, band: VisibilityBand
) -> None:
    assert not NAMES_ALL.withholds(confidence, band)
    assert NAMES_ALL.reliability(quality, confidence, band) == quality


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_less_confidence_never_counts_for_more(quality: float, low: float, high: float) -> None:
    low, high = sorted((low, high))
    band = VisibilityBand.FULL
    abstention = Abstention({band: 0.5}, {band: 0.3})
    assert abstention.reliability(quality, low, band) <= abstention.reliability(quality, high, band)


def test_thresholds_of_other_weights_are_refused(profile: Path) -> None:
    with pytest.raises(ModelCardInvalid, match="measured for weights"):
        load_abstention(profile, "b" * 64)


@pytest.mark.parametrize("broken", ["", "sha256 = 3", WRITTEN.replace("bands.poor", "bands.pore")])
def test_an_incomplete_file_is_refused(profile: Path, broken: str) -> None:
    profile.write_text(broken)
    with pytest.raises(ModelCardInvalid, match=r"abstention\.toml"):
        load_abstention(profile, HASH)
