"""Whom a face is compared with: its own rest where enough of it was seen, else the population's."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from attune.config import EmpathySettings, resource_root
from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT, Evidence
from attune.empathy.population import load_population, shipped_population
from attune.empathy.reference import PersonalReference
from attune.errors import ConfigError

S = 1_000_000_000
LOWER = 1


def slot(number, valence=0.0, arousal=0.0, tracked=1, band=LOWER):
    """A slot of one visitor."""
    affect = round(UNIT * valence), round(UNIT * arousal)
    return SlotBatch.of([Evidence(number, *affect, 6000, tracked, (), -1, band, 1)])


def reference(visitors=1, **settings):
    return PersonalReference(EmpathySettings(**settings), shipped_population(), visitors)


def exposed(slots, exposure_s=12.0, **settings):
    """A reference after an exposure made of these slots."""
    one = reference(**settings)
    one.start(0)
    one.finish(round(exposure_s * S))
    for batch in slots:
        one.observe(batch)
    return one


def test_after_ten_seconds_the_median_of_the_exposure_is_the_rest():
    one = exposed([slot(n, 0.2 if n % 10 else 0.9, -0.1) for n in range(100)], 10.0)
    assert one.ready[0]
    valence, arousal = one.deviation(slot(200, 0.2, -0.1))
    assert (valence[0], arousal[0]) == (pytest.approx(0.0), pytest.approx(0.0))


def test_less_than_ten_seconds_or_half_a_face_is_no_baseline():
    assert not exposed([slot(n) for n in range(99)], 9.9).ready[0]
    half = [slot(n, tracked=int(n % 10 < 5)) for n in range(120)]
    less = [slot(n, tracked=int(n % 10 < 4)) for n in range(120)]
    assert exposed(half).ready[0]
    assert not exposed(less).ready[0]


def test_an_exposure_ends_by_itself_after_the_longest_time():
    one = reference()
    one.start(0)
    for number in range(299):
        one.observe(slot(number))
    assert not one.ready[0]
    one.observe(slot(299))
    assert one.ready[0]


@pytest.mark.parametrize("seconds", [12, 30])
def test_the_personal_range_is_shrunk_as_defined(seconds):
    spread = 0.3 * np.random.default_rng(0).standard_normal((seconds * 10, 2))
    slots = [slot(n, *spread[n]) for n in range(seconds * 10)]
    one = exposed(slots, float(seconds), baseline_s=60.0)
    units = np.rint(UNIT * spread) / UNIT
    mad = np.median(np.abs(units - np.median(units, axis=0)), axis=0)
    own = 0.5 * float(((1.4826 * mad) ** 2).sum())
    usual = shipped_population().range[LOWER]
    expected = math.sqrt((30 * usual**2 + seconds * own) / (30 + seconds))
    assert one.range(slot(0))[0] == pytest.approx(expected, rel=1e-6)


def test_a_face_that_never_moves_keeps_at_least_half_the_usual_range():
    still = exposed([slot(n) for n in range(6000)], 600.0, baseline_s=600.0)
    usual = shipped_population().range[LOWER]
    assert still.range(slot(0))[0] == pytest.approx(0.5 * usual)


def test_without_a_baseline_the_population_stands_in_for_each_band():
    population = replace(
        shipped_population(), median=np.array([[0.1, 0.0], [0.2, 0.0], [0.3, 0.0]])
    )
    one = PersonalReference(EmpathySettings(), population, 1)
    for band in range(3):
        valence, _ = one.deviation(slot(0, 0.5, band=band))
        assert valence[0] == pytest.approx(0.4 - 0.1 * band)
        assert one.range(slot(0, band=band))[0] == population.range[band]


def test_a_second_exposure_replaces_the_first_only_when_it_is_done():
    one = exposed([slot(n, 0.2) for n in range(120)])
    one.start(12 * S)
    one.finish(24 * S)
    for number in range(120, 200):
        one.observe(slot(number, 0.6))
    assert one.deviation(slot(200, 0.2))[0][0] == pytest.approx(0.0)
    for number in range(200, 240):
        one.observe(slot(number, 0.6))
    assert one.deviation(slot(240, 0.6))[0][0] == pytest.approx(0.0)


def test_progress_counts_to_the_shortest_sufficient_exposure():
    one = reference()
    assert one.progress == 0.0
    one.start(0)
    for number in range(50):
        one.observe(slot(number))
    assert one.progress == pytest.approx(0.5)


def test_forgetting_brings_the_population_back():
    one = exposed([slot(n, 0.5) for n in range(120)])
    one.reset()
    assert not one.ready[0]
    assert one.deviation(slot(0, 0.5))[0][0] == pytest.approx(0.5)


def test_population_figures_that_cannot_be_are_refused_with_the_file(tmp_path):
    path = tmp_path / "empathy.toml"
    path.write_text("shrinkage_s = 30\n")
    with pytest.raises(ConfigError, match=r"cannot read the population figures .*empathy\.toml"):
        load_population(path)


@pytest.mark.parametrize("figure", ["shrinkage_s", "range"])
@pytest.mark.parametrize("value", ["nan", "inf", "0.0", "-1.0"])
def test_population_figures_are_finite_and_above_zero(tmp_path, figure, value):
    shipped = (resource_root() / "calibration" / "empathy.toml").read_text("utf-8")
    path = tmp_path / "empathy.toml"
    path.write_text(re.sub(rf"(?m)^{figure} = .*$", f"{figure} = {value}", shipped, count=1))
    with pytest.raises(ConfigError, match=r"empathy\.toml: range and shrinkage_s must be"):
        load_population(path)


@pytest.mark.parametrize(
    ("figure", "value"),
    [("valence", "nan"), ("arousal", "inf"), ("rest_spread", "nan"), ("range_spread", "-0.1")],
)
def test_resting_values_and_spreads_are_figures_that_can_be(tmp_path, figure, value):
    shipped = (resource_root() / "calibration" / "empathy.toml").read_text("utf-8")
    path = tmp_path / "empathy.toml"
    path.write_text(re.sub(rf"(?m)^{figure} = .*$", f"{figure} = {value}", shipped, count=1))
    with pytest.raises(ConfigError, match=r"empathy\.toml: valence, arousal and spreads"):
        load_population(path)
