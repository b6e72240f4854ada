"""What waits for one client."""

import asyncio
from typing import Any
from urllib.parse import quote

import grpc
import pytest

from attune.server.lanes import LANE_FULL, Build, Lanes, Verdict
from attune.session.outputs import Disposition
from attune.v1 import session_pb2


def pong(number: int) -> Build:
    """Builds a message that can be told from others."""
    return lambda: session_pb2.ServerMessage(pong=session_pb2.Pong(id=number))


def update(number: int) -> Build:
    """Builds an update."""
    message = session_pb2.ServerMessage()
    message.update.sequence = number
    return lambda: message


async def drain(lanes: Lanes) -> list[Any]:
    """Everything that waits, in the order of writing."""
    lanes.finish()
    written = []
    while (message := await lanes.next()) is not None:
        written.append(getattr(message, str(message.WhichOneof("message"))))
    return written


async def test_ordered_messages_keep_their_order() -> None:
    lanes = Lanes(8)
    for number in range(5):
        lanes.put(pong(number))

    assert [one.id for one in await drain(lanes)] == [0, 1, 2, 3, 4]


async def test_ordered_messages_go_before_the_update() -> None:
    lanes = Lanes(8)
    lanes.put_update(update(1), of_frame=True)
    lanes.put(pong(7))

    assert (await lanes.next()).HasField("pong")
    assert (await lanes.next()).HasField("update")


async def test_a_newer_update_replaces_the_one_that_waits() -> None:
    lanes = Lanes(8)
    lanes.put_update(update(1), of_frame=True)
    lanes.put_update(update(2), of_frame=True)

    assert (await lanes.next()).update.sequence == 2


async def test_what_a_frame_showed_does_not_give_way_to_an_update_without_one() -> None:
    lanes = Lanes(8)
    lanes.put_update(update(1), of_frame=True)
    lanes.put_update(update(2), of_frame=False)

    assert (await lanes.next()).update.sequence == 1


async def test_frames_dropped_in_a_row_are_acknowledged_together() -> None:
    lanes = Lanes(8)
    for sequence in (1, 2, 3):
        lanes.put_ack(sequence, Disposition.DROPPED)
    lanes.put_ack(4, Disposition.ANALYSED)
    lanes.put_ack(5, Disposition.DROPPED)

    assert [one.through_sequence for one in await drain(lanes)] == [3, 4, 5]


async def test_a_full_lane_cuts_the_stream_off() -> None:
    lanes = Lanes(8)
    for number in range(9):
        lanes.put(pong(number))

    assert lanes.cut_off.is_set()
    assert lanes.verdict == LANE_FULL
    assert await lanes.next() is None


async def test_a_writer_that_waits_is_woken_by_a_message() -> None:
    lanes = Lanes(8)
    waiting = asyncio.create_task(lanes.next())
    await asyncio.sleep(0)
    lanes.put(pong(1))

    assert (await waiting).pong.id == 1


async def test_a_message_is_built_when_it_is_written() -> None:
    lanes = Lanes(8)
    built: list[int] = []

    def build() -> session_pb2.ServerMessage:
        built.append(1)
        return session_pb2.ServerMessage()

    lanes.put(build)
    assert built == []
    await lanes.next()
    assert built == [1]


async def test_what_a_stream_did_not_write_is_kept_but_for_what_dies_with_it() -> None:
    lanes = Lanes(8)
    lanes.put(pong(1), keep=False)
    lanes.put(pong(2))
    lanes.put_ack(3, Disposition.ANALYSED)

    assert [build().pong.id for build in lanes.unsent()] == [2]


@pytest.mark.parametrize("end", ["finish", "cut"])
async def test_nothing_is_taken_after_the_end(end: str) -> None:
    lanes = Lanes(8)
    verdict = Verdict(grpc.StatusCode.ABORTED, "enough")
    getattr(lanes, end)(verdict)
    lanes.put(pong(1))

    assert await lanes.next() is None
    assert lanes.verdict == verdict


@pytest.mark.parametrize("letter", ["a", "é", "字", "%", "\n", "😀"])
def test_a_verdict_fits_the_headers_that_it_travels_in(letter: str) -> None:
    verdict = Verdict(grpc.StatusCode.INVALID_ARGUMENT, letter * 9000)

    assert len(quote(verdict.sentence)) < 7000
    assert verdict.sentence.startswith(letter * 400)
    assert verdict.sentence.endswith(" …")


def test_a_short_verdict_is_said_whole() -> None:
    assert Verdict(grpc.StatusCode.INVALID_ARGUMENT, "字 " * 100).sentence == "字 " * 100
