"""The sweep over ML-Agents: its messages, its counts, and the tool against a stand-in scene."""

import json
import os
import socket
import subprocess
from pathlib import Path

import pytest

from tools.mlagents.coverage import Coverage, branches_of
from tools.mlagents.wire import Choice, Over, State, Traits, WireError, decode, encode_visitor

REPOSITORY = Path(__file__).resolve().parents[2]
SCENARIO = REPOSITORY / "examples" / "scenarios" / "memorial.yaml"
VECTORS = json.loads((REPOSITORY / "protos" / "testdata" / "bridge.json").read_text())


@pytest.fixture(scope="session")
def mlagents() -> Path:
    """The interpreter of the environment that has mlagents-envs."""
    default = REPOSITORY / ".tools" / "mlagents" / "bin" / "python"
    python = Path(os.environ.get("ATTUNE_MLAGENTS_PYTHON", default))
    if not python.exists():
        pytest.skip("needs mlagents-envs in its own environment: run `make mlagents` once")
    return python


def _run(python: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [python, *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_what_the_scene_says_is_read() -> None:
    assert decode(bytes.fromhex(VECTORS["state"])) == State(
        "ok", 62.5, 0.5, 0.25, -0.125, 0.75, 0.875, "street"
    )
    choice = Choice("after-the-street", 2, "come-close", "server")
    assert decode(bytes.fromhex(VECTORS["choice"])) == choice
    assert decode(bytes.fromhex(VECTORS["over"])) == Over(7)


def test_a_visitor_is_asked_for_as_the_scene_expects_it() -> None:
    traits = Traits(-1.0, 0.5, 0.25, 0.125, -0.125, 0.75, 0.0625, 0.03125)
    assert encode_visitor(-3, traits).hex() == VECTORS["visitor"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (b"", "expected i at byte 0, got 0 bytes"),
        (bytes.fromhex("0200000001000000"), "expected version 1, got 2"),
        (bytes.fromhex("0100000009000000"), "got kind 9"),
        (bytes.fromhex(VECTORS["over"]) + b"\0", "expected 12 bytes, got 13"),
        (bytes.fromhex(VECTORS["choice"])[:-1], "got 49 bytes"),
    ],
)
def test_a_broken_message_says_what_was_expected(message: bytes, said: str) -> None:
    with pytest.raises(WireError, match=said):
        decode(message)


def test_coverage_counts_every_branch_of_the_scenario() -> None:
    coverage = Coverage(branches_of(SCENARIO))
    assert len(coverage.unseen) == 7
    coverage.observe(
        [
            Choice("after-the-street", 1, "come-close", "server"),
            Choice("after-the-street", 1, "pass-by", "local default"),
        ]
    )
    assert coverage.share() == pytest.approx(2 / 7)
    assert ("at-the-door", "go-inside") in coverage.unseen
    assert "branches seen: 29%" in coverage.table()


def test_a_branch_that_the_scenario_lacks_is_named() -> None:
    coverage = Coverage(branches_of(SCENARIO))
    coverage.observe([Choice("after-the-street", 1, "fly-away", "server")])
    assert coverage.unknown == [("after-the-street", "fly-away")]
    assert "not in the scenario: after-the-street, fly-away" in coverage.table()


def test_the_csharp_tests_hold_the_same_vectors() -> None:
    package = REPOSITORY / "unity_client" / "Packages" / "com.attune.xr"
    text = (package / "Tests/Editor/Core/Training/BridgeMessagesTests.cs").read_text()
    assert all(f'"{vector}"' in text for vector in VECTORS.values())


def test_the_vectors_are_those_of_mlagents_own_encoder(mlagents: Path) -> None:
    done = _run(mlagents, "tests/unity/bridge_vectors.py", "--print")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == VECTORS


def test_a_sweep_reports_what_a_scene_played(mlagents: Path, tmp_path: Path) -> None:
    scene = tmp_path / "scene"
    peer = REPOSITORY / "tests" / "unity" / "mlagents_peer.py"
    scene.write_text(f'#!/bin/sh\nexec "{mlagents}" "{peer}" "$@"\n')
    scene.chmod(0o755)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    counts = tmp_path / "counts.json"
    sweep = ["-m", "tools.mlagents", scene, "--port", port, "--out", counts, "--visitors", 2]
    done = _run(mlagents, *sweep)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "branches seen: 100%" in done.stdout
    counted = json.loads(counts.read_text())
    assert counted["unseen"] == []
    times = {(one["branch"], one["by"]): one["times"] for one in counted["played"]}
    assert times["come-close", "server"] == 2
    assert times["pass-by", "local default"] == 2
    assert sum(times.values()) == 3 * 3 * 2


def test_a_sweep_without_a_scene_says_what_it_needs(mlagents: Path, tmp_path: Path) -> None:
    done = _run(mlagents, "-m", "tools.mlagents", tmp_path / "nowhere")
    assert done.returncode == 2
    assert "build the scene in Unity first" in done.stderr
