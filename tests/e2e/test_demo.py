"""`attune demo` as a newcomer runs it: a real server, a real client, and what they leave behind."""

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mcap.reader import make_reader

SHORT_STORY = """
id: short
version: 1.0.0
title: {en: A short story}
locales: [en]
entry: door
stimuli:
  - id: laugh
    title: {en: A laugh}
    target: {valence: 0.6, arousal: 0.3}
beats:
  - id: door
    title: {en: "The door [of oak]"}
    duration_s: 3.0
    stimuli:
      - {stimulus: laugh, at_s: 0.2}
    choice:
      id: which-way
      due_at_s: 0.5
      deadline_s: 2.5
      default: left
      branches:
        - {id: left, to: garden, intensity: 0.1}
        - id: right
          to: cellar
          intensity: 0.6
          condition: {signal: eri, direction: above, enter: 99, exit: 98, dwell_s: 0.5}
  - id: garden
    title: {en: The garden}
    duration_s: 1.0
  - id: cellar
    title: {en: The cellar}
    duration_s: 1.0
"""


def demo_command(out: Path, *options: str) -> list[str]:
    """The demo without a screen, into `out`."""
    return [sys.executable, "-m", "attune", "demo", "--no-ui", "--out", str(out), *options]


def run_demo(
    environment: dict[str, str], out: Path, *options: str, timeout_s: float
) -> subprocess.CompletedProcess[str]:
    """The demo to its end."""
    return subprocess.run(
        demo_command(out, *options),
        env=environment,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


@pytest.fixture
def environment(repository: Path) -> dict[str, str]:
    """This environment, with the package on the path."""
    return {**os.environ, "PYTHONPATH": str(repository / "python_server")}


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A story of four seconds with one choice."""
    path = tmp_path / "short.yaml"
    path.write_text(SHORT_STORY)
    return path


def channels(recording: Path) -> set[str]:
    """Topics of a recording."""
    with recording.open("rb") as file:
        return {channel.topic for _, channel, _ in make_reader(file).iter_messages()}


def test_the_simulated_visitor_walks_through_a_story_and_leaves_everything(
    tmp_path: Path, story: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "demo-out"

    shown = run_demo(environment, out, "--scenario", str(story), timeout_s=90)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "The door [of oak]" in shown.stdout
    assert "which-way → left" in shown.stdout
    assert "capture → update" in shown.stdout
    assert {"/frame", "/evidence", "/input", "/output"} <= channels(out / "session.mcap")
    assert "<svg" in (out / "report.html").read_text()
    assert {one.name for one in out.iterdir()} == {
        "latency.json",
        "report.html",
        "server.log",
        "session.mcap",
    }
    rows = {row["name"]: row for row in json.loads((out / "latency.json").read_text())}
    assert rows["capture → update"]["count"] > 0
    assert {"decode", "track", "expression"} <= rows.keys()


def test_from_a_file_of_ones_own_nothing_of_the_face_is_stored(
    tmp_path: Path, story: Path, clips: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "demo-out"

    shown = run_demo(
        environment,
        out,
        "--scenario",
        str(story),
        "--video",
        str(clips / "single_face.mp4"),
        timeout_s=90,
    )

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "face seen" in shown.stdout
    assert not {"/frame", "/evidence"} & channels(out / "session.mcap")


def test_ctrl_c_ends_the_visit_in_good_order(tmp_path: Path, environment: dict[str, str]) -> None:
    out = tmp_path / "demo-out"
    running = subprocess.Popen(
        demo_command(out), env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    for line in running.stdout:
        if "frames a second" in line:
            break
    running.send_signal(signal.SIGINT)
    rest = running.communicate(timeout=60)[0]

    assert running.returncode == 0, rest
    assert "left behind" in rest
    assert (out / "session.mcap").exists()


def test_ctrl_c_is_heard_while_the_report_is_written(
    tmp_path: Path, story: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "demo-out"
    out.mkdir()
    os.mkfifo(out / "report.html")  # nobody reads it, so that the report is never done
    running = subprocess.Popen(
        demo_command(out, "--scenario", str(story)),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert running.stdout is not None
        for line in running.stdout:
            if "capture → update" in line:
                break
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=30)
    finally:
        running.kill()

    assert running.returncode == 128 + signal.SIGINT, said
    assert "Traceback" not in said[1]
    assert {one.name for one in out.iterdir()} == {
        "latency.json",
        "report.html",
        "server.log",
        "session.mcap",
    }


@pytest.mark.parametrize("ending", [signal.SIGHUP, signal.SIGTERM])
def test_a_closed_terminal_and_a_request_to_end_leave_no_server_behind(
    ending: signal.Signals, tmp_path: Path, environment: dict[str, str]
) -> None:
    running = subprocess.Popen(
        demo_command(tmp_path / "demo-out"), env=environment, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    port = 0
    for line in running.stdout:
        if listens := re.search(r"listens on 127\.0\.0\.1:(\d+)", line):
            port = int(listens[1])
        if "frames a second" in line:
            break
    running.send_signal(ending)
    running.communicate(timeout=60)

    assert port
    with socket.socket() as knocking:
        assert knocking.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED


def test_recordings_that_were_in_the_output_folder_before_stay_there(
    tmp_path: Path, story: Path, environment: dict[str, str]
) -> None:
    kept = tmp_path / "recordings" / "visitor.mcap"
    kept.parent.mkdir()
    kept.write_bytes(b"a visitor")

    shown = run_demo(environment, tmp_path, "--scenario", str(story), timeout_s=90)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert kept.read_bytes() == b"a visitor"


def test_a_camera_that_is_not_there_is_said_before_anything_starts(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    shown = run_demo(environment, tmp_path / "demo-out", "--camera", "93", timeout_s=60)

    assert shown.returncode == 1
    assert "cannot open camera 93; expected a device index" in shown.stderr
    assert not (tmp_path / "demo-out").exists()


def test_a_missing_video_is_a_sentence_and_not_a_traceback(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    shown = run_demo(environment, tmp_path / "demo-out", "--video", "nowhere.mp4", timeout_s=60)

    assert shown.returncode == 1
    assert shown.stderr.strip() == "attune: no such video file: nowhere.mp4"


def test_a_file_in_the_place_of_the_folder_is_a_sentence_and_not_a_traceback(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "demo-out"
    out.touch()

    shown = run_demo(environment, out, timeout_s=60)

    assert shown.returncode == 1
    assert "Traceback" not in shown.stderr
    assert f"attune: --out: expected a folder that can be written to, got {out}" in shown.stderr


def test_without_recordings_the_demo_still_ends_well_and_leaves_its_latency(
    tmp_path: Path, story: Path, environment: dict[str, str]
) -> None:
    out = tmp_path / "demo-out"
    unrecorded = {**environment, "ATTUNE_RECORDING__ENABLED": "false"}

    shown = run_demo(unrecorded, out, "--scenario", str(story), timeout_s=90)

    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert {one.name for one in out.iterdir()} == {"latency.json", "server.log"}
