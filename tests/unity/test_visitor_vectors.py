"""The simulated visitor that Unity shares is still the one that Python simulates."""

import importlib.util
import json
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location(
    "visitor_vectors", Path(__file__).with_name("visitor_vectors.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
visitor_vectors = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(visitor_vectors)


def test_the_committed_visitors_behave_as_simulated_now() -> None:
    committed = json.loads(visitor_vectors.VECTORS.read_text(encoding="utf-8"))
    fresh = json.loads(visitor_vectors.text())
    assert len(committed) == len(fresh)
    for before, now in zip(committed, fresh, strict=True):
        assert before["traits"] == pytest.approx(now["traits"])
        assert before["story"] == now["story"]
        for name in ("normal", "even", "valence_arousal_yaw_pitch_off_focus"):
            for old_row, new_row in zip(before[name], now[name], strict=True):
                assert old_row == pytest.approx(new_row, abs=1e-7)
