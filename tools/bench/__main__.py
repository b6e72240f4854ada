"""`python -m tools.bench [PART …]`: see the package's docstring."""

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

import tools.bench
from attune.errors import AttuneError
from tools.bench.clip import bundled_clip, jpeg_frames
from tools.bench.live import measure_latency, measure_memory, measure_sessions, measure_start
from tools.bench.measurement import Measurement
from tools.bench.offline import measure_replay, measure_stages
from tools.bench.peer import measure_peer
from tools.bench.truth import TRUTH, measure_truth
from tools.visitors.errors import VisitorError

Part = Callable[[list[bytes], float, Path], list[Measurement]]

PARTS: dict[str, Part] = {
    "start": measure_start,
    "stages": measure_stages,
    "latency": measure_latency,
    "sessions": measure_sessions,
    "memory": measure_memory,
    "replay": measure_replay,
}
PEER = "peer"
"""Not a budget, and 1.6 GB to install once: name the other parts to do without."""

CLIP_FRAMES = 900


def main() -> int:
    """Runs the parts that were named, prints the table and saves it."""
    known = (*PARTS, TRUTH, PEER)
    parser = argparse.ArgumentParser(
        prog="make bench", description=tools.bench.__doc__, formatter_class=_Plain
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(known))
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each run (30)")
    parser.add_argument("--video", type=Path, help="another clip than the bundled one")
    parser.add_argument("--fer2013", type=Path, help="folder of FER2013 mosaics, for the peer")
    parser.add_argument("--facekit", type=Path, help="condensed ICT-FaceKit, for sweeps of truth")
    parser.add_argument("--landmarker", type=Path, help="face_landmarker.task, for truth")
    parser.add_argument("--out", type=Path, default=Path("bench-out"))
    chosen = parser.parse_args()
    unknown = set(chosen.parts) - set(known)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    try:
        chosen.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"--out: {chosen.out} cannot be made: {error.strerror}")
    console = Console()
    video = chosen.video or bundled_clip()
    frames = jpeg_frames(video, CLIP_FRAMES)
    found: list[Measurement] = []
    try:
        _measure(chosen, chosen.parts or known, frames, found, console)
    finally:  # what was measured before a part failed, or before Ctrl-C, took minutes
        if found:
            _leave_behind(chosen, video, found, console)
    return 0


def _measure(
    chosen: argparse.Namespace,
    names: Sequence[str],
    frames: list[bytes],
    found: list[Measurement],
    console: Console,
) -> None:
    with Progress(console=console) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:
            progress.update(task, description=name)
            with tempfile.TemporaryDirectory(prefix="attune-bench-") as folder:
                if name == PEER:
                    found += measure_peer(
                        frames, Path(folder), chosen.fer2013, progress.console.print
                    )
                elif name == TRUTH:
                    found += measure_truth(
                        chosen.facekit, chosen.landmarker, progress.console.print
                    )
                else:
                    found += PARTS[name](frames, chosen.seconds, Path(folder))
            progress.advance(task)


def _leave_behind(
    chosen: argparse.Namespace, video: Path, found: list[Measurement], console: Console
) -> None:
    """Prints the table and saves the figures."""
    budgeted = [one for one in found if one.part != TRUTH]
    if budgeted:
        console.print(
            _table(budgeted, f"{video.name}, {platform.machine()}, {platform.python_version()}")
        )
    saved = chosen.out / "bench.json"
    record = {
        "clip": video.name,
        "seconds": chosen.seconds,
        "machine": platform.processor() or platform.machine(),
        "python": platform.python_version(),
        "measurements": [asdict(one) | {"verdict": one.verdict} for one in found],
    }
    saved.write_text(json.dumps(record, indent=2) + "\n")
    console.print(f"saved {saved}")


class _Plain(argparse.RawDescriptionHelpFormatter):
    """Keeps the docstring's lines."""


def _table(found: list[Measurement], title: str) -> Table:
    table = Table("part", "what", title=title, title_justify="left")
    for name in ("found", "unit", "budget", ""):
        table.add_column(name, justify="right")
    for one in found:
        budget = "" if one.budget is None else f"{'≥' if one.at_least else '≤'} {one.budget:g}"
        colour = {"within": "green", "over": "red"}.get(one.verdict, "white")
        verdict = f"[{colour}]{one.verdict}[/]"
        digits = 2 if one.unit == "cores" else 1
        table.add_row(one.part, one.what, f"{one.value:,.{digits}f}", one.unit, budget, verdict)
    return table


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (AttuneError, VisitorError) as error:
        sys.exit(f"bench: {error}")
