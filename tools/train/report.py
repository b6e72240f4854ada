"""The evaluation report: every pixel model of the store on every set under every condition."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from attune.expression.store import ModelStore, StoredModel
from tools.train.data import LABELS_7, Faces
from tools.train.evaluate import Score, logits_of, score
from tools.train.export import open_session, predictor
from tools.train.views import Condition, Located

CONDITIONS = (Condition.CLEAN, Condition.SEEN, Condition.UNSEEN, Condition.BLACK)
LISTS = {
    "ran_occlusion": "Occlusion-FERPlus",
    "ran_pose30": "Pose30-FERPlus",
    "ran_pose45": "Pose45-FERPlus",
}
TIMED_CALLS = 300


@dataclass(frozen=True, slots=True)
class Set:
    """Rows that are scored together under one name."""

    name: str
    rows: np.ndarray


def sets(faces: Faces, *, private_test: bool) -> list[Set]:
    """Return the sets of the report; PrivateTest and the lists drawn from it only when asked."""
    chosen = [Set("PublicTest", faces.rows("public_test"))]
    if private_test:
        chosen.append(Set("PrivateTest", faces.rows("private_test")))
        alone = faces.without_training_copies("private_test")
        chosen.append(Set("PrivateTest without copies", alone))
        chosen += [Set(LISTS[k], np.flatnonzero(v)) for k, v in faces.lists.items()]
    return chosen


def milliseconds(stored: StoredModel) -> float:
    """Return processor time of one face on one thread, median of many calls."""
    session = stored.session()
    view = np.zeros((1, *stored.card.input.shape), np.float32)
    spent = []
    for _ in range(TIMED_CALLS):
        began = time.thread_time_ns()
        session.run(None, {stored.card.input.name: view})
        spent.append(time.thread_time_ns() - began)
    return float(np.median(spent)) / 1e6


def scores(
    stored: StoredModel,
    faces: Faces,
    where: Sequence[Located],
    chosen: Sequence[Set],
    *,
    mask_known: bool,
    crops: Sequence[bool] = (False, True),
    conditions: Sequence[Condition] = CONDITIONS,
) -> list[Score]:
    """Return one score for each set, condition and crop; a face in several sets is read once."""
    predict = predictor(open_session(stored.path))
    temperature = stored.card.calibration.temperature["logits7"]
    rows = np.unique(np.concatenate([one.rows for one in chosen]))
    found: dict[str, list[Score]] = {one.name: [] for one in chosen}
    for condition in conditions:
        t = temperature["full" if condition is Condition.CLEAN else "lower_face"]
        for aligned in crops:
            logits = logits_of(
                predict, faces, where, rows, condition, mask_known=mask_known, aligned=aligned
            )
            shown = condition.value + (" aligned" if aligned else "")
            for one in chosen:
                own = logits[np.searchsorted(rows, one.rows)]
                found[one.name].append(
                    score(own, faces, one.rows, split=one.name, condition=shown, temperature=t)
                )
    return [s for one in chosen for s in found[one.name]]


def _rows(found: Sequence[Score]) -> list[str]:
    head = "| set | shown | n | accuracy [95 %] | macro-F1 | FER+ majority | ECE |"
    lines = [head, "| --- | --- | ---: | --- | ---: | ---: | ---: |"]
    lines += [
        f"| {s.split} | {s.condition} | {s.n} | {100 * s.accuracy:.1f} "
        f"[{100 * s.low:.1f}, {100 * s.high:.1f}] | {s.macro_f1:.3f} | "
        f"{100 * s.crowd_accuracy:.1f} (n = {s.crowd_n}) | {s.ece:.3f} |"
        for s in found
    ]
    return lines


def _confusion(s: Score) -> list[str]:
    lines = [f"\n{s.split}, {s.condition}: rows are the label, columns the answer.\n"]
    lines += ["| | " + " | ".join(LABELS_7) + " | recall |", "| --- |" + " ---: |" * 8]
    for name, row, recall in zip(LABELS_7, s.confusion, s.recall, strict=True):
        lines.append(f"| {name} | " + " | ".join(map(str, row)) + f" | {recall:.2f} |")
    return lines


def write_report(
    path: Path, store: ModelStore, faces: Faces, where: Sequence[Located], *, private: bool
) -> None:
    """Measure every pixel model of `store` and write the report as Markdown to `path`."""
    chosen = sets(faces, private_test=private)
    main = chosen[1 if private else 0].name
    floor = {
        s.name: max(np.bincount(faces.label[s.rows], minlength=7)) / len(s.rows) for s in chosen
    }
    lines = [
        "# How well the expression models read faces",
        "",
        "Printed by `python -m tools.train report`. Headsets are painted: five outline families",
        "are seen in training, three others are kept for evaluation (`headset_unseen`). Every",
        "painted headset hides at least 95 % of both eyes, both brows and the nasal bridge. How",
        "much is lost on a real headset is not measured here; published work lost most of its",
        "accuracy. `aligned` rows are cropped as live faces are, by the points of the face without",
        "its headset, displaced by .08 eye distances under one; the others are shown as FER2013",
        "frames them.",
        "",
        "Always answering the most frequent label: "
        + ", ".join(f"{name} {100 * share:.1f} %" for name, share in floor.items())
        + ".",
    ]
    for name in store.names():
        stored = store.load(name)
        if stored.card.model.kind != "pixel":
            continue
        known = scores(stored, faces, where, chosen, mask_known=True)
        unknown = scores(
            stored,
            faces,
            where,
            [one for one in chosen if one.name == main],
            mask_known=False,
            crops=(True,),
            conditions=(Condition.UNSEEN, Condition.BLACK),
        )
        m = stored.card.model
        lines += [
            f"\n## {stored.name}",
            f"\n{m.architecture}, {m.parameters:,} parameters, {m.bytes / 1e6:.1f} MB, "
            f"{milliseconds(stored):.2f} ms processor time a face on one thread (fp32).\n",
            *_rows(known),
            "\nThe same without telling the model what is hidden (mask of ones):\n",
            *_rows(unknown),
        ]
        for s in known:
            if s.split == main and s.condition in ("clean aligned", "headset_unseen aligned"):
                lines += _confusion(s)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
