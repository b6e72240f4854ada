"""What is written of an input, a pose and a slot comes back as it was."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.axes import matrix_of
from attune.session.consent import ConsentScope
from attune.session.inputs import (
    BaselineAction,
    BaselineInput,
    CameraModelInput,
    ConsentInput,
    EndInput,
    EndReason,
    EventInput,
    FaceWeightsInput,
    HeadsetPoseInput,
    Input,
    OperatorInput,
    PauseInput,
    ResumeInput,
    Tick,
    WeightsSource,
)
from attune.session.recorded import read_steps
from attune.session.recording import Recorder
from attune.session.transcript import (
    evidence_from_record,
    evidence_record,
    input_from_record,
    recorded_input,
)
from attune.v1 import geometry_pb2, recording_pb2, session_pb2, story_pb2
from attune.vision.camera import CameraModel
from tests.session.recordings import VIDEO, a_header, settings_for, some_evidence

names = st.text(min_size=1, max_size=20)
times = st.integers(0, 2**58)
counts = st.integers(1, 2**31)
metres = st.floats(-100, 100)
events = st.one_of(
    st.builds(StimulusOnset, times, names),
    st.builds(StimulusOffset, times, names),
    st.builds(BeatEntered, times, names),
    st.builds(ChoiceDue, times, names, counts, times),
    st.builds(ChoiceResolved, times, names, counts, names, st.sampled_from(ResolvedBy), names),
)
inputs = st.one_of(
    st.builds(Tick, times),
    st.builds(ConsentInput, times, counts, st.frozensets(st.sampled_from(ConsentScope))),
    st.builds(PauseInput, times),
    st.builds(ResumeInput, times),
    st.builds(EventInput, events),
    st.builds(BaselineInput, times, st.sampled_from(BaselineAction)),
    st.builds(OperatorInput, times, names, counts, names),
    st.builds(EndInput, times, st.sampled_from(EndReason)),
    st.builds(
        FaceWeightsInput,
        times,
        st.just("htc"),
        st.lists(st.floats(0, 1, width=32), min_size=51, max_size=51).map(tuple),
        st.booleans(),
        st.sampled_from(WeightsSource),
        st.floats(0, 1, width=32),
    ),
    st.builds(
        CameraModelInput,
        times,
        st.builds(
            CameraModel,
            fx=st.floats(100, 900),
            fy=st.floats(100, 900),
            cx=st.floats(0, 640),
            cy=st.floats(0, 480),
            width=st.just(640),
            height=st.just(480),
            distortion=st.sampled_from([(), (0.1, 0.2, 0.0, 0.0, 0.3)]),
        ),
    ),
)


@given(counts, inputs)
def test_an_input_comes_back_as_it_was(order: int, given_input: Input) -> None:
    written = recorded_input(order, given_input, None, 0).SerializeToString()
    assert input_from_record(recording_pb2.RecordedInput.FromString(written)) == given_input


def test_an_operators_choice_is_written_one_way_whoever_sent_it() -> None:
    made = OperatorInput(7, "way", 2, "left")
    sent = session_pb2.ClientMessage(
        operator_choice=story_pb2.OperatorChoice(choice_id="way", occurrence=2, branch_id="left")
    )
    assert recorded_input(1, made, sent, 0) == recorded_input(1, made, None, 0)


@given(
    times,
    st.tuples(metres, metres, metres),
    st.tuples(metres, metres, metres, metres).filter(lambda q: sum(map(abs, q)) > 1),
    st.none() | st.tuples(metres, metres, metres),
)
def test_a_pose_comes_back_within_rounding(
    time_ns: int,
    position: tuple[float, float, float],
    quaternion: tuple[float, float, float, float],
    focus: tuple[float, float, float] | None,
) -> None:
    pose = HeadsetPoseInput(
        time_ns,
        matrix_of(*quaternion),
        np.array(position),
        3,
        None if focus is None else np.array(focus),
    )
    found = input_from_record(recorded_input(1, pose, None, 0))
    assert isinstance(found, HeadsetPoseInput)
    assert found.rotation == pytest.approx(pose.rotation, abs=1e-9)
    assert found.position_m.tolist() == list(position)
    assert (found.focus_m is None) == (focus is None)


def test_evidence_comes_back_as_it_was() -> None:
    record = evidence_record(9, some_evidence(4))
    assert evidence_from_record(record) == some_evidence(4)
    assert record.order == 9


def test_a_clients_message_is_kept_as_sent_but_for_its_times() -> None:
    sent = session_pb2.ClientMessage(
        scenario_event=story_pb2.ScenarioEvent(
            time_ns=1_000_000,
            choice_due=story_pb2.ChoiceDue(choice_id="door", occurrence=1, deadline_ns=2_000_000),
        )
    )
    converted = EventInput(ChoiceDue(10, "door", 1, 20))
    record = recorded_input(5, converted, sent, 1_000_000)
    assert record.client_time_ns == 1_000_000
    assert input_from_record(record) == converted
    assert sent.scenario_event.time_ns == 1_000_000


def test_a_sent_pose_comes_back_to_the_last_bit(tmp_path: Path) -> None:
    sent = session_pb2.ClientMessage(
        headset_pose=geometry_pb2.HeadsetPose(
            time_ns=5,
            pose=geometry_pb2.Pose(
                position_m=geometry_pb2.Vector3(x=0.1, y=1.7, z=0.3),
                orientation=geometry_pb2.Quaternion(x=0.1, y=0.2, z=0.3, w=0.9273618495495703),
            ),
        )
    )
    live = input_from_record(recording_pb2.RecordedInput(session_time_ns=5, message=sent))
    assert isinstance(live, HeadsetPoseInput)
    recorder = Recorder.open(tmp_path / "s.mcap", a_header(VIDEO), settings_for())
    recorder.input(1, live, sent, 5)
    recorder.close()
    [step] = read_steps(tmp_path / "s.mcap")
    assert isinstance(step.given, HeadsetPoseInput)
    assert step.given.rotation.tobytes() == live.rotation.tobytes()
    assert step.given.position_m.tobytes() == live.position_m.tobytes()
