"""Evidence quality falls with yaw and with poor pixels, and never jumps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import ConfigError
from attune.expression.reliability import Reliability
from attune.vision.face import VisibilityBand

TABLE = {
    VisibilityBand.FULL: [0.6, 0.4, 0.2],
    VisibilityBand.LOWER_FACE: [0.4, 0.3, 0.1],
    VisibilityBand.POOR: [0.0, 0.0, 0.0],
}


def test_a_frontal_face_has_the_measured_reliability_of_its_band() -> None:
    reliability = Reliability.from_table(TABLE)
    assert reliability.quality(VisibilityBand.FULL, 0.0, 1.0) == pytest.approx(0.6)
    assert reliability.quality(VisibilityBand.LOWER_FACE, 0.0, 1.0) == pytest.approx(0.4)


def test_beyond_the_last_yaw_band_nothing_is_known() -> None:
    reliability = Reliability.from_table(TABLE)
    assert reliability.quality(VisibilityBand.FULL, 46.0, 1.0) == 0.0
    assert reliability.quality(VisibilityBand.FULL, -46.0, 1.0) == 0.0


@given(st.floats(0, 60), st.floats(0, 1), st.sampled_from(list(VisibilityBand)))
def test_quality_is_the_same_to_both_sides_and_never_rises_with_yaw(
    yaw: float, pixels: float, band: VisibilityBand
) -> None:
    reliability = Reliability.from_table(TABLE)
    here = reliability.quality(band, yaw, pixels)
    assert here == reliability.quality(band, -yaw, pixels)
    assert reliability.quality(band, yaw + 1, pixels) <= here + 1e-12
    assert here - reliability.quality(band, yaw + 0.01, pixels) < 0.01


@pytest.mark.parametrize(
    "table",
    [{}, {**TABLE, VisibilityBand.FULL: [0.5]}, {**TABLE, VisibilityBand.POOR: [0.1, 0.1, 1.1]}],
)
def test_an_incomplete_table_is_refused_with_what_it_needs(
    table: dict[VisibilityBand, list[float]],
) -> None:
    with pytest.raises(ConfigError, match="3 numbers in"):
        Reliability.from_table(table)
