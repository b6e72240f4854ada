"""What an author writes: a story of beats, stimuli and choices, as strict pydantic models.

These models check the form of each field. What needs the whole story (unknown beats, cycles,
gates) is checked in `attune.scenario.checks`, so that one reading lists every finding.
Times are seconds; affect is (valence, arousal) relative to neutral, each in [−1, 1].
"""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from attune.empathy.windows import Target as ScoredTarget

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""Names of beats, stimuli, choices and branches: lower case, digits, hyphen, underscore."""

Locale = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A BCP 47 language tag such as ``en`` or ``fr-CA``."""

Text = dict[Locale, Annotated[str, StringConstraints(min_length=1, max_length=2000)]]
"""A sentence in each of the scenario's locales."""

Affect = Annotated[float, Field(ge=-1, le=1)]
Unit = Annotated[float, Field(ge=0, le=1)]
Rating = Annotated[float, Field(ge=1, le=9)]


class Signal(StrEnum):
    """What a condition may look at; the fields of the empathy state of the same names."""

    ERI = "eri"
    VALENCE = "valence"
    AROUSAL = "arousal"
    ATTENTION = "attention"


SIGNAL_RANGE = {
    Signal.ERI: (0.0, 100.0),
    Signal.VALENCE: (-1.0, 1.0),
    Signal.AROUSAL: (-1.0, 1.0),
    Signal.ATTENTION: (0.0, 1.0),
}
"""Smallest and largest value of each signal."""


class Direction(StrEnum):
    """On which side of its threshold a condition holds."""

    ABOVE = "above"
    BELOW = "below"


class Authored(BaseModel):
    """Part of a story; unknown fields and wrong types are errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class Target(Authored):
    """The affect that the scene intends."""

    valence: Affect
    arousal: Affect


class Norm(Authored):
    """How a published sample rated the stimulus, on scales of 1 to 9 with 5 as neutral."""

    valence: Rating
    arousal: Rating
    source: str = Field(min_length=1)


class Stimulus(Authored):
    """Something shown or heard that is meant to move the visitor.

    `target` is what the scene intends and is what is scored; a norm rating may lie far from it and
    is kept beside it for the record. Without `duration_s` the stimulus is one moment (a laugh, a
    lunge) and is scored in one window; with it, in consecutive windows until it ends.
    `focus_anchor` names the place in the scene that attention to it is measured against.
    """

    id: Identifier
    title: Text
    target: Target
    norm: Norm | None = None
    duration_s: float | None = Field(None, gt=0, le=3600)
    focus_anchor: str | None = Field(None, min_length=1, max_length=128)


class Cue(Authored):
    """One presentation of a stimulus, `at_s` seconds into its beat."""

    stimulus: Identifier
    at_s: float = Field(ge=0)


class Condition(Authored):
    """When a branch is wanted: the signal passes `enter` and has not come back through `exit`
    for `dwell_s` seconds on end, each of them at `min_confidence` or better."""

    signal: Signal
    direction: Direction
    enter: float
    exit: float
    dwell_s: float = Field(1.0, ge=0, le=60)
    min_confidence: Unit = 0.25


class Branch(Authored):
    """One way on from a choice. `intensity` is authored: how hard the scene behind it is."""

    id: Identifier
    to: Identifier
    intensity: Unit
    title: Text | None = None
    condition: Condition | None = None


class Choice(Authored):
    """A decision point of a beat: open from `due_at_s` to `deadline_s`, both seconds into the beat.

    At the deadline `default` is taken. For `cool_down_s` after the last adaptive decision of the
    story, this choice's own or another's, this choice does not adapt: the time is that of the
    choice that waits, whatever the one that adapted says.
    """

    id: Identifier
    due_at_s: float = Field(ge=0)
    deadline_s: float = Field(gt=0)
    default: Identifier
    cool_down_s: float = Field(0.0, ge=0, le=3600)
    branches: tuple[Branch, ...] = Field(min_length=1, max_length=16)

    def branch(self, branch_id: str) -> Branch | None:
        """The branch of that name, or None."""
        return next((branch for branch in self.branches if branch.id == branch_id), None)


class Beat(Authored):
    """One scene of the story. It goes on to `next`, or where its choice leads, or ends the story.

    A `mandatory` beat is content that every visitor must meet, whatever their face shows.
    """

    id: Identifier
    title: Text
    duration_s: float = Field(gt=0, le=3600)
    mandatory: bool = False
    intensity: Unit = 0.0
    stimuli: tuple[Cue, ...] = Field((), max_length=256)
    next: Identifier | None = None
    choice: Choice | None = None


class Scenario(Authored):
    """A whole story. `baseline` names the neutral beat in which the visitor's own resting
    expression is learned; `labels` are free notes for catalogues."""

    id: Identifier
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: Text
    description: Text | None = None
    locales: tuple[Locale, ...] = Field(min_length=1)
    labels: dict[str, str] = Field(default_factory=dict)
    entry: Identifier
    baseline: Identifier | None = None
    stimuli: tuple[Stimulus, ...] = Field(max_length=1024)
    beats: tuple[Beat, ...] = Field(min_length=1, max_length=1024)

    def beat(self, beat_id: str) -> Beat | None:
        """The beat of that name, or None."""
        return next((beat for beat in self.beats if beat.id == beat_id), None)

    def stimulus(self, stimulus_id: str) -> Stimulus | None:
        """The stimulus of that name, or None."""
        return next((one for one in self.stimuli if one.id == stimulus_id), None)

    @property
    def targets(self) -> tuple[ScoredTarget, ...]:
        """The stimuli as the empathy index scores them."""
        return tuple(
            ScoredTarget(one.id, one.target.valence, one.target.arousal, one.duration_s)
            for one in self.stimuli
        )

    @property
    def choices(self) -> tuple[Choice, ...]:
        """All choices in the order of their beats."""
        return tuple(beat.choice for beat in self.beats if beat.choice is not None)
