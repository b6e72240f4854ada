"""A crowd of visitors: who is filmed, who ended where they belong, and what was read as what."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from attune.config import Settings
from attune.scenario.loading import load_scenario
from attune.scenario.visitor_face import EXPRESSIONS
from tools.visitors import crowd
from tools.visitors.errors import OutputError
from tools.visitors.headsets import HEADSET_KINDS
from tools.visitors.performance import way_of
from tools.visitors.trial import Trial, frames_of, run_trial
from tools.visitors.trial_report import write_report
from tools.visitors.verdict import (
    SHOWN,
    at_end,
    at_last_choice,
    confusion,
    drawn_expression,
    groups,
    on_right_side,
    share,
    wilson,
)

LABELS = ("neutral", "happy", "sad")


def _trial(visitor: str, eri: float, *, seed: int = 201, status: str = "ok") -> Trial:
    return Trial(
        visitor=visitor,
        headset="quest",
        identity=seed,
        skin_tone=1 + seed % 10,
        soft=seed % 2 == 0,
        eri=eri,
        confidence=0.4,
        status=status,
        branches=("come-close",),
        beats=("hall",),
        last_choice=(eri + 5.0, 0.5),
        path=np.array([(0.1, 50.0, 0.0), (0.2, eri, 0.4)]),
        moved={"toddler-laughing": (eri - 50.0, 0.6, 0.5)},
        found=1.0,
        named=0.8,
        shown=np.array([(0.0, 0.0), (0.5, 0.31), (0.2, 0.12)]),
        read=np.array([(0.0, 0.0), (0.4, 0.3), (0.1, 0.1)]),
        labels=LABELS,
        probabilities=np.array([(0.8, 0.1, 0.1), (0.1, 0.8, 0.1), (0.3, 0.3, 0.4)]),
    )


@pytest.mark.parametrize(
    ("visitor", "eri", "right"),
    [
        ("resonant", 50.1, True),
        ("resonant", 50.0, False),
        ("counter", 49.9, True),
        ("counter", 50.0, False),
        ("detached", 43.0, True),
        ("detached", 57.1, False),
    ],
)
def test_each_kind_of_visitor_has_a_side(visitor: str, eri: float, right: bool) -> None:
    assert on_right_side(visitor, eri) is right


def test_the_interval_is_wilsons() -> None:
    # Newcombe (1998), table I: 81 of 263
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(20, 20)[1] == pytest.approx(1.0)
    assert all(math.isnan(bound) for bound in wilson(0, 0))


def test_a_share_counts_who_is_right_and_who_is_unsure() -> None:
    trials = [_trial("counter", 40.0), _trial("counter", 48.0, status="abstain")]
    trials.append(_trial("counter", 52.0))
    end, last = share(trials, at_end), share(trials, at_last_choice)
    assert (end.n, end.right, end.unsure) == (3, 2, 1)
    assert last.right == 1
    assert end.interval == wilson(2, 3)


def test_every_person_is_filmed_as_every_kind_in_one_headset() -> None:
    cast = list(crowd.roles(range(201, 221)))
    assert len(set(cast)) == 60
    for seed in range(201, 221):
        mine = [one for one in cast if one.seed == seed]
        assert {one.visitor for one in mine} == set(crowd.KINDS)
        assert len({one.headset for one in mine}) == 1
    worn = [one.headset for one in cast]
    assert all(worn.count(kind) == 12 for kind in HEADSET_KINDS)


def test_a_face_is_called_by_the_expression_that_it_mostly_shows() -> None:
    angles = np.radians([angle for _, angle in EXPRESSIONS])
    full = 0.6 * np.stack([np.cos(angles), np.sin(angles)], 1)
    assert [SHOWN[row] for row in drawn_expression(full)] == [name for name, _ in EXPRESSIONS]
    assert (drawn_expression(0.1 * full) == SHOWN.index("neutral")).all()
    assert (drawn_expression(0.4 * full) == -1).all()
    middle = np.radians((EXPRESSIONS[2][1] + EXPRESSIONS[3][1]) / 2)
    between = 0.6 * np.array([[np.cos(middle), np.sin(middle)]])
    assert SHOWN[drawn_expression(between)[0]] == "between two"


def test_the_table_leaves_faint_faces_out_and_counts_films() -> None:
    table = confusion([_trial("resonant", 60.0), _trial("counter", 40.0)])
    joy = table.shown.index("joy")
    assert table.frames.sum() == 4
    assert table.frames[joy].tolist() == [0, 2, 0]
    assert table.visitors[joy] == 2
    np.testing.assert_allclose(table.affect[joy], (0.5, 0.31, 0.4, 0.3))


def test_the_report_holds_every_group_and_film(tmp_path: Path) -> None:
    trials = [
        _trial(kind, eri, seed=seed)
        for seed in (201, 202)
        for kind, eri in (("resonant", 65.0), ("detached", 51.0), ("counter", 38.0))
    ]
    page, figures, picture = write_report(tmp_path / "out", trials, {"expression model": "none"})
    text = page.read_text()
    assert "| visitor | resonant | 2 | 2/2 = 100% [34%, 100%]" in text
    assert "- expression model: none" in text
    record = json.loads(figures.read_text())
    assert len(record["trials"]) == 6
    assert {one["group"] for one in record["groups"]} == {
        name for _, name, part in groups(trials) if part
    }
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_folder_without_clips_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="trial render"):
        crowd.read_crowd(tmp_path)


def test_a_film_stays_on_its_way_whatever_is_decided(repository: Path) -> None:
    loaded = load_scenario(repository / "examples/scenarios/memorial.yaml")
    way = way_of(loaded.scenario, "resonant")
    assert way == {
        "after-the-street": "come-close",
        "at-the-door": "go-inside",
        "how-to-leave": "light-a-candle",
    }
    clip = repository / "examples/visitors/2-detached-headset.mp4"
    # every fifth frame: what was filmed at 10 a second arrives at 2, and nothing is sure enough
    frames = [one for number, one in enumerate(frames_of(clip)) if number % 5 == 0]
    trial = run_trial(frames, loaded, Settings(), way)
    assert trial.branches == ("pass-by", "stay-outside", "read-on")
    assert {"ward", "cell", "candle"} < set(trial.beats)
    assert not {"parade", "corridor", "reading"} & set(trial.beats)


def test_a_mirror_image_of_the_visitor_has_the_same_index(repository: Path) -> None:
    examples = repository / "examples"
    story = load_scenario(examples / "scenarios" / "memorial.yaml")
    [film] = (examples / "visitors").glob("1-*.mp4")
    seen = [one for number, one in enumerate(frames_of(film)) if number % 3 == 0]
    way = way_of(story.scenario, "resonant")

    plain = run_trial(seen, story, Settings(), way)
    mirrored = run_trial(
        ((np.ascontiguousarray(image[:, ::-1]), truth) for image, truth in seen),
        story,
        Settings(),
        way,
    )

    assert plain.eri > 60
    assert abs(mirrored.eri - plain.eri) < 3
    assert len(mirrored.read) == len(plain.read)
    assert np.abs(mirrored.read - plain.read).mean() < 0.05
