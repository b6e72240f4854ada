"""Running along with a norm group, ranked against one's own course at other times."""

import numpy as np
import pytest

from attune.config import EmpathySettings
from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import Evidence
from attune.empathy.index import EmpathyIndex
from attune.empathy.synchrony import NormGroup, synchrony
from attune.empathy.windows import Target

TIME_S = np.arange(200) * 0.1
SHARED = np.stack(
    (np.exp(-(((TIME_S - 8) / 1.5) ** 2)), 0.5 * np.exp(-(((TIME_S - 13) / 1.0) ** 2))), axis=1
)


def smooth(draw, count=1, length=200, memory=15):
    """Courses that only chance shapes, slowly."""
    noise = draw.standard_normal((count, length + memory, 2))
    kernel = np.ones(memory) / np.sqrt(memory)
    return np.stack(
        [
            np.stack([np.convolve(one[:, axis], kernel, "valid")[:length] for axis in range(2)], 1)
            for one in noise
        ]
    )


def group(seed=0, count=24):
    """A norm group that shares one course."""
    draw = np.random.default_rng(seed)
    return NormGroup("film", SHARED + 0.3 * smooth(draw, count))


def test_a_visitor_who_runs_along_ranks_at_the_top_and_one_against_at_the_bottom():
    norm = group().mean()
    assert synchrony(SHARED, norm) > 0.95
    assert synchrony(-SHARED, norm) < -0.9


def test_courses_of_chance_rank_about_zero_however_slow_they_are():
    norm = group().mean()
    ranks = [synchrony(one, norm) for one in smooth(np.random.default_rng(1), 300)]
    assert np.mean(ranks) == pytest.approx(0.0, abs=0.1)
    assert np.mean(np.array(ranks) > 0.9) == pytest.approx(0.05, abs=0.035)


def test_size_and_rest_of_a_face_do_not_matter():
    norm = group().mean()
    course = SHARED + 0.5 * smooth(np.random.default_rng(2))[0]
    assert synchrony(0.1 * course + 0.4, norm) == pytest.approx(synchrony(course, norm))


def test_a_still_face_is_neither_with_nor_against():
    assert synchrony(np.zeros((200, 2)), group().mean()) == 0.0


def test_a_member_is_left_out_of_the_mean_it_is_compared_with():
    one = group()
    others = np.delete(one.courses, 3, axis=0).mean(axis=0)
    assert np.allclose(one.mean(leave_out=3), others)


def test_fewer_than_twenty_people_make_no_norm():
    with pytest.raises(ValueError, match=r"n ≥ 20, T, 2\), got \(19, 200, 2\)"):
        group(count=19)


def run(norms, course):
    """The state after a film of 20 s in which a visitor's face took a course."""
    index = EmpathyIndex(
        EmpathySettings(), [Target("film", 0.6, 0.3, 20.0)], visitors=1, norms=norms
    )
    index.stimulus_onset("film", 0)
    for slot in range(200):
        valence, arousal = (round(2_000 * value) for value in course[slot])
        index.observe(Evidence(slot, valence, arousal, 6_000, 1, (), -1, 1, 1))
    return index.state()


def test_without_norms_the_associative_component_is_not_measured():
    state = run((), SHARED)
    assert (state.associative.value, state.associative.confidence) == (None, 0.0)


def test_with_norms_synchrony_is_a_component_and_has_its_share_in_the_index():
    alone, together = run((), SHARED), run((group(),), SHARED)
    assert together.associative.value > 0.5
    assert 0 < together.associative.confidence < together.affective.confidence
    assert together.affective == alone.affective
    assert together.eri > alone.eri


def faces(slot, *courses):
    """One slot of visitors whose film began at the first slot of their course."""
    return SlotBatch.of(
        [
            Evidence(
                slot, *(round(2_000 * value) for value in course[slot]), 6_000, 1, (), -1, 1, 1
            )
            for course in courses
        ]
    )


def began_at(slots):
    """The shared course after so much of something else."""
    return np.concatenate((smooth(np.random.default_rng(7))[0][:slots], SHARED))[:200]


@pytest.mark.parametrize("told_at", [0, 22, 30])
def test_a_course_begins_with_its_stimulus_however_far_behind_the_slots_are(told_at):
    index = EmpathyIndex(EmpathySettings(), [Target("film", 0.6, 0.3, 20.0)], norms=(group(),))
    for slot in range(200):
        if slot == told_at:
            index.stimulus_onset("film", 3_000_000_000)
        index.observe(faces(slot, began_at(30)))
    assert index.state().associative.value > 0.95


def test_a_film_that_begins_for_one_visitor_leaves_the_courses_of_others_alone():
    films = [Target("film", 0.6, 0.3, 20.0)]
    together = EmpathyIndex(EmpathySettings(), films, visitors=2, norms=(group(),))
    alone = [EmpathyIndex(EmpathySettings(), films, norms=(group(),)) for _ in range(2)]
    for slot in range(200):
        for visitor, onset in enumerate((0, 70)):
            if slot == onset:
                together.stimulus_onset("film", onset * 10**8, np.arange(2) == visitor)
                alone[visitor].stimulus_onset("film", onset * 10**8)
        seen = faces(slot, began_at(0), began_at(70))
        together.observe(seen)
        for visitor, index in enumerate(alone):
            index.observe(seen.only(visitor))
    for visitor, index in enumerate(alone):
        assert index.state().associative.value > 0.5
        assert together.state(visitor).associative == index.state().associative
