"""Write the scenes, prefabs and assets of the Unity package's samples.

The Memorial sample plays examples/scenarios/memorial.yaml: change the scenario and run this again.
Needs PyYAML:

    .venv/bin/python unity_client/tools/write_samples.py
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))
import unity_yaml as u
import write_metas
from sample_assets import Sample, script
from sample_room import Room
from sample_story import add_story, simulated_visitor
from sample_texts import INK_STORY, SMALL_STORY, YARN_STORY, replay_table

REPOSITORY = Path(__file__).resolve().parents[2]
SCENARIO = REPOSITORY / "examples" / "scenarios" / "memorial.yaml"


def _scenario_asset(scenario: dict[str, Any]) -> str:
    digest = hashlib.sha256(SCENARIO.read_bytes()).hexdigest()
    return u.asset(script("AttuneScenario"), "Memorial", {"id": scenario["id"], "sha256": digest})


def minimal(sample: Sample, scenario: dict[str, Any]) -> None:
    room = Room({})
    room.visitor(add_story(room, SMALL_STORY))
    sample.text("Minimal.unity", room.document.text(scene=True))


def simulated(sample: Sample, scenario: dict[str, Any]) -> None:
    visitor = sample.asset("Visitor.asset", simulated_visitor(SMALL_STORY, "Visitor"))
    room = Room({"simulatedVisitor": visitor})
    room.visitor(add_story(room, SMALL_STORY))
    room.debug_panel()
    sample.text("Simulated Visitor.unity", room.document.text(scene=True))


def webcam(sample: Sample, scenario: dict[str, Any]) -> None:
    fields = {"address": "http://127.0.0.1:50051", "stationId": "webcam", "cameraId": ""}
    server = sample.asset("Server.asset", u.asset(script("AttuneServer"), "Server", fields))
    known = sample.asset("Memorial.asset", _scenario_asset(scenario))
    room = Room({"server": server, "scenario": known, "frames": u.NOTHING})
    room.visitor(add_story(room, scenario))
    room.debug_panel()
    sample.text("Webcam.unity", room.document.text(scene=True))


def replay(sample: Sample, scenario: dict[str, Any]) -> None:
    table = sample.text_asset("Session.txt", replay_table())
    text = u.asset(script("AttuneReplayVisitor"), "Visitor", {"table": table})
    visitor = sample.asset("Visitor.asset", text)
    room = Room({"simulatedVisitor": visitor})
    room.visitor(add_story(room, scenario))
    room.debug_panel()
    sample.text("Replay.unity", room.document.text(scene=True))


def ink(sample: Sample, scenario: dict[str, Any]) -> None:
    story = sample.text_asset("Hall.ink.txt", INK_STORY)
    visitor = sample.asset("Visitor.asset", simulated_visitor(SMALL_STORY, "Visitor"))
    room = Room({"simulatedVisitor": visitor})
    teller = room.document.node("Ink", active=False, at=(0, 1.6, 2.5))
    told = room.document.script(teller, script("InkStory"), {"session": room.session})
    caption = room.document.script(teller, script("Caption"), {"text": "", "locale": "en"})
    room.document.script(
        teller,
        sample.script("InkReader.cs"),
        {"story": story, "bindings": told, "caption": caption, "pause": 4.0},
    )
    room.visitor(teller.reference)
    sample.text("Ink.unity", room.document.text(scene=True))


def yarn(sample: Sample, scenario: dict[str, Any]) -> None:
    sample.text("Hall.yarn", YARN_STORY)
    visitor = sample.asset("Visitor.asset", simulated_visitor(SMALL_STORY, "Visitor"))
    room = Room({"simulatedVisitor": visitor})
    teller = room.document.node("Yarn", active=False)
    listener = room.document.script(teller, script("StoryListener"), {"session": room.session})
    room.document.script(teller, script("AttuneVariableStorage"), {"listener": listener})
    room.visitor(teller.reference)
    sample.text("Yarn.unity", room.document.text(scene=True))


def memorial(sample: Sample, scenario: dict[str, Any]) -> None:
    visitor = sample.asset("Visitor.asset", simulated_visitor(scenario, "Visitor"))
    known = sample.asset("Memorial.asset", _scenario_asset(scenario))
    room = Room({"simulatedVisitor": visitor, "scenario": known})
    room.visitor(add_story(room, scenario))
    room.debug_panel()
    sample.text("Memorial.unity", room.document.text(scene=True))


def debug_panel_prefab() -> str:
    """The debug panel as a prefab of the package's own."""
    document = u.Document()
    root = document.node("Attune Debug Panel")
    document.script(root, script("DebugPanel"), {"every": 0.25})
    return document.text(scene=False)


def server_screen_prefab() -> str:
    """The operator's screen for found servers as a prefab of the package's own."""
    document = u.Document()
    root = document.node("Attune Server Screen", at=(0, 1.5, 1.5))
    document.script(root, script("ServerFinder"), {})
    document.script(root, script("VisitorInput"), {})
    document.script(root, script("ServerScreen"), {})
    return document.text(scene=False)


SAMPLES: dict[str, Callable[[Sample, dict[str, Any]], None]] = {
    "Minimal": minimal,
    "SimulatedVisitor": simulated,
    "Webcam": webcam,
    "Replay": replay,
    "Ink": ink,
    "Yarn": yarn,
    "Memorial": memorial,
}


def files(package: Path = write_metas.PACKAGE) -> dict[Path, str]:
    """Everything that is written, by path."""
    scenario = yaml.safe_load(SCENARIO.read_text(encoding="utf-8"))
    prefabs = package / "Runtime" / "Prefabs"
    written = {
        prefabs / "Attune Debug Panel.prefab": debug_panel_prefab(),
        prefabs / "Attune Server Screen.prefab": server_screen_prefab(),
    }
    for folder, write in SAMPLES.items():
        sample = Sample(package, folder)
        write(sample, scenario)
        written.update(sample.files)
    return written


def main() -> None:
    """Write the files and their .meta files."""
    for path, text in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path.relative_to(write_metas.PACKAGE))
    write_metas.write_missing()


if __name__ == "__main__":
    main()
