"""The story as a directed graph of beats: where one can go, and every way through.

Targets that name no beat are left out here; `attune.scenario.checks` reports them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from attune.scenario.schema import Beat, Scenario


@dataclass(frozen=True, slots=True)
class Path:
    """One way through a story: its beats in order and the branch taken at each choice met."""

    beats: tuple[str, ...]
    branches: tuple[tuple[str, str], ...]
    duration_s: float


def exits(beat: Beat) -> tuple[tuple[str | None, str], ...]:
    """Ways out of a beat as (branch id or None, target beat id), in authored order."""
    if beat.choice is not None:
        return tuple((branch.id, branch.to) for branch in beat.choice.branches)
    return ((None, beat.next),) if beat.next is not None else ()


def successors(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Existing beats that each beat leads to, without repetition, in authored order."""
    known = {beat.id for beat in scenario.beats}
    return {
        beat.id: tuple(dict.fromkeys(target for _, target in exits(beat) if target in known))
        for beat in scenario.beats
    }


def reachable(scenario: Scenario) -> set[str]:
    """Beats that the entry leads to."""
    return _reached(successors(scenario), scenario.entry)


def _reached(
    after: Mapping[str, tuple[str, ...]], entry: str, without: str | None = None
) -> set[str]:
    """Beats that `entry` leads to by way of `after`, once the beat `without` is taken out."""
    seen: set[str] = set()
    waiting = [entry]
    while waiting:
        beat = waiting.pop()
        if beat in seen or beat == without or beat not in after:
            continue
        seen.add(beat)
        waiting.extend(after[beat])
    return seen


def cycles(scenario: Scenario) -> list[tuple[str, ...]]:
    """Closed walks (first beat repeated at the end), one for each edge that leads back."""
    after = successors(scenario)
    done: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in after:
        trail = [root] if root not in done else []
        rest = [iter(after[root])]
        while trail:
            target = next(rest[-1], None)
            if target is None:
                done.add(trail.pop())
                rest.pop()
            elif target in trail:
                found.append((*trail[trail.index(target) :], target))
            elif target not in done:
                trail.append(target)
                rest.append(iter(after[target]))
    return found


def bypassable(scenario: Scenario, beat_ids: Iterable[str]) -> set[str]:
    """Those of the beats that some way through the story ends without meeting."""
    after = successors(scenario)
    return {
        beat_id
        for beat_id in beat_ids
        if any(not after[beat] for beat in _reached(after, scenario.entry, without=beat_id))
    }


def paths(scenario: Scenario, limit: int = 10_000) -> Iterator[Path]:
    """Every way through an acyclic story, at most `limit`, in authored order."""
    beats = {beat.id: beat for beat in scenario.beats}
    waiting = [Path((scenario.entry,), (), beats[scenario.entry].duration_s)]
    given = 0
    while waiting and given < limit:
        path = waiting.pop()
        beat = beats[path.beats[-1]]
        ways = exits(beat)
        if not ways:
            given += 1
            yield path
        for branch, target in reversed(ways):
            taken = ((beat.choice.id, branch),) if beat.choice and branch else ()
            waiting.append(
                Path(
                    (*path.beats, target),
                    path.branches + taken,
                    path.duration_s + beats[target].duration_s,
                )
            )
