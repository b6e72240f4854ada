"""The bare room that every sample plays in."""

from typing import Any

import unity_yaml as u
from sample_assets import script

COLOURS: dict[str, tuple[float, float, float]] = {
    "floor": (0.35, 0.36, 0.38),
    "wall": (0.55, 0.56, 0.58),
    "pleasant": (0.94, 0.89, 0.26),
    "unpleasant": (0.34, 0.45, 0.7),
    "branch": (0.9, 0.62, 0),
}


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
