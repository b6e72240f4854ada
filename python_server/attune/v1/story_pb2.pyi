from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ResolvedBy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RESOLVED_BY_UNSPECIFIED: _ClassVar[ResolvedBy]
    RESOLVED_BY_SERVER: _ClassVar[ResolvedBy]
    RESOLVED_BY_LOCAL_DEFAULT: _ClassVar[ResolvedBy]
    RESOLVED_BY_OPERATOR: _ClassVar[ResolvedBy]

class DecisionReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DECISION_REASON_UNSPECIFIED: _ClassVar[DecisionReason]
    DECISION_REASON_EVIDENCE: _ClassVar[DecisionReason]
    DECISION_REASON_LOW_CONFIDENCE: _ClassVar[DecisionReason]
    DECISION_REASON_DEADLINE: _ClassVar[DecisionReason]
    DECISION_REASON_DISTRESS: _ClassVar[DecisionReason]
    DECISION_REASON_OPERATOR: _ClassVar[DecisionReason]
    DECISION_REASON_COOL_DOWN: _ClassVar[DecisionReason]
    DECISION_REASON_NO_CONSENT: _ClassVar[DecisionReason]
RESOLVED_BY_UNSPECIFIED: ResolvedBy
RESOLVED_BY_SERVER: ResolvedBy
RESOLVED_BY_LOCAL_DEFAULT: ResolvedBy
RESOLVED_BY_OPERATOR: ResolvedBy
DECISION_REASON_UNSPECIFIED: DecisionReason
DECISION_REASON_EVIDENCE: DecisionReason
DECISION_REASON_LOW_CONFIDENCE: DecisionReason
DECISION_REASON_DEADLINE: DecisionReason
DECISION_REASON_DISTRESS: DecisionReason
DECISION_REASON_OPERATOR: DecisionReason
DECISION_REASON_COOL_DOWN: DecisionReason
DECISION_REASON_NO_CONSENT: DecisionReason

class StimulusOnset(_message.Message):
    __slots__ = ("stimulus_id",)
    STIMULUS_ID_FIELD_NUMBER: _ClassVar[int]
    stimulus_id: str
    def __init__(self, stimulus_id: _Optional[str] = ...) -> None: ...

class StimulusOffset(_message.Message):
    __slots__ = ("stimulus_id",)
    STIMULUS_ID_FIELD_NUMBER: _ClassVar[int]
    stimulus_id: str
    def __init__(self, stimulus_id: _Optional[str] = ...) -> None: ...

class BeatEntered(_message.Message):
    __slots__ = ("beat_id",)
    BEAT_ID_FIELD_NUMBER: _ClassVar[int]
    beat_id: str
    def __init__(self, beat_id: _Optional[str] = ...) -> None: ...

class ChoiceDue(_message.Message):
    __slots__ = ("choice_id", "occurrence", "deadline_ns")
    CHOICE_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    DEADLINE_NS_FIELD_NUMBER: _ClassVar[int]
    choice_id: str
    occurrence: int
    deadline_ns: int
    def __init__(self, choice_id: _Optional[str] = ..., occurrence: _Optional[int] = ..., deadline_ns: _Optional[int] = ...) -> None: ...

class ChoiceResolved(_message.Message):
    __slots__ = ("choice_id", "occurrence", "decision_id", "branch_id", "by")
    CHOICE_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    BRANCH_ID_FIELD_NUMBER: _ClassVar[int]
    BY_FIELD_NUMBER: _ClassVar[int]
    choice_id: str
    occurrence: int
    decision_id: str
    branch_id: str
    by: ResolvedBy
    def __init__(self, choice_id: _Optional[str] = ..., occurrence: _Optional[int] = ..., decision_id: _Optional[str] = ..., branch_id: _Optional[str] = ..., by: _Optional[_Union[ResolvedBy, str]] = ...) -> None: ...

class ScenarioEvent(_message.Message):
    __slots__ = ("time_ns", "stimulus_onset", "stimulus_offset", "beat_entered", "choice_due", "choice_resolved")
    TIME_NS_FIELD_NUMBER: _ClassVar[int]
    STIMULUS_ONSET_FIELD_NUMBER: _ClassVar[int]
    STIMULUS_OFFSET_FIELD_NUMBER: _ClassVar[int]
    BEAT_ENTERED_FIELD_NUMBER: _ClassVar[int]
    CHOICE_DUE_FIELD_NUMBER: _ClassVar[int]
    CHOICE_RESOLVED_FIELD_NUMBER: _ClassVar[int]
    time_ns: int
    stimulus_onset: StimulusOnset
    stimulus_offset: StimulusOffset
    beat_entered: BeatEntered
    choice_due: ChoiceDue
    choice_resolved: ChoiceResolved
    def __init__(self, time_ns: _Optional[int] = ..., stimulus_onset: _Optional[_Union[StimulusOnset, _Mapping]] = ..., stimulus_offset: _Optional[_Union[StimulusOffset, _Mapping]] = ..., beat_entered: _Optional[_Union[BeatEntered, _Mapping]] = ..., choice_due: _Optional[_Union[ChoiceDue, _Mapping]] = ..., choice_resolved: _Optional[_Union[ChoiceResolved, _Mapping]] = ...) -> None: ...

class BranchAlternative(_message.Message):
    __slots__ = ("branch_id", "why_not")
    BRANCH_ID_FIELD_NUMBER: _ClassVar[int]
    WHY_NOT_FIELD_NUMBER: _ClassVar[int]
    branch_id: str
    why_not: str
    def __init__(self, branch_id: _Optional[str] = ..., why_not: _Optional[str] = ...) -> None: ...

class BranchDecision(_message.Message):
    __slots__ = ("decision_id", "choice_id", "occurrence", "branch_id", "reason", "evidence", "alternatives", "session_time_ns")
    class EvidenceEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: float
        def __init__(self, key: _Optional[str] = ..., value: _Optional[float] = ...) -> None: ...
    DECISION_ID_FIELD_NUMBER: _ClassVar[int]
    CHOICE_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    BRANCH_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    ALTERNATIVES_FIELD_NUMBER: _ClassVar[int]
    SESSION_TIME_NS_FIELD_NUMBER: _ClassVar[int]
    decision_id: str
    choice_id: str
    occurrence: int
    branch_id: str
    reason: DecisionReason
    evidence: _containers.ScalarMap[str, float]
    alternatives: _containers.RepeatedCompositeFieldContainer[BranchAlternative]
    session_time_ns: int
    def __init__(self, decision_id: _Optional[str] = ..., choice_id: _Optional[str] = ..., occurrence: _Optional[int] = ..., branch_id: _Optional[str] = ..., reason: _Optional[_Union[DecisionReason, str]] = ..., evidence: _Optional[_Mapping[str, float]] = ..., alternatives: _Optional[_Iterable[_Union[BranchAlternative, _Mapping]]] = ..., session_time_ns: _Optional[int] = ...) -> None: ...

class OperatorChoice(_message.Message):
    __slots__ = ("choice_id", "occurrence", "branch_id")
    CHOICE_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    BRANCH_ID_FIELD_NUMBER: _ClassVar[int]
    choice_id: str
    occurrence: int
    branch_id: str
    def __init__(self, choice_id: _Optional[str] = ..., occurrence: _Optional[int] = ..., branch_id: _Optional[str] = ...) -> None: ...

class BranchOutlook(_message.Message):
    __slots__ = ("branch_id", "standing", "dwelt_s", "dwell_s")
    BRANCH_ID_FIELD_NUMBER: _ClassVar[int]
    STANDING_FIELD_NUMBER: _ClassVar[int]
    DWELT_S_FIELD_NUMBER: _ClassVar[int]
    DWELL_S_FIELD_NUMBER: _ClassVar[int]
    branch_id: str
    standing: str
    dwelt_s: float
    dwell_s: float
    def __init__(self, branch_id: _Optional[str] = ..., standing: _Optional[str] = ..., dwelt_s: _Optional[float] = ..., dwell_s: _Optional[float] = ...) -> None: ...

class ChoiceOutlook(_message.Message):
    __slots__ = ("choice_id", "occurrence", "cool_down_s", "branches")
    CHOICE_ID_FIELD_NUMBER: _ClassVar[int]
    OCCURRENCE_FIELD_NUMBER: _ClassVar[int]
    COOL_DOWN_S_FIELD_NUMBER: _ClassVar[int]
    BRANCHES_FIELD_NUMBER: _ClassVar[int]
    choice_id: str
    occurrence: int
    cool_down_s: float
    branches: _containers.RepeatedCompositeFieldContainer[BranchOutlook]
    def __init__(self, choice_id: _Optional[str] = ..., occurrence: _Optional[int] = ..., cool_down_s: _Optional[float] = ..., branches: _Optional[_Iterable[_Union[BranchOutlook, _Mapping]]] = ...) -> None: ...
