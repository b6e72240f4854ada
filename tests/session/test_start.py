"""The first message becomes the terms of a session, or a refusal that helps."""

import hashlib
import math
from pathlib import Path

import pytest

from attune.config import CameraSettings, Settings
from attune.errors import InputError
from attune.scenario.library import ScenarioLibrary
from attune.scenario.loading import parse_scenario
from attune.session.consent import ConsentScope
from attune.session.inbound import plan_from_start
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.v1 import consent_pb2, session_pb2

STORY = """
id: tale
version: 1.0.0
title: {en: A tale}
locales: [en]
entry: only
stimuli: []
beats:
- {id: only, title: {en: Only}, duration_s: 5}
"""


def plan(start: session_pb2.SessionStart, **cameras: CameraSettings) -> SessionPlan:
    loaded = parse_scenario(STORY, source="tale.yaml")
    return plan_from_start(
        start,
        settings=Settings(cameras=cameras),
        scenarios=ScenarioLibrary([loaded]),
        session_id="5e" * 16,
    )


def a_start(**changes: object) -> session_pb2.SessionStart:
    fields: dict[str, object] = {
        "protocol_version": 1,
        "station_id": "hall-2",
        "participant_id": "v-17",
        "locale": "fr-CA",
        "video_source": session_pb2.VIDEO_SOURCE_CLIENT_FRAMES,
        "camera_kind": session_pb2.CAMERA_KIND_EXTERNAL,
    }
    return session_pb2.SessionStart(**{**fields, **changes})


def start_refusal(start: session_pb2.SessionStart, **cameras: CameraSettings) -> InputError:
    with pytest.raises(InputError) as caught:
        plan(start, **cameras)
    return caught.value


def test_a_start_becomes_the_terms_of_a_session() -> None:
    terms = plan(
        a_start(
            consent=consent_pb2.ConsentChange(
                revision=3, scopes=[consent_pb2.CONSENT_SCOPE_ANALYSE]
            ),
            headset_model="Quest 3",
            update_rate_hz=15,
        )
    )
    assert (terms.session_id, terms.station_id, terms.participant_id) == (
        "5e" * 16,
        "hall-2",
        "v-17",
    )
    assert (terms.locale, terms.headset_model, terms.update_rate_hz) == ("fr-CA", "Quest 3", 15)
    assert terms.consent.revision == 3
    assert terms.consent.scopes == {ConsentScope.ANALYSE}
    assert terms.video_source is VideoSource.CLIENT_FRAMES
    assert (terms.scenario, terms.follows_scenario, terms.scenario_yaml) == (None, True, "")


def test_without_a_consent_message_nothing_is_allowed() -> None:
    assert plan(a_start()).consent.scopes == frozenset()


def test_a_start_without_locale_speaks_english() -> None:
    assert plan(a_start(locale="")).locale == "en"


def reference(scenario_id: str, sha256: str = "") -> session_pb2.ScenarioReference:
    return session_pb2.ScenarioReference(id=scenario_id, sha256=sha256)


def test_a_known_scenario_is_followed_with_or_without_its_hash() -> None:
    sha256 = hashlib.sha256(STORY.encode()).hexdigest()
    for text in ("", sha256, sha256.upper()):
        terms = plan(a_start(scenario_reference=reference("tale", text)))
        assert terms.follows_scenario
        assert terms.scenario is not None
        assert terms.scenario.id == "tale"
        assert terms.scenario_yaml == STORY


def test_another_version_of_the_scenario_is_not_followed() -> None:
    terms = plan(a_start(scenario_reference=reference("tale", "0" * 64)))
    assert not terms.follows_scenario


def test_an_unknown_scenario_is_not_followed() -> None:
    terms = plan(a_start(scenario_reference=reference("saga")))
    assert (terms.scenario, terms.follows_scenario) == (None, False)


def test_an_inline_scenario_is_read() -> None:
    terms = plan(a_start(inline_scenario=STORY))
    assert terms.scenario is not None
    assert terms.follows_scenario
    assert terms.scenario_yaml == STORY


def test_a_server_camera_brings_its_region(tmp_path: Path) -> None:
    camera = CameraSettings(
        source=str(tmp_path / "clip.mp4"), stations=("hall-2",), region=(0.1, 0.2, 0.5, 0.6)
    )
    start = a_start(video_source=session_pb2.VIDEO_SOURCE_SERVER_CAMERA, camera_id="door")
    terms = plan(start, door=camera)
    assert (terms.camera_id, terms.camera_region) == ("door", (0.1, 0.2, 0.5, 0.6))


def test_a_station_finds_the_one_camera_that_watches_it() -> None:
    start = a_start(video_source=session_pb2.VIDEO_SOURCE_SERVER_CAMERA)
    terms = plan(
        start,
        door=CameraSettings(source="0", stations=("hall-2",)),
        roof=CameraSettings(source="1", stations=("hall-3",)),
    )
    assert terms.camera_id == "door"


def test_without_video_the_camera_kind_may_be_silent() -> None:
    start = a_start(
        video_source=session_pb2.VIDEO_SOURCE_NONE,
        camera_kind=session_pb2.CAMERA_KIND_UNSPECIFIED,
    )
    assert plan(start).camera_kind is CameraKind.EXTERNAL


SERVER_CAMERA = session_pb2.VIDEO_SOURCE_SERVER_CAMERA


@pytest.mark.parametrize(
    ("start", "code"),
    [
        (a_start(protocol_version=0), "start.protocol_version"),
        (a_start(protocol_version=2), "start.protocol_version"),
        (a_start(video_source=0), "start.enum_unknown"),
        (a_start(video_source=9), "start.enum_unknown"),
        (a_start(camera_kind=0), "start.enum_unknown"),
        (a_start(consent=consent_pb2.ConsentChange(scopes=[9])), "consent.enum_unknown"),
        (a_start(participant_id="x" * 129), "start.name_invalid"),
        (a_start(station_id="a\nb"), "start.name_invalid"),
        (a_start(participant_id="Anna Smith"), "start.participant_named"),
        (a_start(locale="not a locale"), "start.locale_invalid"),
        (a_start(update_rate_hz=math.nan), "start.update_rate_invalid"),
        (a_start(update_rate_hz=-1), "start.update_rate_invalid"),
        (a_start(inline_scenario="id: [broken"), "start.scenario_invalid"),
        (a_start(inline_scenario="x" * 300_000), "start.scenario_too_large"),
        (a_start(video_source=SERVER_CAMERA), "start.camera_missing"),
        (a_start(video_source=SERVER_CAMERA, camera_id="attic"), "start.camera_unknown"),
        (a_start(video_source=SERVER_CAMERA, camera_id="roof"), "start.camera_elsewhere"),
        (
            a_start(video_source=SERVER_CAMERA, camera_id="door", camera_kind=2),
            "start.camera_kind_mismatch",
        ),
    ],
)
def test_a_start_that_cannot_be_met_is_refused_by_code(
    start: session_pb2.SessionStart, code: str
) -> None:
    cameras = {
        "door": CameraSettings(source="0"),
        "roof": CameraSettings(source="1", stations=("hall-3",)),
    }
    assert start_refusal(start, **cameras).code == code


NAMES = [
    "anna@example.org",
    "Anna Smith",
    "Smith,Anna",
    "Anna",
    "Ángela",
    "Anna-Maria",
    "O'Neill",
    "anna.smith",
    "A. Smith",
    "+491700000000",
]
PSEUDONYMS = [
    "",
    "v-17",
    "V0172",
    "demo-visitor",
    "simulated",
    "7f9c24e5-2f3b-4c1d-9d1e-0a1b2c3d4e5f",
    "2026-11-21/004",
    "ABC",
]


@pytest.mark.parametrize("name", NAMES)
def test_what_looks_like_somebody_is_no_pseudonym_and_is_not_repeated(name: str) -> None:
    refusal = start_refusal(a_start(participant_id=name))
    assert refusal.code == "start.participant_named"
    assert name not in str(refusal)


@pytest.mark.parametrize("name", PSEUDONYMS)
def test_a_pseudonym_is_accepted(name: str) -> None:
    assert plan(a_start(participant_id=name)).participant_id == name


def test_a_version_from_the_future_says_which_to_send() -> None:
    assert "send 1 or update the server" in str(start_refusal(a_start(protocol_version=7)))
