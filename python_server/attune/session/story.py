"""What the visitor's evidence does to the story: index, director and personal baseline together."""

from collections.abc import Sequence

from attune.config import EmpathySettings
from attune.empathy.evidence import Evidence
from attune.empathy.index import EmpathyIndex
from attune.empathy.state import EmpathyState
from attune.empathy.windows import Target
from attune.errors import InputError
from attune.scenario.director import Director
from attune.scenario.events import BeatEntered, ChoiceDue, SceneEvent, StimulusOffset, StimulusOnset
from attune.scenario.outlook import ChoiceOutlook
from attune.scenario.schema import Scenario
from attune.session.inputs import BaselineAction, OperatorInput
from attune.session.outputs import (
    BaselineProgress,
    DecisionMade,
    Noticed,
    NoticeKind,
    Output,
    SlotClosed,
)


class Story:
    """Consumes closed slots and scene events, in order; answers with outputs.

    `scenario` None means that the scene runs on its local defaults: evidence is still summed up,
    nothing is scored or proposed.
    """

    def __init__(self, scenario: Scenario | None, settings: EmpathySettings) -> None:
        self._scenario = scenario
        stimuli = () if scenario is None else scenario.stimuli
        self._index = EmpathyIndex(
            settings,
            [
                Target(one.id, one.target.valence, one.target.arousal, one.duration_s)
                for one in stimuli
            ],
        )
        self._director = None if scenario is None else Director(scenario)
        self._analysing = False
        self._learning = False
        self._baseline_step = 0
        self._warned = False
        self.state: EmpathyState = self._index.state()
        """The empathy state after the last closed slot."""
        self.decisions = 0
        """Decisions made so far."""

    @property
    def beat_id(self) -> str:
        """The beat that the scene entered last; empty before the first."""
        return "" if self._director is None else self._director.beat_id

    def outlook(self, now_ns: int) -> tuple[ChoiceOutlook, ...]:
        """How the choices stand; empty without a story."""
        return () if self._director is None else self._director.outlook(now_ns)

    def allow_analysis(self, allowed: bool) -> None:
        """Whether consent covers analysis. Withdrawing it forgets affect and baseline."""
        if self._analysing and not allowed:
            self._index.reset()
            self._learning = False
            self.state = self._index.state()
        self._analysing = allowed
        if self._director is not None:
            self._director.set_analysis(allowed)

    def take_in(self, closed: Sequence[Evidence], now_ns: int) -> list[Output]:
        """Hand closed slots to index and director, each slot once and in order."""
        outputs: list[Output] = []
        if not self._analysing:
            return outputs
        for evidence in closed:
            self._index.observe(evidence)
            self.state = self._index.state()
            if self._director is not None:
                self._director.observe(self.state)
            outputs.append(SlotClosed(now_ns, evidence))
            outputs += self._learn(now_ns)
        return outputs

    def decide(self, now_ns: int) -> list[Output]:
        """Decisions that can be made now."""
        if self._director is None:
            return []
        decisions = self._director.decide(now_ns)
        self.decisions += len(decisions)
        return [DecisionMade(now_ns, decision) for decision in decisions]

    def event(self, event: SceneEvent, now_ns: int) -> list[Output]:
        """Take in what the scene reports; raises InputError for names the scenario lacks."""
        if self._director is None:
            return []
        outputs: list[Output] = []
        match event:
            case StimulusOnset():
                self._index.stimulus_onset(event.stimulus_id, event.time_ns)
                outputs += self._warn_without_baseline(now_ns)
            case StimulusOffset():
                self._index.stimulus_offset(event.stimulus_id, event.time_ns)
            case ChoiceDue() if event.deadline_ns < event.time_ns:
                raise InputError(
                    "event.deadline_passed",
                    f"the deadline of {event.choice_id!r} lies before the choice falls due",
                )
            case _:
                pass
        self._director.handle(event)
        if isinstance(event, BeatEntered):
            outputs += self._expose_baseline(event, now_ns)
        return outputs + self.decide(now_ns)

    def operate(self, given: OperatorInput, now_ns: int) -> list[Output]:
        """An operator chose; raises InputError where that is not possible any more."""
        if self._director is None:
            raise InputError("operator.no_story", "the session follows no scenario of the server")
        if not self._director.operator(given.choice_id, given.occurrence, given.branch_id):
            raise InputError(
                "operator.too_late",
                f"choice {given.choice_id!r} ({given.occurrence}) is already decided",
            )
        return self.decide(now_ns)

    def pause(self, time_ns: int) -> None:
        """Evidence stands still."""
        self._index.pause(time_ns)
        self.state = self._index.state()

    def resume(self, time_ns: int) -> None:
        """Evidence goes on."""
        self._index.resume(time_ns)
        self.state = self._index.state()

    def calibrate(self, action: BaselineAction, time_ns: int, now_ns: int) -> list[Output]:
        """Start, finish or forget the personal baseline; raises InputError without consent."""
        if not self._analysing:
            raise InputError(
                "calibration.no_consent", "a baseline needs the consent 'analyse' in force"
            )
        match action:
            case BaselineAction.START:
                self._index.baseline_start(time_ns)
                self._learning, self._baseline_step = True, 0
            case BaselineAction.FINISH:
                # Its last slots are still to close, so it is in force a moment later.
                self._index.baseline_finish(time_ns)
                return []
            case BaselineAction.RESET:
                self._learning = False
                self._index.baseline_reset()
                self.state = self._index.state()
        return [BaselineProgress(now_ns, action, 0.0, in_force=False)]

    def _learn(self, now_ns: int) -> list[Output]:
        """Tell how far the personal baseline is, in steps of a tenth, and when it is in force."""
        if not self._learning:
            return []
        if not self._index.baseline_running:
            self._learning = False
            ready = self.state.baseline_ready
            done = BaselineProgress(now_ns, BaselineAction.FINISH, float(ready), ready)
            return [done, *self._warn_without_baseline(now_ns)]
        fraction = self._index.baseline_progress
        step = int(10 * fraction)
        if step == self._baseline_step:
            return []
        self._baseline_step = step
        return [BaselineProgress(now_ns, BaselineAction.START, fraction, in_force=False)]

    def _expose_baseline(self, event: BeatEntered, now_ns: int) -> list[Output]:
        """The scenario's neutral beat teaches the visitor's own resting expression."""
        if self._scenario is None or self._scenario.baseline is None or not self._analysing:
            return []
        neutral = event.beat_id == self._scenario.baseline
        action = BaselineAction.START if neutral else BaselineAction.FINISH
        return self.calibrate(action, event.time_ns, now_ns)

    def _warn_without_baseline(self, now_ns: int) -> list[Output]:
        if self._warned or self._learning or self.state.baseline_ready or not self._analysing:
            return []
        self._warned = True
        return [Noticed(now_ns, NoticeKind.NO_BASELINE)]
