"""Compile the Unity package as Unity would: one assembly after the other, from its .asmdef.

Every configuration is an editor version, a platform and the optional packages of a project; an
assembly is left out where its platforms or define constraints say so, and sees exactly what it
refers to. Unity's own assemblies are the stand-ins of `headless/`. Needs `dotnet` on PATH, and the
packages of `headless/Attune.Tests` restored:

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
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

CLIENT = Path(__file__).resolve().parents[1]
PACKAGE = CLIENT / "Packages" / "com.attune.xr"
HEADLESS = CLIENT / "headless"

EDITORS = {
    "2022.3": ("UNITY_2022_3_OR_NEWER", "ENABLE_LEGACY_INPUT_MANAGER"),
    "6000.5": (
        "UNITY_2022_3_OR_NEWER",
        "UNITY_2023_1_OR_NEWER",
        "UNITY_6000_0_OR_NEWER",
        "UNITY_6000_5_OR_NEWER",
        "ENABLE_INPUT_SYSTEM",
    ),
}
PLATFORMS = {
    "editor": ("UNITY_EDITOR", "UNITY_INCLUDE_TESTS"),
    "editor-for-android": ("UNITY_EDITOR", "UNITY_ANDROID", "UNITY_INCLUDE_TESTS"),
    "android": ("UNITY_ANDROID",),
}

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
}
# The test runner's assemblies add nothing to NUnit's own that the tests here use.
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
    optional: bool

    @property
    def name(self) -> str:
        return f"{self.editor}-{self.platform}-{'everything' if self.optional else 'bare'}"

    @property
    def defines(self) -> set[str]:
        return {*EDITORS[self.editor], *PLATFORMS[self.platform]}

    @property
    def is_editor(self) -> bool:
        return self.platform != "android"


def configurations() -> list[Configuration]:
    """Editor versions × platforms × all optional packages or none."""
    return [
        Configuration(*choice) for choice in itertools.product(EDITORS, PLATFORMS, (True, False))
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

    def defines(self, configuration: Configuration) -> set[str]:
        """What is defined while it is compiled."""
        optional = {entry["define"] for entry in self.settings["versionDefines"]}
        return configuration.defines | (optional if configuration.optional else set())

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


class Compiler:
    """Roslyn's command line, as the .NET SDK brings it.

    What was compiled from the same scripts and references, with the same of the defines that occur
    in them, is not compiled again: most assemblies are alike in most configurations.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        sdk = _said("dotnet", "--list-sdks").splitlines()[-1].split()
        self._csc = Path(sdk[1].strip("[]")) / sdk[0] / "Roslyn" / "bincore" / "csc.dll"
        packages = _said("dotnet", "nuget", "locals", "global-packages", "--list")
        self._packages = Path(packages.split(":", 1)[1].strip())
        self._netstandard = sorted(
            (self._packages / "netstandard.library.ref/2.1.0/ref/netstandard2.1").glob("*.dll")
        )
        if not self._netstandard:
            raise SystemExit("run `dotnet restore` in unity_client/headless/Attune.Tests first")

    def plugin(self, name: str) -> Path:
        """A precompiled assembly."""
        return self._packages / PLUGINS[name]

    def compile(
        self, name: str, sources: list[Path], defines: set[str], references: list[Path]
    ) -> Path:
        """The assembly; ends the program with the compiler's words when it does not compile."""
        texts = [path.read_bytes() for path in sources]
        used = sorted(word for word in defines if any(word.encode() in text for text in texts))
        key = hashlib.sha256(repr((name, used, sources)).encode())
        for part in (*texts, *(path.read_bytes() for path in references)):
            key.update(hashlib.sha256(part).digest())
        folder = self._out / key.hexdigest()[:16]
        assembly = folder / f"{name}.dll"
        if not assembly.exists():
            folder.mkdir(parents=True, exist_ok=True)
            self._run(assembly, sources, used, references)
        return assembly

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


def stand_in_references(folder: Path) -> list[str]:
    """Names of the stand-ins that one refers to, from its project."""
    project = ElementTree.parse(folder / f"{folder.name}.csproj")
    return [
        Path(reference.attrib["Include"]).stem for reference in project.iter("ProjectReference")
    ]


def compile_stand_ins(compiler: Compiler, configuration: Configuration) -> dict[str, Path]:
    """Unity's and the optional packages' assemblies, by name."""
    made: dict[str, Path] = {}

    def make(folder_name: str) -> Path:
        if folder_name not in made:
            folder = HEADLESS / folder_name
            references = [make(one) for one in stand_in_references(folder)]
            name = next(key for key, value in STAND_INS.items() if value == folder_name)
            scripts = [
                path
                for path in sorted(folder.rglob("*.cs"))
                if not {"bin", "obj"} & set(path.relative_to(folder).parts)
            ]
            made[folder_name] = compiler.compile(name, scripts, configuration.defines, references)
        return made[folder_name]

    wanted = {
        name: folder
        for name, folder in STAND_INS.items()
        if (HEADLESS / folder).is_dir()
        and (name == "UnityEngine" or configuration.optional or name == "UnityEditor")
        and (configuration.is_editor or name != "UnityEditor")
    }
    return {name: make(folder) for name, folder in wanted.items()}


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
    parser.add_argument("configuration", nargs="*", help=f"of {', '.join(known)}")
    arguments = parser.parse_args()
    unknown = set(arguments.configuration) - set(known)
    if unknown:
        parser.error(f"no such configuration: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as scratch:
        compiler = Compiler(arguments.out or Path(scratch))
        for name in arguments.configuration or known:
            compiled = list(compile_configuration(compiler, known[name]))
            print(f"{name}: {len(compiled)} assemblies compile: {', '.join(compiled)}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
