"""What a session says before, between and through its streams."""

from attune.server.answers import Answers
from attune.server.lanes import Lanes
from attune.server.telemetry import Telemetry
from attune.session.outputs import NoticeKind
from attune.v1 import session_pb2


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
