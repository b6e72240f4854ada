"""Sweep simulated visitors through a built scene and report which branches they saw.

    make mlagents ARGS="build/Memorial.x86_64"
    make mlagents ARGS="build/Memorial.x86_64 --empathy -1 0 1 --visitors 20 --out sweep.json"
    make mlagents ARGS="--editor"        waits for Play in the editor

The scene needs a Visitor Sweep component; see the Unity package's documentation. Time is real: a
story of fifty seconds takes fifty seconds a visitor; --worker 1, 2, … runs builds side by side.
What is counted is simulated: it says whether branches can be reached, and nothing about people.
"""

import argparse
import json
import sys
from pathlib import Path

from tools.mlagents.coverage import Coverage, branches_of
from tools.mlagents.wire import Choice, State, Traits

SCENARIO = Path(__file__).resolve().parents[2] / "examples" / "scenarios" / "memorial.yaml"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="make mlagents",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("build", type=Path, nargs="?", help="the built scene")
    parser.add_argument("--editor", action="store_true", help="wait for Play in the editor instead")
    parser.add_argument("--scenario", type=Path, default=SCENARIO, help="the scenario it plays")
    parser.add_argument("--empathy", type=float, nargs="+", default=[-1.0, 0.0, 1.0])
    parser.add_argument("--attention", type=float, nargs="+", default=[0.95])
    parser.add_argument("--visitors", type=int, default=1, help="seeds for each set of traits")
    parser.add_argument("--worker", type=int, default=0, help="number of this instance")
    parser.add_argument("--port", type=int, help="first port; instances count up from it")
    parser.add_argument("--out", type=Path, help="write the counts to this file (JSON)")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a sweep; 0 when every branch was seen, 1 otherwise."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if (asked.build is None) != asked.editor:
        parser.error("expected a built scene, or --editor, and not both")
    if asked.build is not None and not asked.build.exists():
        parser.error(f"{asked.build} is not there: build the scene in Unity first")

    # Only here: --help must work before ML-Agents is loaded.
    from tools.mlagents.scene import Scene

    coverage = Coverage(branches_of(asked.scenario))
    sweep = [Traits(empathy=e, attention=a) for e in asked.empathy for a in asked.attention]
    with Scene(asked.build, worker=asked.worker, port=asked.port) as scene:
        for traits in sweep:
            for seed in range(1, asked.visitors + 1):
                told = list(scene.visit(seed, traits))
                settled = [one for one in told if isinstance(one, Choice)]
                states = [one for one in told if isinstance(one, State)]
                coverage.observe(settled)
                way = ", ".join(one.branch for one in settled) or "no choice"
                last = f"{states[-1].eri:.0f}" if states else "none"
                print(
                    f"empathy {traits.empathy:+.1f}, attention {traits.attention:.2f}, "
                    f"seed {seed}: {way} (last ERI {last})",
                    flush=True,
                )
    print(coverage.table())
    if asked.out:
        asked.out.write_text(json.dumps(coverage.as_json(), indent=2) + "\n", encoding="utf-8")
    return 1 if coverage.unseen or coverage.unknown else 0


if __name__ == "__main__":
    sys.exit(main())
