"""`attune doctor`: every failed line says what to do."""

import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from attune.cli.main import app
from attune.session.audit import AuditLog
from attune.session.trusted_clock import TrustedClock
from attune.timeline import NS_PER_S
from tests.session.recordings import a_session, write

runner = CliRunner()


@pytest.fixture
def free_port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A port of loopback that nothing listens on, in the settings."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    monkeypatch.setenv("ATTUNE_SERVER__PORT", str(port))
    return port


def lines_of(output: str, name: str) -> str:
    """The line of the check called `name` and the one after it."""
    lines = output.splitlines()
    index = next(i for i, line in enumerate(lines) if f" {name}:" in line)
    return "\n".join(lines[index : index + 2])


def test_a_healthy_machine_passes(free_port: int) -> None:
    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 0, checked.output
    assert "FAIL" not in checked.output
    assert f"127.0.0.1:{free_port} is free" in checked.output


def test_a_taken_port_fails_and_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        monkeypatch.setenv("ATTUNE_SERVER__PORT", str(holder.getsockname()[1]))
        checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "choose another: ATTUNE_SERVER__PORT" in lines_of(checked.output, "port")


@pytest.mark.usefixtures("free_port")
def test_missing_models_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "[hall]"
    models.mkdir()
    monkeypatch.setenv("ATTUNE_EXPRESSION__MODELS_DIR", str(models))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert str(models) in lines_of(checked.output, "models")
    assert "→ restore the folder models/" in lines_of(checked.output, "models")


@pytest.mark.usefixtures("free_port")
def test_what_serve_would_refuse_of_the_models_fails(
    tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(repository / "models" / "headset-aware-fer", tmp_path / "headset-aware-fer")
    card = tmp_path / "headset-aware-fer" / "card.toml"
    text = card.read_text("utf-8")
    card.write_text(re.sub(r"(?m)^abstention = .*$", 'abstention = "gone.toml"', text), "utf-8")
    monkeypatch.setenv("ATTUNE_EXPRESSION__MODELS_DIR", str(tmp_path))
    without_thresholds = runner.invoke(app, ["doctor"])
    monkeypatch.delenv("ATTUNE_EXPRESSION__MODELS_DIR")
    monkeypatch.setenv("ATTUNE_EXPRESSION__LANDMARK_MODEL", "points")
    without_points = runner.invoke(app, ["doctor"])

    assert without_thresholds.exit_code == without_points.exit_code == 1
    assert "names gone.toml" in lines_of(without_thresholds.output, "models")
    assert "no model 'points'" in lines_of(without_points.output, "models")


@pytest.mark.usefixtures("free_port")
def test_an_absent_camera_fails_and_a_clip_passes(clips: Path) -> None:
    address = "http://guard:s3cret@127.0.0.1:9/door"
    absent = runner.invoke(app, ["doctor", "--camera", "/no/such/clip.mp4", "--camera", address])
    clip = runner.invoke(app, ["doctor", "--camera", str(clips / "single_face.mp4")])

    assert absent.exit_code == 1
    assert "→ check its cable" in lines_of(absent.output, "camera /no/such/clip.mp4")
    assert "cannot open camera http://…@127.0.0.1:9/door;" in absent.output
    assert "s3cret" not in absent.output
    assert clip.exit_code == 0, clip.output
    assert "delivers 640×360" in clip.output


@pytest.mark.usefixtures("free_port")
def test_a_token_that_others_can_read_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("a secret of twenty letters\n")
    token.chmod(0o644)
    monkeypatch.setenv("ATTUNE_SECURITY__TOKEN_FILE", str(token))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "→ chmod 600" in lines_of(checked.output, "token")


@pytest.mark.usefixtures("free_port")
@pytest.mark.parametrize("content", [b"short\n", b"# none yet\n", b"\xff\xfe"])
def test_a_token_file_that_the_server_refuses_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    token = tmp_path / "token"
    token.write_bytes(content)
    token.chmod(0o600)
    monkeypatch.setenv("ATTUNE_SECURITY__TOKEN_FILE", str(token))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "FAIL token: security.token_file:" in checked.output


@pytest.mark.usefixtures("free_port")
def test_an_address_at_which_the_server_refuses_to_listen_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTUNE_SERVER__HOST", "0.0.0.0")

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "FAIL port: refusing to listen on 0.0.0.0 without TLS" in checked.output


def certificate(folder: Path, days: int) -> tuple[Path, Path]:
    """A self-signed pair for localhost."""
    chain, key = folder / "chain.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"),
            *("-days", str(days), "-keyout", str(key), "-out", str(chain)),
        ],
        check=True,
        capture_output=True,
    )
    return chain, key


@pytest.mark.usefixtures("free_port")
@pytest.mark.parametrize(("days", "status"), [(365, 0), (3, 1)])
def test_a_certificate_near_its_end_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, status: int
) -> None:
    chain, key = certificate(tmp_path, days)
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_CERTIFICATE", str(chain))
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_KEY", str(key))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == status, checked.output
    assert "is valid until" in lines_of(checked.output, "certificates")


@pytest.mark.usefixtures("free_port")
def test_an_authority_of_clients_that_cannot_be_read_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chain, key = certificate(tmp_path, 365)
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_CERTIFICATE", str(chain))
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_KEY", str(key))
    monkeypatch.setenv("ATTUNE_SECURITY__CLIENT_CA", str(tmp_path / "nowhere.pem"))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "security.client_ca" in lines_of(checked.output, "certificates")


@pytest.mark.usefixtures("free_port")
def test_a_key_of_another_certificate_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    chain, _ = certificate(tmp_path / "a", 365)
    _, other_key = certificate(tmp_path / "b", 365)
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_CERTIFICATE", str(chain))
    monkeypatch.setenv("ATTUNE_SECURITY__TLS_KEY", str(other_key))

    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "cannot be used" in lines_of(checked.output, "certificates")


@pytest.mark.usefixtures("free_port")
def test_who_is_locked_and_how_long_sessions_are_kept_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ATTUNE_AUDIENCE__LOCKED", '["school"]')
    monkeypatch.setenv("ATTUNE_RETENTION__EVENTS_DAYS", "off")
    checked = runner.invoke(app, ["doctor"])

    assert "those of staff are NOT locked" in lines_of(checked.output, "audience")
    kept = "video 30 days, features 365 days, events for good"
    assert kept in lines_of(checked.output, "retention")


@pytest.mark.usefixtures("free_port")
def test_a_newest_line_of_the_audit_log_that_is_still_to_come_shows_that_the_clock_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(tmp_path))
    AuditLog(tmp_path).append("session_ended", time.time_ns() + 3600 * NS_PER_S)
    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "still to come" in lines_of(checked.output, "audit log")
    assert "→ set the clock" in lines_of(checked.output, "audit log")
    # Once it is right again, the next thing that is noted says so.
    AuditLog(tmp_path).append("server_started", time.time_ns())
    assert "2 lines, whole" in lines_of(runner.invoke(app, ["doctor"]).output, "audit log")


@pytest.mark.usefixtures("free_port")
def test_a_clock_that_keeps_sessions_from_being_deleted_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(tmp_path))
    TrustedClock(tmp_path).believe(1_700_000_000 * NS_PER_S)
    assert runner.invoke(app, ["doctor"]).exit_code == 0, "there is nothing to delete"
    write(tmp_path / f"{'0a' * 16}.mcap", a_session(2))
    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "1 are overdue, and stay until" in lines_of(checked.output, "retention")
    assert "far from 2023-11-14 22:13 UTC" in lines_of(checked.output, "retention")
    assert "is it right? attune sessions expire" in lines_of(checked.output, "retention")


@pytest.mark.usefixtures("free_port")
def test_a_changed_audit_log_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_RECORDING__DIRECTORY", str(tmp_path))
    for moment in range(3):
        AuditLog(tmp_path).append("session_ended", moment)
    assert "3 lines, whole" in lines_of(runner.invoke(app, ["doctor"]).output, "audit log")
    [file] = tmp_path.glob("audit-*.jsonl")
    file.write_text("".join(file.read_text().splitlines(keepends=True)[1:]))
    checked = runner.invoke(app, ["doctor"])

    assert checked.exit_code == 1
    assert "attune sessions audit says which" in lines_of(checked.output, "audit log")
