"""Commands that make a model ready to ship: export, card, landmarks."""

import os
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from tools.train import cli_evaluation
from tools.train.cli_evaluation import PrivateTest, Work

console = Console()


def export(
    *,
    work: Work,
    run: Annotated[str, typer.Option(help="A run that has written its weights.")],
    out: Annotated[Path, typer.Option(help="File to write.")],
) -> None:
    """Write a run's network as ONNX and check that it answers as it did in Keras."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from tools.train import data, views
    from tools.train import export as ex

    model = ex.trained(work / "runs" / run)
    faces = data.load(work / "data")
    rows = faces.rows("public_test")[:64]
    n = len(faces.images)
    where = views.locate(data.mesh_points(work / "data", n), n)
    shown = views.evaluation_views(faces.images, where, rows, views.Condition.SEEN)
    gap = ex.write_proven(model, out, shown)
    console.print(f"{out}: {out.stat().st_size} bytes, logits agree within {gap:.1e}")


def card(
    *,
    work: Work,
    run: Annotated[str, typer.Option(help="The run that the weights came from.")],
    model: Annotated[Path, typer.Option(help="model.onnx inside its folder in the store.")],
    version: Annotated[str, typer.Option(help="Version to write.")],
    private_test: PrivateTest = False,
    thresholds: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the thresholds below which no expression is named. Of a model in "
            "models/ it is calibration/, of any other the model's own."
        ),
    ] = None,
) -> None:
    """Calibrate an exported model on PublicTest, measure it, and write its card.

    A reference, which nobody is to be read by, gets no thresholds.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from tools.train import card as cards
    from tools.train import coverage, views
    from tools.train import export as ex
    from tools.train import reference as published
    from tools.train.fit import TRAINING_FACES
    from tools.train.measure import Answers

    plan, trained = ex.plan_of(work / "runs" / run), ex.trained(work / "runs" / run)
    test, _ = cli_evaluation.open_test_faces(work, private_test=private_test)
    faces, where, rows = test.faces, test.where, test.faces.rows("public_test")
    predict = ex.predictor(ex.open_session(model))
    shown_both = views.evaluation_views(faces.images, where, rows[:64], views.Condition.SEEN)
    ex.check_parity(trained, model, shown_both)
    kept = work / "evaluation" / f"{model.parent.name}-{version}.npz"
    shown = cards.Shown(Answers(kept, ex.sha256(model), predict, test), test)
    calibration = cards.calibrate(
        lambda condition: shown.logits("public_test", condition, aligned=True),
        faces,
        rows,
        cards.yaw_deg(where, rows),
    )
    splits = ["public_test"]
    if private_test:
        splits += ["private_test", "private_test" + cards.WITHOUT_COPIES]
    scores = cards.measure(shown, faces, splits, calibration)
    takes = cards.GRAY if plan["architecture"] == published.ARCHITECTURE else cards.PIXELS
    folder = thresholds or home_of_thresholds(model)
    abstention = folder / f"abstention_{model.parent.name}.toml" if takes.live else None
    if abstention is not None:
        by_split = {}
        for split in splits[:2]:
            answers = partial(shown.logits, split, aligned=True)
            conditions = coverage.HELD_OUT_CONDITION if by_split else cards.BAND_CONDITION
            by_split[split] = coverage.of_bands(
                answers, faces, faces.rows(split), calibration, conditions
            )
        coverage.write_profile(
            abstention,
            coverage.profile(by_split),
            model=model.parent.name,
            version=version,
            sha256=ex.sha256(model),
        )
    used = plan.get(TRAINING_FACES)
    cards.write_card(
        model.with_name("card.toml"),
        version=version,
        architecture=plan.get("about", plan["architecture"]),
        parameters=trained.count_params(),
        weights=model,
        digest=ex.sha256(model),
        calibration=calibration,
        scores=scores,
        training="FER2013 training split without exact, near and re-cropped copies of test faces"
        + ("" if used is None else f" ({used} faces)")
        + f", {takes.learnt}",
        takes=takes,
        abstention=None if abstention is None else abstention.name,
    )
    for s in scores:
        console.print(
            f"{s.split:28s} {s.condition:15s} {s.accuracy:.4f} [{s.low:.3f}, {s.high:.3f}] "
            f"n={s.n} F1 {s.macro_f1:.3f} ece {s.ece:.3f} FER+ {s.crowd_accuracy:.4f} "
            f"as published {s.published_accuracy:.4f}"
        )
    console.print({band.value: np.round(r, 3) for band, r in calibration.reliability.items()})


def home_of_thresholds(model: Path) -> Path:
    """Return where a model's thresholds go: a candidate's never replace those that ship."""
    shipped = model.resolve().is_relative_to(Path("models").resolve())
    return Path("calibration") if shipped else model.parent


def landmarks(
    *,
    work: Work,
    out: Annotated[Path, typer.Option(help="Folder of the model in the store.")],
    channels: Annotated[str, typer.Option(help="landmarks_68 or landmarks_lower.")],
    version: Annotated[str, typer.Option(help="Version to write.")],
    epochs: Annotated[int, typer.Option(min=1)] = 12,
    private_test: PrivateTest = False,
) -> None:
    """Train a landmark model, write it as ONNX with its card, and print its figures."""
    os.environ["KERAS_BACKEND"] = "tensorflow"
    from attune.expression.reliability import YAW_BANDS_DEG
    from attune.vision.face import VisibilityBand
    from tools.train import card as cards
    from tools.train import data, views
    from tools.train import export as ex
    from tools.train import landmarks as lm
    from tools.train.evaluate import score

    if channels not in lm.POINTS_BY_CHANNELS:
        known = ", ".join(lm.POINTS_BY_CHANNELS)
        raise typer.BadParameter(f"expected --channels to be one of {known}, got {channels}")
    faces = data.load(work / "data")
    found = data.needed_points(work / "data", len(faces.images))
    model = lm.fit(faces, found, channels, epochs)
    weights = out / "model.onnx"
    some = lm.of_rows(found, faces.rows("public_test"), mirrored=False).at[:64]
    ex.write_proven(model, weights, lm.inputs(some, channels))
    predict = ex.predictor(ex.open_session(weights))
    where = views.locate(found, len(faces.images))
    calibration, scores = None, []
    for split in ("public_test", "private_test")[: 1 + private_test]:
        rows = faces.rows(split)
        seen = lm.of_rows(found, rows, mirrored=False)
        console.print(f"{split}: mesh found in {len(seen.rows) / len(rows):.1%} of {len(rows)}")
        answer = lm.answers(predict, seen, channels)
        if calibration is None:
            yaw = cards.yaw_deg(where, seen.rows)
            calibration = cards.calibrate(answer, faces, seen.rows, yaw)
            calibration.reliability[VisibilityBand.POOR] = [0.0] * len(YAW_BANDS_DEG)
        for condition in (views.Condition.CLEAN, views.Condition.SEEN):
            clean = condition is views.Condition.CLEAN
            band = VisibilityBand.FULL if clean else VisibilityBand.LOWER_FACE
            s = score(
                answer(condition),
                faces,
                seen.rows,
                split=split,
                condition="clean, mesh found" if clean else "points displaced, mesh found",
                temperature=calibration.temperature["logits7"][band],
            )
            scores.append(s)
            console.print(
                f"{split} {s.condition} {s.accuracy:.4f} n={s.n} FER+ {s.crowd_accuracy:.4f}"
            )
    assert calibration is not None
    takes = cards.Input(
        "landmark",
        (int(model.input.shape[1]),),
        "features float32",
        (channels,),
        "iBUG landmarks, centred, upright, scaled: x, y, distance, angle of every point",
        "points of clean faces displaced at random as a tracker's are under a painted headset",
        "No headset was worn or painted: its effect is imitated by displaced points. Under a "
        "painted headset the mesh is found in fewer than one in five of such small faces, and then "
        "hardly tells one expression from another.",
    )
    cards.write_card(
        out / "card.toml",
        version=version,
        architecture="2x128",
        parameters=model.count_params(),
        weights=weights,
        digest=ex.sha256(weights),
        calibration=calibration,
        scores=scores,
        training="face-mesh points of FER2013 training faces without exact, near and re-cropped "
        "copies of test faces",
        takes=takes,
    )
