"""A recorded session as a table: a row for every state and decision, in the order of session time.

Scenes replay it without a server, and other programs read it. An empty cell is a value that was not
recorded or is not known; `models` are those that read the face. Times are seconds of session time,
angles degrees, scores as in the contract.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from attune.errors import RecordingError
from attune.scenario.events import Decision
from attune.session.recorded import Recording, StatePoint
from attune.session.vocabulary import EMOTIONS, REGIONS
from attune.timeline import seconds

COLUMNS = (
    "time_s",
    "kind",
    *("beat", "status", "eri", "confidence", "low", "high", "valence", "arousal", "attention"),
    *("distress", "found", "band", "headset", "yaw", "pitch", "roll"),
    *(f"emotion_{name}" for name in EMOTIONS),
    *(f"visible_{name}" for name in REGIONS),
    *("choice", "occurrence", "branch", "reason"),
    "models",
)


def rows(recording: Recording) -> Iterator[dict[str, str]]:
    """The rows, by column. A decision stands before a state of the same time."""
    timed = [(one.time_ns, 0, _decision_row(one)) for one in recording.decisions]
    timed += [(one.time_ns, 1, _state_row(one)) for one in recording.states]
    models = " + ".join(f"{one.name} {one.version}" for one in recording.header.models)
    for time_ns, _, cells in sorted(timed, key=lambda one: one[:2]):
        yield {"time_s": f"{seconds(time_ns):.3f}", **cells, "models": models}


def write_table(recording: Recording, path: Path) -> int:
    """Write the table as CSV with a header; the number of rows. Raises RecordingError for a path
    that is the recording itself."""
    if path.exists() and recording.path.exists() and path.samefile(recording.path):
        raise RecordingError(f"{path} is the recording itself; name another file for its table")
    written = list(rows(recording))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(written)
    return len(written)


def _decision_row(decision: Decision) -> dict[str, str]:
    return {
        "kind": "decision",
        "choice": decision.choice_id,
        "occurrence": str(decision.occurrence),
        "branch": decision.branch_id,
        "reason": decision.reason.value,
    }


def _state_row(state: StatePoint) -> dict[str, str]:
    low, high = state.interval
    return {
        "kind": "state",
        "beat": state.beat_id,
        "status": state.status,
        "eri": _figure(state.eri),
        "confidence": _figure(state.confidence),
        "low": _figure(low),
        "high": _figure(high),
        "valence": _figure(state.valence),
        "arousal": _figure(state.arousal),
        "attention": _figure(state.attention),
        "distress": "yes" if state.distress else "no",
        "found": "yes" if state.found else "no",
        "band": state.band,
        "headset": _figure(state.headset) if state.found else "",
        "yaw": _figure(state.yaw_deg),
        "pitch": _figure(state.pitch_deg),
        "roll": _figure(state.roll_deg),
        **_named("emotion", state.emotions, EMOTIONS),
        **_named("visible", state.visibility, REGIONS),
    }


def _named(prefix: str, values: Mapping[str, float], names: Mapping[str, object]) -> dict[str, str]:
    return {f"{prefix}_{name}": _figure(values[name]) for name in names if name in values}


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"
