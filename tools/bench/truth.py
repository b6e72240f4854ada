"""How well vision sees rendered heads: found, pose, lower face and visibility against the truth.

The bundled clips are always measured; with ICT-FaceKit at hand, heads that sweep through the angles
in each kind of headset as well, which the clips, filmed from in front, cannot show.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from attune.config import VisionSettings, load_settings, resource_root
from tools.bench.measurement import Measurement
from tools.visitors.facekit import HOW_TO_GET, load
from tools.visitors.headsets import HEADSET_KINDS
from tools.visitors.record import FrameTruth
from tools.visitors.scene import Camera
from tools.visitors.skin import Painter
from tools.visitors.trial import frames_of
from tools.visitors.truth import Reading, Summary, measure, summarise, sweep

Film = list[tuple[NDArray[np.uint8], FrameTruth]]
Report = Callable[[str | Table], None]

TRUTH = "truth"
SWEEP_SEEDS = (501, 502)
SWEEP_FRAMES = 80
SWEEP_CAMERA = Camera.centered(480, 360, 560.0)
CLIP_SECONDS = 20.0
"""How much of each bundled clip is measured: the quiet hall and the first stimuli."""

COLUMNS = {
    "found": ("found", "%", 100.0),
    "yaw_mae_deg": ("yaw", "°", 1.0),
    "pitch_mae_deg": ("pitch", "°", 1.0),
    "roll_mae_deg": ("roll", "°", 1.0),
    "lower_error": ("lower face", "% of eye distance", 100.0),
    "agreement": ("visibility agrees", "%", 100.0),
}
"""Field of a summary → heading, unit and factor."""


def measure_truth(facekit: Path | None, bundle: Path | None, report: Report) -> list[Measurement]:
    """Prints a table for each tracker and source, and returns its figures.

    `bundle` is MediaPipe's face_landmarker.task; without it, and without one in the settings, only
    the mesh tracker is measured.
    """
    bundle = bundle or load_settings().vision.landmarker_bundle
    trackers = {"mediapipe-mesh": VisionSettings()}
    if bundle is not None:
        trackers["mediapipe-tasks"] = VisionSettings(
            tracker="mediapipe-tasks", landmarker_bundle=bundle
        )
    else:
        report("no landmarker bundle (--landmarker FILE): MediaPipe Tasks is not measured")
    sources: dict[str, Callable[[], Iterable[Film]]] = {"bundled clips": _clips}
    if facekit is not None:
        report(f"rendering {len(SWEEP_SEEDS) * len(HEADSET_KINDS)} sweeps")
        swept = list(_sweeps(facekit, report))
        sources["sweeps"] = lambda: swept
    else:
        report(f"no FaceKit (--facekit FILE): only the bundled clips are measured; {HOW_TO_GET}")
    rows: list[Measurement] = []
    for tracker, settings in trackers.items():
        for source, films in sources.items():
            summaries = summarise(_readings(films(), settings, f"{tracker}, {source}", report))
            report(_table(f"{tracker}, {source} (rendered heads)", summaries))
            rows += [row for one in summaries for row in _measurements(tracker, source, one)]
    return rows


def _clips() -> Iterator[Film]:
    for video in sorted((resource_root() / "examples/visitors").glob("*.mp4")):
        yield [
            (image, truth)
            for image, truth in frames_of(video)
            if truth.capture_time_ns < CLIP_SECONDS * 1e9
        ]


def _sweeps(facekit: Path, report: Report) -> Iterator[Film]:
    kit = load(facekit)
    painter = Painter(kit, 512)
    for seed in SWEEP_SEEDS:
        for headset in HEADSET_KINDS:
            film = sweep(kit, painter, seed, headset, frames=SWEEP_FRAMES, camera=SWEEP_CAMERA)
            yield list(film)
        report(f"rendered visitor {seed}")


def _readings(
    films: Iterable[Film], settings: VisionSettings, what: str, report: Report
) -> list[Reading]:
    readings: list[Reading] = []
    for film in films:
        readings += measure(film, settings)
        report(f"{what}: {film[0][1].identity} {film[0][1].headset}, {len(film)} frames")
    return readings


def _table(title: str, summaries: list[Summary]) -> Table:
    table = Table("headset", "yaw", title=title, title_justify="left")
    for name in ("n", *(f"{name}, {unit}" for name, unit, _ in COLUMNS.values())):
        table.add_column(name, justify="right")
    for one in summaries:
        values = asdict(one)
        cells = [f"{values[field] * factor:.1f}" for field, (*_, factor) in COLUMNS.items()]
        table.add_row(one.headset, _band(one), str(one.frames), *cells)
    return table


def _measurements(tracker: str, source: str, one: Summary) -> list[Measurement]:
    values = asdict(one)
    where = f"{tracker}, {source}, {one.headset}, yaw {_band(one)}, n = {one.frames}"
    return [
        Measurement(TRUTH, f"{where}: {name}", float(values[field] * factor), unit)
        for field, (name, unit, factor) in COLUMNS.items()
        if np.isfinite(values[field])
    ]


def _band(one: Summary) -> str:
    low, high = one.yaw_band
    return f"{low:.0f}–{high:.0f}°"
