"""Write the scenes, prefabs and assets of the Unity package's samples.

The Memorial sample plays examples/scenarios/memorial.yaml: change the scenario and run this again.
Needs PyYAML:

    .venv/bin/python unity_client/tools/write_samples.py
"""

import hashlib
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parent))
import unity_yaml as u
import write_metas

REPOSITORY = Path(__file__).resolve().parents[2]
SCENARIO = REPOSITORY / "examples" / "scenarios" / "memorial.yaml"
COMPONENTS = "Attune.Components"


MOMENT_S = 2.0
COLOURS: dict[str, tuple[float, float, float]] = {
    "floor": (0.35, 0.36, 0.38),
    "wall": (0.55, 0.56, 0.58),
    "pleasant": (0.94, 0.89, 0.26),
    "unpleasant": (0.34, 0.45, 0.7),
    "branch": (0.9, 0.62, 0),
}

INK_STORY = """\
EXTERNAL attune_beat(id)
EXTERNAL attune(name)

~ attune_beat("hall")
The hall is quiet. Somewhere a child laughs.
~ attune_beat("street")
{attune("eri") > 55:
    You step closer, and the street steps closer too.
- else:
    You keep your distance. The street goes by.
}
The names are read aloud.
-> END

=== function attune_beat(id)
~ return 0

=== function attune(name)
~ return 50
"""

YARN_STORY = """\
title: Hall
---
<<attune_beat hall>>
The hall is quiet. Somewhere a child laughs.
<<attune_beat street>>
<<if $attune_eri > 55>>
    You step closer, and the street steps closer too.
<<else>>
    You keep your distance. The street goes by.
<<endif>>
The names are read aloud.
===
"""

SMALL_STORY: dict[str, Any] = {
    "entry": "hall",
    "stimuli": [{"id": "a-laugh", "target": {"valence": 0.6, "arousal": 0.35}}],
    "beats": [
        {
            "id": "hall",
            "duration_s": 20.0,
            "stimuli": [{"stimulus": "a-laugh", "at_s": at} for at in (2.0, 6.0, 10.0)],
            "choice": {
                "id": "the-door",
                "due_at_s": 14.0,
                "deadline_s": 17.0,
                "default": "stay",
                "branches": [
                    {"id": "go-in", "to": "room", "condition": {"enter": 57}},
                    {"id": "stay", "to": "bench"},
                ],
            },
        },
        {"id": "room", "duration_s": 6.0},
        {"id": "bench", "duration_s": 6.0},
    ],
}


def guid(asset: Path) -> str:
    """Of an asset of the package, from its .meta file."""
    text = write_metas.meta_of(asset).read_text(encoding="utf-8")
    found = re.search(r"^guid: ([0-9a-f]{32})$", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"{asset}.meta has no guid; run write_metas.py")
    return found[1]


def script(name: str) -> str:
    """The GUID of a component's script."""
    (path,) = write_metas.PACKAGE.rglob(f"Runtime/**/{name}.cs")
    return guid(path)


def type_of(component: str, assembly: str = "Attune.Unity") -> str:
    """As events name a type."""
    return f"{COMPONENTS}.{component}, {assembly}"


class Room:
    """A bare room with a visitor's head, and what every sample has in it."""

    def __init__(self, references: dict[str, u.Reference]) -> None:
        self.document = document = u.Document()
        document.add(
            u.RENDER_SETTINGS,
            "RenderSettings",
            {
                "serializedVersion": 9,
                "m_AmbientMode": 3,
                "m_AmbientSkyColor": u.colour(0.4, 0.4, 0.42),
            },
        )
        self.head = document.node("Head", at=(0, 1.6, 0), tag="MainCamera")
        document.component(
            self.head,
            u.CAMERA,
            "Camera",
            {
                "serializedVersion": 2,
                "m_ClearFlags": 2,
                "m_BackGroundColor": u.colour(0.05, 0.05, 0.06),
                "near clip plane": 0.05,
                "far clip plane": 100,
                "field of view": 70,
            },
        )
        document.component(self.head, u.AUDIO_LISTENER, "AudioListener", {})
        lamp = document.node("Lamp", at=(0, 3, 0), rotation=(0.409, -0.235, 0.109, 0.875))
        document.component(
            lamp, u.LIGHT, "Light", {"serializedVersion": 10, "m_Type": 1, "m_Intensity": 0.9}
        )
        walls = document.node("Room")
        self.solid("Floor", walls, "cube", "floor", at=(0, -0.05, 2), scale=(6, 0.1, 8))
        self.solid("Wall", walls, "cube", "wall", at=(0, 1.5, 6), scale=(6, 3, 0.1))
        self.solid("Wall left", walls, "cube", "wall", at=(-3, 1.5, 2), scale=(0.1, 3, 8))
        self.solid("Wall right", walls, "cube", "wall", at=(3, 1.5, 2), scale=(0.1, 3, 8))

        self.root = document.node("Attune")
        fields = {"head": self.head.transform, **references}
        if "frames" in references:
            fields["frames"] = document.script(
                self.root, script("WebCamFrameSource"), {"cameraName": ""}
            )
        self.session = document.script(self.root, script("AttuneSession"), fields)

    def solid(self, name: str, parent: u.Node, shape: str, colour: str, **placed: Any) -> u.Node:
        """A shape whose material is chosen when the scene runs."""
        node = self.document.node(name, parent, **placed)
        self.document.mesh(node, shape)
        red, green, blue = COLOURS[colour]
        self.document.script(node, script("TintedSurface"), {"colour": u.colour(red, green, blue)})
        return node

    def visitor(self, first: u.Reference | None) -> None:
        """Consent first, then `first` is switched on; the sign is always there.

        Straight ahead lies the text of the prompt and no answer: a headset on its stand must
        answer nothing.
        """
        inputs = {"head": self.head.transform, "dwell": 1.5}
        answered = []
        if first is not None:
            setting = u.call(first, "UnityEngine.GameObject, UnityEngine", "SetActive", flag=True)
            answered.append(setting)
        prompt = self.document.node("Consent prompt", self.root, at=(0, 1.45, 1.3))
        self.document.script(prompt, script("VisitorInput"), inputs)
        self.document.script(
            prompt,
            script("ConsentPrompt"),
            {
                "session": self.session,
                "questions": 0,
                "askOnEnable": 1,
                "answered": u.event(*answered),
            },
        )
        sign = self.document.node("Camera sign", self.root, at=(-0.5, 0.95, 1.3))
        self.document.script(sign, script("VisitorInput"), inputs)
        self.document.script(sign, script("CameraSignView"), {"session": self.session})

    def debug_panel(self) -> None:
        """Figures and traces beside the visitor."""
        panel = self.document.node(
            "Debug panel", self.root, at=(1.3, 1.4, 1.6), rotation=(0, 0.26, 0, 0.966)
        )
        self.document.script(panel, script("DebugPanel"), {"session": self.session, "every": 0.25})


def add_story(room: Room, scenario: dict[str, Any]) -> u.Reference:
    """The beats of a scenario as game objects, each switched off; the first one's object."""
    document = room.document
    parent = document.node("Story")
    targets = {one["id"]: one for one in scenario["stimuli"]}
    nodes = {
        beat["id"]: document.node(beat["id"], parent, active=False) for beat in scenario["beats"]
    }
    beats: dict[str, tuple[u.Reference, dict[str, Any]]] = {}
    for beat in scenario["beats"]:
        fields: dict[str, Any] = {"duration": float(beat["duration_s"])}
        node = nodes[beat["id"]]
        document.script(node, script("BeatMarker"), {"session": room.session, "beatId": beat["id"]})
        beats[beat["id"]] = (document.script(node, script("StoryBeat"), fields), fields)
    for beat in scenario["beats"]:
        own, fields = beats[beat["id"]]
        node = nodes[beat["id"]]
        title = beat.get("title", {}).get("en", beat["id"])
        caption = document.node("Caption", node, at=(0, 2.2, 3))
        document.script(caption, script("Caption"), {"text": title, "locale": "en"})
        fields["cues"] = _cues(room, node, beat, targets)
        if "next" in beat:
            fields["next"] = beats[beat["next"]][0]
        if "choice" in beat:
            choice = beat["choice"]
            fields["choice"] = _choice(room, node, own, choice, {k: v[0] for k, v in beats.items()})
            fields["choiceAt"] = float(choice["due_at_s"])
    return nodes[scenario["entry"]].reference


def _cues(
    room: Room, node: u.Node, beat: dict[str, Any], targets: dict[str, Any]
) -> list[dict[str, Any]]:
    cues = []
    for number, cue in enumerate(beat.get("stimuli", []), start=1):
        stimulus = targets[cue["stimulus"]]
        kind = "pleasant" if stimulus["target"]["valence"] > 0 else "unpleasant"
        shown = room.document.node(f"{stimulus['id']} {number}", node, at=(0, 1.4, 3), active=False)
        room.solid("Shape", shown, "sphere", kind, scale=(0.5, 0.5, 0.5))
        room.document.script(
            shown,
            script("StimulusMarker"),
            {"session": room.session, "stimulusId": stimulus["id"]},
        )
        lasts = float(stimulus.get("duration_s", MOMENT_S))
        cues.append({"shown": shown.reference, "at": float(cue["at_s"]), "lasts": lasts})
    return cues


def _choice(
    room: Room,
    node: u.Node,
    own: u.Reference,
    choice: dict[str, Any],
    beats: dict[str, u.Reference],
) -> u.Reference:
    beat_type = type_of("StoryBeat")
    branches = [
        {
            "id": branch["id"],
            "played": u.event(
                u.call(
                    own, beat_type, "Follow", argument=beats[branch["to"]], argument_type=beat_type
                )
            ),
        }
        for branch in choice["branches"]
    ]
    return room.document.script(
        node,
        script("ChoicePoint"),
        {
            "session": room.session,
            "choiceId": choice["id"],
            "defaultBranch": choice["default"],
            "patience": float(choice["deadline_s"]) - float(choice["due_at_s"]),
            "branches": branches,
        },
    )


def simulated_visitor(scenario: dict[str, Any], name: str) -> str:
    """A visitor that goes along with the scene, and the gates of the scenario's branches."""
    rules = []
    for beat in scenario["beats"]:
        for branch in beat.get("choice", {}).get("branches", []):
            if "condition" in branch:
                gate = float(branch["condition"]["enter"])
                below = branch["condition"].get("direction") == "below"
                rules.append(
                    {
                        "choiceId": beat["choice"]["id"],
                        "from": 0.0 if below else gate,
                        "to": gate if below else 100.0,
                        "branchId": branch["id"],
                    }
                )
    stimuli = [
        {"id": one["id"], **one["target"], "duration": float(one.get("duration_s", 0))}
        for one in scenario["stimuli"]
    ]
    fields = {"empathy": 1.0, "seed": 1, "stimuli": stimuli, "rules": rules}
    return u.asset(script("AttuneSimulatedVisitor"), name, fields)


class Sample:
    """One sample's folder while it is written."""

    def __init__(self, package: Path, folder: str) -> None:
        self._folder = package / "Samples~" / folder
        self._package = package
        self.files: dict[Path, str] = {}

    def text(self, name: str, text: str) -> Path:
        """A file as it is."""
        path = self._folder / name
        self.files[path] = text
        return path

    def asset(self, name: str, text: str) -> u.Reference:
        """An asset; a reference to it."""
        return u.Reference(u.ASSET_FILE_ID, self._guid(self.text(name, text)))

    def text_asset(self, name: str, text: str) -> u.Reference:
        """A file that Unity imports as text; a reference to it."""
        return u.Reference(4900000, self._guid(self.text(name, text)), 3)

    def script(self, name: str) -> str:
        """The GUID of a script that lies in the sample."""
        return self._guid(self._folder / name)

    def _guid(self, path: Path) -> str:
        meta = write_metas.meta_of(path)
        if meta.exists():
            return guid(path)
        return re.findall(r"guid: (\w+)", write_metas.meta_text(path, self._package))[0]


def _scenario_asset(scenario: dict[str, Any]) -> str:
    digest = hashlib.sha256(SCENARIO.read_bytes()).hexdigest()
    return u.asset(script("AttuneScenario"), "Memorial", {"id": scenario["id"], "sha256": digest})


def replay_table() -> str:
    """A made-up session of the memorial, in the form of `attune sessions table`: nobody's."""
    columns = "time_s,kind,beat,status,eri,confidence,low,high,valence,arousal,attention,distress"
    lines = [columns + ",choice,occurrence,branch,reason"]
    beats = [("hall", 10.5), ("courtyard", 18), ("street", 26.5), ("ward", 32.5), ("forest", 38.5)]
    for step in range(5 * 55):
        time = step / 5
        confidence = min(0.6, time / 40)
        eri = 50 + 14 * min(1, max(0, time - 10) / 15)
        beat = next((name for name, end in beats if time < end), "names")
        known = "ok" if confidence >= 0.25 else "abstain"
        half = 30 * (1 - confidence)
        figures = f"{eri:.1f},{confidence:.2f},{eri - half:.1f},{eri + half:.1f},0.20,0.10,0.95,no"
        lines.append(f"{time:.1f},state,{beat},{known},{figures},,,,")
    for time, choice, branch in (
        (25, "after-the-street", "come-close"),
        (36.5, "at-the-door", "go-inside"),
        (46, "how-to-leave", "light-a-candle"),
    ):
        lines.append(f"{time:.1f},decision,,,,,,,,,,,{choice},1,{branch},evidence")
    return "\n".join(lines) + "\n"


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
    written = {package / "Runtime" / "Prefabs" / "Attune Debug Panel.prefab": debug_panel_prefab()}
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
