"""Measures what the index assumes of people it does not know, and writes it as its file.

From simulated visitors by default, which the file then says; from recorded sessions once there are
enough of them. A person's range is how far their face, as it was read, strays from their own rest
over the story (root mean square); a band's range is the root mean square over people.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.empathy.population import BANDS
from attune.errors import RecordingError
from attune.expression.baseline import measure_baseline
from attune.scenario.events import BeatEntered
from attune.scenario.visitors import VisitorKind
from attune.session.recorded import read_recording
from attune.timeline import SLOT_NS
from tools.empathy.sittings import BAND_QUALITY, Reading, draw_crowd, face, read
from tools.empathy.stories import stories

KINDS: tuple[VisitorKind, ...] = ("resonant", "detached", "counter")
SHRINKAGE_S = 30.0
MIN_PEOPLE = 20
"""Fewest people of a band that its figures are taken from."""

MIN_SLOTS = 50
"""Fewest tracked slots, at rest and in the story, that a person is counted with."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Person:
    """Affect as it was read from one person in one band: (slots, 2) at rest and in the story."""

    band: int
    rest: Floats
    story: Floats


@dataclass(frozen=True, slots=True)
class Band:
    """Figures of one band from `n` people."""

    n: int
    range: float
    valence: float
    arousal: float
    rest_spread: float
    range_spread: float


def simulated(visitors: int, seed: int) -> Iterator[Person]:
    """Equal parts of resonant, detached and counter-mirroring visitors in every story, read in the
    bands in which anything can be read, with the reliability of the model that ships."""
    for number, story in enumerate(stories()):
        for place, kind in enumerate(KINDS):
            crowd = draw_crowd(kind, visitors, seed + 10 * number + place)
            shown = face(crowd, story)
            for band, quality in BAND_QUALITY.items():
                slots = read(shown, Reading(quality), seed + number)
                yield from _people(slots, round(story.baseline_s * 10), band)


def _people(slots: Sequence[SlotBatch], resting: int, band: int) -> Iterator[Person]:
    affect = np.array([(one.valence, one.arousal) for one in slots]) / UNIT
    for visitor in range(affect.shape[2]):
        yield Person(band, affect[:resting, :, visitor], affect[resting:, :, visitor])


def recorded(folder: Path) -> Iterator[Person]:
    """One person a recording: its neutral beat is the rest, what follows it the story."""
    paths = sorted(folder.rglob("*.mcap"))
    if not paths:
        raise RecordingError(f"no recordings (*.mcap) under {folder}")
    for path in paths:
        recording = read_recording(path)
        beats = [one for one in recording.events if isinstance(one, BeatEntered)]
        if len(beats) < 2:
            continue
        begin, end = (beats[place].time_ns // SLOT_NS for place in (0, 1))
        seen = [one for one in recording.slots if one.tracked]
        for band in range(len(BANDS)):
            affect = [
                (one.slot, one.valence / UNIT, one.arousal / UNIT)
                for one in seen
                if one.band == band
            ]
            table = np.array(affect, dtype=np.float64).reshape(len(affect), 3)
            rest = (table[:, 0] >= begin) & (table[:, 0] < end)
            yield Person(band, table[rest, 1:], table[table[:, 0] >= end, 1:])


def measure(people: Iterable[Person]) -> dict[int, Band]:
    """Figures by band, for bands with enough people."""
    by_band: dict[int, list[Person]] = {}
    for person in people:
        if min(len(person.rest), len(person.story)) >= MIN_SLOTS:
            by_band.setdefault(person.band, []).append(person)
    return {band: _measure(those) for band, those in by_band.items() if len(those) >= MIN_PEOPLE}


def _measure(people: Sequence[Person]) -> Band:
    rests = np.array([_rest(one) for one in people])
    strays = [one.story - rest for one, rest in zip(people, rests, strict=True)]
    ranges = np.array([np.sqrt(np.mean(one**2)) for one in strays])
    valence, arousal = np.median(rests, axis=0)
    return Band(
        len(people),
        float(np.sqrt(np.mean(ranges**2))),
        float(valence),
        float(arousal),
        float(np.sqrt(rests.var(axis=0, ddof=1).mean())),
        float(ranges.std(ddof=1) / ranges.mean()),
    )


def _rest(person: Person) -> Floats:
    weights = np.full(len(person.rest), SLOT_NS, dtype=np.int64)
    return measure_baseline(person.rest, weights).median


def as_toml(bands: dict[int, Band], source: str, command: str, *, synthetic: bool) -> str:
    """The file `calibration/empathy.toml`; a band without people takes over its better neighbour.

    Raises RecordingError where no band has enough people.
    """
    if not bands:
        raise RecordingError(f"no visibility band has {MIN_PEOPLE} people with a neutral exposure")
    everyone = list(bands.values())
    rest_spread = float(np.sqrt(np.mean([one.rest_spread**2 for one in everyone])))
    range_spread = float(np.mean([one.range_spread for one in everyone]))
    lines = [
        "# What the empathy index assumes of people it does not know yet. Written by",
        "#",
        f"#     {command}",
        "#",
        f"# from {source}.",
        *(
            (
                "# SYNTHETIC: no person was measured. The same command with --recordings FOLDER",
                "# replaces it by figures of real visitors.",
            )
            if synthetic
            else ()
        ),
        "#",
        "# `range` is ρ_pop, the usual spread of (valence, arousal) of a face around its own",
        "# neutral during a story, in units of the circumplex; `valence` and `arousal` are the",
        "# resting values that stand in for a personal baseline; `n` counts people and stories.",
        "version = 2",
        f"synthetic = {str(synthetic).lower()}",
        "",
        "# Seconds of exposure that weigh as much as the population's range: by definition.",
        f"shrinkage_s = {SHRINKAGE_S}",
        "",
        "# How far people differ from these figures: standard deviation of a resting valence or",
        "# arousal, and of a range as a share of itself. They widen the interval until a personal",
        "# baseline is known.",
        f"rest_spread = {rest_spread:.3f}",
        f"range_spread = {range_spread:.3f}",
    ]
    for number, name in enumerate(BANDS):
        source_band = number if number in bands else min(bands, key=lambda one: abs(one - number))
        figures = bands[source_band]
        lines += ["", f"[bands.{name}]"]
        if source_band != number:
            lines.append(f"# Taken over from {BANDS[source_band]}: too little can be read here.")
        lines += [
            f"range = {figures.range:.3f}",
            f"valence = {figures.valence:.3f}",
            f"arousal = {figures.arousal:.3f}",
            f"n = {figures.n}",
        ]
    return "\n".join(lines) + "\n"
