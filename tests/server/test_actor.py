"""What one session says after a turn."""

import asyncio

from attune.server.inbox import Arrival
from attune.server.lanes import Lanes
from attune.server.registry import SessionRegistry
from attune.session.inputs import ConsentInput
from tests.e2e.talk import ANALYSE, start_message


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
