"""`attune models`: cards, and the bundle that is installed only when its hash is right."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.vision import landmarker_bundle

runner = CliRunner()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home."""
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_default_model_is_listed_and_shown_with_intervals() -> None:
    listed = runner.invoke(app, ["models", "list"])
    shown = runner.invoke(app, ["models", "show", "headset-aware-fer"])

    assert listed.exit_code == 0, listed.output
    assert "headset-aware-fer" in listed.output
    assert shown.exit_code == 0, shown.output
    assert "95 %" in shown.output


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    shown = runner.invoke(app, ["models", "show", "mind-reader"])

    assert shown.exit_code == 1
    assert "there are: headset-aware-fer" in shown.output


def test_the_bundle_is_installed_from_a_file(home: Path, request: pytest.FixtureRequest) -> None:
    landmarker_file: Path = request.getfixturevalue("landmarker_bundle")
    pulled = runner.invoke(
        app, ["models", "pull", "face-landmarker", "--from", str(landmarker_file)]
    )

    assert pulled.exit_code == 0, pulled.output
    installed = landmarker_bundle.install_path()
    assert installed.is_relative_to(home)
    assert installed.read_bytes() == landmarker_file.read_bytes()


def test_another_file_is_refused_and_leaves_nothing_behind(home: Path) -> None:
    wrong = home / "wrong.task"
    wrong.write_bytes(b"not a bundle")

    pulled = runner.invoke(app, ["models", "pull", "face-landmarker", "--from", str(wrong)])

    assert pulled.exit_code == 1
    assert "nothing was installed" in pulled.output
    assert list(landmarker_bundle.install_path().parent.iterdir()) == []
