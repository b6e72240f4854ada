"""What waits for a session's next step."""

from attune.scenario.events import BeatEntered
from attune.server.inbox import CONTROL_BATCH, CONTROL_CAPACITY, Arrival, Inbox
from attune.session.inputs import EventInput, FrameInput, Tick
from attune.timeline import NS_PER_MS, SLOT_NS
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

START = 5_000 * NS_PER_MS


def frame(sequence: int, role: FrameRole = FrameRole.WEARER, time_ns: int = 0) -> Arrival:
    """A frame that arrives."""
    pixels = EncodedFrame(Encoding.GRAY8, b"\x00", 1, 1)
    source = CaptureTimeSource.SENSOR
    given = FrameInput(time_ns or sequence, sequence, pixels, role, source, consent_revision=1)
    return Arrival(given, START)


def control(arrived_ns: int = START) -> Arrival:
    """An event that arrives."""
    return Arrival(EventInput(BeatEntered(0, "hall")), arrived_ns)


def sequences(arrivals: list[Arrival]) -> list[int]:
    """The sequences of frames."""
    return [one.given.sequence for one in arrivals if isinstance(one.given, FrameInput)]


def test_control_overtakes_the_frame_that_waits() -> None:
    inbox = Inbox(START)
    inbox.put_frame(frame(1))
    inbox.put(control())

    assert isinstance(inbox.take(START)[0].given, EventInput)
    assert sequences(inbox.take(START)) == [1]


def test_a_newer_frame_replaces_the_one_that_waits() -> None:
    inbox = Inbox(START)
    assert inbox.put_frame(frame(1)) is None
    replaced = inbox.put_frame(frame(2))

    assert replaced is not None
    assert sequences([replaced]) == [1]
    assert sequences(inbox.take(START)) == [2]
    assert inbox.take(START) == []


def test_wearer_and_bystanders_do_not_replace_each_other() -> None:
    inbox = Inbox(START)
    inbox.put_frame(frame(2, FrameRole.BYSTANDERS))

    assert inbox.put_frame(frame(1)) is None
    assert sequences(inbox.take(START)) == [1]
    assert sequences(inbox.take(START)) == [2]


def test_a_tick_for_every_slot_goes_before_what_is_consumed_after_it() -> None:
    inbox = Inbox(START)
    inbox.put(control())
    taken = inbox.take(START + 3 * SLOT_NS)

    assert [one.given for one in taken[:3]] == [Tick(n * SLOT_NS) for n in (1, 2, 3)]
    assert isinstance(taken[3].given, EventInput)


def test_each_tick_comes_once() -> None:
    inbox = Inbox(START)
    first = inbox.take(START + SLOT_NS)
    second = inbox.take(START + 2 * SLOT_NS)

    assert [one.given for one in first + second] == [Tick(SLOT_NS), Tick(2 * SLOT_NS)]


def test_nothing_is_urgent_where_nothing_waits_until_the_next_tick() -> None:
    inbox = Inbox(START)

    assert inbox.urgency(START + SLOT_NS - 1) is None
    assert inbox.urgency(START + SLOT_NS) is not None


def test_a_frame_is_as_urgent_as_its_capture_is_old() -> None:
    inbox = Inbox(START)
    inbox.put_frame(frame(1, time_ns=40 * NS_PER_MS))
    urgency = inbox.urgency(START + 50 * NS_PER_MS)

    assert urgency is not None
    assert urgency.frame
    assert urgency.since_ns == START + 40 * NS_PER_MS


def test_one_turn_takes_a_batch_of_control_at_most() -> None:
    inbox = Inbox(START)
    for _ in range(CONTROL_CAPACITY):
        inbox.put(control())

    assert inbox.full
    assert len(inbox.take(START)) == CONTROL_BATCH
    assert not inbox.full
