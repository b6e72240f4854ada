"""What the demonstration shows: the newest of everything, and words where there is nothing."""

from rich.console import Console

from attune.cli.demo_view import DemoView, describe_decision, latency_table
from attune.client.latency import END_TO_END, LatencyLog
from attune.v1 import session_pb2, state_pb2, story_pb2

MS = 1_000_000


def seen(sequence: int, capture_ms: int, *, happy: float = 0.9) -> state_pb2.Update:
    """An update that rests on a frame with a face under a headset."""
    update = state_pb2.Update(frame_sequence=sequence, capture_time_ns=capture_ms * MS)
    update.face.found = True
    update.face.band = state_pb2.VISIBILITY_BAND_LOWER_FACE
    update.face.headset_probability = 0.97
    for region in range(1, 10):
        update.face.regions.add(region=region, visible=0.0 if region < 5 else 1.0)  # type: ignore[arg-type]
    update.face.pose.yaw_deg = -12.4
    update.expression.emotions.add(emotion=state_pb2.EMOTION_SAD, probability=1 - happy)
    update.expression.emotions.add(emotion=state_pb2.EMOTION_HAPPY, probability=happy)
    update.empathy.eri = 61.2
    update.empathy.confidence = 0.4
    update.empathy.status = state_pb2.EMPATHY_STATUS_OK
    return update


def shown(view: DemoView) -> str:
    """The live table as text."""
    console = Console(width=120)
    with console.capture() as captured:
        console.print(view.render())
    return captured.get()


def test_the_table_shows_face_expression_index_and_beat() -> None:
    view = DemoView("memorial")
    view.enter("street: The street")
    view.take(seen(1, capture_ms=100), now_ns=118 * MS)

    text = shown(view)

    for words in (
        "18 ms old",
        "lower face",
        "yaw -12°",
        "happy 90%  sad 10%",
        "61.2",
        "The street",
    ):
        assert words in text


def test_too_little_evidence_is_said() -> None:
    view = DemoView("memorial")
    update = seen(1, capture_ms=100)
    update.empathy.status = state_pb2.EMPATHY_STATUS_ABSTAIN
    view.take(update, now_ns=118 * MS)

    assert "not enough evidence" in view.line()


def test_a_state_without_a_frame_keeps_the_face_that_was_seen() -> None:
    view = DemoView("memorial")
    view.take(seen(1, capture_ms=100), now_ns=118 * MS)
    without = state_pb2.Update()
    without.empathy.eri = 55.0
    view.take(without, now_ns=150 * MS)

    assert "lower face" in view.line()
    assert "ERI 55.0" in view.line()


def test_the_rate_counts_frames_and_not_states() -> None:
    view = DemoView("memorial")
    for index in range(31):
        view.take(seen(index + 1, capture_ms=100 * index), now_ns=100 * index * MS)
        view.take(state_pb2.Update(), now_ns=(100 * index + 50) * MS)

    assert view.rate_hz == 10.0


def test_a_decision_is_told_with_its_reason_and_figures() -> None:
    decision = story_pb2.BranchDecision(
        choice_id="at-the-door",
        branch_id="go-inside",
        reason=story_pb2.DECISION_REASON_EVIDENCE,
        evidence={"eri": 61.234, "confidence": 0.41, "slot": 380},
    )

    assert describe_decision(decision) == (
        "at-the-door → go-inside: evidence (eri 61.23, confidence 0.41)"
    )


def test_latency_counts_only_states_that_rest_on_a_frame() -> None:
    log = LatencyLog()
    for index in range(1, 101):
        update = seen(index, capture_ms=1000 * index)
        update.stage_us["track"] = 100 * index
        log.observe(session_pb2.ServerMessage(update=update), (1000 * index + index) * MS)
    log.observe(session_pb2.ServerMessage(update=state_pb2.Update()), 10**12)

    track, whole = log.rows()

    assert (track.name, track.count, track.median_ms) == ("track", 100, 5.05)
    assert (whole.name, whole.count, whole.median_ms) == (END_TO_END, 100, 50.5)
    assert latency_table([track, whole]).row_count == 2
