"""Commands that measure and print: evaluate, baselines, int8, report."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer
from rich.console import Console

from tools.train.errors import TrainingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

    from tools.train.evaluate import Score
    from tools.train.measure import TestFaces

console = Console()

REPOSITORY = Path(__file__).resolve().parents[2]


def _outside(work: Path) -> Path:
    if work.resolve().is_relative_to(REPOSITORY):
        raise typer.BadParameter(
            f"faces of real people go there, which are never committed: give a folder outside "
            f"{REPOSITORY}"
        )
    return work


Work = Annotated[
    Path,
    typer.Option(
        "--work",
        envvar="ATTUNE_TRAIN_WORK",
        callback=_outside,
        help="Folder outside the repository.",
    ),
]
Results = Annotated[Path, typer.Option(help="Folder of what was measured.")]
Store = Annotated[Path, typer.Option(help="The model store.")]
PrivateTest = Annotated[
    bool, typer.Option(help="Measure PrivateTest too. Count each use in RESULTS.md.")
]
MEASURED = Path("models/evaluation")
PEER = "fer-25.10.3"


def evaluate(
    *,
    work: Work,
    store: Store = Path("models"),
    results: Results = MEASURED,
    private_test: PrivateTest = False,
) -> None:
    """Measure every model of the store on every set; `report` prints it."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from attune.expression.store import ModelStore
    from tools.train import measure, rows
    from tools.train import results as written
    from tools.train.views import Condition

    _keep_private_test(results, private_test=private_test)
    test, points = open_test_faces(work, private_test=private_test)
    missing = {Condition.SEEN, Condition.UNSEEN} - set(test.recrops)
    if missing:
        raise TrainingError(
            f"no points under {' and '.join(sorted(missing))} in {work / 'data'}, so that nothing "
            "could be re-cropped; run `python -m tools.train points --painted` first"
        )
    models = [ModelStore(store).load(name) for name in ModelStore(store).names()]
    landmarks = [one for one in models if one.card.model.kind == "landmark"]
    written.write_common(results, measure.common(test))
    for stored in landmarks:
        console.print(f"measuring {stored.name}")
        written.write(results, rows.landmark(stored, test, points, work / "data"))
    for stored in models:
        if stored.card.model.kind == "pixel":
            console.print(f"measuring {stored.name}")
            measured, answers = rows.pixel(stored, test, work)
            if stored.card.calibration.abstention is not None:
                measured.facts["fusion"] = [
                    rows.fused((stored, other), answers, test, points, work / "data")
                    for other in landmarks
                ]
            written.write(results, measured)
    console.print(f"wrote {results}")


def peer(
    *,
    work: Work,
    results: Results = MEASURED,
    private_test: PrivateTest = False,
    python: Annotated[
        Path, typer.Option(help="Interpreter of the environment that `make bench ARGS=peer` makes.")
    ] = Path(".tools/peer/bin/python"),
) -> None:
    """Measure the widely used package `fer` on the same pictures, in its own environment."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from tools.train import results as written
    from tools.train import rows

    if not python.exists():
        raise typer.BadParameter(f"expected {python}; run `make bench ARGS=peer` first")
    _keep_private_test(results, private_test=private_test)
    test, _ = open_test_faces(work, private_test=private_test)
    written.write(results, rows.peer(test, python, work / "peer", PEER))


def _keep_private_test(results: Path, *, private_test: bool) -> None:
    """Refuse to put figures of PublicTest alone in the place of those of both."""
    from tools.train.results import PRIVATE, read

    if private_test or not (results / "common.json").exists():
        return
    if PRIVATE in read(results)[0].sets:
        raise TrainingError(
            f"{results} holds figures of PrivateTest, which would be lost; measure it too "
            "(--private-test), or give another folder (--results)"
        )


def open_test_faces(work: Path, *, private_test: bool) -> tuple["TestFaces", np.ndarray]:
    """Return the test faces and the mesh points of all."""
    from tools.train import data, views
    from tools.train.measure import TestFaces

    faces = data.load(work / "data")
    points = data.needed_points(work / "data", len(faces.images))
    where = views.locate(points, len(faces.images))
    return TestFaces.of(faces, where, work / "data", private_test=private_test), points


def baselines(
    *,
    work: Work,
    results: Results = MEASURED,
    private_test: PrivateTest = False,
    deep_weights: Annotated[
        Path | None,
        typer.Option(
            help="Folder with vgg16.weights.h5 and mobilenet.weights.h5: keras.applications "
            "networks without their top, trained on ImageNet. Without it their rows are left out."
        ),
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Names of rows, for example hog.")] = None,
) -> None:
    """Measure papers 000's and 002's classifiers on features: pixels, HOG, networks, distances."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from tools.train import features as ft
    from tools.train import results as written
    from tools.train import rows
    from tools.train.evaluate import fit_temperature
    from tools.train.results import Measured

    _keep_private_test(results, private_test=private_test)
    test, points = open_test_faces(work, private_test=private_test)
    if not only or "distances" in only:
        for lower in (False, True):
            console.print(f"measuring distances, lower face alone: {lower}")
            found = rows.nearest_face(test, points, work / "data", lower=lower)
            written.write(results, found)
    kinds: dict[str, ft.Features] = {"pixels": ft.pixels, "hog": ft.hog}
    if deep_weights is not None:
        kinds |= {name: ft.deep(name, deep_weights / f"{name}.weights.h5") for name in ft.DEEP}
    pictures, label = ft.training_pictures(test.faces, test.where)
    public = test.faces.rows("public_test")
    for kind, describe in kinds.items():
        if only and kind not in only:
            continue
        console.print(f"describing {len(pictures)} training faces by {kind}")
        raw = describe(pictures)
        reduction = ft.Reduction.of(raw)
        x = reduction.apply(raw)
        rng = np.random.default_rng(1)
        classifiers = {
            "k-nn": ft.nearest(x, label, rng),
            "linear svm": ft.linear(x, label),
            "rbf svm": ft.radial(x, label, rng),
        }
        for name, classifier in classifiers.items():
            baseline = ft.Baseline(describe, reduction, classifier)
            margins = name != "rbf svm"
            shown = test.faces.images[public]
            t = fit_temperature(baseline(shown), test.faces.label[public]) if margins else None
            measured = Measured(
                f"{kind} {name}",
                "features",
                5,
                f"{raw.shape[1]} features, {x.shape[1]} principal components, {classifier.chosen}",
                bytes=baseline.bytes,
                milliseconds=baseline.milliseconds(shown[:100]),
                scores=rows.classified(test, baseline, t),
            )
            written.write(results, measured)
            one = measured.score("PublicTest", "clean")
            console.print(f"{measured.name}: PublicTest clean {one.accuracy:.4f}" if one else "")


def int8(
    *,
    work: Work,
    model: Annotated[str, typer.Option(help="Pixel model of the store.")] = "headset-aware-fer",
    store: Store = Path("models"),
    results: Results = MEASURED,
) -> None:
    """Quantise a model and say whether that is worth shipping: PublicTest, live crop."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    from attune.expression.store import ModelStore
    from tools.train import quantize, rows
    from tools.train import results as written
    from tools.train.export import open_session, predictor, sha256
    from tools.train.measure import Answers, Crop, scores
    from tools.train.views import Condition, evaluation_views

    test, _ = open_test_faces(work, private_test=False)
    stored = ModelStore(store).load(model)
    training = test.faces.training_rows()[:: 27_000 // quantize.CALIBRATION_FACES]
    views = [
        evaluation_views(test.faces.images, test.where, part, condition, aligned=True)
        for part, condition in ((training[::2], Condition.CLEAN), (training[1::2], Condition.SEEN))
    ]
    temperature = stored.card.calibration.temperature["logits7"]

    def measure(name: str, path: Path, session: "InferenceSession") -> "list[Score]":
        kept = work / "evaluation" / f"{stored.name}-{name}-public.npz"
        answers = Answers(kept, sha256(path), predictor(session), test)
        return scores(answers, test, lambda c: temperature[rows.band_of(c)], (Crop.ALIGNED,))

    exact = measure("fp32", stored.path, open_session(stored.path))
    files, forms = [], []
    for weights in quantize.Range:
        files.append(work / "int8" / f"{stored.name}-{weights.name.lower()}.onnx")
        quantize.quantize(stored.path, files[-1], np.concatenate(views), weights)
        for sums in quantize.Sums:
            name = f"int8-{weights.name}-{sums.name}".lower()
            found = measure(name, files[-1], quantize.open_summing(files[-1], sums))
            forms.append((weights, sums, found))
            console.print(f"{weights}, {sums}: PublicTest clean {found[0].accuracy:.4f}")
    quick, _, slow = quantize.milliseconds([*files, stored.path], views[0][0])
    reduced = [found for weights, _, found in forms if weights is quantize.Range.REDUCED]
    shipped = quantize.worth_shipping(
        [one[0].accuracy for one in reduced], exact[0].accuracy, quick, slow
    )
    processor, vnni = quantize.processor()
    measured = written.Measured(
        f"{stored.name} int8",
        "int8",
        1,
        "8 bits, weights per channel in 7 of them, summed without VNNI",
        stored.card.model.parameters,
        files[0].stat().st_size,
        quick,
        tuple(reduced[0]),
        {
            "int8": {
                "of": stored.name,
                "fp32_milliseconds": slow,
                "processor": processor,
                "vnni": vnni,
                "worth_shipping": shipped,
                "forms": [
                    {"weights": w, "sums": s, "scores": _accuracies(found)}
                    for w, s, found in [("32-bit floats", "", exact), *forms]
                ],
            }
        },
    )
    written.write(results, measured)
    console.print(f"{processor}, VNNI: {vnni}; {quick:.2f} ms beside {slow:.2f}; {shipped=}")


def _accuracies(found: "list[Score]") -> list[dict[str, object]]:
    return [
        {"shown": s.condition, "n": s.n, "accuracy": s.accuracy, "low": s.low, "high": s.high}
        for s in found
        if s.split == "PublicTest"
    ]


def report(
    *,
    results: Results = MEASURED,
    out: Annotated[Path, typer.Option(help="Markdown to write; HTML beside it.")] = Path(
        "models/REPORT.md"
    ),
) -> None:
    """Print what was measured as Markdown and as one HTML page with plots; measures nothing."""
    from tools.train import report as markdown
    from tools.train import report_page
    from tools.train import results as written

    common, models = written.read(results)
    out.write_text(markdown.report(common, models), encoding="utf-8")
    page = out.with_suffix(".html")
    page.write_text(report_page.page(common, models), encoding="utf-8")
    console.print(f"wrote {out} and {page}")
