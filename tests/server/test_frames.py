"""The frames of a session at the edge, while its consent changes."""

import asyncio

import pytest

from attune.config import LimitSettings
from attune.server.answers import Answers
from attune.server.cameras import camera_frame_input
from attune.server.frames import FrameDesk
from attune.server.inbox import Inbox
from attune.server.lanes import Lanes
from attune.server.telemetry import Telemetry
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import ConsentInput, Input, PauseInput, ResumeInput
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.timeline import NS_PER_MS
from attune.v1 import session_pb2
from attune.vision.frame import EncodedFrame, Encoding, FrameRole

ANALYSE = frozenset({ConsentScope.ANALYSE})
STORED = ANALYSE | {ConsentScope.STORE_VIDEO}
BYSTANDERS = ANALYSE | {ConsentScope.BYSTANDERS}
NOTHING: frozenset[ConsentScope] = frozenset()


class Edge:
    """A desk and what is around it."""

    def __init__(self, scopes: frozenset[ConsentScope], kind: CameraKind) -> None:
        plan = SessionPlan(
            "0" * 32,
            consent=Consent(1, scopes),
            video_source=VideoSource.SERVER_CAMERA,
            camera_kind=kind,
        )
        telemetry = Telemetry()
        self.inbox = Inbox(0)
        self.lanes = Lanes(16)
        self.answers = Answers(telemetry, lambda: 0, update_rate_hz=0)
        self.answers.attach(self.lanes)
        self.desk = FrameDesk(plan, LimitSettings(), telemetry, self.inbox, self.answers)

    def sees(self, captured_ms: int, role: FrameRole = FrameRole.WEARER) -> bool:
        """Whether a frame of the server's camera, captured at that session time, waits for its
        turn."""
        pixels = EncodedFrame(Encoding.JPEG, b"\xff\xd8", 4, 4)
        frame = camera_frame_input(pixels, captured_ms * NS_PER_MS, role)
        self.desk.offer_own(frame, captured_ms * NS_PER_MS)
        return bool(self.inbox.drop_frames())

    async def says_nothing(self) -> bool:
        """Whether nothing waits for the client."""
        waiting = asyncio.create_task(self.lanes.next())
        for _ in range(3):
            await asyncio.sleep(0)
        silent = not waiting.done()
        waiting.cancel()
        return silent


@pytest.mark.parametrize(
    ("scopes", "change"),
    [
        (NOTHING, ConsentInput(100 * NS_PER_MS, 2, ANALYSE)),
        (ANALYSE, ConsentInput(100 * NS_PER_MS, 2, STORED)),
        (ANALYSE, ResumeInput(100 * NS_PER_MS)),
    ],
    ids=["before it was allowed", "before it may be stored", "during a pause"],
)
def test_a_frame_of_the_servers_camera_from_before_is_not_looked_at(
    scopes: frozenset[ConsentScope], change: Input
) -> None:
    edge = Edge(scopes, CameraKind.EXTERNAL)
    if isinstance(change, ResumeInput):
        edge.desk.observe(PauseInput(50 * NS_PER_MS))
    edge.desk.observe(change)

    assert not edge.sees(99)
    assert edge.sees(100)


def test_a_frame_of_the_servers_camera_from_before_the_session_is_not_looked_at() -> None:
    edge = Edge(ANALYSE, CameraKind.EXTERNAL)

    assert not edge.sees(-1)
    assert edge.sees(0)


@pytest.mark.parametrize(
    ("before", "after", "taken_back"),
    [
        (ANALYSE, NOTHING, True),
        (BYSTANDERS, ANALYSE, True),
        (ANALYSE, STORED, False),
    ],
)
async def test_an_update_that_waits_is_taken_back_with_the_consent_that_it_needs(
    before: frozenset[ConsentScope], after: frozenset[ConsentScope], taken_back: bool
) -> None:
    edge = Edge(before, CameraKind.EXTERNAL)
    edge.lanes.put_update(session_pb2.ServerMessage, of_frame=True)
    edge.desk.observe(ConsentInput(0, 2, after))

    assert await edge.says_nothing() is taken_back
