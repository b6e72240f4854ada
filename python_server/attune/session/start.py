"""A SessionStart to the terms of one session, or a refusal that says what to send instead."""

import math
import re

from attune.config import CameraSettings, Settings
from attune.errors import InputError, ScenarioError
from attune.scenario.library import ScenarioLibrary
from attune.scenario.loading import LoadedScenario, parse_scenario
from attune.session.audience import audience_of, lock_of
from attune.session.consent import Audience, Consent
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.session.vocabulary import AUDIENCES, CAMERA_KINDS, SCOPES, VIDEO_SOURCES
from attune.v1 import session_pb2

PROTOCOL_VERSION = 1
"""Version of the contract that this server speaks."""

MAX_INLINE_BYTES = 256 * 1024
"""Largest scenario that a start may carry."""

MAX_NAME = 128
"""Longest station, participant, camera or headset name, characters."""

FASTEST_UPDATES_HZ = 1000.0

_WORDS = re.compile(r"[^\W\d_]+([._'’-][^\W\d_]+)*\.?")
_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def plan_from_start(
    start: session_pb2.SessionStart,
    *,
    settings: Settings,
    scenarios: ScenarioLibrary,
    session_id: str,
) -> SessionPlan:
    """The terms that `start` asks for.

    A scenario that the server does not know, or knows in another version, is no refusal: the plan
    says `follows_scenario` False. A reference without a hash means the server's own version.
    Raises `InputError` with a code that begins with ``start.``, or ``consent.enum_unknown``.
    """
    check_pseudonym(start.participant_id)
    loaded, follows = _scenario(start, scenarios)
    return plan_with_scenario(
        start, settings=settings, session_id=session_id, loaded=loaded, follows=follows
    )


def plan_with_scenario(
    start: session_pb2.SessionStart,
    *,
    settings: Settings,
    session_id: str,
    loaded: LoadedScenario | None,
    follows: bool,
) -> SessionPlan:
    """The terms that `start` asks for, but for the story, which is given."""
    check_version(start.protocol_version)
    source = VIDEO_SOURCES.member(start.video_source, "video_source", "start.enum_unknown")
    kind = CameraKind.EXTERNAL
    if source is not VideoSource.NONE or start.camera_kind:
        kind = CAMERA_KINDS.member(start.camera_kind, "camera_kind", "start.enum_unknown")
    camera_id = _name(start.camera_id, "camera_id")
    camera = None
    if source is VideoSource.SERVER_CAMERA:
        camera_id, camera = _server_camera(camera_id, start.station_id, kind, settings)
    station_id = _name(start.station_id, "station_id")
    audience = _audience(start)
    lock = lock_of(audience, station_id, settings.audience)
    return SessionPlan(
        session_id=session_id,
        station_id=station_id,
        participant_id=_name(start.participant_id, "participant_id"),
        locale=_locale(start.locale),
        consent=asked_consent(start).under(lock),
        scenario=loaded.scenario if loaded is not None else None,
        follows_scenario=follows,
        scenario_yaml=loaded.text if loaded is not None else "",
        video_source=source,
        camera_id=camera_id,
        camera_kind=kind,
        camera_region=camera.region if camera is not None else None,
        headset_model=_name(start.headset_model, "headset_model"),
        update_rate_hz=_update_rate(start.update_rate_hz),
        audience=audience_of(audience, station_id, settings.audience),
        lock=lock,
    )


def _scenario(
    start: session_pb2.SessionStart, scenarios: ScenarioLibrary
) -> tuple[LoadedScenario | None, bool]:
    match start.WhichOneof("scenario"):
        case "scenario_reference":
            reference = start.scenario_reference
            loaded = scenarios.get(reference.id)
            if loaded is None:
                return None, False
            return loaded, reference.sha256.lower() in ("", loaded.sha256)
        case "inline_scenario":
            return _inline_scenario(start.inline_scenario), True
    return None, True


def _inline_scenario(text: str) -> LoadedScenario:
    size = len(text.encode())
    if size > MAX_INLINE_BYTES:
        raise InputError(
            "start.scenario_too_large",
            f"inline_scenario: expected at most {MAX_INLINE_BYTES} bytes of YAML, got {size}; "
            "put the file on the server and send a scenario_reference",
        )
    try:
        return parse_scenario(text, source="inline_scenario")
    except ScenarioError as error:
        raise InputError("start.scenario_invalid", str(error)) from error


def check_version(version: int) -> None:
    """Raises InputError (start.protocol_version) for a version that this server does not speak."""
    if version == 0:
        raise InputError(
            "start.protocol_version",
            f"expected protocol_version {PROTOCOL_VERSION}, got none; set it in SessionStart",
        )
    if version > PROTOCOL_VERSION:
        raise InputError(
            "start.protocol_version",
            f"this server speaks protocol_version {PROTOCOL_VERSION}, the client {version}; "
            f"send {PROTOCOL_VERSION} or update the server",
        )


def check_pseudonym(participant_id: str) -> None:
    """Raises InputError (start.participant_named) for what looks like somebody's name, address or
    number. No rule can know every name: whoever gives the pseudonyms sees to that."""
    named = (
        "@" in participant_id
        or participant_id.startswith("+")
        or any(one.isspace() or one == "," for one in participant_id)
        or (_WORDS.fullmatch(participant_id) is not None and _is_name(participant_id))
    )
    if named:
        raise InputError(
            "start.participant_named",
            "participant_id: expected a pseudonym such as v-0172 or a random identifier, got what "
            "looks like a name, an address or a number that somebody can be reached by",
        )


def _is_name(words: str) -> bool:
    """Words without a number: Anna, Anna-Maria, anna.smith; but not visitor or demo-visitor."""
    return "." in words or words.istitle()


def _audience(start: session_pb2.SessionStart) -> Audience:
    """Clients that say nothing are visited by people of their own accord."""
    if start.audience == session_pb2.AUDIENCE_UNSPECIFIED:
        return Audience.PUBLIC
    return AUDIENCES.member(start.audience, "audience", "start.enum_unknown")


def asked_consent(start: session_pb2.SessionStart) -> Consent:
    """The consent that the start gives, of which nothing is in force in a locked session. No
    consent message means that nothing is allowed. Raises InputError (consent.enum_unknown)."""
    scopes = (
        SCOPES.member(scope, "consent.scopes", "consent.enum_unknown")
        for scope in start.consent.scopes
    )
    return Consent(start.consent.revision, frozenset(scopes))


def _server_camera(
    camera_id: str, station_id: str, kind: CameraKind, settings: Settings
) -> tuple[str, CameraSettings]:
    """The camera of that name, or, without a name, the one that watches the station."""
    if not camera_id:
        watching = [name for name, one in settings.cameras.items() if station_id in one.stations]
        if len(watching) != 1:
            raise InputError(
                "start.camera_missing",
                f"expected camera_id to name a camera of the server: {len(watching)} cameras watch "
                f"station {station_id!r}",
            )
        camera_id = watching[0]
    camera = settings.cameras.get(camera_id)
    if camera is None:
        raise InputError(
            "start.camera_unknown",
            f"expected camera_id to be one of {', '.join(sorted(settings.cameras)) or 'none'} "
            f"(the server's settings, section cameras), got {camera_id!r}",
        )
    if camera.stations and station_id not in camera.stations:
        raise InputError(
            "start.camera_elsewhere",
            f"camera {camera_id!r} watches {', '.join(camera.stations)}, "
            f"not station {station_id!r}",
        )
    if camera.kind != kind.value:
        raise InputError(
            "start.camera_kind_mismatch",
            f"camera {camera_id!r} is {camera.kind} in the server's settings, got {kind.value}",
        )
    return camera_id, camera


def _name(value: str, field: str) -> str:
    if len(value) > MAX_NAME or not value.isprintable():
        raise InputError(
            "start.name_invalid",
            f"{field}: expected at most {MAX_NAME} printable characters, got {len(value)}",
        )
    return value


def _locale(value: str) -> str:
    if not value:
        return "en"
    if len(value) > MAX_NAME or not _LOCALE.fullmatch(value):
        raise InputError(
            "start.locale_invalid",
            f"locale: expected a BCP 47 tag such as en or fr-CA, got {value[:20]!r}",
        )
    return value


def _update_rate(value: float) -> float:
    if not math.isfinite(value) or not 0 <= value <= FASTEST_UPDATES_HZ:
        raise InputError(
            "start.update_rate_invalid",
            f"update_rate_hz: expected 0 (one a frame) to {FASTEST_UPDATES_HZ:.0f}, got {value}",
        )
    return value
