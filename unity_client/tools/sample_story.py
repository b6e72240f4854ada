"""A scenario as the objects of a scene, and the visitor who goes along with it."""

from typing import Any

import unity_yaml as u
from sample_assets import script, type_of
from sample_room import Room

MOMENT_S = 2.0


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
