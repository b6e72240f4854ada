"""MediaPipe is loaded in parts, and is whole for everyone else who uses it in the same process."""

import pytest

from tests.programs import printed_by

PATIENCE_S = 120.0

_TRACK = (
    "from attune.config import load_settings\n"
    "from attune.vision.tracker import create_tracker\n"
    "create_tracker(load_settings().vision).close()\n"
)


def test_a_tracker_loads_neither_drawings_nor_other_tasks() -> None:
    loaded = printed_by(_TRACK + "import sys\nprint(*sys.modules)", PATIENCE_S).split()

    assert "mediapipe.python" in loaded
    for name in ("matplotlib", "mediapipe.python.solutions", "mediapipe.tasks.python"):
        assert name not in loaded


@pytest.mark.parametrize(
    "use",
    [
        "import mediapipe\nprint(mediapipe.solutions.face_mesh.FaceMesh.__name__)",
        "from mediapipe import solutions\nprint(solutions.face_mesh.FaceMesh.__name__)",
    ],
)
@pytest.mark.parametrize("order", ["after", "before"])
def test_whoever_wants_the_whole_package_gets_it(use: str, order: str) -> None:
    program = f"{_TRACK}\n{use}" if order == "after" else f"{use}\n{_TRACK}"

    assert printed_by(program, PATIENCE_S).strip() == "FaceMesh"


def test_a_look_at_every_module_does_not_load_the_package() -> None:
    look = "import sys\nfor m in [*sys.modules.values()]: getattr(m, '__warningregistry__', None)"

    loaded = printed_by(f"{_TRACK}\n{look}\nprint(*sys.modules)", PATIENCE_S).split()

    assert "matplotlib" not in loaded
