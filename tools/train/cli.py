"""The command line: what prepares and trains is here, what measures and ships beside it."""

import os
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from tools.train import cli_evaluation, cli_shipping
from tools.train.cli_evaluation import Work
from tools.train.errors import Commands, TrainingError


class Backend(StrEnum):
    """What Keras trains on."""

    TENSORFLOW = "tensorflow"
    JAX = "jax"
    TORCH = "torch"


UsedBackend = Annotated[Backend, typer.Option(envvar="KERAS_BACKEND", help="What Keras runs on.")]
Minutes = Annotated[float, typer.Option(min=0, help="Length of this segment.")]

app = typer.Typer(
    cls=Commands,
    help="Train the expression models: `prepare`, `points`, `copies`, `train`, `export`, `card`; "
    "measure them: `points --painted`, `evaluate`, `baselines`, `report`.",
    no_args_is_help=True,
    add_completion=False,
)
console = Console()


@app.command()
def prepare(
    work: Work,
    mosaics: Annotated[Path | None, typer.Option(help="Folder of lossless mosaics.")] = None,
    public_csv: Annotated[Path | None, typer.Option(help="The public fer2013.csv.")] = None,
    votes_csv: Annotated[Path | None, typer.Option(help="FER+ votes beside it.")] = None,
) -> None:
    """Decode the faces, group exact and near duplicates, write leak-checked splits."""
    from tools.train import data, sources

    if (mosaics is None) == (public_csv is None):
        raise typer.BadParameter("give either --mosaics or --public-csv")
    if mosaics is not None:
        images, rows = sources.read_mosaics(mosaics)
    else:
        assert public_csv is not None
        images, rows = sources.read_public_csv(public_csv, votes_csv)
    missing = set(data.SPLITS) - {row["usage"] for row in rows}
    if missing:
        raise TrainingError(f"no face there is of {', '.join(sorted(missing))}; is the file whole?")
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
        n = len(faces.images)
        where = views.locate(data.mesh_points(work / "data", n), n)
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
            unfinished = work / "data" / f"{name}.unfinished.npy"
            found = mesh.find(
                images, lambda k, t=task: bar.update(t, completed=k), confidence, unfinished
            )
        unfinished.replace(work / "data" / f"{name}.npy")
        share = np.isfinite(found[:, 0, 0]).mean()
        console.print(f"{name}: found {share:.1%} of {len(found)} faces")


@app.command()
def copies(*, work: Work) -> None:
    """Find test faces whose photograph is in training too, cropped or lit otherwise."""
    from tools.train import copies as photographs
    from tools.train import data, views

    faces = data.load(work / "data")
    found = data.needed_points(work / "data", len(faces.images))
    where = views.locate(found, len(faces.images))
    crops = photographs.aligned(faces.images, where, np.arange(len(faces.images)))
    tests = faces.split > 0
    best = np.full(len(crops), np.nan, np.float32)
    for of, others in ((tests, ~tests), (~tests, tests)):
        best[of], _ = photographs.strongest(crops[of], crops[others])
    data.write_array(work / "data" / data.PHOTOGRAPHS, best)
    shared = best > data.SAME_PHOTOGRAPH
    console.print(
        f"{shared[tests].mean():.1%} of {tests.sum()} test faces show a photograph of the training "
        f"split; {shared[~tests].sum()} training faces do not train for that"
    )
    faces = data.load(work / "data")
    data.write_manifest(faces, work / "data")
    console.print(f"{len(faces.training_rows())} training faces kept")


@app.command()
def framing(
    *, work: Work, out: Annotated[Path, typer.Option()] = Path("calibration/crop_fer2013.toml")
) -> None:
    """Write where FER2013's framing puts a face; the live crop follows it."""
    from tools.train import data
    from tools.train import points as mesh

    faces = data.load(work / "data")
    found = data.needed_points(work / "data", len(faces.images))
    mesh.write_framing(out, found[faces.rows("training")])
    console.print(f"wrote {out}")


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
    distil: Annotated[float, typer.Option(help="Weight of the teacher's answers.")] = 0.0,
    start_from: Annotated[Path | None, typer.Option(help="weights.npz to begin with.")] = None,
    teacher: Annotated[Path | None, typer.Option(help="weights.npz of the teacher.")] = None,
    teacher_architecture: str = "residual_medium",
    teacher_size: Annotated[int, typer.Option(help="Pixels that it was trained on.")] = 48,
    average: float = 0.999,
    warmup_epochs: Annotated[float, typer.Option(help="Rise of the learning rate.")] = 1.0,
    strength: Annotated[float, typer.Option(help="How much views are disturbed, 1 = usual.")] = 1.0,
    seed: int = 1,
    minutes: Minutes = 120.0,
    backend: UsedBackend = Backend.TENSORFLOW,
) -> None:
    """Train, or go on training, one run; writes its weights and PublicTest figures at the end."""
    _use(backend)
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
    if (teacher is None) != (distil == 0):
        raise typer.BadParameter("a teacher's answers need both --teacher and --distil above 0")
    folder = work / "runs" / run
    faces = data.load(work / "data")
    job = fit.Run(folder, plan, faces, data.mesh_points(work / "data", len(faces.images)))
    if job.state_path.exists():
        job.restore()
        console.print(f"going on at step {job.step} of {job.steps}")
    elif start_from is not None:
        job.start_from(start_from)
    if teacher is not None:
        job.teach_with(teacher, teacher_architecture)
    for change in job.write_plan():
        console.print(f"another plan than before: {change}")
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
    fit.write_weights(folder / "weights.npz", job.finished_weights())
    console.print("finished" if finished else f"stopped at step {job.step} of {job.steps}")
    _print_public(job)


@app.command()
def reference(
    *,
    work: Work,
    minutes: Minutes = 120.0,
    backend: UsedBackend = Backend.TENSORFLOW,
) -> None:
    """Train paper 000's ELU-DCNN, or go on with it; `export` and `card` know it as run `elu`."""
    _use(backend)
    from tools.train import data, reference_fit

    about = reference_fit.fit(
        data.load(work / "data"),
        work / "runs" / "elu",
        minutes,
        lambda epochs, loss: console.print(f"epoch {epochs:.2f} loss {loss:.3f}"),
    )
    console.print(about)


for command in (
    cli_shipping.export,
    cli_shipping.card,
    cli_shipping.landmarks,
    cli_evaluation.evaluate,
    cli_evaluation.peer,
    cli_evaluation.baselines,
    cli_evaluation.int8,
    cli_evaluation.report,
):
    app.command()(command)


def _use(backend: Backend) -> None:
    if find_spec(backend.value) is None:
        raise TrainingError(f"{backend.value} is not installed here; name another --backend")
    os.environ["KERAS_BACKEND"] = backend.value


def _print_public(job: object) -> None:
    from tools.train import evaluate as ev
    from tools.train import export, fit
    from tools.train.views import Condition

    assert isinstance(job, fit.Run)
    model = fit.joined(export.trained(job.folder))
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
                f"FER+ {s.crowd_accuracy:.4f} as published {s.published_accuracy:.4f} "
                f"ece {s.ece:.3f}"
            )
