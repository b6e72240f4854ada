"""What an operator reads on the metrics port after a visit."""

import asyncio
import urllib.request

from attune.server.app import Server
from attune.v1 import story_pb2, video_pb2
from tests.e2e.talk import ANALYSE, Talk, frame, reach_choice

ANALYSED = video_pb2.FRAME_DISPOSITION_ANALYSED


async def scrape(server: Server) -> dict[str, float]:
    """The figures of the metrics port, by name and labels."""
    address = f"http://127.0.0.1:{server.metrics_port}/metrics"
    text = await asyncio.to_thread(lambda: urllib.request.urlopen(address).read().decode())
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


async def test_age_stages_faces_and_decisions_can_be_read(server: Server, visit: Talk) -> None:
    await visit.start(ANALYSE)
    for sequence in (1, 2):
        await visit.say(video_frame=frame(sequence))
        assert await visit.acknowledged(sequence) == ANALYSED
        await visit.hear("update", lambda one, wanted=sequence: one.frame_sequence == wanted)
    decision = await reach_choice(visit)
    await visit.end()

    found = await scrape(server)

    assert found['attune_frames_settled_total{disposition="analysed"}'] == 2
    assert found['attune_frames_face_total{found="false"}'] == 2
    assert found["attune_frame_age_seconds_count"] == 2
    assert 0 < found["attune_frame_age_seconds_sum"] < 60
    for stage in ("decode", "track"):
        assert found[f'attune_stage_seconds_count{{stage="{stage}"}}'] == 2
        assert 0 < found[f'attune_stage_seconds_sum{{stage="{stage}"}}'] < 60
    decisions = {name: n for name, n in found.items() if name.startswith("attune_decisions_total")}
    reason = story_pb2.DecisionReason.Name(decision.reason).removeprefix("DECISION_REASON_")
    assert decisions == {f'attune_decisions_total{{reason="{reason.lower()}"}}': 1}
    assert found["attune_sessions"] == 0
