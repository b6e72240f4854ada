"""The Python client of the contract: for demonstrations, tests, measurements and installations
without Unity.

    async with AttuneClient("127.0.0.1:50051") as client:
        session = await client.start(SessionRequest(consent=frozenset({ConsentScope.ANALYSE})))
        session.send_frame(jpeg, width_px=640, height_px=480, capture_time_ns=monotonic_ns())
        async for message in session.messages():
            if isinstance(message, Update):
                print(message.empathy.eri)
        summary = await session.end()

All times that a caller gives or gets are nanoseconds of `monotonic_ns`, the client's clock.
"""

from time import monotonic_ns

from attune.client.channel import ClientSecurity
from attune.client.client import AttuneClient
from attune.client.clock import ClockReading
from attune.client.inbox import Message
from attune.client.request import SessionRequest
from attune.client.session import ClientSession
from attune.v1.consent_pb2 import ConsentApplied
from attune.v1.session_pb2 import (
    CalibrationProgress,
    Notice,
    NoticeCode,
    SessionReady,
    SessionSummary,
)
from attune.v1.state_pb2 import Update
from attune.v1.story_pb2 import BranchDecision

__all__ = [
    "AttuneClient",
    "BranchDecision",
    "CalibrationProgress",
    "ClientSecurity",
    "ClientSession",
    "ClockReading",
    "ConsentApplied",
    "Message",
    "Notice",
    "NoticeCode",
    "SessionReady",
    "SessionRequest",
    "SessionSummary",
    "Update",
    "monotonic_ns",
]
