"""The terms that a client asks for, as the contract's first message."""

from dataclasses import dataclass

from attune.session.consent import Audience, ConsentScope
from attune.session.plan import CameraKind, VideoSource
from attune.session.vocabulary import AUDIENCES, CAMERA_KINDS, SCOPES, VIDEO_SOURCES
from attune.v1 import consent_pb2, session_pb2

PROTOCOL_VERSION = 1
"""Version of the contract that this client speaks."""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What a new session is to be; nothing is consented to by default.

    `scenario_id` with `scenario_sha256` refers to a story that the server knows, `scenario_yaml`
    carries a whole one; at most one of the two. `participant_id` is a pseudonym. `update_rate_hz` 0
    asks for an update a frame. Unless its settings say otherwise, the server locks sessions whose
    `audience` is a school or staff: nothing is analysed or stored of the face whatever is allowed.
    """

    consent: frozenset[ConsentScope] = frozenset()
    consent_revision: int = 1
    station_id: str = "station-1"
    participant_id: str = ""
    locale: str = "en"
    scenario_id: str = ""
    scenario_sha256: str = ""
    scenario_yaml: str = ""
    video_source: VideoSource = VideoSource.CLIENT_FRAMES
    camera_id: str = ""
    camera_kind: CameraKind = CameraKind.EXTERNAL
    headset_model: str = ""
    update_rate_hz: float = 0.0
    audience: Audience = Audience.PUBLIC

    def message(self, clock_epoch_id: int) -> session_pb2.SessionStart:
        """The first message of the stream."""
        start = session_pb2.SessionStart(
            protocol_version=PROTOCOL_VERSION,
            station_id=self.station_id,
            participant_id=self.participant_id,
            consent=consent_pb2.ConsentChange(
                revision=self.consent_revision,
                scopes=[SCOPES.number(scope) for scope in sorted(self.consent)],
            ),
            locale=self.locale,
            video_source=VIDEO_SOURCES.number(self.video_source),
            camera_id=self.camera_id,
            headset_model=self.headset_model,
            update_rate_hz=self.update_rate_hz,
            clock_epoch_id=clock_epoch_id,
            audience=AUDIENCES.number(self.audience),
        )
        if self.video_source is not VideoSource.NONE:
            start.camera_kind = CAMERA_KINDS.number(self.camera_kind)
        if self.scenario_yaml:
            start.inline_scenario = self.scenario_yaml
        elif self.scenario_id:
            start.scenario_reference.id = self.scenario_id
            start.scenario_reference.sha256 = self.scenario_sha256
        return start


def resumption(token: str, last_decision_id: str) -> session_pb2.SessionStart:
    """The first message of a stream that goes on with a broken one."""
    return session_pb2.SessionStart(
        protocol_version=PROTOCOL_VERSION,
        resumption=session_pb2.Resumption(resume_token=token, last_decision_id=last_decision_id),
    )
