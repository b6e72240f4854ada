"""The enumerations of the contract beside those of the rooms, once for both directions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar, cast

from google.protobuf.internal.enum_type_wrapper import EnumTypeWrapper

from attune.empathy.state import EriStatus
from attune.errors import InputError
from attune.scenario.events import DecisionReason, ResolvedBy
from attune.session.consent import Audience, ConsentScope
from attune.session.inputs import BaselineAction, EndReason, WeightsSource
from attune.session.outputs import Disposition, NoticeKind
from attune.session.plan import CameraKind, VideoSource
from attune.v1 import consent_pb2, session_pb2, state_pb2, story_pb2, video_pb2
from attune.vision.face import PoseSource, VisibilityBand
from attune.vision.frame import CaptureTimeSource, Encoding, FrameRole

Member = TypeVar("Member", bound=StrEnum)
Wire = TypeVar("Wire", bound=int)


class Vocabulary(Generic[Member, Wire]):
    """One enumeration in both languages: `prefix` + the member's value in capitals is the name in
    the contract, but for the `renamed` ones. A number without a member is refused."""

    def __init__(
        self,
        wire: type[Wire],
        members: type[Member],
        prefix: str,
        renamed: Mapping[Member, str] | None = None,
    ) -> None:
        # To the type checker a generated enum is a class of numbers; at run time it is a wrapper.
        self._wire = cast(EnumTypeWrapper, wire)
        names = {member: prefix + member.value.upper() for member in members}
        names.update({member: prefix + name for member, name in (renamed or {}).items()})
        self._numbers = {member: self._wire.Value(name) for member, name in names.items()}
        self._members = {number: member for member, number in self._numbers.items()}
        self._known = tuple(self._wire.Name(number) for number in sorted(self._members))

    def number(self, member: Member) -> Wire:
        """The contract's number of `member`."""
        return cast(Wire, self._numbers[member])

    def member(self, number: int, field: str, code: str) -> Member:
        """The member of that number.

        Raises InputError (`code`, which ends in ``.enum_unknown``) listing the values that may be
        sent in `field`.
        """
        found = self._members.get(number)
        if found is None:
            name = self._wire.Name(number) if number in self._wire.values() else "an unknown value"
            raise InputError(
                code, f"{field}: expected one of {', '.join(self._known)}, got {number} ({name})"
            )
        return found


SCOPES = Vocabulary(consent_pb2.ConsentScope, ConsentScope, "CONSENT_SCOPE_")
AUDIENCES = Vocabulary(session_pb2.Audience, Audience, "AUDIENCE_")
CAMERA_KINDS = Vocabulary(session_pb2.CameraKind, CameraKind, "CAMERA_KIND_")
VIDEO_SOURCES = Vocabulary(session_pb2.VideoSource, VideoSource, "VIDEO_SOURCE_")
ENCODINGS = Vocabulary(video_pb2.FrameEncoding, Encoding, "FRAME_ENCODING_")
CAPTURE_TIME_SOURCES = Vocabulary(
    video_pb2.CaptureTimeSource, CaptureTimeSource, "CAPTURE_TIME_SOURCE_"
)
FRAME_ROLES = Vocabulary(video_pb2.FrameRole, FrameRole, "FRAME_ROLE_")
DISPOSITIONS = Vocabulary(video_pb2.FrameDisposition, Disposition, "FRAME_DISPOSITION_")
END_REASONS = Vocabulary(session_pb2.EndReason, EndReason, "END_REASON_")
WEIGHTS_SOURCES = Vocabulary(session_pb2.FaceWeightsSource, WeightsSource, "FACE_WEIGHTS_SOURCE_")
BASELINE_ACTIONS = Vocabulary(
    session_pb2.CalibrationAction,
    BaselineAction,
    "CALIBRATION_ACTION_",
    renamed={action: f"{action.value.upper()}_BASELINE" for action in BaselineAction},
)
NOTICES = Vocabulary(session_pb2.NoticeCode, NoticeKind, "NOTICE_CODE_")
RESOLVERS = Vocabulary(story_pb2.ResolvedBy, ResolvedBy, "RESOLVED_BY_")
DECISION_REASONS = Vocabulary(story_pb2.DecisionReason, DecisionReason, "DECISION_REASON_")
BANDS = Vocabulary(state_pb2.VisibilityBand, VisibilityBand, "VISIBILITY_BAND_")
POSE_SOURCES = Vocabulary(state_pb2.PoseSource, PoseSource, "POSE_SOURCE_")
ERI_STATUSES = Vocabulary(state_pb2.EmpathyStatus, EriStatus, "EMPATHY_STATUS_")


class PauseReason(StrEnum):
    """Why a client pauses; checked at the edge, and of no meaning behind it."""

    UNSPECIFIED = "unspecified"
    DOFFED = "doffed"
    APPLICATION = "application"
    OPERATOR = "operator"


PAUSE_REASONS = Vocabulary(session_pb2.PauseReason, PauseReason, "PAUSE_REASON_")


class WeightsSchema(StrEnum):
    """Whose names face weights follow."""

    ARKIT_52 = "arkit_52"
    META_FB2 = "meta_fb2"
    HTC = "htc"
    PICO = "pico"
    ANDROID_XR_68 = "android_xr_68"


WEIGHTS_SCHEMAS = Vocabulary(session_pb2.FaceWeightsSchema, WeightsSchema, "FACE_WEIGHTS_SCHEMA_")
WEIGHTS_COUNT = {
    WeightsSchema.ARKIT_52: 52,
    WeightsSchema.META_FB2: 70,
    WeightsSchema.HTC: 51,
    WeightsSchema.PICO: 52,
    WeightsSchema.ANDROID_XR_68: 68,
}

EMOTIONS = {
    name.removeprefix("EMOTION_").lower(): cast(state_pb2.Emotion, number)
    for name, number in state_pb2.Emotion.items()
    if number
}
"""Label of a model's class to the contract's number; a label that is not here is not sent."""

REGIONS = {
    name.removeprefix("FACE_REGION_").lower(): cast(state_pb2.FaceRegion, number)
    for name, number in state_pb2.FaceRegion.items()
    if number
}
