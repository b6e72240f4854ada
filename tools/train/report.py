"""The evaluation report as Markdown, from what was measured."""

import math
from collections.abc import Iterable, Sequence

from tools.train.data import LABELS_7
from tools.train.evaluate import Score, wilson
from tools.train.results import PRIVATE, PUBLIC, UNSEEN_PHOTOGRAPHS, Common, Measured
from tools.train.together import DWELL_S, RULES, STRINGINGS, WEIGHTS

NOT_RUN = (
    "ELU-DCNN (paper 000, 2,395,591 parameters): in the table where it was trained; "
    "`python -m tools.train reference --work FOLDER --minutes MINUTES` trains it. "
    "VGG16 and MobileNet × k-NN, linear SVM and RBF SVM: not run, weights unreachable. Their "
    "ImageNet weights come from a hub. Where they are at hand: `python -m tools.train baselines "
    "--work FOLDER --deep-weights FOLDER --only vgg16 --only mobilenet`."
)
INTRODUCTION = (
    "Printed by `python -m tools.train report` from what `evaluate` and `baselines` measured "
    "(`models/evaluation/`). Accuracy in percent on the seven FER2013 labels with its 95 % Wilson "
    "interval; ECE with 15 bins of equal mass, temperatures fitted on PublicTest. Headsets are "
    "painted: five outline families are seen in training, three others are kept for evaluation "
    "(`headset_unseen`). **How much is lost on a real headset is not measured here; published work "
    "lost most of its accuracy.**",
    "`aligned` rows are cropped as live faces are, by the points of the face without its headset, "
    "displaced by .08 eye distances under one. `re-cropped` rows are cropped by what the tracker "
    "finds in the painted face, enlarged, and count only the faces in which it finds one; "
    "`aligned, same faces` are their comparison. The other rows are shown as FER2013 frames them.",
)
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
    """Return the rows of the comparing table: model, conditions, size, time."""
    name = main_set(common)
    rows = [["always the most frequent label", *[percent(common.floors[name])] * 4, "", "", ""]]
    for one in models:
        if one.kind in ("landmark", "int8"):
            continue
        kinds = ("", " aligned") if one.kind == "pixel" else ("",)
        for kind in kinds:
            found = [one.score(name, f"{condition}{kind}") for condition in HEADLINE]
            accuracies = [percent(s.accuracy if s else None) for s in found]
            rows.append([one.name + (f",{kind}" if kind else ""), *accuracies, *_size(one)])
    return rows


def _size(one: Measured) -> list[str]:
    return [
        "" if one.parameters is None else f"{one.parameters:,}",
        "" if one.bytes is None else f"{one.bytes / 1e6:.1f}",
        "" if one.milliseconds is None else f"{one.milliseconds:.2f}",
    ]


HEADLINE_HEAD = (
    "model", "clean", "headset seen", "headset unseen", "top 26 rows black", "parameters", "MB",
    "ms a face",
)  # fmt: skip


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


SCORES_HEAD = (
    "set", "shown", "n", "accuracy [95 %]", "macro-F1", "FER+ majority", "ECE",
    *(f"{label} recall" for label in LABELS_7),
)  # fmt: skip


def score_row(s: Score) -> list[str]:
    """Return one row of a model's table."""
    crowd = f"{percent(s.crowd_accuracy)} (n = {s.crowd_n})" if s.crowd_n else "–"
    interval = f"{percent(s.accuracy)} [{percent(s.low)}, {percent(s.high)}]"
    recalls = [number(v, 2) for v in s.recall]
    return [
        s.split, s.condition, str(s.n), interval, number(s.macro_f1), crowd, number(s.ece), *recalls
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
            c["set"], c["band"], str(c["n"]), number(c["threshold"], 2), percent(c["coverage"]),
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
    "begins, limits, step",
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
                    f"{rule['start']:g}, {rule['lowest']:g}–{rule['highest']:g}, {rule['step']:g}",
                ]
            )  # fmt: skip
    return rows


def _within(share: float, interval: Sequence[float]) -> str:
    return f"{percent(share)} [{percent(interval[0])}, {percent(interval[1])}]"


ADAPTIVE_SENTENCE = (
    "Paper 004's adaptive weight, for one person: it moves every ten seconds towards landmarks for "
    "somebody whose expression changed at least as often as is usual, else towards pixels. The "
    "photographs are strung together into films, one a second and each used once, half of lively "
    f"people (an expression lasts {DWELL_S[0]:g} s on average) and half of calm ones "
    f"({DWELL_S[1]:g} s). **No film shows one person, so that somebody's own manner, which the "
    "paper hopes to follow, is not measured here.** What is usual and the rule, of "
    f"{len(RULES)}, are chosen on PublicTest; means of {STRINGINGS} stringings. The gain is taken "
    "face by face."
)


def shared_share(common: Common) -> float:
    """Return the share of the main set whose photograph is in training too; NaN if not sought."""
    name = main_set(common)
    alone = common.sets.get(name + UNSEEN_PHOTOGRAPHS)
    return math.nan if alone is None else 1 - alone / common.sets[name]


def facts_of_sets(common: Common) -> list[str]:
    """Return sentences on floors, covered areas and found fractions."""
    floors = ", ".join(
        f"{k} {percent(v)} % (n = {common.sets[k]})" for k, v in common.floors.items()
    )
    areas = "; ".join(
        f"{k}: mean {percent(mean, 0)} % of the picture ({percent(low, 0)} to {percent(high, 0)}), "
        f"at least {percent(hidden, 0)} % of eyes, brows and nasal bridge"
        for k, (mean, low, high, hidden) in common.areas.items()
    )
    found = ", ".join(f"{k} {percent(v)} %" for k, v in common.found.items())
    return [
        f"Always answering the most frequent label: {floors}.",
        "Sets `of unseen photographs` leave out faces whose photograph is in training too, cropped "
        "or lit otherwise: copies that no hash finds. Training "
        "dropped exact and nearly exact copies alone, so that the other sets hold "
        f"{percent(shared_share(common))} % of such faces, as they do in published figures.",
        f"What the overlays cover: {areas}.",
        "The tracker, on the single enlarged picture, finds a face in: "
        f"{found}. In a video it finds more, because it follows a face that it has found once.",
    ]


def _model(one: Measured, name: str) -> list[str]:
    size = [
        f"{one.parameters:,} parameters" if one.parameters else "",
        f"{one.bytes / 1e6:.2f} MB" if one.bytes else "",
        f"{one.milliseconds:.2f} ms processor time a face on one thread (fp32)"
        if one.milliseconds
        else "",
    ]
    lines = [f"\n## {one.name}\n", ", ".join([one.about, *filter(None, size)]) + ".\n"]
    lines += table(SCORES_HEAD, map(score_row, one.scores))
    if one.facts.get("coverage"):
        lines += [
            "\nNamed expressions (`calibration/`): at most one in five is to differ from the FER+ "
            "majority; thresholds are fitted on PublicTest.\n",
            *table(COVERAGE_HEAD, coverage_rows(one)),
        ]
    if one.facts.get("fusion"):
        lines += [
            "\nPixels and landmarks, live crop; faces in which the mesh is found without headset; "
            "under the headset the points are displaced, or (re-cropped) those that the tracker "
            "finds in the painted face. The weight, of "
            f"{len(WEIGHTS)} tried, is the best on PublicTest.\n",
            *table(FUSION_HEAD, fusion_rows(one)),
        ]
        lines += ["\n" + ADAPTIVE_SENTENCE + "\n", *table(ADAPTIVE_HEAD, adaptive_rows(one))]
    if one.facts.get("deciding"):
        decided = ", ".join(f"{a}–{b} ({percent(v)} %)" for a, b, v in one.facts["deciding"])
        lines.append(
            f"\nThe distances that decided most, by their mean share of the margin to the nearest "
            f"face of another label (iBUG points): {decided}. The mesh was found in "
            f"{percent(one.facts['found_training'])} % of the training faces."
        )
    shown = ("clean aligned", "headset_unseen aligned") if one.kind == "pixel" else ("clean",)
    for condition in (*shown, "clean, mesh found"):
        s = one.score(name, condition)
        if s is not None:
            lines.append(f"\n{s.split}, {s.condition}: rows are the label, columns the answer.\n")
            lines += table(("", *LABELS_7, "recall"), confusion_rows(s))
    return lines


def int8_sentence(models: Sequence[Measured]) -> list[str]:
    """Return what quantising gave."""
    lines = []
    for one in models:
        q = one.facts.get("int8")
        if q:
            lines.append(
                f"int8 of {q['of']} (per channel, reduced range, {q['bytes'] / 1e6:.1f} MB): "
                f"{q['milliseconds']:.2f} ms a face beside {q['fp32_milliseconds']:.2f}, "
                f"PublicTest clean aligned {percent(q['accuracy'])} beside "
                f"{percent(q['fp32_accuracy'])}: "
                + (
                    "faster and as good on this processor; not shipped, because it has to be so "
                    "both with and without VNNI, and one kind alone was at hand."
                    if q["shipped"]
                    else "not shipped."
                )
            )
    return lines


def report(common: Common, models: Sequence[Measured]) -> str:
    """Return the report as Markdown."""
    name = main_set(common)
    lines = ["# How well the expression models read faces", ""]
    for paragraph in (*INTRODUCTION, *facts_of_sets(common)):
        lines += [paragraph, ""]
    lines += [f"## {name}, all models\n", *table(HEADLINE_HEAD, headline(common, models))]
    lines += ["", NOT_RUN]
    lines += [f"\n{sentence}" for sentence in int8_sentence(models)]
    for one in models:
        lines += _model(one, name)
    return "\n".join(lines) + "\n"
