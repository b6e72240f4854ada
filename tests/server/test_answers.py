"""What a session says before, between and through its streams."""

from attune.server.answers import KEPT_MESSAGES, Answers
from attune.server.lanes import Lanes
from attune.server.telemetry import Telemetry
from attune.session.consent import Consent, ConsentScope
from attune.session.outputs import NoticeKind
from attune.v1 import session_pb2

CAPACITY = 256


async def written(lanes: Lanes) -> list[session_pb2.ServerMessage]:
    """Everything that waits, in the order of writing."""
    lanes.finish()
    said = []
    while (message := await lanes.next()) is not None:
        said.append(message)
    return said


def lost(number: int) -> dict[str, str]:
    return {"camera": f"camera-{number}", "cause": "unplugged"}


async def test_a_stream_that_takes_over_has_room_for_all_that_the_broken_one_left() -> None:
    answers = Answers(Telemetry(), lambda: 0, update_rate_hz=0)
    broken, next_one = Lanes(CAPACITY), Lanes(CAPACITY)
    answers.attach(broken)
    for number in range(CAPACITY):
        answers.notice(NoticeKind.CAMERA_LOST, **lost(number))
    answers.detach()
    answers.attach(next_one)
    next_one.put(lambda: session_pb2.ServerMessage(session_ready=session_pb2.SessionReady()))
    answers.repeat(Consent(2, frozenset({ConsentScope.ANALYSE})), "")

    assert not broken.cut_off.is_set()
    assert not next_one.cut_off.is_set()
    said = await written(next_one)
    kinds = [one.WhichOneof("message") for one in said]
    assert kinds == ["session_ready", "consent_applied", *["notice"] * CAPACITY]


async def test_of_what_no_stream_carries_the_newest_is_said_to_the_next_one() -> None:
    answers = Answers(Telemetry(), lambda: 0, update_rate_hz=0)
    for number in range(KEPT_MESSAGES + 5):
        answers.notice(NoticeKind.CAMERA_LOST, **lost(number))
    lanes = Lanes(8)
    answers.attach(lanes)
    answers.repeat(Consent(0, frozenset()), "")

    said = await written(lanes)
    assert len(said) == KEPT_MESSAGES
    assert said[-1].notice.parameters["camera"] == f"camera-{KEPT_MESSAGES + 4}"


async def test_what_is_said_before_the_first_stream_is_said_after_its_terms() -> None:
    answers = Answers(Telemetry(), lambda: 0, update_rate_hz=0)
    answers.notice(NoticeKind.CAMERA_LOST, camera="hall", cause="unplugged")
    lanes = Lanes(capacity=8)
    answers.attach(lanes)
    lanes.put(lambda: session_pb2.ServerMessage(session_ready=session_pb2.SessionReady()))
    answers.catch_up()
    answers.catch_up()
    lanes.finish()

    said = []
    while (message := await lanes.next()) is not None:
        said.append(message)
    assert [one.WhichOneof("message") for one in said] == ["session_ready", "notice"]
    assert said[1].notice.code == session_pb2.NOTICE_CODE_CAMERA_LOST
