"""What the consent in force allows to be stored, record by record.

Without a store scope only events and decisions are kept: what the scene reported, which branches
were proposed and why, but no figure that was read from a face. *Store features* adds the slots of
evidence, states (at most ten a second, without where the head was) and the headset's face weights.
*Store video* adds the frames and the headset's poses, which replay from pixels needs.
"""

from collections.abc import Set

from attune.empathy.slots import HOLD_NS
from attune.session.consent import ConsentScope
from attune.session.inputs import (
    FaceWeightsInput,
    FrameInput,
    HeadsetPoseInput,
    Input,
)
from attune.session.outbound import (
    StreamTotals,
    consent_message,
    decision_message,
    frame_ack_message,
    notice_message,
    summary_message,
    update_message,
)
from attune.session.outputs import (
    BaselineProgress,
    ConsentInForce,
    DecisionMade,
    Disposition,
    FrameSettled,
    Noticed,
    Output,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.timeline import SLOT_NS, slot_start_ns
from attune.v1 import recording_pb2, state_pb2
from attune.vision.frame import FrameRole

Scopes = Set[ConsentScope]
STORES = frozenset({ConsentScope.STORE_FEATURES, ConsentScope.STORE_VIDEO})

LONG_AGO_NS = -(2**63)
"""Before everything: what was allowed from the start."""


def may_store_input(given: Input, scopes: Scopes) -> bool:
    """Whether the record of an input may be kept; never its pixels."""
    match given:
        case FrameInput():
            return bool(scopes & STORES) and given.role is FrameRole.WEARER
        case HeadsetPoseInput():
            return ConsentScope.STORE_VIDEO in scopes
        case FaceWeightsInput():
            return scopes >= {ConsentScope.ANALYSE, ConsentScope.STORE_FEATURES}
    return True


def may_store_frame(given: FrameInput, scopes: Scopes) -> bool:
    """Whether the pixels of a frame may be kept; those of a camera that looks at other people never
    are."""
    return ConsentScope.STORE_VIDEO in scopes and given.role is FrameRole.WEARER


def was_measured_before(given: Input | Output, granted_ns: int) -> bool:
    """Whether a slot of evidence or a set of face weights tells of a time before that one, at which
    storing features was granted. A slot without a frame of its own may repeat an earlier one."""
    match given:
        case SlotClosed(evidence=evidence):
            first_ns = slot_start_ns(evidence.slot)
            if not evidence.frames:
                first_ns += SLOT_NS - HOLD_NS
            return first_ns < granted_ns
        case FaceWeightsInput():
            return given.time_ns < granted_ns
    return False


def stored_output(
    order: int, output: Output, scopes: Scopes
) -> recording_pb2.RecordedOutput | None:
    """The record of an output, without what may not be kept; None where nothing may be, or where
    the output has a channel of its own (`SlotClosed`) or says nothing that is not elsewhere."""
    features = ConsentScope.STORE_FEATURES in scopes
    record = recording_pb2.RecordedOutput(order=order, session_time_ns=output.time_ns)
    match output:
        case StateUpdate():
            if not features or output.bystanders:
                return None
            record.update.CopyFrom(without_place(output))
        case DecisionMade():
            record.decision.CopyFrom(decision_message(output.decision))
            if not features:
                record.decision.ClearField("evidence")
        case Noticed():
            record.notice.CopyFrom(notice_message(output))
        case ConsentInForce():
            record.consent.CopyFrom(consent_message(output))
        case Summary():
            record.summary.CopyFrom(summary_message(output, StreamTotals(stored=True)))
            if not features:
                record.summary.ClearField("empathy")
                record.summary.ClearField("frames_with_face")
        case FrameSettled() if scopes & STORES and output.disposition is not Disposition.ANALYSED:
            record.frame_ack.CopyFrom(frame_ack_message(output))
        case FrameSettled() | SlotClosed() | BaselineProgress():
            return None
    return record


def without_place(update: StateUpdate) -> state_pb2.Update:
    """The state without where the head was, in the room or in the image."""
    message = update_message(update, sequence=0, client_capture_ns=0, age_ms=0, stage_us={})
    if message.face.HasField("pose"):  # clearing a field of a pose that is not there makes one
        message.face.pose.ClearField("position_m")
    for field in ("box_x_px", "box_y_px", "box_width_px", "box_height_px"):
        message.face.ClearField(field)
    return message
