"""What only the whole story shows: names that lead nowhere, cycles, gates, impossible times."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from attune.config import EmpathySettings
from attune.scenario import graph
from attune.scenario.schema import (
    SIGNAL_RANGE,
    Beat,
    Choice,
    Condition,
    Direction,
    Scenario,
    Text,
)
from attune.timeline import nanoseconds

BASELINE_MIN_S = EmpathySettings().baseline_min_s
"""Shortest neutral exposure from which a personal baseline can be learned."""

Location = tuple[str | int, ...]
"""Path of a field inside the file, e.g. ``("beats", 2, "choice", "default")``."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of a story and the field it lies in."""

    location: Location
    message: str


def check(scenario: Scenario) -> list[Finding]:
    """Every problem that the form of the fields alone does not show; empty for a playable story."""
    findings = [*_names(scenario), *_texts(scenario), *_entry(scenario)]
    for index, beat in enumerate(scenario.beats):
        findings += _beat(scenario, ("beats", index), beat)
    findings += _baseline(scenario)
    findings += _shape(scenario)
    return findings


def unscored(scenario: Scenario, settings: EmpathySettings) -> list[Finding]:
    """Lasting stimuli that are meant to be scored and end before their first window does. The story
    can be played all the same, and other settings may score them."""
    shortest_ns = nanoseconds(settings.lag_s) + nanoseconds(settings.window_s)
    return [
        Finding(
            ("stimuli", index, "duration_s"),
            f"stimulus {target.stimulus_id!r} lasts {target.duration_s:g} s and is never scored: "
            f"its first window ends {settings.lag_s + settings.window_s:g} s after its onset "
            f"(empathy.lag_s {settings.lag_s:g} + empathy.window_s {settings.window_s:g}); let it "
            "last as long, or leave duration_s out, which scores it as one moment",
        )
        for index, target in enumerate(scenario.targets)
        if 0 < target.norm >= settings.min_target_norm
        and target.duration_s is not None
        and nanoseconds(target.duration_s) < shortest_ns
    ]


def _names(scenario: Scenario) -> Iterator[Finding]:
    choices = [
        (("beats", index, "choice", "id"), beat.choice.id)
        for index, beat in enumerate(scenario.beats)
        if beat.choice is not None
    ]
    yield from _repeated("beat", ((("beats", i, "id"), b.id) for i, b in enumerate(scenario.beats)))
    yield from _repeated(
        "stimulus", ((("stimuli", i, "id"), s.id) for i, s in enumerate(scenario.stimuli))
    )
    yield from _repeated("choice", choices)


def _repeated(kind: str, names: Iterable[tuple[Location, str]]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for location, name in names:
        seen[name] += 1
        if seen[name] == 2:
            yield Finding(location, f"{kind} id {name!r} is given twice; ids must be unique")


def _texts(scenario: Scenario) -> Iterator[Finding]:
    texts: list[tuple[Location, Text | None]] = [
        (("title",), scenario.title),
        (("description",), scenario.description),
    ]
    texts += [(("stimuli", i, "title"), one.title) for i, one in enumerate(scenario.stimuli)]
    for i, beat in enumerate(scenario.beats):
        texts.append((("beats", i, "title"), beat.title))
        for j, branch in enumerate(beat.choice.branches if beat.choice else ()):
            texts.append((("beats", i, "choice", "branches", j, "title"), branch.title))
    for location, text in texts:
        missing = [one for one in scenario.locales if text is not None and one not in text]
        if missing:
            yield Finding(location, f"has no text for locale {', '.join(missing)}")


def _entry(scenario: Scenario) -> Iterator[Finding]:
    if scenario.beat(scenario.entry) is None:
        yield Finding(("entry",), _unknown("beat", scenario.entry, (b.id for b in scenario.beats)))


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return f"unknown {kind} {name!r}; there are: {', '.join(known) or 'none'}"


def _beat(scenario: Scenario, at: Location, beat: Beat) -> Iterator[Finding]:
    for index, cue in enumerate(beat.stimuli):
        stimulus = scenario.stimulus(cue.stimulus)
        if stimulus is None:
            known = (one.id for one in scenario.stimuli)
            yield Finding(
                (*at, "stimuli", index, "stimulus"), _unknown("stimulus", cue.stimulus, known)
            )
            continue
        end_s = cue.at_s + (stimulus.duration_s or 0.0)
        if round(end_s - beat.duration_s, 9) > 0:  # to the nanosecond, as it is played
            yield Finding(
                (*at, "stimuli", index, "at_s"),
                f"stimulus {cue.stimulus!r} lasts to {end_s:g} s, past the end of beat "
                f"{beat.id!r} at {beat.duration_s:g} s",
            )
    if beat.next is not None and beat.choice is not None:
        yield Finding((*at, "next"), f"beat {beat.id!r} has both next and choice; keep one")
    if beat.next is not None and scenario.beat(beat.next) is None:
        known = (one.id for one in scenario.beats)
        yield Finding((*at, "next"), _unknown("beat", beat.next, known))
    if beat.choice is not None:
        yield from _choice(scenario, (*at, "choice"), beat, beat.choice)


def _choice(scenario: Scenario, at: Location, beat: Beat, choice: Choice) -> Iterator[Finding]:
    if choice.deadline_s <= choice.due_at_s:
        yield Finding(
            (*at, "deadline_s"),
            f"deadline {choice.deadline_s:g} s is not after due_at_s {choice.due_at_s:g} s",
        )
    if choice.deadline_s > beat.duration_s:
        yield Finding(
            (*at, "deadline_s"),
            f"deadline {choice.deadline_s:g} s is past the end of beat {beat.id!r} at "
            f"{beat.duration_s:g} s",
        )
    default = choice.branch(choice.default)
    if default is None:
        known = (branch.id for branch in choice.branches)
        yield Finding((*at, "default"), _unknown("branch", choice.default, known))
    yield from _repeated(
        "branch", (((*at, "branches", i, "id"), b.id) for i, b in enumerate(choice.branches))
    )
    for index, branch in enumerate(choice.branches):
        here = (*at, "branches", index)
        if scenario.beat(branch.to) is None:
            known = (one.id for one in scenario.beats)
            yield Finding((*here, "to"), _unknown("beat", branch.to, known))
        if branch.condition is not None:
            yield from _condition((*here, "condition"), branch.condition)
        elif default is not None and branch.id != default.id:
            yield Finding(
                here,
                f"branch {branch.id!r} has no condition and is not the default: only an operator "
                "could take it; give it a condition or remove it",
            )


def _condition(at: Location, condition: Condition) -> Iterator[Finding]:
    low, high = SIGNAL_RANGE[condition.signal]
    for name in ("enter", "exit"):
        value = getattr(condition, name)
        if not low <= value <= high:
            yield Finding(
                (*at, name), f"{condition.signal} lies in {low:g} … {high:g}, got {value:g}"
            )
    above = condition.direction is Direction.ABOVE
    if (condition.exit >= condition.enter) if above else (condition.exit <= condition.enter):
        side = "below" if above else "above"
        yield Finding(
            (*at, "exit"),
            f"enter {condition.enter:g} and exit {condition.exit:g} are inverted: for direction "
            f"{condition.direction} exit must lie {side} enter",
        )


def _baseline(scenario: Scenario) -> Iterator[Finding]:
    if scenario.baseline is None:
        return
    beat = scenario.beat(scenario.baseline)
    if beat is None:
        known = (one.id for one in scenario.beats)
        yield Finding(("baseline",), _unknown("beat", scenario.baseline, known))
        return
    if beat.duration_s < BASELINE_MIN_S:
        yield Finding(
            ("baseline",),
            f"baseline beat {beat.id!r} lasts {beat.duration_s:g} s; a baseline needs at least "
            f"{BASELINE_MIN_S:g} s",
        )
    if beat.stimuli:
        yield Finding(("baseline",), f"baseline beat {beat.id!r} must be neutral; it has stimuli")


def _shape(scenario: Scenario) -> Iterator[Finding]:
    if scenario.beat(scenario.entry) is None:
        return
    index_of = {beat.id: index for index, beat in enumerate(scenario.beats)}
    circles = graph.cycles(scenario)
    for circle in circles:
        yield Finding(("beats", index_of[circle[0]]), "cycle: " + " → ".join(circle))
    reached = graph.reachable(scenario)
    gated = graph.bypassable(scenario, (beat.id for beat in scenario.beats if beat.mandatory))
    for beat in scenario.beats:
        at: Location = ("beats", index_of[beat.id])
        if beat.id not in reached:
            yield Finding(at, f"unreachable beat {beat.id!r}: no way from {scenario.entry!r}")
        elif beat.id in gated:
            yield Finding(
                at,
                f"mandatory beat {beat.id!r} lies behind a gate: some way through the story "
                "misses it",
            )
