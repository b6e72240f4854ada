"""A broken story is answered with every finding, each with its line and what to write instead."""

import contextlib
import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attune.config import EmpathySettings
from attune.empathy.windows import Schedule
from attune.errors import ScenarioError
from attune.scenario.loading import list_scenarios, load_scenario, parse_scenario, remarks
from attune.scenario.player import end_of
from attune.timeline import nanoseconds

GOOD = """\
id: walk
version: 1.0.0
title: {en: A walk}
locales: [en]
entry: start
baseline: start
stimuli:
  - id: laugh
    title: {en: A laugh}
    target: {valence: 0.6, arousal: 0.3}
  - id: song
    title: {en: A song}
    target: {valence: 0.4, arousal: 0.2}
    duration_s: 4
beats:
  - id: start
    title: {en: Start}
    duration_s: 10
    next: middle
  - id: middle
    title: {en: Middle}
    duration_s: 8
    mandatory: true
    stimuli: [{stimulus: laugh, at_s: 1}, {stimulus: song, at_s: 3}]
    choice:
      id: way
      due_at_s: 5
      deadline_s: 7.5
      default: plain
      branches:
        - id: deep
          to: end
          intensity: 0.8
          condition: {signal: eri, direction: above, enter: 60, exit: 55}
        - {id: plain, to: end, intensity: 0.2}
  - id: end
    title: {en: End}
    duration_s: 2
    mandatory: true
"""


def findings(text):
    """The findings of a broken story."""
    with pytest.raises(ScenarioError) as raised:
        parse_scenario(text, source="walk.yaml")
    return raised.value.findings


def test_a_good_story_is_read_with_the_hash_of_its_bytes():
    loaded = parse_scenario(GOOD)
    assert loaded.scenario.id == "walk"
    assert loaded.sha256 == hashlib.sha256(GOOD.encode()).hexdigest()
    assert [choice.id for choice in loaded.scenario.choices] == ["way"]


def test_line_ends_and_byte_order_mark_do_not_change_the_hash():
    windows = ("\ufeff" + GOOD.replace("\n", "\r\n")).encode()
    assert parse_scenario(windows).sha256 == parse_scenario(GOOD).sha256


def replaced(*pairs):
    """The good story with some texts replaced."""
    text = GOOD
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize(
    ("old", "new", "line", "complaint"),
    [
        ("next: middle", "next: nowhere", 19, "beats[0].next: unknown beat 'nowhere'"),
        ("entry: start", "entry: begin", 5, "entry: unknown beat 'begin'"),
        ("default: plain", "default: none", 29, "choice.default: unknown branch 'none'"),
        ("stimulus: laugh", "stimulus: cry", 24, "unknown stimulus 'cry'; there are: laugh, song"),
        ("exit: 55", "exit: 65", 34, "enter 60 and exit 65 are inverted"),
        ("due_at_s: 5", "due_at_s: 7.8", 28, "deadline 7.5 s is not after due_at_s 7.8 s"),
        ("deadline_s: 7.5", "deadline_s: 9", 28, "deadline 9 s is past the end of beat 'middle'"),
        ("enter: 60", "enter: 160", 34, "eri lies in 0 … 100, got 160"),
        ("at_s: 3", "at_s: 1.0e+308", 24, "past the end of beat 'middle'"),
        ("at_s: 3", "at_s: 6", 24, "'song' lasts to 10 s, past the end of beat 'middle'"),
        ("locales: [en]", "locales: [en, fr]", 3, "has no text for locale fr"),
        ("id: song", "id: laugh", 11, "stimulus id 'laugh' is given twice"),
        ("duration_s: 10", "duration_s: 9", 6, "lasts 9 s; a baseline needs at least 10 s"),
        ("baseline: start", "baseline: middle", 6, "must be neutral; it has stimuli"),
        ("version: 1.0.0", "version: 1.0", 2, "version: Input should be a valid string, got 1.0"),
        ("intensity: 0.8", "intensity: 1.8", 33, "less than or equal to 1, got 1.8"),
        ("mandatory: true\n    stim", "mandatori: true\n    stim", 23, "Extra inputs are not"),
        ("valence: 0.6", "valence: .nan", 10, "finite number"),
        ("intensity: 0.8", "intensity: '0.8'", 33, "valid number, got '0.8'"),
        ("signal: eri", "signal: empathy", 34, "'eri', 'valence', 'arousal' or 'attention'"),
        ("id: walk", "id: A walk", 1, "should match pattern"),
    ],
)
def test_each_mistake_is_named_with_its_line(old, new, line, complaint):
    found = findings(replaced((old, new)))
    assert any(one.startswith(f"walk.yaml:{line}:") and complaint in one for one in found), found


@settings(deadline=None)
@given(st.integers(0, 9_999), st.integers(1, 9_999))
def test_a_stimulus_may_last_exactly_to_the_end_of_its_beat(at_ms, duration_ms):
    text = replaced(
        ("duration_s: 4", f"duration_s: {duration_ms / 1000}"),
        ("at_s: 3", f"at_s: {at_ms / 1000}"),
        ("    duration_s: 8\n", f"    duration_s: {(at_ms + duration_ms) / 1000}\n"),
        ("due_at_s: 5", "due_at_s: 0"),
        ("deadline_s: 7.5", "deadline_s: 0.001"),
        ("stimulus: laugh, at_s: 1}", "stimulus: laugh, at_s: 0}"),
    )
    parse_scenario(text)


def test_a_stimulus_too_short_for_a_window_is_remarked_with_the_numbers():
    loaded = parse_scenario(replaced(("duration_s: 4", "duration_s: 2.4")), source="walk.yaml")
    (remark,) = remarks(loaded, EmpathySettings())
    assert remark.startswith("walk.yaml:14: stimuli[1].duration_s: stimulus 'song' lasts 2.4 s")
    assert "never scored" in remark
    assert "2.5 s after its onset (empathy.lag_s 0.5 + empathy.window_s 2)" in remark


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({}, 0),
        ({"window_s": 3.5}, 0),  # exactly as long as the stimulus
        ({"window_s": 3.501}, 1),
        ({"lag_s": 2.001}, 1),
        ({"lag_s": 2.001, "min_target_norm": 0.5}, 0),  # its target is too small to be scored
    ],
)
def test_whether_a_stimulus_is_too_short_is_a_matter_of_the_settings(settings, count):
    assert len(remarks(parse_scenario(GOOD), EmpathySettings(**settings))) == count


@settings(deadline=None, max_examples=60)
@given(
    st.integers(1, 6_000),
    st.integers(1, 4_000).map(lambda ms: ms / 1000),
    st.integers(0, 2_000).map(lambda ms: ms / 1000),
)
def test_what_is_remarked_is_what_the_index_gives_no_window(duration_ms, window_s, lag_s):
    text = replaced(
        ("duration_s: 4", f"duration_s: {duration_ms / 1000}"),
        ("    duration_s: 8\n", "    duration_s: 20\n"),
    )
    loaded, constants = parse_scenario(text), EmpathySettings(window_s=window_s, lag_s=lag_s)
    schedule = Schedule(constants)
    song = loaded.scenario.targets[1]
    schedule.onset(1, song, 0, np.ones(1, dtype=bool))
    schedule.open_until(nanoseconds(30.0))
    assert bool(remarks(loaded, constants)) == (not schedule.open)


def test_a_cycle_is_shown_as_a_walk():
    text = GOOD.replace("    duration_s: 2\n", "    duration_s: 2\n    next: middle\n")
    assert any("cycle: middle → end → middle" in one for one in findings(text))


def test_a_beat_that_nothing_leads_to_is_unreachable():
    text = GOOD + "  - {id: attic, title: {en: Attic}, duration_s: 3}\n"
    assert any("unreachable beat 'attic'" in one for one in findings(text))


def test_mandatory_content_behind_a_gate_is_refused():
    text = GOOD.replace("to: end\n", "to: vault\n", 1) + (
        "  - {id: vault, title: {en: Vault}, duration_s: 3, mandatory: true, next: end}\n"
    )
    assert any("mandatory beat 'vault' lies behind a gate" in one for one in findings(text))
    parse_scenario(text.replace("mandatory: true, next", "next"))


def test_next_beside_a_choice_is_refused():
    text = replaced(("    choice:\n", "    next: end\n    choice:\n"))
    assert any("has both next and choice" in one for one in findings(text))


def test_a_branch_that_nothing_can_take_is_refused():
    text = GOOD + ""
    text = text.replace(
        "        - {id: plain",
        "        - {id: idle, to: end, intensity: 0.1}\n        - {id: plain",
    )
    assert any("branch 'idle' has no condition" in one for one in findings(text))


def test_a_missing_default_is_named():
    text = replaced(("      default: plain\n", ""))
    assert any("choice.default: Field required" in one for one in findings(text))


def test_all_findings_are_listed_at_once_in_the_order_of_the_lines():
    text = replaced(("next: middle", "next: nowhere"), ("default: plain", "default: none"))
    found = findings(text)
    lines = [int(one.split(":")[1]) for one in found]
    assert len(found) >= 3  # nowhere, none, and what is now unreachable
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is empty"),
        ("id: [", "is not YAML"),
        ("- just\n- a list\n", "cannot be played"),
        (b"\xff\xfe", "is not UTF-8"),
        ("id: walk\nid: walk\n", "is given twice"),
        ("title: &t {en: A}\ndescription: *t\n", "anchors and aliases are not supported"),
        ("[" * 200 + "]" * 200, "nested deeper than 32 levels"),
        ("id: 2024-13-45\n", "cannot be played"),
        ("x" * 1_000_001, "may have at most 1000000"),
        ("? [a, b]\n: c\n", "a key must be a plain word"),
        ("id: !!python/object:os.system {}\n", "cannot be played"),
        ('entry: !!int ""\n', "entry: YAML tags are not supported"),
        ("entry: !!bool perhaps\n", "entry: YAML tags are not supported"),
        ("entry: !!timestamp today\n", "entry: YAML tags are not supported"),
        ("entry: 0x" + "F" * 5_000 + "\n", "entry: is too long for a number"),
        ("entry: " + "1:" * 20_000 + "1\n", "entry: is too long for a number"),
        ("entry: " + "1:" * 200 + "0.5\n", "entry: is too long for a number"),
        ('entry: "\\U00110000"\n', "is not YAML that can be read"),
        ('entry: "\\UFFFFFFFF"\n', "is not YAML that can be read"),
    ],
)
def test_files_that_are_no_story_are_answered_with_one_clear_error(text, complaint):
    with pytest.raises(ScenarioError, match=complaint):
        parse_scenario(text)


def test_deep_nesting_cannot_exhaust_the_stack():
    with pytest.raises(ScenarioError):
        parse_scenario("[" * 100_000)


SCALARS = st.builds(
    "{}{}".format,
    st.sampled_from(["", "!!int ", "!!float ", "!!bool ", "!!null ", "!!timestamp ", "!!binary "]),
    st.one_of(
        st.text(st.sampled_from("0123456789abcdefxX:._-+eE"), min_size=1, max_size=12),
        st.text(max_size=6).map(json.dumps),
        st.integers(0, 0xFFFFFFFF).map('"\\U{:08X}"'.format),
    ),
)


@settings(max_examples=300, deadline=None)
@given(SCALARS)
def test_any_value_in_place_of_a_name_is_read_or_refused_with_findings(value):
    with contextlib.suppress(ScenarioError):
        parse_scenario(GOOD.replace("entry: start", f"entry: {value}"))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["drop", "twice", "swap", "word"]),
            st.integers(0, GOOD.count("\n") - 1),
            st.sampled_from(["{}", "[]", "null", "-1", "1e999", "start", "!!set {a}", "'", "*x"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_damaged_story_is_either_played_or_refused_with_findings(damages):
    lines = GOOD.splitlines()
    for kind, at, word in damages:
        number = at % len(lines)
        if kind == "drop":
            del lines[number]
        elif kind == "twice":
            lines.insert(number, lines[number])
        elif kind == "swap":
            lines[number], lines[-1] = lines[-1], lines[number]
        else:
            lines[number] = lines[number].split(":")[0] + ": " + word
    try:
        loaded = parse_scenario("\n".join(lines) + "\n")
    except ScenarioError:
        return
    assert end_of(loaded.scenario) > 0


def test_norwegian_is_a_language_and_not_a_refusal():
    text = replaced(("locales: [en]", "locales: ['no']"), ("{en: ", "{no: "))
    assert parse_scenario(text).scenario.title == {"no": "A walk"}


def test_an_absent_file_is_named(tmp_path: Path):
    with pytest.raises(ScenarioError, match=r"cannot read the scenario .*absent\.yaml"):
        load_scenario(tmp_path / "absent.yaml")


def test_scenarios_of_a_folder_are_listed_by_name(tmp_path: Path):
    for name in ("b.yaml", "a.yaml", "notes.txt"):
        (tmp_path / name).write_text("")
    assert [path.name for path in list_scenarios(tmp_path)] == ["a.yaml", "b.yaml"]
    assert list_scenarios(tmp_path / "absent") == ()
