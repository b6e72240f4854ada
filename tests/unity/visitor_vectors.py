"""Shared vectors of the simulated visitor: traits, a story, every draw of chance, the behaviour.

python tests/unity/visitor_vectors.py     writes protos/testdata/visitors.json
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from attune.scenario.visitors import STEP_S, Pull, VisitorTraits, draw_visitor, simulate

REPOSITORY = Path(__file__).resolve().parents[2]
VECTORS = REPOSITORY / "protos" / "testdata" / "visitors.json"
DURATION_S = 9.0
SIGNIFICANT = 9

STORY = (
    Pull(0.5, 2.5, 0.6, 0.35, 20.0, 5.0),
    Pull(3.0, 5.0, -0.65, 0.1, -35.0, -4.0),
    Pull(4.0, 4.8, -0.35, 0.65, -35.0, -4.0),
)
CAST = (
    draw_visitor("resonant", 1),
    draw_visitor("counter", 2),
    VisitorTraits(empathy=0.6, attention=0.4, fatigue_per_min=4.0, noise=0.2, seed=5),
)


def text() -> str:
    """The file of vectors."""
    return json.dumps([_vector(traits) for traits in CAST], indent=0) + "\n"


def _vector(traits: VisitorTraits) -> dict[str, Any]:
    steps = int(np.ceil(DURATION_S / STEP_S)) + 2
    # The draws of attune.scenario.visitors, in its order.
    chance = np.random.default_rng([traits.seed, 607])
    normal = chance.standard_normal((steps, 4))
    even = chance.random((steps, 3))
    behavior = simulate(traits, STORY, DURATION_S, 1 / STEP_S)
    shown = np.concatenate(
        [behavior.affect[0], behavior.head_deg[0], behavior.off_focus_deg[0, :, None]], axis=1
    )
    return {
        "traits": asdict(traits),
        "story": [asdict(pull) for pull in STORY],
        "normal": normal[: len(shown)].tolist(),
        "even": even[: len(shown)].tolist(),
        "valence_arousal_yaw_pitch_off_focus": [
            [float(f"{value:.{SIGNIFICANT}g}") for value in row] for row in shown
        ],
    }


if __name__ == "__main__":
    VECTORS.parent.mkdir(exist_ok=True)
    VECTORS.write_text(text(), encoding="utf-8")
    sys.stdout.write(f"{VECTORS.relative_to(REPOSITORY)}\n")
