"""Measures one pixel model on every set under every condition; the answers are kept and reused."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import compress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.expression.store import StoredModel
from attune.vision.overlay import protected_coverage
from tools.train.data import Faces, mesh_points
from tools.train.evaluate import Predict, Score, answered, score
from tools.train.results import PRIVATE, PUBLIC, UNSEEN_PHOTOGRAPHS, WITHOUT_COPIES, Common
from tools.train.views import (
    Condition,
    Located,
    Picture,
    crop_of_mesh,
    evaluation_pictures,
    evaluation_views,
)

CONDITIONS = (Condition.CLEAN, Condition.SEEN, Condition.UNSEEN, Condition.BLACK)
LISTS = {
    "ran_occlusion": "Occlusion-FERPlus",
    "ran_pose30": "Pose30-FERPlus",
    "ran_pose45": "Pose45-FERPlus",
}
SPLIT_NAMES = {PUBLIC: "public_test", PRIVATE: "private_test"}
TIMED_CALLS = 300
SEEN = " seen"
"""Added to the name of kept logits: what their views hash to."""


class Crop(StrEnum):
    """How a face is framed before a model sees it."""

    GIVEN = "as given"
    ALIGNED = "aligned"
    RECROPPED = "re-cropped"


@dataclass(frozen=True, slots=True)
class TestFaces:
    """The faces that models are measured on.

    `sets` maps a set's name to its rows, `rows` are all of them, sorted. `recrops` maps a condition
    to maps (len(rows), 2, 3) from the painted picture to the crop that the tracker's points in it
    give, NaN where it found none.
    """

    faces: Faces
    where: Sequence[Located]
    sets: dict[str, NDArray[np.int64]]
    rows: NDArray[np.int64]
    recrops: dict[Condition, NDArray[np.float64]]
    _made: dict[Condition, list[Picture]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, faces: Faces, where: Sequence[Located], data: Path, *, private_test: bool
    ) -> "TestFaces":
        """Return PublicTest and, when asked, PrivateTest and the lists drawn from it."""
        sets = {PUBLIC: faces.rows("public_test")}
        if private_test:
            sets[PRIVATE] = faces.rows("private_test")
            sets[WITHOUT_COPIES] = faces.without_training_copies("private_test")
            sets |= {LISTS[k]: np.flatnonzero(v) for k, v in faces.lists.items()}
        if faces.photograph.any():
            for name in (PUBLIC, PRIVATE)[: 1 + private_test]:
                alone = faces.without_training_photographs(SPLIT_NAMES[name])
                sets[name + UNSEEN_PHOTOGRAPHS] = alone
        sets = {name: one for name, one in sets.items() if len(one)}
        rows = np.unique(np.concatenate(list(sets.values())))
        recrops = {}
        for condition in CONDITIONS:
            mesh = painted_mesh(data, condition, faces, rows)
            if mesh is not None and np.isfinite(mesh[:, 0, 0]).any():
                recrops[condition] = _crops(mesh)
        return cls(faces, where, sets, rows, recrops)

    def pictures(self, condition: Condition) -> list[Picture]:
        """Return every face of `rows` under a condition; painted once."""
        if condition not in self._made:
            self._made[condition] = list(
                evaluation_pictures(self.faces.images, self.where, self.rows, condition)
            )
        return self._made[condition]

    def at(self, name: str) -> NDArray[np.int64]:
        """Return where the rows of a set lie among `rows`."""
        return np.searchsorted(self.rows, self.sets[name])


def painted_mesh(
    data: Path, condition: Condition, faces: Faces, rows: NDArray[np.int64]
) -> NDArray[np.floating] | None:
    """Return mesh points (len(rows), 468, 3) found in test faces under painted headsets, NaN where
    there are none; None if they were not sought."""
    tests = np.flatnonzero(faces.split > 0)
    found = mesh_points(data, len(tests), f"points_{condition.value}")
    return None if found is None else np.asarray(found[np.searchsorted(tests, rows)])


def _crops(mesh: NDArray[np.floating]) -> NDArray[np.float64]:
    crops = np.full((len(mesh), 2, 3), np.nan)
    for k in np.flatnonzero(np.isfinite(mesh[:, 0, 0])):
        crops[k] = crop_of_mesh(mesh[k].astype(np.float64))
    return crops


def common(test: TestFaces) -> Common:
    """Return sizes, floors, covered areas and found fractions."""
    areas = {}
    for condition in CONDITIONS[1:]:
        pictures = test.pictures(condition)
        shares, hidden = [], []
        for row, (_, covered) in zip(test.rows, pictures, strict=True):
            assert covered is not None
            shares.append(float(covered.mean()))
            placement = test.where[row].placement
            if placement is not None:
                hidden.append(protected_coverage(covered, placement))
        lowest = min(hidden) if hidden else float("nan")
        areas[condition.value] = (float(np.mean(shares)), min(shares), max(shares), lowest)
    located = [test.where[row].placement is not None for row in test.rows]
    found = {Condition.CLEAN.value: float(np.mean(located))}
    found |= {
        condition.value: float(np.isfinite(crops[:, 0, 0]).mean())
        for condition, crops in test.recrops.items()
    }
    labels = {name: test.faces.label[rows] for name, rows in test.sets.items()}
    return Common(
        {name: len(rows) for name, rows in test.sets.items()},
        {
            name: float(np.bincount(one, minlength=7).max() / len(one))
            for name, one in labels.items()
        },
        areas,
        found,
    )


class Answers:
    """A model's logits by condition and crop, over all test rows; kept in a file.

    Kept logits are taken again only for the same weights and the very same views.
    """

    def __init__(self, path: Path, digest: str, predict: Predict, test: TestFaces) -> None:
        self._path, self._digest, self._predict, self._test = path, digest, predict, test
        self._known: dict[str, NDArray[np.float32]] = {}
        self._seen: dict[str, str] = {}
        self._checked: set[str] = set()
        if path.exists():
            with np.load(path) as z:
                if str(z["digest"]) == digest and np.array_equal(z["rows"], test.rows):
                    seen = [name for name in z.files if name.endswith(SEEN)]
                    self._seen = {name.removesuffix(SEEN): str(z[name]) for name in seen}
                    self._known = {name: z[name] for name in self._seen}

    def logits(
        self, condition: Condition, crop: Crop, *, mask_known: bool = True
    ) -> NDArray[np.float32]:
        """Return logits (rows, 15 or 7); NaN where the crop could not be had."""
        key = f"{condition.value} {crop.value}" + ("" if mask_known else " mask of ones")
        if key not in self._checked:
            test = self._test
            crops, kept = None, np.ones(len(test.rows), bool)
            if crop is Crop.RECROPPED:
                kept = np.isfinite(test.recrops[condition][:, 0, 0])
                crops = test.recrops[condition][kept]
            views = evaluation_views(
                test.faces.images,
                test.where,
                test.rows[kept],
                condition,
                mask_known=mask_known,
                aligned=crop is Crop.ALIGNED,
                crops=crops,
                pictures=compress(test.pictures(condition), kept),
            )
            seen = hashlib.blake2b(kept.tobytes() + views.tobytes(), digest_size=16).hexdigest()
            if self._seen.get(key) != seen:
                logits = answered(self._predict, views)
                self._known[key] = np.full((len(kept), logits.shape[1]), np.nan, np.float32)
                self._known[key][kept] = logits
                self._seen[key] = seen
                self._save()
            self._checked.add(key)
        return self._known[key]

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_name(self._path.stem + ".partial.npz")
        seen = {name + SEEN: value for name, value in self._seen.items()}
        np.savez(partial, digest=self._digest, rows=self._test.rows, **seen, **self._known)
        partial.replace(self._path)


def shown_as(condition: Condition, crop: Crop) -> str:
    """Return how the report names a condition and a crop."""
    return condition.value if crop is Crop.GIVEN else f"{condition.value} {crop.value}"


def scores(
    answers: Answers,
    test: TestFaces,
    temperature: Callable[[Condition], float],
    crops: Sequence[Crop] = tuple(Crop),
) -> list[Score]:
    """Return one score for each set, condition and crop.

    Faces are re-cropped where the tracker found a face in the painted picture; those rows count
    these faces alone, and `aligned, same faces` is the comparison on just them.
    """
    found: list[Score] = []
    for name in test.sets:
        at = test.at(name)
        for condition in CONDITIONS:
            for crop in crops:
                if crop is Crop.RECROPPED and condition not in test.recrops:
                    continue
                kept = at
                sources = {shown_as(condition, crop): crop}
                if crop is Crop.RECROPPED:
                    kept = at[np.isfinite(test.recrops[condition][at, 0, 0])]
                    if len(kept) == 0:
                        continue
                    sources[f"{condition.value} aligned, same faces"] = Crop.ALIGNED
                found += [
                    score(
                        answers.logits(condition, source)[kept],
                        test.faces,
                        test.rows[kept],
                        split=name,
                        condition=shown,
                        temperature=temperature(condition),
                    )
                    for shown, source in sources.items()
                ]
    return found


def unmasked(
    answers: Answers, test: TestFaces, temperature: Callable[[Condition], float]
) -> list[Score]:
    """Return scores of the live crop without telling the model what is hidden."""
    found = []
    for name in (PUBLIC, PRIVATE):
        if name not in test.sets:
            continue
        for condition in (Condition.UNSEEN, Condition.BLACK):
            logits = answers.logits(condition, Crop.ALIGNED, mask_known=False)
            found.append(
                score(
                    logits[test.at(name)],
                    test.faces,
                    test.sets[name],
                    split=name,
                    condition=f"{condition.value} aligned, mask of ones",
                    temperature=temperature(condition),
                )
            )
    return found


def milliseconds(stored: StoredModel) -> float:
    """Return processor time of one face on one thread, median of many calls."""
    session = stored.session()
    given = np.zeros((1, *stored.card.input.shape), np.float32)
    spent = []
    for _ in range(TIMED_CALLS):
        began = time.thread_time_ns()
        session.run(None, {stored.card.input.name: given})
        spent.append(time.thread_time_ns() - began)
    return float(np.median(spent)) / 1e6
