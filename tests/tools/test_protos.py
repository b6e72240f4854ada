"""The contract's guards: does each catch what it is for?"""

import subprocess
import sys
from pathlib import Path

import pytest

from tools.protos.compiler import compile_contract
from tools.protos.generation import drift, generate
from tools.protos.lint import findings
from tools.protos.surface import lost, surface, write_surface

GOOD = """
syntax = "proto3";
package attune.v1;
// How warm it is.
enum Warmth {
  // Never sent.
  WARMTH_UNSPECIFIED = 0;
  // Cold.
  WARMTH_COLD = 1;
}
// A reading.
message Reading {
  // When, nanoseconds since the start.
  int64 time_ns = 1;
  // How warm.
  Warmth warmth = 2;
}
"""


def contract(folder: Path, text: str) -> Path:
    """Writes a contract of one file and returns its root."""
    (folder / "attune/v1").mkdir(parents=True, exist_ok=True)
    (folder / "attune/v1/reading.proto").write_text(text)
    return folder


def test_a_documented_contract_has_no_findings(tmp_path: Path) -> None:
    assert findings(compile_contract(contract(tmp_path, GOOD))) == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("// A reading.", "", "message attune.v1.Reading has no comment"),
        ("  // How warm.\n", "", "field attune.v1.Reading.warmth has no comment"),
        ("  // Cold.\n", "", "enum value attune.v1.Warmth.WARMTH_COLD has no comment"),
        ("time_ns", "time", "field attune.v1.Reading.time is in nanoseconds, so its name ends"),
        ("time_ns", "timeNs", "field attune.v1.Reading.timeNs is not lower_snake_case"),
        ("WARMTH_COLD", "COLD", "does not begin with WARMTH_"),
        ("WARMTH_UNSPECIFIED", "WARMTH_NONE", "zero, and only zero, is WARMTH_UNSPECIFIED"),
    ],
)
def test_each_breach_of_a_rule_is_named(tmp_path: Path, old: str, new: str, finding: str) -> None:
    found = findings(compile_contract(contract(tmp_path, GOOD.replace(old, new))))

    assert any(finding in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("int64 time_ns = 1", "int64 time_ns = 3"),
        ("int64 time_ns = 1", "uint64 time_ns = 1"),
        ("  Warmth warmth = 2;\n", ""),
        ("WARMTH_COLD = 1", "WARMTH_COLD = 2"),
        ("Warmth warmth = 2", "repeated Warmth warmth = 2"),
    ],
)
def test_what_clients_rely_on_cannot_be_taken_away(tmp_path: Path, old: str, new: str) -> None:
    recorded = tmp_path / "surface.txt"
    write_surface(recorded, compile_contract(contract(tmp_path, GOOD)))

    assert lost(recorded, compile_contract(contract(tmp_path, GOOD.replace(old, new))))


def test_a_new_field_takes_nothing_away(tmp_path: Path) -> None:
    recorded = tmp_path / "surface.txt"
    write_surface(recorded, compile_contract(contract(tmp_path, GOOD)))
    grown = GOOD.replace("warmth = 2;", "warmth = 2;\n  // Whose.\n  string owner = 3;")

    assert lost(recorded, compile_contract(contract(tmp_path, grown))) == []


def test_an_edited_generated_file_is_drift(tmp_path: Path) -> None:
    protos, package, recorded = contract(tmp_path / "p", GOOD), tmp_path / "out", tmp_path / "s"
    descriptors = compile_contract(protos)
    written = generate(protos, package)
    write_surface(recorded, descriptors)
    assert drift(protos, package, recorded, descriptors) == []

    (package / written[0]).write_text("# edited by hand\n")

    assert len(drift(protos, package, recorded, descriptors)) == 1


def test_generating_removes_what_no_longer_has_a_source(tmp_path: Path) -> None:
    protos, package = contract(tmp_path / "p", GOOD), tmp_path / "out"
    generate(protos, package)
    orphan = package / "attune/v1/gone_pb2.py"
    orphan.write_text("")

    generate(protos, package)

    assert not orphan.exists()


def test_the_committed_contract_keeps_every_rule(repository: Path) -> None:
    descriptors = compile_contract(repository / "protos")

    assert findings(descriptors) == []
    assert lost(repository / "protos/surface.txt", descriptors) == []
    assert len(surface(descriptors)) > 100


def test_the_command_explains_itself_and_refuses_what_it_does_not_know(repository: Path) -> None:
    def protos(argument: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "tools.protos", argument],
            cwd=repository,
            capture_output=True,
            text=True,
            check=False,
        )

    explained = protos("--help")
    refused = protos("generat")

    assert explained.returncode == 0, explained.stderr
    assert all(f"    {one} " in explained.stdout for one in ("generate", "check", "lint"))
    assert refused.returncode == 2
    assert all(one in refused.stderr for one in ("generate", "check", "lint"))
