"""The tool that measures the empathy index on simulated visitors."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from attune.empathy.evidence import Evidence
from attune.empathy.population import BANDS, load_population
from attune.errors import RecordingError
from attune.scenario.events import BeatEntered
from attune.session.consent import ConsentScope
from attune.session.inputs import ConsentInput, EventInput, Tick
from attune.session.outputs import ConsentInForce, SlotClosed
from attune.session.recording import Recorder
from attune.timeline import SLOT_NS
from tests.programs import REPOSITORY, refused
from tests.scenario.test_loading import GOOD
from tests.session.recordings import FEATURES, a_header, a_plan, settings_for
from tools.empathy import coverage, properties, running
from tools.empathy.calibration import MIN_PEOPLE, Person, as_toml, measure, recorded, simulated
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
from tools.empathy.statistics import Estimate, correlation, mean, share
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


RESEARCH = FEATURES | {ConsentScope.RESEARCH}


def sitting(path, visitor, scopes=RESEARCH, *, later=None, neutral="start", started=None):
    """A recorded visitor whose face rests at valence .1 for 10 s and is at .5 in the 10 s after;
    `later` is the consent after 5 s, `neutral` the beat that is entered first."""
    plan = replace(
        a_plan(scopes), participant_id=visitor, scenario_yaml=GOOD, follows_scenario=True
    )
    header = a_header(plan=plan)
    header.started_unix_ns = started or header.started_unix_ns
    rows = [(EventInput(BeatEntered(0, neutral)), ())]
    for slot in range(200):
        time_ns = (slot + 1) * SLOT_NS
        evidence = Evidence(slot, 1000 if slot < 100 else 5000, 0, 5000, 1, (7500, 2500), -1, 1, 3)
        rows.append((Tick(time_ns), (SlotClosed(time_ns, evidence),)))
        if slot == 49 and later is not None:
            applied = ConsentInForce(time_ns, 2, later, scopes - later, 0)
            rows.append((ConsentInput(time_ns, 2, later), (applied,)))
        if slot == 99:
            rows.append((EventInput(BeatEntered(time_ns, "middle")), ()))
    recorder = Recorder.open(path, header, settings_for())
    for order, (given, outputs) in enumerate(rows, 1):
        recorder.input(order, given)
        recorder.outputs(order, outputs)
    recorder.close()


def test_people_are_measured_from_the_recordings_of_those_who_allowed_research(tmp_path):
    for number in range(MIN_PEOPLE):
        sitting(tmp_path / f"{number}.mcap", f"v-{number}")
    for number in range(3):
        sitting(tmp_path / f"no-{number}.mcap", f"w-{number}", FEATURES)
    sitting(tmp_path / "withdrawn.mcap", "w-8", RESEARCH, later=FEATURES)
    sitting(tmp_path / "granted.mcap", "w-9", FEATURES, later=RESEARCH)
    found = recorded(tmp_path)
    assert (found.sessions, found.without_research) == (MIN_PEOPLE + 1, 4)
    assert "21 recorded sessions (left out: 4 without consent to research)" in str(found)
    (band,) = measure(found.people).values()
    assert band.n == MIN_PEOPLE + 1
    assert band.valence == pytest.approx(0.1)


def test_where_nobody_allowed_research_nothing_is_measured(tmp_path):
    for number in range(2):
        sitting(tmp_path / f"{number}.mcap", f"v-{number}", FEATURES)
    out = tmp_path / "empathy.toml"
    asked = ("calibrate", "--recordings", str(tmp_path), "--out", str(out))
    said = subprocess.run(
        [sys.executable, "-m", "tools.empathy", *asked],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "none of the 2 recordings" in said.stdout
    assert "allowed research" in " ".join(said.stdout.split())
    assert not out.exists()


def test_a_visitor_counts_once_however_often_they_came_or_were_replayed(tmp_path):
    for number in range(3):
        sitting(tmp_path / f"{number}.mcap", "v-1")
        sitting(tmp_path / f"nameless-{number}.mcap", "", started=7)
    found = recorded(tmp_path)
    assert (found.sessions, found.repeated) == (2, 4)
    assert len({id(one) for one in found.people}) == 2 * len(BANDS)


def test_rest_is_the_neutral_beat_of_the_story_and_no_other(tmp_path):
    sitting(tmp_path / "a.mcap", "v-1")
    sitting(tmp_path / "b.mcap", "v-2", neutral="middle")
    found = recorded(tmp_path)
    assert (found.sessions, found.without_rest) == (1, 1)
    rested = [one for one in found.people if len(one.rest)]
    assert [one.rest[:, 0].max() for one in rested] == [pytest.approx(0.1)]


def test_estimates_carry_the_interval_of_their_visitors():
    values = np.random.default_rng(0).normal(50, 5, 400)
    found = mean(values)
    assert found.low < 50 < found.high
    assert found.high - found.low == pytest.approx(2 * 1.96 * 5 / 20, rel=0.1)
    r = correlation(values, values + np.random.default_rng(1).normal(0, 5, 400))
    assert r.low < 0.707 < r.high


def test_a_share_of_all_or_none_has_an_interval_of_some_width():
    everyone, nobody = share(np.ones(200)), share(np.zeros(200))
    assert (everyone.value, everyone.high) == (1.0, 1.0)
    assert everyone.low == pytest.approx(0.9812, abs=1e-4)
    assert (nobody.value, nobody.low) == (0.0, 0.0)
    assert nobody.high == pytest.approx(1 - 0.9812, abs=1e-4)
    half = share(np.repeat([0.0, 1.0], 50))
    assert (half.low, half.high) == (pytest.approx(0.404, abs=1e-3), pytest.approx(0.596, abs=1e-3))


def test_whether_all_are_out_of_abstention_is_said_with_an_interval():
    rows = properties.abstention(6, 34)
    assert [row.found.value for row in rows] == [100, 0, 100, 0]
    assert all(row.found.high - row.found.low > 10 for row in rows)


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


@pytest.mark.parametrize("option", ["--visitors", "--coverage-visitors"])
def test_too_few_visitors_for_an_interval_are_refused(option):
    said = refused("tools.empathy", "table", "coverage", option, "1")
    assert f"{option}: an interval needs at least 2, got 1" in said
