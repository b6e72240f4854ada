"""A crowd's verdict for people: a Markdown page, the figures behind it as JSON, and a picture."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from .errors import OutputError
from .trial import Trial
from .verdict import (
    ABOUT,
    NEUTRAL_BELOW,
    SHOWN_FROM,
    Confusion,
    at_end,
    at_last_choice,
    confusion,
    groups,
    share,
)  # fmt: skip


def write_report(folder: Path, trials: Sequence[Trial], conditions: dict[str, str]) -> list[Path]:
    """Write ``trial.md``, ``trial.json`` and ``trial.png`` into a folder; their paths.

    ``conditions`` says what was measured with: model, tracker, people.

    Raises:
        OutputError: they cannot be written.
    """
    page, figures = folder / "trial.md", folder / "trial.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        page.write_text(markdown(trials, conditions), encoding="utf-8")
        figures.write_text(json.dumps(as_json(trials, conditions), indent=1), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"cannot write the report to {folder}: {error.strerror}") from error
    from .trial_plots import draw

    return [page, figures, draw(trials, folder / "trial.png")]


def markdown(trials: Sequence[Trial], conditions: dict[str, str]) -> str:
    """The page."""
    people = len({one.identity for one in trials})
    lines = [
        "# Simulated visitors through the whole pixel path", "",
        f"{len(trials)} films of {people} rendered people, each as several kinds of visitor; what "
        "they show is drawn, not felt. Printed by `python tools/visitors trial measure`.", "",
        *(f"- {name}: {value}" for name, value in conditions.items()), "",
        f"Right side: resonant above 50, counter-mirroring below 50, detached within {ABOUT:g} of "
        "50, whatever the confidence; *unsure* counts the trials that ended without enough "
        "evidence. Intervals: Wilson, 95 %, as if films were independent. One person's are not, so "
        "that those of rows that mix kinds of visitors are somewhat too narrow.", "",
        "| by | group | n | right at the end | right at the last choice | unsure | "
        "ERI at the end: median [5, 95 %] | at the last choice | found |",
        "| --- | --- | ---: | --- | --- | ---: | --- | --- | ---: |",
    ]  # fmt: skip
    for split, name, part in groups(trials):
        if part:
            lines.append(_verdict_row(split, name, part))
    for name, part in (
        ("with a headset", [one for one in trials if one.headset != "none"]),
        ("bare", [one for one in trials if one.headset == "none"]),
    ):
        if part:
            lines += ["", *_confusion_lines(name, confusion(part), part)]
    lines += ["", "## What moved the index most, means over the films in which it did", ""]
    lines += ["| visitor | stimulus | films | points | evidence | resonance |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: |"]
    for split, kind, part in groups(trials):
        if split == "visitor":
            lines += _moved_lines(kind, part)
    return "\n".join(lines) + "\n"


def _verdict_row(split: str, name: str, part: Sequence[Trial]) -> str:
    end, last = share(part, at_end), share(part, at_last_choice)
    rights = [
        f"{one.right}/{one.n} = {one.right / one.n:.0%} "
        f"[{one.interval[0]:.0%}, {one.interval[1]:.0%}]"
        for one in (end, last)
    ]
    spread = []
    for one in (end, last):
        low, middle, high = np.percentile(one.eri, (5, 50, 95))
        spread.append(f"{middle:.1f} [{low:.1f}, {high:.1f}]" if split == "visitor" else "")
    found = np.mean([one.found for one in part])
    cells = (split, name, end.n, *rights, end.unsure, *spread, f"{found:.0%}")
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _confusion_lines(name: str, table: Confusion, part: Sequence[Trial]) -> list[str]:
    named = np.mean([one.named for one in part])
    lines = [
        f"## Drawn expression × most probable class, {name}", "",
        f"Frames in which at least {SHOWN_FROM:.0%} of a full expression is drawn (neutral: at "
        f"most {NEUTRAL_BELOW:.0%}); neighbouring frames are much alike, so mind the number of "
        f"films. The model was sure enough to name a class in {named:.0%} of all frames.", "",
        "| drawn | " + " | ".join(table.labels) + " | n frames | films | drawn V, A | read V, A |",
        "| --- |" + " ---: |" * (len(table.labels) + 2) + " --- | --- |",
    ]  # fmt: skip
    for row, shown in enumerate(table.shown):
        n = int(table.frames[row].sum())
        if n:
            shares = " | ".join(f"{count / n:.0%}" for count in table.frames[row])
            a, b, c, d = table.affect[row]
            lines.append(
                f"| {shown} | {shares} | {n} | {table.visitors[row]} | {a:+.2f}, {b:+.2f} "
                f"| {c:+.2f}, {d:+.2f} |"
            )
    return lines


def _moved_lines(kind: str, part: Sequence[Trial]) -> list[str]:
    found: dict[str, list[tuple[float, float, float]]] = {}
    for one in part:
        for stimulus, values in one.moved.items():
            found.setdefault(stimulus, []).append(values)
    lines = []
    for stimulus, rows in found.items():
        points, evidence, resonance = np.mean(rows, axis=0)
        lines.append(
            f"| {kind} | {stimulus} | {len(rows)} | {points:+.1f} | {evidence:.2f} "
            f"| {resonance:+.2f} |"
        )
    return lines


def as_json(trials: Sequence[Trial], conditions: dict[str, str]) -> dict[str, Any]:
    """All figures of the page, and one record for each film."""
    record: dict[str, Any] = {"conditions": conditions, "groups": [], "confusion": {}, "trials": []}
    for split, name, part in groups(trials):
        for when, eri_of in (("end", at_end), ("last choice", at_last_choice)):
            if part:
                one = share(part, eri_of)
                record["groups"].append({
                    "by": split, "group": name, "when": when, "n": one.n, "right": one.right,
                    "wilson95": one.interval, "unsure": one.unsure,
                    "eri": [round(float(value), 2) for value in one.eri],
                })  # fmt: skip
    for name, bare in (("headset", False), ("bare", True)):
        part = [one for one in trials if (one.headset == "none") == bare]
        if part:
            table = confusion(part)
            record["confusion"][name] = {
                "drawn": table.shown, "read": table.labels, "frames": table.frames.tolist(),
                "films": table.visitors.tolist(),
            }  # fmt: skip
    for film in trials:
        record["trials"].append({
            "identity": film.identity, "visitor": film.visitor, "headset": film.headset,
            "skin_tone": film.skin_tone, "soft": film.soft, "eri": round(film.eri, 2),
            "confidence": round(film.confidence, 3), "status": film.status,
            "last_choice": [round(value, 3) for value in film.last_choice],
            "branches": film.branches, "found": round(film.found, 4), "named": round(film.named, 4),
        })  # fmt: skip
    return record
