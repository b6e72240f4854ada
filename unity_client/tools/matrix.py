"""Compile the Unity package as Unity would: one assembly after the other, from its .asmdef.

Every configuration is an editor version, a platform, an input back end and the optional packages of
a project; an assembly is left out where its platforms or define constraints say so, and sees
exactly what it refers to. Unity's own assemblies are the stand-ins of `headless/`. Needs `dotnet`
on PATH, and the packages of `headless/Attune.Tests` restored:

    python3 unity_client/tools/matrix.py [--out FOLDER] [CONFIGURATION ...]
"""

import argparse
import hashlib
import itertools
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

CLIENT = Path(__file__).resolve().parents[1]
PACKAGE = CLIENT / "Packages" / "com.attune.xr"
HEADLESS = CLIENT / "headless"

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
PLUGINS = {
    "Google.Protobuf.dll": "google.protobuf/3.25.1/lib/netstandard2.0/Google.Protobuf.dll",
    "nunit.framework.dll": "nunit/3.14.0/lib/netstandard2.0/nunit.framework.dll",
}


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


@dataclass(frozen=True)
class Content:
    """What a file holds."""

    text: bytes
    digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.text).digest())


class Compiler:
    """Roslyn's command line, as the .NET SDK brings it.

    What was compiled from the same scripts and references, with the same of the defines that occur
    in them, is not compiled again: most assemblies are alike in most configurations.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._contents: dict[Path, Content] = {}
        sdk = _said("dotnet", "--list-sdks").splitlines()[-1].split()
        self._csc = Path(sdk[1].strip("[]")) / sdk[0] / "Roslyn" / "bincore" / "csc.dll"
        packages = _said("dotnet", "nuget", "locals", "global-packages", "--list")
        self._packages = Path(packages.split(":", 1)[1].strip())
        self._netstandard = sorted(
            (self._packages / "netstandard.library.ref/2.1.0/ref/netstandard2.1").glob("*.dll")
        )
        if not self._netstandard:
            raise SystemExit("run `dotnet restore` in unity_client/headless/Attune.Tests first")

        self.anew = 0

    def plugin(self, name: str) -> Path:
        """A precompiled assembly."""
        return self._packages / PLUGINS[name]

    def compile(
        self, name: str, sources: list[Path], defines: set[str], references: list[Path]
    ) -> Path:
        """The assembly; ends the program with the compiler's words when it does not compile."""
        used = sorted(
            word
            for word in defines
            if any(word.encode() in self._read(source).text for source in sources)
        )
        key = hashlib.sha256(repr((name, used, sources)).encode())
        for path in (*sources, *references):
            key.update(self._read(path).digest)
        folder = self._out / key.hexdigest()[:16]
        assembly = folder / f"{name}.dll"
        if not assembly.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self.anew += 1
            self._run(assembly, sources, used, references)
        return assembly

    def _read(self, path: Path) -> "Content":
        """Neither scripts nor what was compiled change while this runs."""
        if path not in self._contents:
            self._contents[path] = Content(path.read_bytes())
        return self._contents[path]

    def _run(
        self, assembly: Path, sources: list[Path], defines: list[str], references: list[Path]
    ) -> None:
        answers = assembly.with_suffix(".rsp")
        options = [
            "-nologo -nostdlib+ -target:library -langversion:9.0 -warnaserror+",
            # Plugins were built for netstandard 2.0; Unity ignores the same two.
            "-nowarn:1701,1702 -deterministic+ -debug-",
            f'-out:"{assembly}"',
            f"-define:{';'.join(defines) or 'NONE'}",
            *(f'-reference:"{path}"' for path in (*self._netstandard, *references)),
            *(f'"{path}"' for path in sources),
        ]
        answers.write_text("\n".join(options), encoding="utf-8")
        # One compiler serves all of them and leaves a minute after the last one.
        done = subprocess.run(
            ["dotnet", self._csc, "-noconfig", "-shared", "-keepalive:60", f"@{answers}"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(
                f"{assembly.stem} does not compile with {', '.join(defines) or 'no define'}\n"
                f"{done.stdout}{done.stderr}"
            )


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def stand_in_references(folder: Path) -> tuple[list[str], list[str]]:
    """Names of the stand-ins and of the plugins that one refers to, from its project."""
    project = ElementTree.parse(folder / f"{folder.name}.csproj")
    packages = {one.attrib["Include"] for one in project.iter("PackageReference")}
    return (
        [Path(one.attrib["Include"]).stem for one in project.iter("ProjectReference")],
        ["nunit.framework.dll" for package in packages if package == "NUnit"],
    )


def compile_stand_ins(compiler: Compiler, configuration: Configuration) -> dict[str, Path]:
    """Unity's and the optional packages' assemblies, by name."""
    made: dict[str, Path] = {}

    def make(folder_name: str) -> Path:
        if folder_name not in made:
            folder = HEADLESS / folder_name
            projects, plugins = stand_in_references(folder)
            references = [make(one) for one in projects] + [compiler.plugin(p) for p in plugins]
            name = next(key for key, value in STAND_INS.items() if value == folder_name)
            scripts = [
                path
                for path in sorted(folder.rglob("*.cs"))
                if not {"bin", "obj"} & set(path.relative_to(folder).parts)
            ]
            made[folder_name] = compiler.compile(name, scripts, configuration.defines, references)
        return made[folder_name]

    return {name: make(folder) for name, folder in STAND_INS.items() if configuration.has(name)}


def compile_configuration(compiler: Compiler, configuration: Configuration) -> Iterator[str]:
    """Compile everything that such a project compiles; the names of the assemblies."""
    stand_ins = compile_stand_ins(compiler, configuration)
    engine = [path for name, path in stand_ins.items() if name in ("UnityEngine", "UnityEditor")]
    everything = assemblies()
    made: dict[str, Path] = {}
    for assembly in everything:
        if not assembly.is_compiled(configuration):
            continue
        references = [] if assembly.settings["noEngineReferences"] else list(engine)
        for name in assembly.references:
            if name in made:
                references.append(made[name])
            elif name in stand_ins:
                references.append(stand_ins[name])
            elif name not in TEST_RUNNER:
                raise SystemExit(
                    f"{configuration.name}: {assembly.name} refers to {name}, which is not there"
                )
        for name in assembly.settings["precompiledReferences"]:
            plugin = stand_ins.get(name.removesuffix(".dll"))
            references.append(plugin or compiler.plugin(name))
        made[assembly.name] = compiler.compile(
            assembly.name,
            assembly.sources(everything),
            assembly.defines(configuration),
            references,
        )
        yield assembly.name


def main() -> None:
    """Compile the configurations that are named, or all."""
    known = {one.name: one for one in configurations()}
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument(
        "--out", type=Path, help="keep the assemblies in this folder for the next time"
    )
    parser.add_argument(
        "--ends", action="store_true", help="only with all optional packages and with none"
    )
    parser.add_argument("configuration", nargs="*", help=f"of {', '.join(known)}")
    arguments = parser.parse_args()
    unknown = set(arguments.configuration) - set(known)
    if unknown:
        parser.error(f"no such configuration: {', '.join(sorted(unknown))}")
    names = arguments.configuration or [
        name for name, one in known.items() if one.is_an_end or not arguments.ends
    ]
    with tempfile.TemporaryDirectory() as scratch:
        compiler = Compiler(arguments.out or Path(scratch))
        for name in names:
            compiled = list(compile_configuration(compiler, known[name]))
            named = f": {', '.join(compiled)}" if arguments.configuration else ""
            print(f"{name}: {len(compiled)} assemblies compile{named}", flush=True)
        print(f"{len(names)} configurations compile; {compiler.anew} assemblies were compiled anew")


if __name__ == "__main__":
    sys.exit(main())
