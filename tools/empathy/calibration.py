"""Measures what the index assumes of people it does not know, and writes it as its file.

From simulated visitors by default, which the file then says; from recorded sessions once there are
enough of them. A person's range is how far their face, as it was read, strays from their own rest
over the story (root mean square); a band's range is the root mean square over people.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.empathy.batch import SlotBatch
from attune.empathy.evidence import UNIT
from attune.empathy.population import BANDS
from attune.errors import RecordingError
from attune.expression.baseline import measure_baseline
from attune.scenario.events import BeatEntered
from attune.scenario.loading import parse_scenario
from attune.scenario.visitors import VisitorKind
from attune.session.consent import ConsentScope
from attune.session.recorded import Recording, read_recording
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


@dataclass(slots=True)
class Recorded:
    """Recorded people, and how many sessions they are not from: of visitors who did not allow
    research, without a neutral beat and something after it, of visitors who are counted already."""

    people: list[Person] = field(default_factory=list)
    sessions: int = 0
    without_research: int = 0
    without_rest: int = 0
    repeated: int = 0

    def __str__(self) -> str:
        left_out = (
            (self.without_research, "without consent to research"),
            (self.without_rest, "without a neutral beat"),
            (self.repeated, "of a visitor who is counted already"),
        )
        said = ", ".join(f"{count} {why}" for count, why in left_out if count)
        return f"{self.sessions} recorded sessions (left out: {said or 'none'})"


def recorded(folder: Path) -> Recorded:
    """One person a visitor: the neutral beat of their first recording is the rest, what follows it
    the story. What a visitor allowed counts as it was when the session ended. A visitor without a
    pseudonym is told by when the session began, which a replay of it repeats.

    Raises RecordingError where nobody allowed research.
    """
    paths = sorted(folder.rglob("*.mcap"))
    if not paths:
        raise RecordingError(f"no recordings (*.mcap) under {folder}")
    found = Recorded()
    known: set[str] = set()
    for path in paths:
        recording = read_recording(path)
        if ConsentScope.RESEARCH not in recording.scopes_at_end:
            found.without_research += 1
            continue
        header, people = recording.header, _recorded_people(recording)
        visitor = header.start.participant_id or str(header.started_unix_ns)
        if not people:
            found.without_rest += 1
        elif visitor in known:
            found.repeated += 1
        else:
            known.add(visitor)
            found.sessions += 1
            found.people += people
    if found.without_research == len(paths):
        raise RecordingError(
            f"none of the {len(paths)} recordings under {folder} is of a visitor who allowed "
            "research (consent scope `research`, in force when the session ended)"
        )
    return found


def _recorded_people(recording: Recording) -> list[Person]:
    """The visitor in each band; nobody where there was no neutral beat, or nothing after it."""
    spans = _neutral(recording)
    if spans is None:
        return []
    begin, end = spans
    people = []
    for band in range(len(BANDS)):
        affect = [
            (one.slot, one.valence / UNIT, one.arousal / UNIT)
            for one in recording.slots
            if one.tracked and one.band == band
        ]
        table = np.array(affect, dtype=np.float64).reshape(len(affect), 3)
        rest = (table[:, 0] >= begin) & (table[:, 0] < end)
        people.append(Person(band, table[rest, 1:], table[table[:, 0] >= end, 1:]))
    return people


def _neutral(recording: Recording) -> tuple[int, int] | None:
    """First slot of the story's neutral beat, and first slot after it."""
    header = recording.header
    if not header.follows_scenario or not header.scenario_yaml:
        return None
    neutral = parse_scenario(header.scenario_yaml, str(recording.path)).scenario.baseline
    beats = [one for one in recording.events if isinstance(one, BeatEntered)]
    for beat, after in pairwise(beats):
        if beat.beat_id == neutral:
            return beat.time_ns // SLOT_NS, after.time_ns // SLOT_NS
    return None


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
