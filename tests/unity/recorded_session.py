"""Print what the server recorded of the only session in a folder, as one line of JSON.

python tests/unity/recorded_session.py FOLDER
"""

import json
import sys
from pathlib import Path

from attune.session.salvage import Salvage
from attune.v1 import recording_pb2


def main() -> None:
    """Frames, events with the client's own times, decisions and states, each in order."""
    (path,) = Path(sys.argv[1]).rglob("*.mcap")
    frames, events, decisions, states = [], [], [], []
    for entry in Salvage(path).entries():
        if entry.topic == "/input":
            given = recording_pb2.RecordedInput.FromString(entry.data)
            if given.WhichOneof("input") == "frame":
                frames.append(given.frame.frame_sequence)
            elif given.message.WhichOneof("message") == "scenario_event":
                kind = given.message.scenario_event.WhichOneof("event")
                events.append({"kind": kind, "client_time_ns": given.client_time_ns})
        elif entry.topic == "/output":
            output = recording_pb2.RecordedOutput.FromString(entry.data)
            if output.WhichOneof("output") == "decision":
                decision = output.decision
                decisions.append({"id": decision.decision_id, "branch": decision.branch_id})
            elif output.WhichOneof("output") == "update":
                states.append(output.update.frame_sequence)
    recorded = {"frames": frames, "events": events, "decisions": decisions, "states": states}
    print(json.dumps(recorded))


if __name__ == "__main__":
    main()
