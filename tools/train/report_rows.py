"""The report's tables as rows of text, the same in Markdown and HTML."""

import math
from collections.abc import Sequence

from tools.train.data import LABELS_7
from tools.train.evaluate import Score, wilson
from tools.train.results import PRIVATE, PUBLIC, Common, Measured

HEADLINE = ("clean", "headset_seen", "headset_unseen", "top_26_black")


def percent(value: float | None, digits: int = 1) -> str:
    """Return a share as percent, a dash where there is none."""
    return "–" if value is None or math.isnan(value) else f"{100 * value:.{digits}f}"


def number(value: float | None, digits: int = 3) -> str:
    """Return a number, a dash where there is none."""
    return "–" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def main_set(common: Common) -> str:
    """Return the set that models are compared on."""
    return PRIVATE if PRIVATE in common.sets else PUBLIC


def headline(common: Common, models: Sequence[Measured]) -> list[list[str]]:
    """Return the rows of the comparing table: model, conditions, size, time; in 32 and 8 bits."""
    name = main_set(common)
    floor = percent(common.floors[name])
    rows = [["always the most frequent label", *[floor] * 4, "", "", "", "", ""]]
    quick = {one.facts["int8"]["of"]: one for one in models if "int8" in one.facts}
    for one in models:
        if one.kind in ("landmark", "int8"):
            continue
        kinds = ("", " aligned", " re-cropped") if one.kind == "pixel" else ("",)
        for kind in kinds:
            found = [one.score(name, f"{condition}{kind}") for condition in HEADLINE]
            shown = [_of_those(s, common.sets[name]) for s in found]
            rows.append(
                [
                    one.name + (f",{kind}" if kind else ""), *shown,
                    percent(found[0].crowd_accuracy if found[0] else None),
                    percent(found[0].published_accuracy if found[0] else None),
                    *_size(one, quick.get(one.name)),
                ]
            )  # fmt: skip
    return rows


def _of_those(s: Score | None, n: int) -> str:
    if s is None:
        return "–"
    return percent(s.accuracy) + ("" if s.n == n else f" (n = {s.n})")


def _size(one: Measured, quick: Measured | None) -> list[str]:
    bytes_, ms = (
        [getattr(model, name) for model in (one, quick) if model is not None]
        for name in ("bytes", "milliseconds")
    )
    return [
        "" if one.parameters is None else f"{one.parameters:,}",
        " / ".join(f"{v / 1e6:.1f}" for v in bytes_ if v is not None),
        " / ".join(f"{v:.2f}" for v in ms if v is not None),
    ]


HEADLINE_HEAD = (
    "model", "clean", "headset seen", "headset unseen", "top 26 rows black", "FER+ majority, clean",
    "FER+ as published, clean",
    "parameters", "MB / int8", "ms a face / int8",
)  # fmt: skip


def landmark_rows(common: Common, models: Sequence[Measured]) -> list[list[str]]:
    """Return the landmark models on the main set, by how their points were come by."""
    name = main_set(common)
    rows = []
    for one in models:
        if one.kind == "landmark":
            found = [one.score(name, shown) for shown in LANDMARKS_SHOWN]
            rows.append([one.name, *map(_with_interval, found), *_size(one, None)])
    return rows


def _with_interval(s: Score | None) -> str:
    return "–" if s is None else f"{_within(s.accuracy, (s.low, s.high))}, n = {s.n}"


LANDMARKS_SHOWN = (
    "clean, mesh found", "points displaced", "headset_seen, mesh found in it",
    "headset_unseen, mesh found in it",
)  # fmt: skip
LANDMARKS_HEAD = (
    "model", "clean", "points displaced", "points found under headsets, seen shapes", "unseen "
    "shapes",
    "parameters", "MB", "ms a face",
)  # fmt: skip


def int8_rows(one: Measured) -> list[list[str]]:
    """Return what 8 bits do to a model's accuracy, by the weights' range and the sums."""
    return [
        [form["weights"], form["sums"], s["shown"], str(s["n"]),
         _within(s["accuracy"], (s["low"], s["high"]))]
        for form in one.facts["int8"]["forms"]
        for s in form["scores"]
    ]  # fmt: skip


INT8_HEAD = ("weights", "products summed", "shown", "n", "accuracy [95 %]")


SCORES_HEAD = (
    "set", "shown", "n", "accuracy [95 %]", "macro-F1", "FER+ majority", "FER+ as published", "ECE",
    *(f"{label} recall" for label in LABELS_7),
)  # fmt: skip


def score_row(s: Score) -> list[str]:
    """Return one row of a model's table."""
    crowd, published = (
        f"{percent(share)} (n = {n})" if n else "–"
        for share, n in (
            (s.crowd_accuracy, s.crowd_n),
            (s.published_accuracy, s.published_n),
        )
    )
    interval = f"{percent(s.accuracy)} [{percent(s.low)}, {percent(s.high)}]"
    recalls = [number(v, 2) for v in s.recall]
    return [
        s.split, s.condition, str(s.n), interval, number(s.macro_f1), crowd, published,
        number(s.ece), *recalls
    ]  # fmt: skip


def confusion_rows(s: Score) -> list[list[str]]:
    """Return one row a label: how often each answer was given, and its recall."""
    return [
        [name, *map(str, counts), number(recall, 2)]
        for name, counts, recall in zip(LABELS_7, s.confusion, s.recall, strict=True)
    ]


COVERAGE_HEAD = (
    "set", "visibility", "n", "threshold", "named", "of these wrong [95 %]", "wrong if all named",
)  # fmt: skip


def coverage_rows(one: Measured) -> list[list[str]]:
    """Return what the thresholds do, by set and visibility band."""
    return [
        [
            c["set"], ", ".join(c[k] for k in ("band", "shown") if k in c), str(c["n"]),
            number(c["threshold"], 2), percent(c["coverage"]),
            f"{percent(c['risk'])} [{percent(c['low'])}, {percent(c['high'])}]"
            if c["coverage"] else "–",
            percent(c["curve"][1][-1]),
        ]
        for c in one.facts.get("coverage", [])
    ]  # fmt: skip


FUSION_HEAD = (
    "beside", "set", "shown", "n", "both right", "pixels alone", "landmarks alone", "neither",
    "pixels", "landmarks", "fused [95 %]", "weight of pixels",
)  # fmt: skip


def fusion_rows(one: Measured) -> list[list[str]]:
    """Return complementarity and fused accuracy of a pixel model with each landmark model."""
    rows = []
    for pair in one.facts.get("fusion", []):
        for r in pair["rows"]:
            low, high = r["interval"]
            rows.append(
                [
                    pair["landmark"], r["set"], r["shown"], str(r["n"]),
                    *map(percent, r["right"].values()),
                    percent(r["by_weight"][-1]), percent(r["by_weight"][0]),
                    f"{percent(r['at_chosen'])} [{percent(low)}, {percent(high)}]",
                    number(pair["weight"][r["shown"]], 1),
                ]
            )  # fmt: skip
    return rows


ADAPTIVE_HEAD = (
    "beside", "set", "shown", "n", "pixels", "landmarks", "even", "fixed",
    "adaptive, as published", "adaptive, chosen", "gain of the chosen over fixed, points",
    "begins, reach, step",
)  # fmt: skip


def adaptive_rows(one: Measured) -> list[list[str]]:
    """Return the adaptive weight beside the fixed one and each model alone, with intervals."""
    rows = []
    for pair in one.facts.get("fusion", []):
        for r in pair["rows"]:
            found, n = r["adaptive"], r["n"]
            rule = pair["rule"][r["shown"]]["rule"]
            gain, low, high = (100 * v for v in found["chosen gain"])
            rows.append(
                [
                    pair["landmark"], r["set"], r["shown"], str(n),
                    *(
                        _within(share, wilson(round(share * n), n))
                        for share in (r["by_weight"][-1], r["by_weight"][0], r["by_weight"][5])
                    ),
                    _within(r["at_chosen"], r["interval"]),
                    _within(found["published"], found["published interval"]),
                    _within(found["chosen"], found["chosen interval"]),
                    f"{gain:+.2f} [{low:+.2f}, {high:+.2f}]",
                    f"{rule['start']:g}, ±{rule['reach']:g}, {rule['step']:g}",
                ]
            )  # fmt: skip
    return rows


def _within(share: float, interval: Sequence[float]) -> str:
    return f"{percent(share)} [{percent(interval[0])}, {percent(interval[1])}]"
