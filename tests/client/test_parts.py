"""Clock estimate, credit, terms and events, each by itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.client.channel import ClientSecurity, open_channel
from attune.client.clock import ClockReading, best_reading
from attune.client.credit import ACK_TIMEOUT_NS, FrameMailbox
from attune.client.request import SessionRequest
from attune.errors import ConfigError
from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    ResolvedBy,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.event_messages import event_message
from attune.session.inbound import input_from_message
from attune.session.inputs import EventInput
from attune.session.plan import VideoSource
from attune.v1 import session_pb2, video_pb2

WAYS = st.integers(min_value=0, max_value=10**9)
OFFSETS = st.integers(min_value=-(10**12), max_value=10**12)


def reading(offset: int, there: int, back: int, inside: int = 0) -> ClockReading:
    """A ping over ways of these lengths."""
    return ClockReading(0, there + offset, there + inside + offset, there + inside + back)


@given(OFFSETS, WAYS, WAYS, WAYS)
def test_the_true_offset_lies_within_the_uncertainty(
    offset: int, there: int, back: int, inside: int
) -> None:
    one = reading(offset, there, back, inside)

    assert abs(one.offset_ns - offset) <= one.uncertainty_ns
    assert one.round_trip_ns == there + back


def test_the_reading_with_the_shortest_way_is_believed() -> None:
    slow, fast = reading(5, 100, 900), reading(5, 10, 12)

    assert best_reading([slow, fast]) is fast


def frame(sequence: int) -> video_pb2.VideoFrame:
    """A frame of no content."""
    return video_pb2.VideoFrame(sequence=sequence)


@given(st.lists(st.sampled_from(["put", "take", "ack"]), max_size=60))
def test_never_more_frames_under_way_than_there_is_credit(steps: list[str]) -> None:
    mailbox = FrameMailbox(max_in_flight=2)
    offered, under_way = 0, []
    for step in steps:
        if step == "put":
            offered += 1
            mailbox.put(frame(offered))
        elif step == "take":
            taken = mailbox.take(now_ns=0)
            if taken is not None:
                assert taken.sequence == offered, "only the newest frame is ever sent"
                under_way.append(taken.sequence)
        elif under_way:
            mailbox.acknowledge(under_way.pop(0))
        assert len(under_way) <= 2


def test_a_lost_acknowledgement_cannot_stall_the_stream() -> None:
    mailbox = FrameMailbox(max_in_flight=1)
    mailbox.put(frame(1))
    assert mailbox.take(now_ns=0) is not None
    mailbox.put(frame(2))

    assert mailbox.take(now_ns=ACK_TIMEOUT_NS - 1) is None
    assert mailbox.retry_ns(now_ns=ACK_TIMEOUT_NS - 1) == 1
    assert mailbox.take(now_ns=ACK_TIMEOUT_NS) == frame(2)
    assert mailbox.expired == 1


@pytest.mark.parametrize(
    "event",
    [
        StimulusOnset(1, "bear-attack"),
        StimulusOffset(2, "bear-attack"),
        BeatEntered(3, "hall"),
        ChoiceDue(4, "at-the-door", 2, 9),
        ChoiceResolved(5, "at-the-door", 2, "go-inside", ResolvedBy.SERVER, "d1"),
        ChoiceResolved(6, "at-the-door", 1, "stay-outside", ResolvedBy.LOCAL_DEFAULT),
    ],
)
def test_the_server_reads_an_event_as_the_client_meant_it(event: SceneEvent) -> None:
    message = session_pb2.ClientMessage(scenario_event=event_message(event))

    assert input_from_message(message, lambda time_ns: time_ns, 0) == EventInput(event)


def test_a_request_without_a_camera_names_none() -> None:
    start = SessionRequest(video_source=VideoSource.NONE, scenario_yaml="id: x").message(1)

    assert start.camera_kind == session_pb2.CAMERA_KIND_UNSPECIFIED
    assert start.inline_scenario == "id: x"
    assert list(start.consent.scopes) == []


@pytest.mark.parametrize(
    "half", [{"certificate": Path("c")}, {"key": Path("k")}, {"key": Path("k"), "tls": True}]
)
def test_half_a_certificate_is_refused(half: dict[str, Path]) -> None:
    with pytest.raises(ConfigError, match="go together"):
        ClientSecurity(**half)  # type: ignore[arg-type]


def test_a_certificate_without_tls_is_refused() -> None:
    with pytest.raises(ConfigError, match="needs TLS"):
        ClientSecurity(certificate=Path("c"), key=Path("k"))


def test_an_unreadable_authority_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"missing\.pem"):
        open_channel("127.0.0.1:1", ClientSecurity(ca=tmp_path / "missing.pem"))
