from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ConsentScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSENT_SCOPE_UNSPECIFIED: _ClassVar[ConsentScope]
    CONSENT_SCOPE_ANALYSE: _ClassVar[ConsentScope]
    CONSENT_SCOPE_STORE_FEATURES: _ClassVar[ConsentScope]
    CONSENT_SCOPE_STORE_VIDEO: _ClassVar[ConsentScope]
    CONSENT_SCOPE_RESEARCH: _ClassVar[ConsentScope]
    CONSENT_SCOPE_BYSTANDERS: _ClassVar[ConsentScope]
CONSENT_SCOPE_UNSPECIFIED: ConsentScope
CONSENT_SCOPE_ANALYSE: ConsentScope
CONSENT_SCOPE_STORE_FEATURES: ConsentScope
CONSENT_SCOPE_STORE_VIDEO: ConsentScope
CONSENT_SCOPE_RESEARCH: ConsentScope
CONSENT_SCOPE_BYSTANDERS: ConsentScope

class ConsentChange(_message.Message):
    __slots__ = ("revision", "scopes")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    revision: int
    scopes: _containers.RepeatedScalarFieldContainer[ConsentScope]
    def __init__(self, revision: _Optional[int] = ..., scopes: _Optional[_Iterable[_Union[ConsentScope, str]]] = ...) -> None: ...

class ConsentApplied(_message.Message):
    __slots__ = ("revision", "last_analysed_frame_sequence", "scopes")
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LAST_ANALYSED_FRAME_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    SCOPES_FIELD_NUMBER: _ClassVar[int]
    revision: int
    last_analysed_frame_sequence: int
    scopes: _containers.RepeatedScalarFieldContainer[ConsentScope]
    def __init__(self, revision: _Optional[int] = ..., last_analysed_frame_sequence: _Optional[int] = ..., scopes: _Optional[_Iterable[_Union[ConsentScope, str]]] = ...) -> None: ...
