"""Compile assemblies with Roslyn, each once for the same input. Needs `dotnet` on PATH."""

import hashlib
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

PLUGINS = {
    "Google.Protobuf.dll": "google.protobuf/3.25.1/lib/netstandard2.0/Google.Protobuf.dll",
    "nunit.framework.dll": "nunit/3.14.0/lib/netstandard2.0/nunit.framework.dll",
}


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

    def _read(self, path: Path) -> Content:
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
