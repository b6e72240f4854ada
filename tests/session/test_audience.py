"""A pupil's or a worker's session is locked, whatever client, consent or station say otherwise."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.config import Settings
from attune.errors import ConfigError, InputError
from attune.privacy import AudienceSettings
from attune.scenario.library import ScenarioLibrary
from attune.session.audience import audience_of, lock_of
from attune.session.comparison import Verdict
from attune.session.consent import AnalysisLock, Audience, Consent, ConsentScope
from attune.session.header import recording_header
from attune.session.inputs import ConsentInput, Tick
from attune.session.outputs import ConsentInForce, Noticed, NoticeKind
from attune.session.plan import SessionPlan
from attune.session.recorded import read_recording
from attune.session.replay import Changes, Source, replay
from attune.session.start import plan_from_start
from attune.timeline import SLOT_NS
from attune.v1 import consent_pb2, session_pb2
from tests.session.live import LiveSession
from tests.session.recordings import EVERYTHING

SCHOOL = AnalysisLock(Audience.SCHOOL, "audience.locked")
names = st.sampled_from([audience.value for audience in Audience])
settings = st.builds(
    AudienceSettings,
    locked=st.lists(names, unique=True).map(tuple),
    stations=st.dictionaries(st.just("studio"), names),
)


def plan(audience: session_pb2.Audience, one: AudienceSettings | None = None) -> SessionPlan:
    start = session_pb2.SessionStart(
        protocol_version=1,
        station_id="studio",
        video_source=session_pb2.VIDEO_SOURCE_NONE,
        consent=consent_pb2.ConsentChange(revision=4, scopes=[consent_pb2.CONSENT_SCOPE_ANALYSE]),
        audience=audience,
    )
    return plan_from_start(
        start,
        settings=Settings(audience=one or AudienceSettings()),
        scenarios=ScenarioLibrary([]),
        session_id="5e" * 16,
    )


@pytest.mark.parametrize("audience", [session_pb2.AUDIENCE_SCHOOL, session_pb2.AUDIENCE_STAFF])
def test_by_default_pupils_and_staff_are_locked_and_consent_to_nothing(
    audience: session_pb2.Audience,
) -> None:
    terms = plan(audience)
    assert terms.lock is not None
    assert terms.lock.setting == "audience.locked"
    assert terms.consent == Consent(4)


@pytest.mark.parametrize("audience", [0, session_pb2.AUDIENCE_PUBLIC])
def test_visitors_of_their_own_accord_decide_for_themselves(audience: session_pb2.Audience) -> None:
    terms = plan(audience)
    assert (terms.audience, terms.lock) == (Audience.PUBLIC, None)
    assert terms.consent.allows(ConsentScope.ANALYSE)


def test_an_audience_that_the_contract_does_not_know_is_refused() -> None:
    with pytest.raises(InputError, match="audience: expected one of AUDIENCE_PUBLIC"):
        plan(9)  # type: ignore[arg-type]


def test_a_station_that_a_school_has_booked_is_locked_for_everybody() -> None:
    booked = AudienceSettings(stations={"studio": "school"})
    terms = plan(session_pb2.AUDIENCE_PUBLIC, booked)
    assert terms.lock == AnalysisLock(Audience.SCHOOL, "audience.stations")
    assert terms.audience is Audience.SCHOOL


@given(said=st.sampled_from(Audience), one=settings)
def test_a_session_is_locked_if_client_or_station_alone_would_lock_it(
    said: Audience, one: AudienceSettings
) -> None:
    voices = {said.value, one.stations.get("studio", said.value)}
    lock = lock_of(said, "studio", one)
    assert (lock is not None) == bool(voices & set(one.locked))
    assert audience_of(said, "studio", one).value in voices
    if lock is not None:
        assert lock.audience.value in one.locked


@given(one=settings)
def test_a_station_never_makes_a_pupil_a_visitor(one: AudienceSettings) -> None:
    public_station = one.model_copy(update={"stations": {"studio": "public"}})
    if "public" not in one.locked:
        assert audience_of(Audience.SCHOOL, "studio", public_station) is Audience.SCHOOL


@pytest.fixture
def locked_session(tmp_path: Path) -> Path:
    """A whole story in a locked session, which asked for everything, twice."""
    path = tmp_path / "locked.mcap"
    session = LiveSession(path, EVERYTHING, lock=SCHOOL)
    [in_force, notice] = session.step(ConsentInput(0, 2, EVERYTHING))
    assert isinstance(in_force, ConsentInForce)
    assert in_force.scopes == in_force.withdrawn == frozenset()
    assert notice == Noticed(
        0,
        NoticeKind.ANALYSIS_LOCKED,
        {"audience": "school", "setting": "audience.locked"},
    )
    session.play()
    session.close()
    return path


def test_nothing_of_a_face_is_in_the_recording_of_a_locked_session(locked_session: Path) -> None:
    found = read_recording(locked_session)
    assert (found.frames, found.pictures, found.slots, found.states) == (0, 0, [], [])
    assert found.scopes_ever == frozenset()
    assert len(found.decisions) >= 3
    assert {one.reason.value for one in found.decisions} == {"no_consent"}


def test_a_locked_session_is_replayed_locked(
    locked_session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_AUDIENCE__LOCKED", "[]")
    out = tmp_path / "again.mcap"
    report = replay(locked_session, out=out)
    assert report.source is Source.EVENTS
    assert report.comparison.verdict is Verdict.SAME_BYTES
    assert report.hindrances == ()
    again = read_recording(out)
    assert again.header.start.audience == session_pb2.AUDIENCE_SCHOOL
    assert again.scopes_ever == frozenset()


def test_a_replay_cannot_lift_the_lock(locked_session: Path) -> None:
    with pytest.raises(ConfigError, match="keeps the lock"):
        replay(locked_session, changes=Changes(settings={"audience": {"locked": []}}))


def test_a_recording_from_an_open_session_is_not_locked_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "open.mcap"
    session = LiveSession(path, EVERYTHING)
    session.step(Tick(SLOT_NS))
    session.close()
    monkeypatch.setenv("ATTUNE_AUDIENCE__LOCKED", '["public", "school", "staff"]')
    replay(path, out=tmp_path / "again.mcap")
    assert read_recording(tmp_path / "again.mcap").scopes_ever == EVERYTHING


def test_the_header_keeps_what_was_locked_and_nothing_of_other_stations() -> None:
    one = Settings(audience=AudienceSettings(stations={"the-other-room": "staff"}))
    header = recording_header(
        SessionPlan("5e" * 16, audience=Audience.STAFF),
        session_pb2.SessionStart(),
        settings=one,
        models=[],
        labels=(),
        started_unix_ns=0,
    )
    assert header.start.audience == session_pb2.AUDIENCE_STAFF
    assert '"locked":["school","staff"]' in header.settings_json
    assert "the-other-room" not in header.settings_json
