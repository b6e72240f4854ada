"""The rows of the evaluation report, model by model: what is measured of each kind."""

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attune.expression.landmark import ALL_POINTS, LOWER_POINTS, POINTS_BY_CHANNELS
from attune.expression.store import StoredModel
from attune.vision.face import VisibilityBand
from attune.vision.landmarks import IBUG_68
from tools.train import coverage, together
from tools.train import landmarks as lm
from tools.train.card import BAND_CONDITION, Calibration
from tools.train.data import LABELS_7
from tools.train.distances import NearestFace
from tools.train.evaluate import Score, score, softmax
from tools.train.export import open_session, predictor
from tools.train.measure import (
    CONDITIONS,
    Answers,
    Crop,
    TestFaces,
    milliseconds,
    painted_mesh,
    scores,
    shown_as,
    unmasked,
)
from tools.train.results import PRIVATE, PUBLIC, Measured
from tools.train.views import Condition

DECIDING = 12
SMALLEST_SHARE = 1e-3
TIMED_FACES = 20
SURE = 20.0
"""A logit that stands for certainty, where a classifier gives a class alone."""


def band_of(condition: Condition) -> VisibilityBand:
    """Return the band whose calibration is used under a condition."""
    return VisibilityBand.FULL if condition is Condition.CLEAN else VisibilityBand.LOWER_FACE


def pixel(stored: StoredModel, test: TestFaces, work: Path) -> tuple[Measured, Answers]:
    """Measure a pixel model of the store. How it withholds is measured where it has thresholds."""
    card = stored.card
    temperature = card.calibration.temperature
    answers = Answers(
        work / "evaluation" / f"{stored.name}.npz",
        card.model.sha256,
        predictor(open_session(stored.path)),
        test,
    )
    found = scores(answers, test, lambda c: temperature["logits7"][band_of(c)])
    found += unmasked(answers, test, lambda c: temperature["logits7"][band_of(c)])
    shipped = card.calibration.abstention is not None
    calibration = Calibration(temperature, {}, [])
    sets = {}
    for name in (PUBLIC, PRIVATE) if shipped else ():
        if name in test.sets:
            at = test.at(name)

            def shown(condition: Condition, at: NDArray[np.int64] = at) -> NDArray[np.float32]:
                return answers.logits(condition, Crop.ALIGNED)[at]

            sets[name] = coverage.of_bands(
                shown, test.faces, test.sets[name], calibration, _conditions(name)
            )
    measured = Measured(
        stored.name,
        "pixel",
        0 if shipped else 2,
        card.model.architecture,
        card.model.parameters,
        card.model.bytes,
        milliseconds(stored),
        tuple(found),
        {"coverage": _coverage(coverage.profile(sets, stored.abstention().threshold))}
        if shipped
        else {},
    )
    return measured, answers


def _conditions(name: str) -> dict[VisibilityBand, Condition]:
    return BAND_CONDITION if name == PUBLIC else coverage.HELD_OUT_CONDITION


def _coverage(profile: coverage.Profile) -> list[dict[str, Any]]:
    return [
        {
            "set": name,
            "band": band.value,
            "shown": _conditions(name)[band].value,
            "threshold": profile.threshold[band],
            "n": done.n,
            "coverage": done.coverage,
            "risk": done.risk,
            "low": done.low,
            "high": done.high,
            "curve": np.stack(
                [profile.curves[name][band].coverage, profile.curves[name][band].risk]
            ).tolist(),
        }
        for name, bands in profile.named.items()
        for band, done in bands.items()
    ]


Spots = dict[str, tuple[NDArray[np.float64], NDArray[np.int64]]]
"""How landmarks were come by -> landmarks (n, 68, 2) and the rows of their faces."""


def landmarks_of(test: TestFaces, name: str, points: NDArray[np.floating], data: Path) -> Spots:
    """Return the landmarks of one set: clean, displaced, and found under painted headsets."""
    seen = lm.of_rows(points, test.sets[name], mirrored=False)
    which = list(Condition).index(Condition.SEEN)
    moved = lm.displaced(seen.at, lm.DISPLACEMENT_UNDER_HEADSET, which)
    found = {"clean, mesh found": (seen.at, seen.rows), "points displaced": (moved, seen.rows)}
    for condition in (Condition.SEEN, Condition.UNSEEN):
        painted = _painted_landmarks(test, name, condition, data)
        if painted is not None:
            at, ok = painted
            found[f"{condition.value}, mesh found in it"] = (at, test.sets[name][ok])
    return found


def _painted_landmarks(
    test: TestFaces, name: str, condition: Condition, data: Path
) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """Return landmarks (n, 68, 2) found under painted headsets, and in which faces of a set."""
    mesh = painted_mesh(data, condition, test.faces, test.sets[name])
    if mesh is None or not np.isfinite(mesh[:, 0, 0]).any():
        return None
    ok = np.isfinite(mesh[:, 0, 0])
    return mesh[ok][:, list(IBUG_68), :2].astype(np.float64), ok


def _landmark_scores(
    test: TestFaces,
    points: NDArray[np.floating],
    data: Path,
    answer: Callable[[NDArray[np.float64], bool], tuple[NDArray[np.floating], float]],
) -> list[Score]:
    found = []
    for name in test.sets:
        for shown, (at, rows) in landmarks_of(test, name, points, data).items():
            if len(rows) == 0:
                continue
            logits, t = answer(at, shown.startswith("clean"))
            found.append(
                score(logits, test.faces, rows, split=name, condition=shown, temperature=t)
            )
    return found


def landmark(
    stored: StoredModel, test: TestFaces, points: NDArray[np.floating], data: Path
) -> Measured:
    """Measure a landmark model of the store."""
    card = stored.card
    channels = card.input.channels[0]
    predict = predictor(open_session(stored.path))
    temperature = card.calibration.temperature["logits7"]

    def answer(at: NDArray[np.float64], clean: bool) -> tuple[NDArray[np.floating], float]:
        band = VisibilityBand.FULL if clean else VisibilityBand.LOWER_FACE
        return predict(lm.inputs(at, channels)), temperature[band]

    return Measured(
        stored.name,
        "landmark",
        3,
        f"{card.model.architecture} over {len(POINTS_BY_CHANNELS[channels])} points (paper 004)",
        card.model.parameters,
        card.model.bytes,
        milliseconds(stored),
        tuple(_landmark_scores(test, points, data, answer)),
    )


def nearest_face(
    test: TestFaces, points: NDArray[np.floating], data: Path, *, lower: bool
) -> Measured:
    """Measure 1-NN over pairwise distances, and say which distances decided."""
    rows = test.faces.training_rows()
    train = lm.of_rows(points, rows, mirrored=False)
    chosen = LOWER_POINTS if lower else ALL_POINTS
    model = NearestFace.of(train.at, test.faces.label[train.rows], chosen)
    deciding: list[tuple[int, int, float]] = []

    def answer(at: NDArray[np.float64], clean: bool) -> tuple[NDArray[np.floating], float]:
        labels, given = model.answer(at)
        if clean and not deciding:
            deciding.extend(model.deciding(given, DECIDING))
        return SURE * np.eye(len(LABELS_7))[labels], 1.0

    found = _landmark_scores(test, points, data, answer)
    return Measured(
        f"distances-{'lower' if lower else '68'}",
        "landmark",
        4,
        f"{len(model.pairs)} distances of {len(chosen)} points, 1-NN (paper 002)",
        bytes=model.x.nbytes,
        milliseconds=model.milliseconds(train.at[:TIMED_FACES]),
        scores=tuple(replace(one, ece=float("nan")) for one in found),
        facts={
            "deciding": deciding,
            "face": train.at.mean(axis=0).tolist(),
            "points": list(chosen),
            "found_training": len(train.rows) / len(rows),
        },
    )


def fused(
    models: tuple[StoredModel, StoredModel],
    answers: Answers,
    test: TestFaces,
    points: NDArray[np.floating],
    data: Path,
) -> dict[str, Any]:
    """Return complementarity and fused accuracy of a pixel and a landmark model.

    `answers` are the pixel model's; the fixed weight and the rule of the adaptive one are chosen on
    PublicTest.

    Besides displaced points, those that the tracker finds under painted headsets are used, with the
    crop that they give.
    """
    by_pixels, by_landmarks = models
    channels = by_landmarks.card.input.channels[0]
    predict = predictor(open_session(by_landmarks.path))
    t_pixel, t_landmark = (
        one.card.calibration.temperature["logits7"] for one in (by_pixels, by_landmarks)
    )
    pairs: dict[str, dict[str, together.Pair]] = {}
    for name in (PUBLIC, PRIVATE):
        if name not in test.sets:
            continue
        seen = lm.of_rows(points, test.sets[name], mirrored=False)
        said = lm.answers(predict, seen, channels)
        at = np.searchsorted(test.rows, seen.rows)
        pairs[name] = {
            condition.value: together.Pair(
                softmax(
                    answers.logits(condition, Crop.ALIGNED)[at, :7] / t_pixel[band_of(condition)]
                ),
                softmax(said(condition)[:, :7] / t_landmark[band_of(condition)]),
                test.faces.label[seen.rows],
            )
            for condition in (Condition.CLEAN, Condition.UNSEEN)
        }
        painted = _painted_landmarks(test, name, Condition.UNSEEN, data)
        if painted is not None:
            spots, ok = painted
            rows, band = test.sets[name][ok], VisibilityBand.LOWER_FACE
            cropped = answers.logits(Condition.UNSEEN, Crop.RECROPPED)[test.at(name)[ok], :7]
            pairs[name][f"{Condition.UNSEEN.value} re-cropped"] = together.Pair(
                softmax(cropped / t_pixel[band]),
                softmax(predict(lm.inputs(spots, channels))[:, :7] / t_landmark[band]),
                test.faces.label[rows],
            )
    chosen = {shown: together.best_weight([pair]) for shown, pair in pairs[PUBLIC].items()}
    adaptive = {shown: together.Adaptive.chosen(pair) for shown, pair in pairs[PUBLIC].items()}
    return {
        "landmark": by_landmarks.name,
        "weight": chosen,
        "rule": {shown: asdict(one) for shown, one in adaptive.items()},
        "rows": [
            {
                "set": name,
                "shown": shown,
                "n": len(pair.truth),
                "right": pair.complementarity(),
                "by_weight": [pair.fused(w) for w in together.WEIGHTS],
                "at_chosen": pair.fused(chosen[shown]),
                "interval": pair.interval(pair.fused(chosen[shown])),
                "adaptive": adaptive[shown].measured(pair, chosen[shown]),
            }
            for name, by_shown in pairs.items()
            for shown, pair in by_shown.items()
        ],
    }


def classified(
    test: TestFaces, answer: Callable[[NDArray[np.uint8]], NDArray[np.floating]], t: float | None
) -> tuple[Score, ...]:
    """Score a classifier of gray pictures (n, 48, 48), as given; without `t` ECE is left out."""
    found = []
    for condition in CONDITIONS:
        logits = answer(np.stack([picture for picture, _ in test.pictures(condition)]))
        for name in test.sets:
            one = score(
                logits[test.at(name)],
                test.faces,
                test.sets[name],
                split=name,
                condition=shown_as(condition, Crop.GIVEN),
                temperature=t or 1.0,
            )
            found.append(one if t is not None else replace(one, ece=float("nan")))
    return tuple(found)


def peer(test: TestFaces, python: Path, folder: Path, name: str) -> Measured:
    """Measure the peer in its own environment on the same pictures."""
    runner = Path(__file__).parents[1] / "bench" / "peer_runner.py"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "frames").mkdir(exist_ok=True)
    for condition in CONDITIONS:
        shown = np.stack([picture for picture, _ in test.pictures(condition)])
        np.save(folder / f"faces_{condition.value}.npy", shown)
    subprocess.run([python, runner, folder], check=True)
    said = json.loads((folder / "peer.json").read_text())
    left = iter(CONDITIONS)

    def answer(_: NDArray[np.uint8]) -> NDArray[np.floating]:
        scores: Sequence[dict[str, float]] = said[f"scores_{next(left).value}"]
        given = np.array([[one[label] for label in LABELS_7] for one in scores])
        return np.log(np.maximum(given, SMALLEST_SHARE))

    about = (
        "mini_XCEPTION in 8 bits, as its package gives it (confidences too, rounded to .01), in an "
        "environment of its own"
    )
    return Measured(name, "peer", 2, about, **said["cost"], scores=classified(test, answer, 1.0))
