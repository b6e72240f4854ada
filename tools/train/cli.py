"""Commands that train: prepare, points, framing, train, export, card, landmarks."""

import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from tools.train import cli_evaluation

app = typer.Typer(
    help="Train the expression models: `prepare`, `points`, `train`, `export`, `card`; measure "
    "them: `points --painted`, `evaluate`, `baselines`, `report`.",
    no_args_is_help=True,
    add_completion=False,
)
for command in ("evaluate", "peer", "reference", "baselines", "int8", "report"):
    app.command()(getattr(cli_evaluation, command))
console = Console()

Work = Annotated[
    Path, typer.Option("--work", envvar="ATTUNE_TRAIN_WORK", help="Folder outside the repository.")
]


@app.command()
def prepare(
    work: Work,
    mosaics: Annotated[Path | None, typer.Option(help="Folder of lossless mosaics.")] = None,
    public_csv: Annotated[Path | None, typer.Option(help="The public fer2013.csv.")] = None,
    votes_csv: Annotated[Path | None, typer.Option(help="FER+ votes beside it.")] = None,
) -> None:
    """Decode the faces, group exact and near duplicates, write leak-checked splits."""
    from tools.train import data

    if (mosaics is None) == (public_csv is None):
        raise typer.BadParameter("give either --mosaics or --public-csv")
    if mosaics is not None:
        images, rows = data.read_mosaics(mosaics)
    else:
        assert public_csv is not None
        images, rows = data.read_public_csv(public_csv, votes_csv)
    faces = data.prepare(images, rows, work / "data")
    kept, total = len(faces.training_rows()), len(faces.rows("training"))
    console.print(f"{total} training faces, {kept} kept; the others are copies of test faces")
    for split in data.SPLITS[1:]:
        alone = len(faces.without_training_copies(split))
        console.print(f"{split}: {len(faces.rows(split))}, {alone} without a copy in training")


@app.command()
def points(
    *,
    work: Work,
    painted: Annotated[
        bool, typer.Option(help="In test faces under painted headsets, for `evaluate`.")
    ] = False,
) -> None:
    """Find the face mesh in every prepared face: where training paints its headsets."""
    from tools.train import data, views
    from tools.train import points as mesh

    faces = data.load(work / "data")
    sources = {"points": (faces.images, mesh.CONFIDENCE)}
    if painted:
        rows = np.flatnonzero(faces.split > 0)
        where = views.locate(_points(work), len(faces.images))
        sources = {
            f"points_{condition.value}": (
                np.stack([i for i, _ in views.evaluation_pictures(*shown, condition)]),
                mesh.LIVE_CONFIDENCE,
            )
            for condition in (views.Condition.SEEN, views.Condition.UNSEEN)
            for shown in [(faces.images, where, rows)]
        }
    for name, (images, confidence) in sources.items():
        with Progress(console=console) as bar:
            task = bar.add_task(f"face mesh: {name}", total=len(images))
            found = mesh.find(images, lambda k, t=task: bar.update(t, completed=k), confidence)
        np.save(work / "data" / f"{name}.npy", found)
        share = np.isfinite(found[:, 0, 0]).mean()
        console.print(f"{name}: found {share:.1%} of {len(found)} faces")


@app.command()
def copies(*, work: Work) -> None:
    """Find test faces whose photograph is in training too, cropped or lit otherwise."""
    from tools.train import copies as photographs
    from tools.train import data, views

    faces = data.load(work / "data")
    where = views.locate(_points(work), len(faces.images))
    test, training = (
        photographs.aligned(faces.images, where, rows)
        for rows in (np.flatnonzero(faces.split > 0), faces.training_rows())
    )
    best, _ = photographs.strongest(test, training)
    np.save(work / "data" / photographs.COPIES, best)
    shared = (best > photographs.SAME_PHOTOGRAPH).mean()
    console.print(f"{shared:.1%} of {len(best)} test faces show a photograph of the training split")


@app.command()
def framing(
    *, work: Work, out: Annotated[Path, typer.Option()] = Path("calibration/crop_fer2013.toml")
) -> None:
    """Write where FER2013's framing puts a face; the live crop follows it."""
    from tools.train import data
    from tools.train import points as mesh

    found = _points(work)
    if found is None:
        raise typer.BadParameter("no points there; run `points` first")
    mesh.write_framing(out, found[data.load(work / "data").rows("training")])
    console.print(f"wrote {out}")


def _points(work: Path) -> np.ndarray | None:
    path = work / "data" / "points.npy"
    return np.load(path, mmap_mode="r") if path.exists() else None


@app.command()
def train(
    *,
    work: Work,
    run: Annotated[str, typer.Option(help="Name of the run; the same name resumes it.")],
    architecture: Annotated[str, typer.Option(help="See tools/train/network.py.")] = (
        "residual_medium"
    ),
    epochs: float = 40.0,
    decay_epochs: Annotated[float, typer.Option(help="Fall of the learning rate.")] = 12.0,
    learning_rate: float = 0.1,
    small_until_epoch: Annotated[float, typer.Option(help="Show faces at 36 px before.")] = 0.0,
    pairs: Annotated[bool, typer.Option(help="Each face clean and painted in a batch.")] = False,
    batch: int = 128,
    mixup: float = 0.0,
    distil: float = 0.0,
    start_from: Annotated[Path | None, typer.Option(help="weights.npz to begin with.")] = None,
    teacher: Annotated[Path | None, typer.Option(help="weights.npz of the teacher.")] = None,
    teacher_architecture: str = "residual_medium",
    teacher_size: Annotated[int, typer.Option(help="Pixels that it was trained on.")] = 48,
    average: float = 0.999,
    warmup_epochs: Annotated[float, typer.Option(help="Rise of the learning rate.")] = 1.0,
    strength: Annotated[float, typer.Option(help="How much views are disturbed, 1 = usual.")] = 1.0,
    seed: int = 1,
    minutes: Annotated[float, typer.Option(help="Length of this segment.")] = 120.0,
    backend: Annotated[str, typer.Option(help="tensorflow, jax or torch.")] = "tensorflow",
) -> None:
    """Train, or go on training, one run; writes its weights and PublicTest figures at the end."""
    os.environ.setdefault("KERAS_BACKEND", backend)
    from tools.train import data, fit

    plan = fit.Plan(
        architecture=architecture,
        epochs=epochs,
        decay_epochs=decay_epochs,
        learning_rate=learning_rate,
        small_until_epoch=small_until_epoch,
        pairs=pairs,
        batch=batch,
        mixup=mixup,
        distil=distil,
        teacher_size=teacher_size,
        average=average,
        warmup_epochs=warmup_epochs,
        strength=strength,
        seed=seed,
    )
    folder = work / "runs" / run
    job = fit.Run(folder, plan, data.load(work / "data"), _points(work))
    (folder / "plan.json").write_text(json.dumps(asdict(plan), indent=1))
    if job.state_path.exists():
        job.restore()
        console.print(f"going on at step {job.step} of {job.steps}")
    elif start_from is not None:
        job.start_from(start_from)
    if teacher is not None:
        job.teach_with(teacher, teacher_architecture)
    losses: list[float] = []
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=console
    )
    with bar:
        task = bar.add_task(run, total=job.steps, completed=job.step)

        def report(p: fit.Progress) -> None:
            losses.append(p.loss)
            bar.update(task, completed=p.step)
            if p.step % p.per_epoch == 0 or p.step == 20:
                mean = float(np.mean(losses[-p.per_epoch :]))
                bar.console.print(
                    f"epoch {p.step / p.per_epoch:.1f} loss {mean:.4f} rate {p.rate:.4f} "
                    f"{p.images_per_second:.0f} images/s"
                )

        finished = job.segment(minutes, report)
    weights = job.finished_weights()
    fit.write_weights(folder / "weights.npz", weights)
    console.print("finished" if finished else f"stopped at step {job.step} of {job.steps}")
    _print_public(architecture, weights, job)


def _print_public(architecture: str, weights: list[np.ndarray], job: object) -> None:
    from tools.train import evaluate as ev
    from tools.train import fit, network
    from tools.train.views import Condition

    assert isinstance(job, fit.Run)
    model = fit.joined(network.build(architecture))
    model.set_weights(weights)
    rows = job.faces.rows("public_test")
    for condition in Condition:
        for aligned in (False, True):
            logits = ev.logits_of(
                model.predict_on_batch, job.faces, job.where, rows, condition, aligned=aligned
            )
            s = ev.score(logits, job.faces, rows, split="public_test", condition=condition)
            console.print(
                f"public_test {condition.value:15s} {'aligned' if aligned else 'as given':8s} "
                f"{s.accuracy:.4f} [{s.low:.3f}, {s.high:.3f}] n={s.n} "
                f"FER+ {s.crowd_accuracy:.4f} ece {s.ece:.3f}"
            )


@app.command()
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
    ex.write_onnx(model, out)
    faces = data.load(work / "data")
    rows = faces.rows("public_test")[:64]
    where = views.locate(_points(work), len(faces.images))
    shown = views.evaluation_views(faces.images, where, rows, views.Condition.SEEN)
    gap = ex.check_parity(model, out, shown)
    console.print(f"{out}: {out.stat().st_size} bytes, logits agree within {gap:.1e}")


@app.command()
def card(
    *,
    work: Work,
    run: Annotated[str, typer.Option(help="The run that the weights came from.")],
    model: Annotated[Path, typer.Option(help="model.onnx inside its folder in the store.")],
    version: Annotated[str, typer.Option(help="Version to write.")],
    private_test: Annotated[
        bool, typer.Option(help="Report PrivateTest too. Count each use in RESULTS.md.")
    ] = False,
    thresholds: Annotated[
        Path, typer.Option(help="Folder for the thresholds below which no expression is named.")
    ] = Path("calibration"),
) -> None:
    """Calibrate an exported model on PublicTest, measure it, and write its card."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from tools.train import card as cards
    from tools.train import coverage
    from tools.train import export as ex
    from tools.train.measure import Answers

    plan = json.loads((work / "runs" / run / "plan.json").read_text())
    test, _ = cli_evaluation.open_test_faces(work, private_test=private_test)
    faces, where, rows = test.faces, test.where, test.faces.rows("public_test")
    predict = ex.predictor(ex.open_session(model))
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
    by_split = {}
    for split in splits[:2]:
        answers = partial(shown.logits, split, aligned=True)
        by_split[split] = coverage.of_bands(answers, faces, faces.rows(split), calibration)
    abstention = thresholds / f"abstention_{model.parent.name}.toml"
    coverage.write_profile(
        abstention,
        coverage.profile(by_split),
        model=model.parent.name,
        version=version,
        sha256=ex.sha256(model),
    )
    used = len(faces.training_rows())
    cards.write_card(
        model.with_name("card.toml"),
        version=version,
        architecture=plan["architecture"],
        parameters=ex.trained(work / "runs" / run).count_params(),
        weights=model,
        digest=ex.sha256(model),
        calibration=calibration,
        scores=scores,
        training=f"FER2013 training split without copies of test faces ({used} faces), FER+ votes",
        abstention=abstention.name,
    )
    for s in scores:
        console.print(
            f"{s.split:28s} {s.condition:15s} {s.accuracy:.4f} [{s.low:.3f}, {s.high:.3f}] "
            f"n={s.n} F1 {s.macro_f1:.3f} ece {s.ece:.3f} FER+ {s.crowd_accuracy:.4f}"
        )
    console.print({band.value: np.round(r, 3) for band, r in calibration.reliability.items()})


@app.command()
def landmarks(
    *,
    work: Work,
    out: Annotated[Path, typer.Option(help="Folder of the model in the store.")],
    channels: Annotated[str, typer.Option(help="landmarks_68 or landmarks_lower.")],
    version: Annotated[str, typer.Option(help="Version to write.")],
    epochs: int = 12,
    private_test: Annotated[
        bool, typer.Option(help="Report PrivateTest too. Count each use in RESULTS.md.")
    ] = False,
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

    faces, found = data.load(work / "data"), _points(work)
    if found is None:
        raise typer.BadParameter("no points there; run `points` first")
    model = lm.fit(faces, found, channels, epochs)
    weights = out / "model.onnx"
    ex.write_onnx(model, weights)
    predict = ex.predictor(ex.open_session(weights))
    where = views.locate(found, len(faces.images))
    calibration, scores = None, []
    for split in ("public_test", "private_test")[: 1 + private_test]:
        rows = faces.rows(split)
        seen = lm.of_rows(found, rows, mirrored=False)
        console.print(f"{split}: mesh found in {len(seen.rows) / len(rows):.1%} of {len(rows)}")
        answer = lm.answers(predict, seen, channels)
        ex.check_parity(model, weights, lm.inputs(seen.at[:64], channels))
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
        "painted headset the mesh is found in about half of such small faces.",
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
        training="face-mesh points of FER2013 training faces without copies of test faces",
        takes=takes,
    )
