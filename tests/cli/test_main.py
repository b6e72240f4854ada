"""The program as a whole: every command explains itself, and errors are sentences."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

import attune
import attune.client
from attune.cli.main import COMMANDS, GROUPS, app
from tests.session.recordings import FEATURES, SESSION_ID, a_session, write

runner = CliRunner()


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_every_command_explains_itself(name: str) -> None:
    explained = runner.invoke(app, [name, "--help"])

    assert explained.exit_code == 0, explained.output
    assert f" {name} " in next(line for line in explained.output.splitlines() if "Usage" in line)
    assert "--install-completion" not in explained.output


def test_the_program_lists_its_commands_and_says_its_version() -> None:
    listed = runner.invoke(app, ["--help"])
    version = runner.invoke(app, ["--version"])

    assert all(f" {name} " in listed.output for name in (*COMMANDS, *GROUPS))
    assert version.output == f"attune {attune.__version__}\n"


def test_an_unknown_command_is_refused() -> None:
    assert runner.invoke(app, ["horoscope"]).exit_code == 2


def test_a_folder_that_cannot_be_made_is_a_sentence_and_not_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(cv2.imencode(".png", np.zeros((64, 64, 3), np.uint8))[1])
    (tmp_path / "file").touch()
    out = tmp_path / "file" / "painted"

    refused = runner.invoke(app, ["overlay", "--images", str(tmp_path), "--out", str(out)])

    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert f"attune: cannot use {out}: Not a directory" in refused.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without room")
def test_a_full_disk_is_a_sentence_and_not_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(tmp_path))
    write(tmp_path / f"{SESSION_ID}.mcap", a_session(5))

    refused = runner.invoke(app, ["sessions", "table", SESSION_ID, "--out", "/dev/full"])

    assert refused.exit_code == 1
    assert isinstance(refused.exception, SystemExit)
    assert "attune: cannot write: No space left on device" in refused.output


@pytest.mark.parametrize("command", ["report", "replay"])
def test_a_folder_in_brackets_is_named_as_it_is(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    out = tmp_path / "[hall]" / "out"
    out.parent.mkdir()
    write(tmp_path / "s.mcap", a_session(5), FEATURES)

    done = runner.invoke(app, [command, str(tmp_path / "s.mcap"), "--out", str(out)])

    assert str(out) in done.output


def draw_face(repository: Path, *paths: Path) -> None:
    """Write a simulated visitor's face to every path."""
    film = cv2.VideoCapture(str(repository / "examples" / "visitors" / "3-resonant-bare.mp4"))
    there, face = film.read()
    film.release()
    assert there
    for path in paths:
        cv2.imwrite(str(path), face)


def test_every_picture_is_painted_to_one_of_its_own(tmp_path: Path, repository: Path) -> None:
    names = ("a.jpg", "a.png", "b.png")
    draw_face(repository, *(tmp_path / name for name in names))
    before = {name: (tmp_path / name).read_bytes() for name in names}

    runner.invoke(app, ["overlay", "--images", str(tmp_path), "--out", str(tmp_path / "out")])
    onto_itself = runner.invoke(app, ["overlay", "--images", str(tmp_path), "--out", str(tmp_path)])

    painted = {path.name for path in (tmp_path / "out").iterdir()}
    assert painted == {"a.jpg.png", "a.png.png", "b.png"}
    assert onto_itself.exit_code == 1
    assert "expected --out beside" in onto_itself.output
    assert {name: (tmp_path / name).read_bytes() for name in names} == before


def test_a_picture_that_cannot_be_written_is_not_counted_as_painted(
    tmp_path: Path, repository: Path
) -> None:
    draw_face(repository, tmp_path / "face.jpg")
    (tmp_path / "out" / "face.png").mkdir(parents=True)

    refused = runner.invoke(
        app, ["overlay", "--images", str(tmp_path), "--out", str(tmp_path / "out")]
    )

    assert refused.exit_code == 1
    assert f"cannot write a picture to {tmp_path / 'out' / 'face.png'}" in refused.output


def test_a_negative_seed_is_refused() -> None:
    refused = runner.invoke(app, ["overlay", "--images", ".", "--seed", "-1"])

    assert refused.exit_code == 2


def test_the_client_offers_exactly_what_it_documents() -> None:
    assert sorted(attune.client.__all__) == [
        "AttuneClient",
        "BranchDecision",
        "CalibrationProgress",
        "ClientSecurity",
        "ClientSession",
        "ClockReading",
        "ConsentApplied",
        "Message",
        "Notice",
        "NoticeCode",
        "SessionReady",
        "SessionRequest",
        "SessionSummary",
        "Update",
        "monotonic_ns",
    ]
    assert all(hasattr(attune.client, name) for name in attune.client.__all__)
