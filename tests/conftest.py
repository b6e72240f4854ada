"""Shared fixtures: material beside the repository; where it is absent, tests skip and say why."""

import os
from pathlib import Path

import pytest

os.environ.pop("COLUMNS", None)
"""A console keeps the width that is set when its module is loaded; tests say theirs later."""

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = REPOSITORY.parent / "shared"


def _beside(*parts: str) -> Path:
    path = SHARED.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"needs development material at ../shared/{'/'.join(parts)}, which is not here")
    return path


@pytest.fixture(scope="session")
def clips() -> Path:
    """Folder of real clips for development; see its README."""
    return _beside("clips")


@pytest.fixture(scope="session")
def fer2013() -> Path:
    """Folder of the FER2013 mosaics."""
    return _beside("data", "fer2013")


@pytest.fixture(scope="session")
def facekit() -> Path:
    """The condensed ICT-FaceKit."""
    return _beside("data", "ict_facekit", "ict_facekit.npz")


@pytest.fixture(scope="session")
def landmarker_bundle() -> Path:
    """MediaPipe's Face Landmarker bundle."""
    return _beside("data", "face_landmarker", "face_landmarker.task")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout."""
    return REPOSITORY
