"""The evaluation report as one HTML page that needs nothing else, with plots."""

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from tools.train import report as text
from tools.train import report_rows as rows
from tools.train.data import LABELS_7
from tools.train.report_drawing import Plot, bars, face, matrix
from tools.train.results import Common, Measured

STYLE = """
:root { color-scheme: light dark; --ink: #1c2330; --paper: #fff; --faint: #d9dde5; --a: #2563a8;
  --b: #c2571a; --c: #2f7d4f; --d: #7a4fa3; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ef; --paper: #14181f; --faint: #343b47;
  --a: #6aa9ee; --b: #f0955a; --c: #6cc491; --d: #b692e0; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 1340px; margin: 2rem auto; padding: 0 1rem; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
td, th { padding: 2px 8px; text-align: right; white-space: nowrap; border-bottom: 1px solid
  var(--faint); } th { white-space: normal; vertical-align: bottom; }
td.words, th.words { text-align: left; } p { max-width: 70em; }
.plots { display: flex; flex-wrap: wrap; gap: 12px; } svg { max-width: 100%; height: auto; }
.wide svg { max-width: none; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .title { font-weight: 600; }
svg .small { font-size: 10px; } .frame { fill: none; stroke: var(--ink); }
.grid { stroke: var(--faint); } .even, .floor { stroke: var(--ink); stroke-dasharray: 4 4;
  fill: none; } .la, .lb, .lc { fill: none; stroke-width: 2; } .la { stroke: var(--a); }
.lb { stroke: var(--b); } .lc { stroke: var(--c); } .da { fill: var(--a); } .db { fill: var(--b); }
.dc { fill: var(--c); } .bar0 { fill: var(--a); } .bar1 { fill: var(--c); }
.bar2 { fill: var(--b); } .bar3 { fill: var(--d); } .interval { stroke: var(--ink); }
.cell { fill: var(--a); } svg .count.strong { fill: var(--paper); } .dot { fill: var(--ink); }
.unused { fill: var(--faint); } .deciding { stroke: var(--b); stroke-linecap: round; }
"""
BANDS = (("full", "la", "da"), ("lower_face", "lb", "db"), ("poor", "lc", "dc"))
MATRICES = "In the matrices rows are the label, columns the answer, in the same order."
RELIABILITY = (
    ("clean aligned", "la", "da"),
    ("headset_unseen aligned", "lb", "db"),
    ("top_26_black aligned", "lc", "dc"),
)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    body = [tuple(map(escape, row)) for row in rows]
    words = [
        all(not cell or cell[0].isalpha() for cell in column) for column in zip(*body, strict=True)
    ]
    styles = [' class="words"' if one else "" for one in words] or [""] * len(head)
    top = "".join(
        f"<th{style}>{escape(cell)}</th>" for cell, style in zip(head, styles, strict=True)
    )
    lines = "".join(
        "<tr>"
        + "".join(f"<td{style}>{cell}</td>" for cell, style in zip(row, styles, strict=True))
        + "</tr>"
        for row in body
    )
    return f'<div class="scroll" tabindex="0"><table><tr>{top}</tr>{lines}</table></div>'


def _accuracy_bars(common: Common, models: Sequence[Measured]) -> str:
    name = rows.main_set(common)
    groups = []
    for one in models:
        if one.kind in ("landmark", "int8"):
            continue
        kinds = ("", " aligned") if one.kind == "pixel" else ("",)
        for kind in kinds:
            found = [one.score(name, f"{condition}{kind}") for condition in rows.HEADLINE]
            values = [(s.accuracy, s.low, s.high) if s else None for s in found]
            groups.append((one.name + kind, values))
    names = ("clean", "headset seen", "headset unseen", "26 rows black")
    drawn = bars(f"Accuracy on {name}, 95 % intervals", groups, names, common.floors[name])
    return f'<div class="scroll wide" tabindex="0">{drawn}</div>'


def _reliability(one: Measured, name: str) -> str:
    plot = Plot(f"Reliability, {name}", "confidence", "share right")
    plot.line([(0, 0), (1, 1)], "even")
    legend = []
    for condition, line, dot in RELIABILITY:
        s = one.score(name, condition)
        if s is not None and not np.isnan(s.ece):
            points = [(float(c), float(a)) for c, a, _ in s.bins]
            plot.line(points, line)
            plot.dots(points, dot)
            legend.append((line, f"{condition}, ECE {s.ece:.3f}"))
    plot.legend(legend, low=True)
    return plot.svg()


def _risk(one: Measured, name: str) -> str:
    plot = Plot(f"Risk by coverage, {name}", "share of faces named", "share named wrongly", 0.8)
    plot.line([(0, 0.2), (1, 0.2)], "even")
    legend = []
    for band, line, dot in BANDS:
        for c in one.facts["coverage"]:
            if (c["set"], c["band"]) != (name, band):
                continue
            plot.line(list(zip(*c["curve"], strict=True)), line)
            if c["coverage"]:
                plot.dots([(c["coverage"], c["risk"])], dot, 5)
            legend.append((line, f"{band}: {rows.percent(c['coverage'])} % named"))
    plot.legend(legend)
    return plot.svg()


def _plots(one: Measured, name: str) -> str:
    drawn = []
    if one.kind == "pixel":
        drawn.append(_reliability(one, name))
    if one.facts.get("coverage"):
        drawn.append(_risk(one, name))
    conditions = ["clean aligned", "headset_unseen aligned", "top_26_black aligned"]
    if one.kind != "pixel":
        conditions = ["clean", "headset_unseen", "clean, mesh found", "points displaced"]
    for condition in conditions:
        s = one.score(name, condition)
        if s is not None:
            drawn.append(matrix(condition, s.confusion, LABELS_7, s.recall))
    if one.facts.get("deciding"):
        points = np.array(one.facts["face"])
        drawn.append(
            face("Distances that decided", points, one.facts["points"], one.facts["deciding"])
        )
    return f'<div class="plots">{"".join(drawn)}</div>'


def _confusions(one: Measured) -> str:
    """Return every confusion matrix, folded away."""
    head = ("", *LABELS_7, "recall")
    shown = "".join(
        f"<h4>{escape(s.split)}, {escape(s.condition)}, n = {s.n}</h4>"
        + _table(head, rows.confusion_rows(s))
        for s in one.scores
    )
    return (
        f"<details><summary>All {len(one.scores)} confusion matrices of {escape(one.name)}: rows "
        f"are the label, columns the answer</summary>{shown}</details>"
    )


def _model(one: Measured, name: str) -> str:
    parts = [f"<h2>{escape(one.name)}</h2><p>{escape(text.about(one))}</p>"]
    parts += [f"<p>{MATRICES}</p>", _plots(one, name)]
    if "int8" in one.facts:
        sentence = f"<p>{escape(text.int8_sentence(one))}</p>"
        parts.append(sentence + _table(rows.INT8_HEAD, rows.int8_rows(one)))
    if one.facts.get("coverage"):
        parts.append(
            "<h3>Which expressions are named</h3>"
            + f"<p>{escape(text.NAMED_SENTENCE.replace('`', ''))}</p>"
            + _table(rows.COVERAGE_HEAD, rows.coverage_rows(one))
        )
    if one.facts.get("fusion"):
        parts.append(
            f"<h3>Pixels and landmarks</h3><p>{escape(text.FUSION_SENTENCE)}</p>"
            + _table(rows.FUSION_HEAD, rows.fusion_rows(one))
            + f"<p>{escape(text.ADAPTIVE_SENTENCE.replace('**', ''))}</p>"
            + _table(rows.ADAPTIVE_HEAD, rows.adaptive_rows(one))
        )
    parts.append("<h3>All figures</h3>" + _table(rows.SCORES_HEAD, map(rows.score_row, one.scores)))
    parts.append(_confusions(one))
    return "".join(parts)


def page(common: Common, models: Sequence[Measured]) -> str:
    """Return the page."""
    name = rows.main_set(common)
    sentences = (*text.INTRODUCTION, *text.facts_of_sets(common))
    plain = (s.replace("**", "").replace("`", "") for s in sentences)
    parts = [
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width'>",
        f"<title>Expression models</title><style>{STYLE}</style></head><body>",
        "<h1>How well the expression models read faces</h1>",
        *(f"<p>{escape(s)}</p>" for s in plain),
        f"<h2>{name}, all models</h2>",
        _accuracy_bars(common, models),
        _table(rows.HEADLINE_HEAD, rows.headline(common, models)),
        f"<p>{escape(text.NOT_RUN.replace('`', ''))}</p>",
        f"<p>{escape(text.LANDMARKS_SENTENCE)}</p>",
        _table(rows.LANDMARKS_HEAD, rows.landmark_rows(common, models)),
        *(_model(one, name) for one in models),
        "</body></html>\n",
    ]
    return "".join(parts)
