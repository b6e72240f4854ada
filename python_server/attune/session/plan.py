"""Everything that is fixed at the start of one session."""

from dataclasses import dataclass, field
from enum import StrEnum

from attune.scenario.schema import Scenario
from attune.session.consent import AnalysisLock, Audience, Consent


class VideoSource(StrEnum):
    """Where frames come from."""

    CLIENT_FRAMES = "client_frames"
    SERVER_CAMERA = "server_camera"
    NONE = "none"


class CameraKind(StrEnum):
    """Where the camera looks: at the wearer, or away from the wearer."""

    EXTERNAL = "external"
    PASS_THROUGH = "pass_through"


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """The terms of one session.

    `session_id` is 32 hexadecimal digits and no secret; `participant_id` is a pseudonym.
    `follows_scenario` is false where the client plays another scenario than the server knows: the
    story then runs on its local defaults. `camera_region` is where the wearer stands: x, y, width,
    height as fractions of the upright image. `headset_model` is what the device reports, empty when
    unknown. `update_rate_hz` 0 means one update a frame. `lock` None: consent decides what is
    analysed and stored; else none of it is in force, at the start or later.
    """

    session_id: str
    station_id: str = ""
    participant_id: str = ""
    locale: str = "en"
    consent: Consent = field(default_factory=Consent)
    scenario: Scenario | None = None
    follows_scenario: bool = True
    scenario_yaml: str = ""
    video_source: VideoSource = VideoSource.NONE
    camera_id: str = ""
    camera_kind: CameraKind = CameraKind.EXTERNAL
    camera_region: tuple[float, float, float, float] | None = None
    headset_model: str = ""
    update_rate_hz: float = 0.0
    audience: Audience = Audience.PUBLIC
    lock: AnalysisLock | None = None
