"""The distress guard needs five seconds and enough evidence, and lets go as slowly."""

import numpy as np

from attune.empathy.distress import DistressGuard


def observed(slots, valence=-0.7, arousal=0.7, confidence=0.4, guard=None):
    """A guard after so many slots of one visitor."""
    guard = guard or DistressGuard(1)
    for _ in range(slots):
        guard.observe(np.array([valence]), np.array([arousal]), np.array([confidence]))
    return guard


def test_signs_that_last_five_seconds_raise_the_guard():
    assert not observed(49).holds[0]
    assert observed(50).holds[0]


def test_signs_without_evidence_do_not():
    assert not observed(200, confidence=0.24).holds[0]


def test_unpleasant_but_calm_or_aroused_but_pleasant_is_no_distress():
    assert not observed(200, arousal=0.4).holds[0]
    assert not observed(200, valence=0.4).holds[0]


def test_an_interruption_starts_the_five_seconds_anew():
    guard = observed(40)
    observed(1, valence=0.0, guard=guard)
    assert not observed(49, guard=guard).holds[0]
    assert observed(1, guard=guard).holds[0]


def test_the_guard_lets_go_after_five_seconds_without_signs():
    guard = observed(60)
    assert observed(49, valence=0.0, guard=guard).holds[0]
    assert not observed(1, valence=0.0, guard=guard).holds[0]


def test_visitors_are_guarded_one_by_one():
    guard = DistressGuard(2)
    for _ in range(50):
        guard.observe(np.array([-0.7, 0.7]), np.array([0.7, 0.7]), np.array([0.4, 0.4]))
    assert guard.holds.tolist() == [True, False]
