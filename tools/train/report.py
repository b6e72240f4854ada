"""The evaluation report as Markdown, from what was measured."""

import math
from collections.abc import Iterable, Sequence

from tools.train import report_rows as rows
from tools.train.data import LABELS_7
from tools.train.report_rows import main_set, percent
from tools.train.results import UNSEEN_PHOTOGRAPHS, Common, Measured
from tools.train.together import DWELL_S, RULES, STRINGINGS, WEIGHTS

NOT_RUN = (
    "Not measured: VGG16 and MobileNet × k-NN, linear SVM and RBF SVM, for their ImageNet weights "
    "were out of reach. Where they are at hand: `python -m tools.train baselines --work FOLDER "
    "--deep-weights FOLDER --only vgg16 --only mobilenet`."
)
INTRODUCTION = (
    "Printed by `python -m tools.train report` from what `evaluate`, `baselines`, `peer` and "
    "`int8` measured (`models/evaluation/`). Accuracy in percent on the seven FER2013 labels "
    "with its 95 % Wilson interval; ECE with 15 bins of equal mass, temperatures fitted on "
    "PublicTest. FER+ majority: agreement with the label that most voters chose, ties and faces "
    "that most called unknown or no face left out; FER+ as published: on the faces that FER+'s "
    "authors compare on, where more than half agree once single votes are dropped (a dash: not "
    "measured since). Models of seven labels never answer contempt. Time is processor time of one "
    "face on one thread, measured on a machine with other work on it. Every confusion matrix is in "
    "`REPORT.html`, the main ones are here too.",
    "Headsets are painted: five outline families are seen in training, three others are kept for "
    "evaluation (`headset_unseen`), and which one a face wears depends on its index alone. Unseen "
    "outlines are other outlines, not far ones (`tools/train/RESULTS.md`). **The gap from "
    "painted to real headsets is not measured here.** EmojiHeroVR's authors, who have both, report "
    ".35 on real headset faces for a network trained on painted occlusion alone and .70 to .75 for "
    "one trained on real ones.",
    "`aligned` rows are cropped as live faces are, by the points of the face without its headset, "
    "displaced by .08 eye distances under one. A model that takes a mask is told exactly which "
    "pixels are hidden, which live analysis has to guess; in rows with a `mask of ones` it is told "
    "nothing. `re-cropped` rows are cropped by what the tracker "
    "finds in the painted face, enlarged, and count only the faces in which it finds one; "
    "`aligned, same faces` are their comparison. The other rows are shown as FER2013 frames them.",
)
LANDMARKS_SENTENCE = (
    "Landmark models, on the faces in which the tracker finds the mesh. Under a headset points "
    "are either displaced by .08 eye distances, or those that it finds in the painted picture. "
    "Black rows are not read by landmarks: no points were sought there."
)
NAMED_SENTENCE = (
    "Named expressions (`calibration/`): at most one in five is to differ from the FER+ majority. "
    "The thresholds are those that ship, fitted on PublicTest under seen shapes. For "
    "headset-aware-fer 0.3.0 they were fitted under seen and unseen ones, each face counted twice, "
    "which made the interval too narrow."
)
FUSION_SENTENCE = (
    "Pixels and landmarks, live crop; faces in which the mesh is found without headset; under the "
    "headset the points are displaced, or (re-cropped) those that the tracker finds in the painted "
    f"face. The weight, of {len(WEIGHTS)} tried, is the best on PublicTest."
)
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


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return lines + ["| " + " | ".join(row) + " |" for row in rows]


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
        "Sets `of unseen photographs` leave out faces whose photograph is in FER2013's training "
        "split too, as an exact copy or cropped or lit otherwise, so that no hash finds it. "
        f"These are {percent(shared_share(common))} % of {main_set(common)}, and flatter "
        "published figures too. For headset-aware-fer 0.3.0 and the landmark models 1.0.0 "
        "training left out exact and nearly exact copies alone; for what was trained later, and "
        "for the feature baselines, all such photographs.",
        f"What the overlays cover: {areas}. Black rows are no headset and promise nothing of the "
        "eyes.",
        "The tracker, on the single enlarged picture, finds a face in: "
        f"{found}. In a video it finds more, because it follows a face that it has found once.",
    ]


def about(one: Measured) -> str:
    """Return what a model is, its size and its cost as a sentence."""
    precision = " (fp32)" if one.kind in ("pixel", "landmark") else ""
    size = [
        f"{one.parameters:,} parameters" if one.parameters else "",
        f"{one.bytes / 1e6:.2f} MB" if one.bytes else "",
        f"{one.milliseconds:.2f} ms processor time a face on one thread{precision}"
        if one.milliseconds
        else "",
    ]
    return ", ".join([one.about, *filter(None, size)]) + "."


def _model(one: Measured, name: str) -> list[str]:
    lines = [f"\n## {one.name}\n", about(one) + "\n"]
    lines += table(rows.SCORES_HEAD, map(rows.score_row, one.scores))
    if "int8" in one.facts:
        lines += ["", int8_sentence(one), "", *table(rows.INT8_HEAD, rows.int8_rows(one))]
    if one.facts.get("coverage"):
        lines += [
            f"\n{NAMED_SENTENCE}\n",
            *table(rows.COVERAGE_HEAD, rows.coverage_rows(one)),
        ]
    if one.facts.get("fusion"):
        lines += [
            f"\n{FUSION_SENTENCE}\n",
            *table(rows.FUSION_HEAD, rows.fusion_rows(one)),
        ]
        lines += [
            "\n" + ADAPTIVE_SENTENCE + "\n",
            *table(rows.ADAPTIVE_HEAD, rows.adaptive_rows(one)),
        ]
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
            lines += table(("", *LABELS_7, "recall"), rows.confusion_rows(s))
    return lines


def int8_sentence(one: Measured) -> str:
    """Return what 8 bits gave, and whether they are worth shipping."""
    q = one.facts["int8"]
    where = "has" if q["vnni"] else "has not"
    verdict = (
        "Faster here, and within half a point however products are summed"
        if q["worth_shipping"]
        else "Not worth shipping: slower here, or half a point worse"
    )
    return (
        f"8 bits of {q['of']}, weights per channel, {(one.bytes or 0) / 1e6:.1f} MB: "
        f"{one.milliseconds or 0:.2f} ms a face beside {q['fp32_milliseconds']:.2f} on "
        f"{q['processor']}, which {where} VNNI. Without VNNI the runtime sums pairs of products "
        "in 16 bits, which 8-bit weights can overflow and 7-bit weights (reduced range) cannot; "
        "with VNNI it sums in 32 bits. The latter sums are had here by an option of the runtime "
        "that is exact and slow, so that accuracy is known for both, speed for this kind alone. "
        f"{verdict}; not shipped, because its speed with VNNI is not measured."
    )


def report(common: Common, models: Sequence[Measured]) -> str:
    """Return the report as Markdown."""
    name = main_set(common)
    lines = ["# How well the expression models read faces", ""]
    for paragraph in (*INTRODUCTION, *facts_of_sets(common)):
        lines += [paragraph, ""]
    lines += [f"## {name}, all models\n", *table(rows.HEADLINE_HEAD, rows.headline(common, models))]
    lines += ["", NOT_RUN, "", LANDMARKS_SENTENCE, ""]
    lines += table(rows.LANDMARKS_HEAD, rows.landmark_rows(common, models))
    for one in models:
        lines += _model(one, name)
    return "\n".join(lines) + "\n"
