"""Compile the Unity package as Unity would: one assembly after the other, from its .asmdef.

Every configuration is an editor version, a platform, an input back end and the optional packages of
a project; an assembly is left out where its platforms or define constraints say so, and sees
exactly what it refers to. Unity's own assemblies are the stand-ins of `headless/`. Needs `dotnet`
on PATH, and the packages of `headless/Attune.Tests` restored:

    python3 unity_client/tools/matrix.py [--out FOLDER] [CONFIGURATION ...]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from asmdefs import STAND_INS, TEST_RUNNER, Configuration, assemblies, configurations
from roslyn import Compiler

HEADLESS = Path(__file__).resolve().parents[1] / "headless"


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
