"""tools/environment in a checkout of its own: a real interpreter, a pip that takes notes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PIP = """
import sys, time
from pathlib import Path

if "--require-hashes" in sys.argv:
    with Path("installs").open("a") as notes:
        print("begins", file=notes, flush=True)
        time.sleep(0.5)
        print("ends", file=notes, flush=True)
"""

PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then shift 2; set -- -m venv --without-pip "$@"; fi
exec "{python}" "$@"
"""


@pytest.fixture
def checkout(repository: Path, tmp_path: Path) -> Path:
    """A folder with a space in its name that holds what the script reads."""
    root = tmp_path / "my checkout"
    for folder in ("tools", "requirements", "python_server/attune", "pip"):
        (root / folder).mkdir(parents=True)
    script = root / "tools" / "environment"
    script.write_bytes((repository / "tools" / "environment").read_bytes())
    script.chmod(0o755)
    for lock in ("run", "dev", "train"):
        (root / "requirements" / f"{lock}.lock").write_text(f"{lock}==1 \\\n")
    (root / "python_server" / "attune" / "__init__.py").touch()
    (root / "pip" / "__main__.py").write_text(PIP)
    python = tmp_path / "python3"
    python.write_text(PYTHON.format(python=sys.executable))
    python.chmod(0o755)
    return root


def make(checkout: Path) -> subprocess.Popen[str]:
    """The script, started; the stand-in for pip and the package are found by PYTHONPATH."""
    paths = f"{checkout}:{checkout / 'python_server'}"
    environment = {
        **os.environ,
        "PYTHON": str(checkout.parent / "python3"),
        "PYTHONPATH": paths,
    }
    return subprocess.Popen(
        [checkout / "tools" / "environment", "run"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def made(checkout: Path) -> str:
    """What it says when it is done."""
    running = make(checkout)
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 0, said
    return said


def test_what_is_there_is_not_installed_again_until_the_lock_changes(checkout: Path) -> None:
    assert "ready after" in made(checkout)
    assert made(checkout) == ""

    (checkout / "requirements" / "run.lock").write_text("run==2 \\\n")

    assert "ready after" in made(checkout)
    assert (checkout / "installs").read_text().split() == ["begins", "ends"] * 2


@pytest.mark.parametrize("removed", [True, False])
def test_an_environment_whose_interpreter_is_gone_or_too_new_gets_another_and_keeps_the_rest(
    checkout: Path, removed: bool
) -> None:
    made(checkout)
    (checkout / ".venv" / "mine").touch()
    upgraded = checkout.parent / "python3.13"
    if not removed:
        answers = 'case "$*" in *version_info*) echo 3.13 ;; *) exit 1 ;; esac'
        upgraded.write_text(f"#!/bin/sh\n{answers}\n")
        upgraded.chmod(0o755)
    for name in ("python3", "python"):
        link = checkout / ".venv" / "bin" / name
        link.unlink()
        link.symlink_to(upgraded)

    assert "making .venv" in made(checkout)
    assert subprocess.run([link, "-c", "raise SystemExit(7)"], check=False).returncode == 7
    assert (checkout / ".venv" / "mine").exists()


def test_two_at_once_do_not_install_over_each_other(checkout: Path) -> None:
    both = [make(checkout) for _ in range(2)]
    said = [one.communicate(timeout=60)[0] for one in both]

    assert [one.returncode for one in both] == [0, 0], said
    assert (checkout / "installs").read_text().split() == ["begins", "ends"]
