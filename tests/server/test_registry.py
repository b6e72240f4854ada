"""Which sessions a server holds."""

import asyncio
import gc
import weakref

import pytest

from attune.server.inbox import Arrival
from attune.server.lanes import Lanes
from attune.server.registry import SessionRegistry
from attune.session.inputs import EndInput, EndReason
from attune.v1 import session_pb2
from tests.e2e.talk import start_message

AT_THE_DOOR = {
    "station_id": "hall",
    "video_source": session_pb2.VIDEO_SOURCE_SERVER_CAMERA,
    "camera_id": "door",
}


async def test_a_session_that_just_begins_is_not_taken_for_one_that_was_left_behind(
    registry: SessionRegistry,
) -> None:
    first, _ = await registry.start(start_message(station_id="hall"))
    second, _ = await registry.start(start_message(station_id="hall"))

    assert not first.ended
    assert not second.ended


async def test_a_session_whose_stream_broke_gives_way_to_the_next_visitor_of_its_station(
    registry: SessionRegistry,
) -> None:
    first, _ = await registry.start(start_message(station_id="hall"))
    stream = registry.attach(first, Lanes(16))
    registry.detach(first, stream)
    second, _ = await registry.start(start_message(station_id="hall"))

    assert first.ending is EndReason.LOST
    assert not second.ended


async def test_the_camera_of_a_session_whose_stream_broke_is_free_for_the_next_visitor(
    registry: SessionRegistry,
) -> None:
    first, _ = await registry.start(start_message(**AT_THE_DOOR))
    stream = registry.attach(first, Lanes(16))
    registry.detach(first, stream)
    second, _ = await registry.start(start_message(**AT_THE_DOOR))

    assert first.ending is EndReason.LOST
    assert not second.ended


@pytest.mark.parametrize("by", ["the visitor", "a headset taken off"])
async def test_the_camera_of_a_session_that_is_ending_is_free_for_the_next_visitor(
    registry: SessionRegistry, by: str
) -> None:
    first, _ = await registry.start(start_message(**AT_THE_DOOR))
    registry.scheduler.remove(first)  # its last turn is still to come
    registry.attach(first, Lanes(16))
    if by == "the visitor":
        first.offer(Arrival(EndInput(0, EndReason.FINISHED), 0))
    else:
        first.end(EndReason.VISITOR)
    second, _ = await registry.start(start_message(**AT_THE_DOOR))

    assert not second.ended
    registry.scheduler.add(first)


async def test_a_pause_that_is_said_when_the_session_ends_leaves_nothing_behind(
    registry: SessionRegistry,
) -> None:
    actor, _ = await registry.start(start_message())
    lanes = Lanes(16)
    stream = registry.attach(actor, lanes)
    actor.end(EndReason.FINISHED)
    while await lanes.next() is not None:
        pass
    registry.end_unless_back(actor)
    registry.detach(actor, stream)
    left = weakref.ref(actor)
    del actor
    await asyncio.sleep(0)
    gc.collect()

    assert left() is None
