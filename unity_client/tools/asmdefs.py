"""The Unity package's assemblies, from its .asmdef files, and the projects they are compiled in."""

import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1] / "Packages" / "com.attune.xr"

EDITORS = {
    "2022.3": ("UNITY_2022_3_OR_NEWER",),
    "6000.5": (
        "UNITY_2022_3_OR_NEWER",
        "UNITY_2023_1_OR_NEWER",
        "UNITY_6000_0_OR_NEWER",
        "UNITY_6000_5_OR_NEWER",
    ),
}
PLATFORMS = {
    "editor": ("UNITY_EDITOR", "UNITY_INCLUDE_TESTS"),
    "editor-for-android": ("UNITY_EDITOR", "UNITY_ANDROID", "UNITY_INCLUDE_TESTS"),
    "android": ("UNITY_ANDROID",),
    "android-for-tests": ("UNITY_ANDROID", "UNITY_INCLUDE_TESTS"),
}
INPUTS = {
    "legacy-input": ("ENABLE_LEGACY_INPUT_MANAGER",),
    "input-system": ("ENABLE_INPUT_SYSTEM",),
    "both-inputs": ("ENABLE_LEGACY_INPUT_MANAGER", "ENABLE_INPUT_SYSTEM"),
}
# What a new project of that version has.
USUAL_INPUT = {"2022.3": "legacy-input", "6000.5": "input-system"}

# Assemblies that other packages bring, and the stand-ins that take their place here.
STAND_INS = {
    "UnityEngine": "StandIns",
    "UnityEditor": "StandIns.Editor",
    "YetAnotherHttpHandler": "StandIns.YetAnotherHttp",
    "meta.xr.mrutilitykit": "StandIns.Meta",
    "Oculus.VR": "StandIns.MetaFace",
    "Ink-Libraries": "StandIns.Ink",
    "YarnSpinner": "StandIns.YarnCore",
    "YarnSpinner.Unity": "StandIns.Yarn",
    "Unity.Timeline": "StandIns.Timeline",
    "Unity.ML-Agents": "StandIns.MLAgents",
    "Unity.InputSystem": "StandIns.InputSystem",
    "UnityEngine.TestRunner": "StandIns.TestRunner",
}
# The optional package, by the symbol that it defines, that brings such an assembly.
BROUGHT_BY = {
    "YetAnotherHttpHandler": "ATTUNE_YET_ANOTHER_HTTP",
    "meta.xr.mrutilitykit": "ATTUNE_META_MRUK",
    "Oculus.VR": "ATTUNE_META_FACE",
    "Ink-Libraries": "ATTUNE_INK",
    "YarnSpinner": "ATTUNE_YARN",
    "YarnSpinner.Unity": "ATTUNE_YARN",
    "Unity.Timeline": "ATTUNE_TIMELINE",
    "Unity.ML-Agents": "ATTUNE_MLAGENTS",
    "Unity.InputSystem": "ATTUNE_INPUT_SYSTEM",
}
# Unity's Test Framework; the tests use nothing of its editor's half.
TEST_RUNNER = {"UnityEngine.TestRunner", "UnityEditor.TestRunner"}


@dataclass(frozen=True)
class Configuration:
    """A project that the package may be installed in."""

    editor: str
    platform: str
    input: str
    title: str
    packages: frozenset[str]
    """The symbols that the installed optional packages define."""

    @property
    def name(self) -> str:
        usual = self.input == USUAL_INPUT[self.editor]
        return f"{self.editor}-{self.platform}-{self.title}{'' if usual else f'-{self.input}'}"

    @property
    def defines(self) -> set[str]:
        return {*EDITORS[self.editor], *PLATFORMS[self.platform], *INPUTS[self.input]}

    @property
    def is_editor(self) -> bool:
        return self.platform.startswith("editor")

    @property
    def is_an_end(self) -> bool:
        """Whether all optional packages are there or none, with the editor's usual input."""
        return self.title in {"everything", "bare"} and self.input == USUAL_INPUT[self.editor]

    def has(self, stand_in: str) -> bool:
        """Whether one of Unity's or of the optional packages' assemblies is there."""
        if stand_in in BROUGHT_BY:
            return BROUGHT_BY[stand_in] in self.packages
        if stand_in == "UnityEditor":
            return self.is_editor
        return stand_in == "UnityEngine" or "UNITY_INCLUDE_TESTS" in self.defines


def configurations() -> list[Configuration]:
    """Editor versions × platforms × sets of optional packages, and × input back ends where it
    can make a difference.

    The sets are all and none; each package alone; and what each optional assembly asks for, alone.
    """
    asked = [assembly.optional for assembly in assemblies() if assembly.optional]
    everything = frozenset[str]().union(*asked)
    sets = {everything: "everything", frozenset[str](): "bare"}
    for packages in (*(frozenset({one}) for one in sorted(everything)), *asked):
        words = "+".join(sorted(packages)).replace("ATTUNE_", "").replace("_", "")
        sets.setdefault(packages, words.lower())
    with_input = {everything, frozenset[str](), frozenset({BROUGHT_BY["Unity.InputSystem"]})}
    return [
        Configuration(editor, platform, back_end, title, packages)
        for editor, platform, (packages, title), back_end in itertools.product(
            EDITORS, PLATFORMS, sets.items(), INPUTS
        )
        if packages in with_input or back_end == USUAL_INPUT[editor]
    ]


@dataclass(frozen=True)
class Assembly:
    """One .asmdef."""

    path: Path
    settings: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.settings["name"])

    @property
    def references(self) -> list[str]:
        return list(self.settings["references"])

    @property
    def optional(self) -> frozenset[str]:
        """The symbols of the optional packages that it asks for."""
        constraints = set(self.settings["defineConstraints"])
        return frozenset(
            entry["define"]
            for entry in self.settings["versionDefines"]
            if entry["define"] in constraints
        )

    def defines(self, configuration: Configuration) -> set[str]:
        """What is defined while it is compiled."""
        known = {entry["define"] for entry in self.settings["versionDefines"]}
        return configuration.defines | (known & configuration.packages)

    def is_compiled(self, configuration: Configuration) -> bool:
        """Whether Unity compiles it in such a project."""
        platforms = self.settings["includePlatforms"]
        here = "Editor" if configuration.is_editor else "Android"
        if platforms and here not in platforms:
            return False
        defines = self.defines(configuration)
        return all(
            any((term.lstrip("!") in defines) != term.startswith("!") for term in rule.split("||"))
            for rule in (rule.replace(" ", "") for rule in self.settings["defineConstraints"])
        )

    def sources(self, others: list["Assembly"]) -> list[Path]:
        """Its scripts: all below it that no nearer .asmdef claims."""
        root = self.path.parent
        nested = [one.path.parent for one in others if one.path.parent != root]
        nested = [folder for folder in nested if folder.is_relative_to(root)]
        return [
            script
            for script in sorted(root.rglob("*.cs"))
            if not any(script.is_relative_to(folder) for folder in nested)
            and not any(
                part.endswith("~") or part.startswith(".")
                for part in script.relative_to(root).parts
            )
        ]


def assemblies(root: Path = PACKAGE) -> list[Assembly]:
    """Those of the package and of its samples, references before what refers to them."""
    found = [
        Assembly(path, json.loads(path.read_text())) for path in sorted(root.rglob("*.asmdef"))
    ]
    by_name = {one.name: one for one in found}
    ordered: dict[str, Assembly] = {}

    def add(assembly: Assembly) -> None:
        for reference in assembly.references:
            if reference in by_name and reference not in ordered:
                add(by_name[reference])
        ordered[assembly.name] = assembly

    for assembly in found:
        add(assembly)
    return list(ordered.values())
