"""Small real recordings for tests, written by the real recorder."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from mcap.reader import make_reader

from attune.config import RecordingSettings, Settings
from attune.empathy.evidence import Evidence
from attune.empathy.state import Component, Contribution, EmpathyState, EriStatus
from attune.expression.expression import Expression
from attune.scenario.events import BeatEntered, Decision, DecisionReason
from attune.session.consent import Consent, ConsentScope
from attune.session.header import recording_header
from attune.session.inputs import EndInput, EndReason, EventInput, FrameInput, Input, Tick
from attune.session.outputs import (
    DecisionMade,
    Noticed,
    NoticeKind,
    Output,
    SlotClosed,
    StateUpdate,
    Summary,
)
from attune.session.plan import SessionPlan
from attune.session.recording import Recorder
from attune.timeline import SLOT_NS
from attune.v1 import recording_pb2, session_pb2
from attune.vision.face import (
    Box,
    Face,
    FaceQuality,
    HeadPose,
    PoseSource,
    RegionVisibility,
    VisibilityBand,
)
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

NOTHING: frozenset[ConsentScope] = frozenset({ConsentScope.ANALYSE})
FEATURES = NOTHING | {ConsentScope.STORE_FEATURES}
VIDEO = NOTHING | {ConsentScope.STORE_VIDEO}
EVERYTHING = FEATURES | VIDEO
SESSION_ID = "0f" * 16


def a_plan(scopes: Iterable[ConsentScope] = EVERYTHING, **changes: object) -> SessionPlan:
    return SessionPlan(
        session_id=SESSION_ID,
        station_id="hall-2",
        participant_id="v-17",
        consent=Consent(1, frozenset(scopes)),
        **changes,
    )


def a_header(
    scopes: Iterable[ConsentScope] = EVERYTHING, plan: SessionPlan | None = None
) -> recording_pb2.RecordingHeader:
    plan = plan or a_plan(scopes)
    start = session_pb2.SessionStart(
        protocol_version=1,
        station_id=plan.station_id,
        participant_id=plan.participant_id,
        video_source=session_pb2.VIDEO_SOURCE_CLIENT_FRAMES,
        camera_kind=session_pb2.CAMERA_KIND_EXTERNAL,
        resumption=session_pb2.Resumption(resume_token="secret"),
    )
    start.consent.revision = plan.consent.revision
    start.consent.scopes.extend(
        sorted(f"CONSENT_SCOPE_{scope.value.upper()}" for scope in plan.consent.scopes)
    )
    return recording_header(
        plan,
        start,
        settings=Settings(),
        models=[session_pb2.ModelInfo(name="m", version="1", sha256="ab" * 32, kind="pixel")],
        labels=("happy", "sad"),
        started_unix_ns=1_700_000_000_000_000_000,
    )


def settings_for(**changes: object) -> RecordingSettings:
    return RecordingSettings(**{"free_space_floor_mb": 0, **changes})


def a_jpeg(value: int = 128, width: int = 64, height: int = 48) -> bytes:
    picture = np.full((height, width, 3), value, np.uint8)
    return bytes(cv2.imencode(".jpg", picture)[1])


def a_frame(
    time_ns: int, sequence: int, data: bytes | None = None, **changes: object
) -> FrameInput:
    fields: dict[str, object] = {
        "time_ns": time_ns,
        "sequence": sequence,
        "frame": EncodedFrame(Encoding.JPEG, a_jpeg() if data is None else data, 64, 48),
        "role": FrameRole.WEARER,
        "capture_time_source": CaptureTimeSource.SENSOR,
        "consent_revision": 1,
    }
    return FrameInput(**{**fields, **changes})


def a_face() -> Face:
    return Face(
        track_id=1,
        box=Box(10, 20, 30, 40),
        score=0.9,
        landmarks=np.zeros((68, 2), np.float32),
        mesh=np.zeros((468, 3), np.float32),
        visibility=RegionVisibility(0.1, 0.1, 0.1, 0.1, 0.9, 0.9, 0.9, 0.8, 0.8),
        band=VisibilityBand.LOWER_FACE,
        quality=FaceQuality(1.0, 1.0, 1.0, 30.0),
        headset=0.75,
    )


def an_empathy(slot: int, eri: float = 55.0) -> EmpathyState:
    return EmpathyState(
        slot=slot,
        eri=eri,
        confidence=0.5,
        status=EriStatus.OK,
        interval=(eri - 5, eri + 5),
        affective=Component(0.25, 0.5),
        associative=Component(None, 0.0),
        cognitive=Component(None, 0.0),
        valence=0.25,
        arousal=0.125,
        intensity=0.25,
        attention=1.0,
        baseline_ready=True,
        distress=False,
        contributions=(Contribution("dark_room", 2.5, 0.5, 0.25),),
    )


def an_update(time_ns: int, sequence: int = 1) -> StateUpdate:
    return StateUpdate(
        time_ns=time_ns,
        frame_sequence=sequence,
        face=a_face(),
        pose=HeadPose(10, -5, 2, np.array([0.1, 0.2, 0.6]), 1.0, PoseSource.LANDMARKS),
        expression=Expression(
            ("happy", "sad"),
            np.array([0.75, 0.25], np.float32),
            0.25,
            0.125,
            0.5,
            0.25,
            VisibilityBand.LOWER_FACE,
            "m-1",
        ),
        crop=None,
        empathy=an_empathy(time_ns // SLOT_NS),
        beat_id="arrival",
    )


def a_decision(time_ns: int) -> DecisionMade:
    decision = Decision(
        time_ns, "d-1", "door", 1, "left", DecisionReason.EVIDENCE, {"eri": 61.5, "confidence": 0.5}
    )
    return DecisionMade(time_ns, decision)


def some_evidence(slot: int) -> Evidence:
    return Evidence(slot, 2500, -1250, 5000, 1, (7500, 2500), 1200, 1, 3)


def a_session(slots: int) -> list[tuple[Input, tuple[Output, ...]]]:
    """Three frames and a tick a slot, a beat at the start, a decision and a notice at the end."""
    rows: list[tuple[Input, tuple[Output, ...]]] = [(EventInput(BeatEntered(0, "arrival")), ())]
    sequence = 0
    for slot in range(slots):
        for part in range(3):
            sequence += 1
            time_ns = slot * SLOT_NS + part * SLOT_NS // 3 + 1
            rows.append(
                (
                    a_frame(time_ns, sequence, a_jpeg(sequence % 200)),
                    (an_update(time_ns, sequence),),
                )
            )
        time_ns = (slot + 1) * SLOT_NS
        rows.append((Tick(time_ns), (SlotClosed(time_ns, some_evidence(slot)),)))
    end_ns = slots * SLOT_NS
    rows.append((Tick(end_ns), (a_decision(end_ns), Noticed(end_ns, NoticeKind.NO_BASELINE))))
    summary = Summary(end_ns, EndReason.FINISHED, sequence, sequence, 1, an_empathy(slots))
    rows.append((EndInput(end_ns, EndReason.FINISHED), (summary,)))
    return rows


def write(
    path: Path,
    rows: list[tuple[Input, tuple[Output, ...]]],
    scopes: Iterable[ConsentScope] = EVERYTHING,
    **settings: object,
) -> Recorder:
    """Record `rows` to `path` and close the recording."""
    recorder = Recorder.open(path, a_header(scopes), settings_for(**settings))
    for order, (given, outputs) in enumerate(rows, 1):
        recorder.input(order, given)
        if isinstance(given, FrameInput):
            recorder.frame(order, given)
        recorder.outputs(order, outputs)
    recorder.close()
    return recorder


def topics(path: Path) -> Counter[str]:
    """How many messages of each topic another reader finds in a file."""
    with path.open("rb") as file:
        return Counter(channel.topic for _, channel, _ in make_reader(file).iter_messages())
