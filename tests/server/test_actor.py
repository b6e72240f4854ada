"""What one session says after a turn."""

import asyncio
import time

from attune.server.inbox import Arrival
from attune.server.lanes import Lanes
from attune.server.registry import SessionRegistry
from attune.session.inputs import ConsentInput
from attune.vision.frame import EncodedFrame, Encoding
from tests.e2e.talk import ANALYSE, noise_jpeg, start_message


async def test_no_state_from_before_a_withdrawal_is_said_after_it(
    registry: SessionRegistry,
) -> None:
    actor, _ = await registry.start(start_message(ANALYSE))
    registry.scheduler.remove(actor)
    lanes = Lanes(16)
    registry.attach(actor, lanes)
    # A tick that is due brings an update, as no frame does; the withdrawal follows in its turn.
    actor.offer(Arrival(ConsentInput(0, 2, frozenset()), 0))
    actor.end_turn(actor.begin_turn(actor.next_due_ns)())
    said = await lanes.next()
    more = asyncio.create_task(lanes.next())
    for _ in range(3):
        await asyncio.sleep(0)

    assert said is not None
    assert said.consent_applied.revision == 2
    assert not more.done()
    more.cancel()
    registry.scheduler.add(actor)


async def test_the_servers_camera_looks_at_nobody_whose_stream_broke(
    registry: SessionRegistry,
) -> None:
    """Through a broken stream nobody could say stop."""
    actor, _ = await registry.start(start_message(ANALYSE))
    stream = registry.attach(actor, Lanes(16))
    carried = actor.camera_wanted()
    registry.detach(actor, stream)
    actor.camera_frame(EncodedFrame(Encoding.JPEG, noise_jpeg(), 160, 120), time.monotonic_ns())

    assert carried
    assert not actor.camera_wanted()
    assert actor.frames.received == 0
    registry.attach(actor, Lanes(16))
    assert actor.camera_wanted()
