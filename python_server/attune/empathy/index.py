"""The Expressive Resonance Index of V visitors at once: one live, thousands in simulation.

With evidence c_k and score e_k of the window of stimulus k, half-life h and λ = .5^(1/h):
N_t = Σ λ^(t−t_k) c_k and ERI_t = 50 + 50·Σ λ^(t−t_k) c_k e_k / (w₀ + N_t); the confidence is
N_t / (w₀ + N_t). Sums run in a fixed order over fixed-point evidence, so that the same records
give the same numbers on every machine, for one visitor and for many.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attune.config import EmpathySettings
from attune.empathy.attention import attention_units
from attune.empathy.batch import SlotBatch
from attune.empathy.distress import DistressGuard
from attune.empathy.evidence import UNIT, Evidence
from attune.empathy.history import Closed, History
from attune.empathy.population import Population, shipped_population
from attune.empathy.recent import Recent
from attune.empathy.reference import PersonalReference
from attune.empathy.state import Component, Contribution, EmpathyState, EriStatus
from attune.empathy.synchrony import Courses, NormGroup
from attune.empathy.windows import Mask, Schedule, Target, Window
from attune.errors import InputError
from attune.timeline import NS_PER_S, SLOT_NS, slot_start_ns

TOP_CONTRIBUTIONS = 3
MAX_GAP_SLOTS = 36_000
"""Slots that may be missing in a row: an hour."""

WITHOUT_BASELINE = 0.5
"""Evidence counts half while only the population's resting values are known."""


class EmpathyIndex:
    """Scores what visitors' faces show against what the scene intends.

    Feed it `stimulus_onset`/`offset` as they happen and every closed slot to `observe`; slots that
    never come count as untracked.
    """

    def __init__(
        self,
        settings: EmpathySettings,
        stimuli: Sequence[Target],
        visitors: int = 1,
        population: Population | None = None,
        norms: Sequence[NormGroup] = (),
    ) -> None:
        self._settings = settings
        self._stimuli = tuple(stimuli)
        self._numbers = {one.stimulus_id: number for number, one in enumerate(stimuli)}
        self._norms = {self._number(one.stimulus_id): one for one in norms}
        self._visitors = visitors
        self._everyone = np.ones(visitors, dtype=bool)
        self._reference = PersonalReference(settings, population or shipped_population(), visitors)
        self.reset()

    def reset(self) -> None:
        """Forget everything about the visitors: affect, evidence and baseline."""
        self._reference.reset()
        self._schedule = Schedule(self._settings)
        self._courses = Courses(self._norms, self._visitors)
        self._recent = Recent(self._visitors)
        self._distress = DistressGuard(self._visitors)
        self._history = History(len(self._stimuli), self._visitors, self._decay(SLOT_NS))
        self._slot: int | None = None
        self._pauses: list[tuple[int, int | None]] = []

    @property
    def visitors(self) -> int:
        """V."""
        return self._visitors

    @property
    def baseline_ready(self) -> NDArray[np.bool_]:
        """Whose own baseline is in force, (V,)."""
        return self._reference.ready

    @property
    def baseline_progress(self) -> float:
        """Share of the shortest sufficient neutral exposure that has passed, in [0, 1]."""
        return self._reference.progress

    @property
    def baseline_running(self) -> bool:
        """Whether a neutral exposure is under way."""
        return self._reference.running

    def baseline_start(self, time_ns: int) -> None:
        """A neutral exposure begins."""
        self._reference.start(self._still(time_ns))

    def baseline_finish(self, time_ns: int) -> None:
        """The neutral exposure ends."""
        self._reference.finish(self._still(time_ns))

    def baseline_reset(self) -> None:
        """Forget the baseline."""
        self._reference.reset()

    def stimulus_onset(self, stimulus_id: str, time_ns: int, members: Mask | None = None) -> None:
        """A stimulus begins for all visitors or for `members`, (V,) bool."""
        number = self._number(stimulus_id)
        target = self._stimuli[number]
        if 0 < target.norm >= self._settings.min_target_norm:
            shown_to = self._everyone if members is None else members
            begin_ns = time_ns if target.duration_s is None else self._still(time_ns)
            self._schedule.onset(number, target, begin_ns, shown_to)
            self._courses.onset(number, begin_ns, shown_to)

    def stimulus_offset(self, stimulus_id: str, time_ns: int, members: Mask | None = None) -> None:
        """A lasting stimulus ends; for a moment, which has no end, nothing happens."""
        shown_to = self._everyone if members is None else members
        self._schedule.offset(self._number(stimulus_id), self._still(time_ns), shown_to)

    def _number(self, stimulus_id: str) -> int:
        number = self._numbers.get(stimulus_id)
        if number is None:
            known = ", ".join(self._numbers) or "none"
            raise InputError(
                "event.unknown_stimulus",
                f"unknown stimulus {stimulus_id!r}; the scenario has: {known}",
            )
        return number

    def pause(self, time_ns: int) -> None:
        """Evidence stands still from here until `resume`."""
        if not self._paused:
            self._pauses.append((time_ns, None))
            self._schedule.pause(time_ns)

    def resume(self, time_ns: int) -> None:
        """The session goes on."""
        if self._paused:
            began_ns, _ = self._pauses.pop()
            self._pauses.append((began_ns, time_ns))
            self._schedule.resume(time_ns, time_ns - began_ns)
            self._reference.resume(began_ns, time_ns - began_ns)

    @property
    def _paused(self) -> bool:
        return bool(self._pauses) and self._pauses[-1][1] is None

    def _still(self, time_ns: int) -> int:
        """The time, or in a pause its beginning: what lasts neither goes on nor ends later."""
        return min(time_ns, self._pauses[-1][0]) if self._paused else time_ns

    def _in_pause(self, slot: int) -> bool:
        begin_ns = slot_start_ns(slot)
        return any(
            begin_ns + SLOT_NS > since and (until is None or begin_ns < until)
            for since, until in self._pauses
        )

    def observe(self, evidence: Evidence | SlotBatch) -> None:
        """Take in the next closed slot; slots left out before it count as untracked.

        Raises InputError for a slot that was already taken in, and for one that lies more than
        an hour ahead, which only a broken clock or record can bring.
        """
        batch = SlotBatch.of([evidence]) if isinstance(evidence, Evidence) else evidence
        if batch.visitors != self._visitors:
            raise ValueError(f"expected {self._visitors} visitors, got {batch.visitors}")
        if self._slot is not None:
            if batch.slot <= self._slot:
                raise InputError(
                    "evidence.out_of_order",
                    f"expected a slot after {self._slot}, got slot {batch.slot}",
                )
            if batch.slot > self._slot + MAX_GAP_SLOTS:
                raise InputError(
                    "evidence.gap",
                    f"expected a slot at most {MAX_GAP_SLOTS} after {self._slot}, got slot "
                    f"{batch.slot}",
                )
            for missing in range(self._slot + 1, batch.slot):
                self._observe(SlotBatch.empty(missing, self._visitors))
        self._observe(batch)

    def _observe(self, batch: SlotBatch) -> None:
        self._slot = batch.slot
        end_ns = slot_start_ns(batch.slot) + SLOT_NS
        if self._in_pause(batch.slot):
            self._close(end_ns)
            return
        self._history.fade()
        self._reference.observe(batch)
        self._courses.observe(batch)
        attention = attention_units(batch.focus_angle_cdeg)
        valence, arousal = self._reference.deviation(batch)
        self._schedule.open_until(end_ns)
        if self._schedule.open:
            reach = self._reference.range(batch)
            for window in self._schedule.open:
                toward_valence, toward_arousal = self._stimuli[window.stimulus].direction
                along = valence * toward_valence + arousal * toward_arousal
                window.add(batch, along, reach, attention)
        self._close(end_ns)
        distance = np.minimum(np.sqrt(valence * valence + arousal * arousal), 1.0)
        self._recent.observe(batch, distance, attention)
        self._distress.observe(self._recent.valence, self._recent.arousal, self.confidence)

    def _close(self, time_ns: int) -> None:
        for window in self._schedule.close(time_ns):
            self._score(window, time_ns)

    def _score(self, window: Window, time_ns: int) -> None:
        means = window.means(self._schedule.window_ns)
        known = np.where(self._reference.ready, 1.0, WITHOUT_BASELINE)
        potential = np.where(window.members, window.weight * known, 0.0)
        closed = Closed(
            window.onset_ns / NS_PER_S,
            self._stimuli[window.stimulus].direction,
            self._decay(max(0, time_ns - window.onset_ns)) * potential,
            (means.quality / UNIT) * (means.attention / UNIT),
            means.along,
            means.steepness,
            self._courses.synchrony(window.stimulus),
        )
        self._history.add(window.stimulus, closed)

    def _decay(self, age_ns: int) -> float:
        """λ^age, rounded so that every machine's power function gives the same number."""
        return round(math.pow(0.5, age_ns / NS_PER_S / self._settings.half_life_s), 12)

    @property
    def confidence(self) -> NDArray[np.float64]:
        """N/(w₀ + N) of each visitor, (V,) in [0, 1)."""
        return self._history.evidence / (self._settings.prior_weight + self._history.evidence)

    @property
    def eri(self) -> NDArray[np.float64]:
        """The index of each visitor, (V,) in [0, 100]."""
        total = self._settings.prior_weight + self._history.evidence
        return 50.0 + 50.0 * self._history.moved / total

    @property
    def distress(self) -> NDArray[np.bool_]:
        """For whom the distress guard holds, (V,)."""
        return self._distress.holds

    def state(self, visitor: int = 0) -> EmpathyState:
        """The state of one visitor at the end of the last slot."""
        settings, history = self._settings, self._history
        confidence = float(self.confidence[visitor])
        eri = float(self.eri[visitor])
        evidence = float(history.evidence[visitor])
        scale = 50.0 / (settings.prior_weight + evidence)
        spread = history.spread(visitor, self._reference.rest(visitor), settings.prior_weight)
        low, high = eri + scale * spread.low, eri + scale * spread.high
        status = EriStatus.ABSTAIN if confidence < settings.abstain_below else EriStatus.OK
        paused = self._paused or (self._slot is not None and self._in_pause(self._slot))
        return EmpathyState(
            slot=-1 if self._slot is None else self._slot,
            eri=eri,
            confidence=confidence,
            status=EriStatus.PAUSED if paused else status,
            interval=(max(0.0, low), min(100.0, high)),
            affective=self._component(history.resonance[visitor], evidence),
            associative=self._component(
                history.synchrony[visitor], float(history.synchrony_evidence[visitor])
            ),
            cognitive=Component(None, 0.0),
            valence=float(self._recent.valence[visitor]),
            arousal=float(self._recent.arousal[visitor]),
            intensity=float(self._recent.intensity[visitor]),
            attention=float(self._recent.attention[visitor]),
            baseline_ready=bool(self._reference.ready[visitor]),
            distress=bool(self._distress.holds[visitor]),
            contributions=self._contributions(visitor, scale),
        )

    def _component(self, moved: float, evidence: float) -> Component:
        if evidence <= 0:
            return Component(None, 0.0)
        return Component(
            float(moved) / evidence, evidence / (self._settings.prior_weight + evidence)
        )

    def _contributions(self, visitor: int, scale: float) -> tuple[Contribution, ...]:
        evidence = self._history.evidence_by_stimulus[:, visitor]
        moved = self._history.moved_by_stimulus[:, visitor]
        order = np.argsort(-np.abs(moved), kind="stable")
        return tuple(
            Contribution(
                self._stimuli[number].stimulus_id,
                scale * float(moved[number]),
                float(evidence[number]),
                float(moved[number] / evidence[number]),
            )
            for number in order[:TOP_CONTRIBUTIONS]
            if evidence[number] > 0
        )
