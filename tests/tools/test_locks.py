"""The locks: exact, hashed, without addresses, and the same versions for running and testing."""

import re
from pathlib import Path

import pytest

LOCKS = ("bootstrap", "run", "dev")
UNWANTED = {"opencv-contrib-python", "opencv-python", "jax", "jaxlib", "sounddevice"}


def pinned(lock: Path) -> dict[str, tuple[str, int]]:
    """Package to version and number of hashes."""
    found: dict[str, tuple[str, int]] = {}
    for entry in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text()):
        pin = re.match(r"([A-Za-z0-9._-]+)==([^\s\\]+)", entry)
        if pin is not None:
            found[pin[1]] = (pin[2], entry.count("--hash=sha256:"))
    return found


@pytest.fixture
def requirements(repository: Path) -> Path:
    """Folder of the locks."""
    return repository / "requirements"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_hashes_every_package(requirements: Path, name: str) -> None:
    lock = requirements / f"{name}.lock"
    packages = pinned(lock)

    assert packages
    assert "://" not in lock.read_text()
    assert [package for package, (_, hashes) in packages.items() if hashes == 0] == []


def test_what_runs_is_what_is_tested(requirements: Path) -> None:
    run, dev = pinned(requirements / "run.lock"), pinned(requirements / "dev.lock")

    assert {name: dev.get(name) for name in run} == run


@pytest.mark.parametrize("name", ["run", "dev"])
def test_nothing_that_fights_with_the_headless_opencv_is_installed(
    requirements: Path, name: str
) -> None:
    packages = pinned(requirements / f"{name}.lock")

    assert "opencv-contrib-python-headless" in packages
    assert not UNWANTED & packages.keys()
