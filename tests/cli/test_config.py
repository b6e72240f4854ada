"""`attune config`: every setting with its source, and no secret."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app

runner = CliRunner()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ATTUNE_CONFIG", raising=False)


def line_of(output: str, name: str) -> list[str]:
    """The words of the line about a setting."""
    return next(line.split() for line in output.splitlines() if line.startswith(name))


def test_every_value_is_shown_with_where_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "attune.toml").write_text("[server]\nport = 4000\n", encoding="utf-8")
    monkeypatch.setenv("ATTUNE_SERVER__WORKERS", "3")
    shown = runner.invoke(app, ["config", "show"])

    assert shown.exit_code == 0, shown.output
    assert line_of(shown.output, "server.port") == ["server.port", "4000", "attune.toml"]
    assert line_of(shown.output, "server.workers") == ["server.workers", "3", "environment"]
    assert line_of(shown.output, "server.host")[-1] == "default"


def test_whose_faces_are_never_read_is_shown_even_where_it_is_the_default(tmp_path: Path) -> None:
    shown = runner.invoke(app, ["config", "show"])
    assert line_of(shown.output, "audience.locked") == [
        "audience.locked",
        "school,",
        "staff",
        "default",
    ]
    assert line_of(shown.output, "audience.stations") == ["audience.stations", "none", "default"]
    file = tmp_path / "rooms.toml"
    file.write_text('[audience.stations]\nstudio = "school"\n', encoding="utf-8")
    shown = runner.invoke(app, ["config", "show", "--config", str(file)])
    assert line_of(shown.output, "audience.stations.studio")[:2] == [
        "audience.stations.studio",
        "school",
    ]


def test_a_cameras_password_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "hall.toml"
    source = "rtsp://guard:opensesame@10.0.0.7:554/stream?key=opensesame"
    file.write_text(f'[cameras.hall]\nsource = "{source}"\n', encoding="utf-8")
    shown = runner.invoke(app, ["config", "show", "--config", str(file)])

    assert "opensesame" not in shown.output
    assert "10.0.0.7:554/stream" in shown.output


def test_consistent_settings_pass_the_check() -> None:
    assert runner.invoke(app, ["config", "check"]).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[server]\nport = 99999\n", "server.port"),
        ('[server]\nhost = "0.0.0.0"\n', "--insecure"),
        ('[security]\ntoken_file = "gone"\n', "token_file"),
        ('[security]\ntls_certificate = "gone"\ntls_key = "gone"\n', "tls_certificate"),
    ],
)
def test_a_mistake_fails_the_check_and_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "attune.toml").write_text(text, encoding="utf-8")
    checked = runner.invoke(app, ["config", "check"])

    assert checked.exit_code == 1
    assert says in checked.output
