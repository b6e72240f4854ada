"""The tool that measures the empathy index on simulated visitors."""

import numpy as np
import pytest

from attune.empathy.population import BANDS, load_population
from attune.errors import RecordingError
from tests.programs import refused
from tools.empathy import coverage, properties, running
from tools.empathy.calibration import Person, as_toml, measure, simulated
from tools.empathy.picture import Curves, draw
from tools.empathy.sittings import (
    HEADSET,
    Reading,
    draw_crowd,
    face,
    on_days,
    out_of_step,
    read,
    without_mean_mood,
)
from tools.empathy.statistics import Estimate, correlation, mean
from tools.empathy.stories import balanced, lasting, monotone, stories


def test_balanced_stories_have_no_mood_of_their_own_and_the_memorial_has():
    lean = {one.name: np.hypot(*one.lean) for one in stories()}
    assert lean["balanced moments"] == pytest.approx(0, abs=1e-9)
    assert lean["lasting stimuli"] == pytest.approx(0, abs=1e-9)
    assert lean["one mood"] == pytest.approx(1)
    assert 0.3 < lean["memorial, close"] < 0.8


@pytest.mark.parametrize("quality", [0.75, 0.45])
def test_a_reading_has_the_reliability_that_it_claims(quality):
    draw = np.random.default_rng(1)
    story = balanced(rounds=1)
    shown = face(draw_crowd("resonant", 300, 1, gain=(-1, 1)), story)
    truth = 0.35 * draw.standard_normal(shown.affect.shape[0])
    shown.affect[:] = truth[:, None, None]
    slot = read(shown, Reading(quality), 2)[40]
    found = np.corrcoef(truth, slot.valence)[0, 1] ** 2
    assert found == pytest.approx(quality, abs=0.1)


def test_an_exact_reading_is_what_was_shown():
    story = balanced(rounds=1)
    shown = face(draw_crowd("resonant", 3, 1), story)
    slots = read(shown, Reading(0.5, exact=True), 2)
    assert slots[200].valence == pytest.approx(1e4 * shown.affect[:, 200, 0], abs=1)


def test_days_of_a_visitor_share_traits_and_nothing_of_chance():
    crowd = draw_crowd("resonant", 2, 3)
    days = on_days(crowd, 3, 4)
    assert [one.expressivity for one in days[::2]] == [crowd[0].expressivity] * 3
    assert len({one.seed for one in days}) == 6


def test_shifting_in_time_keeps_the_baseline_and_every_moment_of_the_story():
    story = lasting(rounds=1)
    shown = face(draw_crowd("resonant", 3, 1), story)
    moved = out_of_step(shown, story, 5)
    rest = round(10 * story.baseline_s)
    np.testing.assert_array_equal(moved.affect[:, :rest], shown.affect[:, :rest])
    for visitor in range(3):
        np.testing.assert_array_equal(
            np.sort(moved.affect[visitor, :, 0]), np.sort(shown.affect[visitor, :, 0])
        )


def test_a_face_less_its_mean_mood_strays_from_rest_by_nothing_on_average():
    story = monotone()
    shown = face(draw_crowd("resonant", 3, 1), story)
    left = without_mean_mood(shown, story).affect
    rest = round(10 * story.baseline_s)
    assert left[:, rest:].mean(axis=1) == pytest.approx(left[:, :rest].mean(axis=1), abs=1e-9)


def test_intervals_on_visitors_of_every_behavior_hold_what_they_promise():
    coverage_of = [
        coverage.measure(condition, story, crowd, seed)
        for seed, (condition, story, crowd) in enumerate(
            coverage.conditions((balanced(), monotone()), 8, seed=11)
        )
        if condition.expressivity == "usual"
    ]
    assert len(coverage_of) == 16
    assert coverage.pooled(coverage_of).value == pytest.approx(0.8, abs=0.08)


def test_properties_that_need_few_visitors_are_kept():
    rows = [
        *properties.shifted(balanced(), 200, 31),
        *running.rate_and_latency(2, 32),
        *running.together(balanced(rounds=1), 4, 33),
        *properties.abstention(6, 34),
    ]
    assert {row.part for row in rows} == {"out of step", "rate", "latency", "batch", "abstention"}
    assert all(row.kept for row in rows), [row for row in rows if not row.kept]


def test_taking_the_mean_mood_away_would_silence_a_story_of_one_mood():
    plain, centred = (row.found.value for row in properties.leaning(monotone(), 60, 35)[:2])
    assert plain > 65
    assert centred < 55


def test_calibration_gives_a_file_that_loads_and_says_that_it_is_synthetic(tmp_path):
    bands = measure(simulated(8, 1))
    assert set(bands) == {0, 1}
    assert bands[0].range > bands[1].range > 0.1
    path = tmp_path / "empathy.toml"
    path.write_text(as_toml(bands, "somewhere", "a command", synthetic=True), encoding="utf-8")
    population = load_population(path)
    assert population.range.shape == (len(BANDS),)
    assert population.range[2] == population.range[1]
    assert "SYNTHETIC" in path.read_text(encoding="utf-8")


def test_a_range_is_how_far_a_face_strays_from_its_own_rest():
    draw = np.random.default_rng(0)
    people = [
        Person(
            0,
            rest + 0.01 * draw.standard_normal((120, 2)),
            rest + 0.2 * draw.standard_normal((400, 2)),
        )
        for rest in np.linspace(-0.2, 0.2, 40)
    ]
    assert measure(people)[0].range == pytest.approx(0.2, abs=0.01)
    assert measure(people)[0].rest_spread == pytest.approx(
        np.linspace(-0.2, 0.2, 40).std(), abs=0.01
    )


def test_too_few_people_are_refused():
    with pytest.raises(RecordingError, match="no visibility band has 20 people"):
        as_toml(measure([]), "nowhere", "a command", synthetic=False)


def test_estimates_carry_the_interval_of_their_visitors():
    values = np.random.default_rng(0).normal(50, 5, 400)
    found = mean(values)
    assert found.low < 50 < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * 5 / 20, rel=0.1)
    r = correlation(values, values + np.random.default_rng(1).normal(0, 5, 400))
    assert r.low < 0.707 < r.high


def test_the_picture_shows_what_there_is_and_is_left_out_where_there_is_nothing(tmp_path):
    path = tmp_path / "picture.png"
    assert not draw(Curves(), path)
    assert not path.exists()
    gains = [Estimate(value, value - 1, value + 1, 20) for value in (30.0, 50.0, 70.0)]
    assert draw(Curves(mirroring=gains), path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_headset_hides_more_than_nothing():
    assert HEADSET.band == 1
    assert Reading(0.75).band == 0
    assert Reading(0.05).band == 2


def test_too_few_visitors_for_an_interval_are_refused():
    said = refused("tools.empathy", "table", "expressivity", "--visitors", "1")
    assert "an interval needs at least 2, got 1" in said
