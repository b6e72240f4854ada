"""Everything that the pipeline can answer; each shell turns it into messages, files or pictures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from attune.empathy.evidence import Evidence
from attune.empathy.state import EmpathyState
from attune.expression.expression import Expression
from attune.scenario.events import Decision
from attune.session.consent import ConsentScope
from attune.session.inputs import BaselineAction, EndReason
from attune.vision.face import Box, Face, FaceCrop, HeadPose


class Disposition(StrEnum):
    """What became of a frame."""

    ANALYSED = "analysed"
    DROPPED = "dropped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FrameSettled:
    """A frame was analysed, dropped or refused.

    Boxes are pixels of the upright image: `wearer` the wearer's face, None where it was not found;
    `bystanders` the other faces that the tracker met. Before the frame is stored, they and whoever
    else is found in it are blacked out.
    """

    time_ns: int
    sequence: int
    disposition: Disposition
    bystanders: tuple[Box, ...] = ()
    wearer: Box | None = None


@dataclass(frozen=True, slots=True)
class StateUpdate:
    """Everything known after one frame, or after one slot when there was no frame (sequence 0).

    `bystanders` are the faces a pass-through camera saw; they never feed anything else here.
    """

    time_ns: int
    frame_sequence: int
    face: Face | None
    pose: HeadPose | None
    expression: Expression | None
    crop: FaceCrop | None
    empathy: EmpathyState
    beat_id: str
    bystanders: tuple[Face, ...] = ()


@dataclass(frozen=True, slots=True)
class SlotClosed:
    """A slot's evidence was handed to the index and the director."""

    time_ns: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """The director proposes a branch."""

    time_ns: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class ConsentInForce:
    """A consent change holds from here on."""

    time_ns: int
    revision: int
    scopes: frozenset[ConsentScope]
    withdrawn: frozenset[ConsentScope]
    last_analysed_sequence: int


@dataclass(frozen=True, slots=True)
class BaselineProgress:
    """How far the personal baseline is, `fraction` in [0, 1]."""

    time_ns: int
    action: BaselineAction
    fraction: float
    in_force: bool


class NoticeKind(StrEnum):
    """What a notice is about; the values are the contract's codes in lower case."""

    FRAME_REFUSED = "frame_refused"
    EVENT_REFUSED = "event_refused"
    SCENARIO_MISMATCH = "scenario_mismatch"
    NO_BASELINE = "no_baseline"
    RECORDING_STOPPED = "recording_stopped"
    CAMERA_LOST = "camera_lost"
    CAMERA_BACK = "camera_back"
    FRAME_RATE_LIMITED = "frame_rate_limited"
    SHUTTING_DOWN = "shutting_down"
    INPUT_REFUSED = "input_refused"
    DELETION_OFFERED = "deletion_offered"
    ANALYSIS_FAILED = "analysis_failed"
    ANALYSIS_LOCKED = "analysis_locked"


@dataclass(frozen=True, slots=True)
class Noticed:
    """A machine-readable remark."""

    time_ns: int
    kind: NoticeKind
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a session."""

    time_ns: int
    reason: EndReason
    frames_analysed: int
    frames_with_face: int
    decisions: int
    empathy: EmpathyState


Output = (
    FrameSettled
    | StateUpdate
    | SlotClosed
    | DecisionMade
    | ConsentInForce
    | BaselineProgress
    | Noticed
    | Summary
)
