"""A run goes on where it was stopped, or says why it cannot; skipped where the training extra is
not installed."""

import json
import os
import re
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.tools.test_train_data import pictures, prepared
from tools.train.errors import TrainingError

pytest.importorskip("tensorflow", reason="needs the train extra (tensorflow, keras, tf2onnx)")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

USAGES = ["training"] * 10 + ["public_test", "private_test"]
SMALL = ["--architecture", "residual_small", "--epochs", "1", "--minutes", "0"]


def command(work: Path, *words: str) -> tuple[int, str]:
    from tools.train.cli import app

    done = CliRunner().invoke(app, [*words, "--work", str(work)], env={"COLUMNS": "300"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.fixture
def work(tmp_path: Path) -> Path:
    prepared(pictures(12), USAGES, tmp_path / "data")
    return tmp_path


@pytest.mark.timeout(60)
def test_a_batch_that_cannot_be_made_ends_the_run_instead_of_leaving_it_to_wait(
    tmp_path: Path,
) -> None:
    from tools.train import fit

    faces = prepared(pictures(12), USAGES, tmp_path)
    batches = fit.Batches(faces, [], fit.Plan("residual_small", 1, 1, batch=4), 0)
    with pytest.raises(IndexError):
        batches.take()


def test_a_run_goes_on_with_its_weights_momentum_and_place(work: Path) -> None:
    from tools.train import data, fit

    plan = fit.Plan("residual_small", 2, 1, batch=4)
    first = fit.Run(work / "run", plan, data.load(work / "data"), None)
    assert first.segment(10, lambda _: None)
    again = fit.Run(work / "run", plan, data.load(work / "data"), None)
    again.restore()
    assert again.step == first.step == 4
    for ours, theirs in (
        (again.model.get_weights(), first.model.get_weights()),
        (again.average, first.average),
        (
            [np.asarray(v) for v in again.model.optimizer.variables],
            [np.asarray(v) for v in first.model.optimizer.variables],
        ),
    ):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (["--batch", "2"], "trained with 2 batches an epoch, now there are 5"),
        (["--architecture", "plain"], "another architecture"),
    ],
)
def test_a_run_of_another_plan_is_refused_and_its_plan_kept(
    work: Path, changed: list[str], said: str
) -> None:
    began = ["train", "--run", "a", *SMALL, "--batch", "4"]
    assert command(work, *began)[0] == 0
    plan = (work / "runs" / "a" / "plan.json").read_text()
    code, output = command(work, *began, *changed)
    assert code == 1
    assert said in output
    assert (work / "runs" / "a" / "plan.json").read_text() == plan


def test_a_longer_schedule_goes_on_and_says_what_changed(work: Path) -> None:
    from tools.train import data, fit

    faces = data.load(work / "data")
    short, long = (fit.Plan("residual_small", n, 1, batch=4) for n in (1, 3))
    assert fit.Run(work / "run", short, faces, None).write_plan() == []
    assert fit.Run(work / "run", long, faces, None).write_plan() == ["epochs 1 -> 3"]
    assert json.loads((work / "run" / "plan.json").read_text())["epochs"] == 3


def test_a_state_cut_off_while_it_was_written_is_named(work: Path) -> None:
    from tools.train import data, fit

    run = fit.Run(work / "run", fit.Plan("residual_small", 1, 1, batch=4),
                  data.load(work / "data"), None)  # fmt: skip
    run.save()
    run.state_path.write_bytes(run.state_path.read_bytes()[:5000])
    with pytest.raises(TrainingError, match=r"cannot read .*state\.npz"):
        run.restore()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--epochs", "nan"], "epochs nan"),
        (["--epochs", "0"], "epochs 0"),
        (["--epochs", "-3", "--learning-rate", "-1"], "epochs -3, learning_rate -1"),
        (["--average", "1"], "average 1"),
        (["--batch", "0"], "batch 0"),
        (["--batch", "11"], "10 training faces do not fill a batch of 11"),
        (["--minutes", "-1"], "--minutes"),
        (["--backend", "theano"], "'tensorflow', 'jax', 'torch'"),
        (["--architecture", "resnet"], "unknown architecture 'resnet'; known are plain"),
        (["--distil", "0.5"], "need both --teacher and --distil"),
        (["--teacher", "gone.npz"], "need both --teacher and --distil"),
        (["--teacher", "gone.npz", "--distil", "1"], "cannot read the weights gone.npz"),
        (["--start-from", "gone.npz"], "cannot read the weights gone.npz"),
    ],
)
def test_a_run_that_cannot_be_trained_is_refused_before_it_begins(
    work: Path, words: list[str], said: str
) -> None:
    code, output = command(work, "train", "--run", "a", *SMALL, "--batch", "4", *words)
    assert code in (1, 2)
    assert said in output
    assert not list(work.rglob("plan.json"))


def test_a_teacher_of_another_architecture_is_refused(work: Path) -> None:
    from tools.train import fit, network

    weights = fit.joined(network.build("residual_small", None)).get_weights()
    fit.write_weights(work / "teacher.npz", weights)
    code, output = command(
        work, "train", "--run", "a", *SMALL, "--batch", "4", "--distil", "1",
        "--teacher", str(work / "teacher.npz"), "--teacher-architecture", "plain",
    )  # fmt: skip
    assert code == 1
    assert "teacher.npz are of another architecture" in output


def test_a_run_that_is_not_there_or_has_no_weights_yet_is_not_exported(work: Path) -> None:
    out = ["--out", str(work / "model.onnx")]
    (work / "runs" / "young").mkdir(parents=True)
    (work / "runs" / "young" / "plan.json").write_text('{"architecture": "plain"}')
    for run, said in (("old", "no run old in .*; there are: young"), ("young", "no weights yet")):
        code, output = command(work, "export", "--run", run, *out)
        assert code == 1
        assert re.search(said, output)


def test_a_network_that_fails_its_proof_does_not_replace_the_one_that_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools.train import export, network

    model = network.build("residual_small", 48)
    path = tmp_path / "model.onnx"
    path.write_bytes(b"what ships")
    views = np.random.default_rng(0).random((2, 48, 48, 2), dtype=np.float32)
    monkeypatch.setattr(export, "PARITY", 0.0)
    with pytest.raises(export.ParityError):
        export.write_proven(model, path, views)
    assert [p.name for p in tmp_path.iterdir()] == ["model.onnx"]
    assert path.read_bytes() == b"what ships"


@pytest.mark.timeout(600)
def test_a_reference_that_is_stopped_says_how_long_its_weights_were_trained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools.train import data, reference, reference_fit

    monkeypatch.setattr(reference_fit, "EPOCH", reference.BATCH)
    monkeypatch.setattr(reference_fit, "SAVE_EVERY", 2)
    monkeypatch.setattr(reference, "STAGES", ((2, 5), (2, 3), (2, 3)))
    rows = [
        {"usage": usage, "label": label, **dict.fromkeys(data.VOTES, "0")}
        for usage in ("training", "public_test")
        for label in data.LABELS_7
    ]
    faces = data.prepare(pictures(14), rows, tmp_path / "data")
    plans: list[str] = []

    def stop(_epochs: float, _loss: float) -> None:
        plans.append(json.loads((tmp_path / "elu" / "plan.json").read_text())["about"])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reference_fit.fit(faces, tmp_path / "elu", 10, stop)
    assert "after 1.00 of its 100 epochs" in plans[0]
    assert (tmp_path / "elu" / "weights.npz").exists()
