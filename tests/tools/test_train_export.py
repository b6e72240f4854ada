"""A network leaves Keras unchanged; skipped where the training extra is not installed."""

import os
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from attune.expression.abstention import NAMES_ALL
from attune.expression.emotion import EMOTIONS_7
from attune.expression.pixel import PixelModel
from attune.expression.store import ModelStore
from attune.vision.face import VisibilityBand
from tests.tools.test_train_data import pictures, prepared
from tools.train import data
from tools.train.errors import TrainingError

pytest.importorskip("tensorflow", reason="needs the train extra (tensorflow, keras, tf2onnx)")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


def test_an_exported_network_answers_as_in_keras(tmp_path: Path) -> None:
    from tools.train import export, network

    model = network.build("residual_small", 48)
    export.write_onnx(model, tmp_path / "model.onnx")
    views = np.random.default_rng(0).random((5, 48, 48, 2), dtype=np.float32)
    assert export.check_parity(model, tmp_path / "model.onnx", views) < export.PARITY


def test_a_changed_network_is_noticed(tmp_path: Path) -> None:
    from tools.train import export, network

    export.write_onnx(network.build("residual_small", 48), tmp_path / "model.onnx")
    views = np.random.default_rng(0).random((5, 48, 48, 2), dtype=np.float32)
    with pytest.raises(export.ParityError, match="differs"):
        export.check_parity(network.build("residual_small", 48), tmp_path / "model.onnx", views)


def test_an_unknown_architecture_is_answered_with_the_known_ones() -> None:
    from tools.train import network

    with pytest.raises(TrainingError, match="residual_small"):
        network.build("resnet")


def test_the_reference_network_has_the_published_number_of_parameters() -> None:
    from tools.train import reference

    model = reference.elu_dcnn()
    assert model.count_params() == reference.PARAMETERS == 2_395_591
    assert model.output.shape == (None, 7)


def test_a_network_answers_at_36_and_at_48_pixels_with_the_same_weights() -> None:
    from tools.train import network

    anysize, fixed = network.build("residual_small", None), network.build("residual_small", 48)
    fixed.set_weights(anysize.get_weights())
    views = np.random.default_rng(0).random((2, 48, 48, 2), dtype=np.float32)
    for ours, theirs in zip(anysize(views), fixed(views), strict=True):
        np.testing.assert_allclose(np.asarray(ours), np.asarray(theirs), atol=1e-4)
    assert anysize(views[:, :36, :36])[0].shape == (2, 7)


def test_batch_statistics_are_recomputed_at_the_size_that_training_ended_with() -> None:
    from tools.train import fit

    small = fit.Plan("residual_small", epochs=4.5, decay_epochs=4, small_until_epoch=99)
    grown = fit.Plan("residual_small", epochs=4.5, decay_epochs=4, small_until_epoch=2)
    assert small.for_statistics().size(1000.0) == small.small_size
    assert grown.for_statistics().size(0.0) == 48


@pytest.mark.parametrize(("name", "width"), [("vgg16", 512), ("mobilenet", 1024)])
def test_a_pretrained_network_s_features_can_be_had_with_random_weights(
    name: str, width: int
) -> None:
    from tools.train import features

    faces = np.random.default_rng(0).integers(0, 256, (2, 48, 48)).astype(np.uint8)
    assert features.deep(name, None)(faces).shape == (2, width)


def test_the_reference_is_shown_every_class_equally_often_and_the_same_again() -> None:
    from tools.train import reference_fit
    from tools.train.data import Faces

    rng = np.random.default_rng(0)
    label = np.repeat(np.arange(7), [40, 2, 40, 60, 40, 30, 40])
    n = len(label)
    faces = Faces(
        rng.integers(0, 256, (n, 48, 48)).astype(np.uint8),
        np.zeros(n, np.int64),
        label,
        np.zeros((n, 10), np.float32),
        np.arange(n),
        np.arange(n),
        np.zeros(n, np.bool_),
        {},
    )
    by_label = [np.flatnonzero(label == k) for k in range(7)]
    shown = [reference_fit.batch(faces, by_label, step) for step in range(40)]
    share = np.concatenate([y for _, y in shown]).mean(axis=0)
    np.testing.assert_allclose(share, 1 / 7, atol=0.05)
    again = reference_fit.batch(faces, by_label, 3)
    np.testing.assert_array_equal(again[0], shown[3][0])
    assert again[0].shape == (32, 48, 48, 1)


def test_the_reference_goes_from_its_run_into_the_store_and_reads_a_face(tmp_path: Path) -> None:
    from tools.train.cli import app

    usages = ["training"] * 8 + ["public_test"] * 4
    faces = prepared(pictures(12), usages, tmp_path / "data")
    np.save(tmp_path / "data" / "points.npy", np.full((12, 468, 3), np.nan, np.float32))
    weights = str(tmp_path / "models" / "elu-dcnn" / "model.onnx")
    for command in (
        ["reference", "--minutes", "0"],
        ["export", "--run", "elu", "--out", weights],
        ["card", "--run", "elu", "--model", weights, "--version", "1.0.0"],
    ):
        done = CliRunner().invoke(app, [*command, "--work", str(tmp_path)])
        assert done.exit_code == 0, done.output
        np.save(tmp_path / "data" / data.PHOTOGRAPHS, np.full(12, 0.97, np.float32))  # `copies`

    stored = ModelStore(tmp_path / "models").load("elu-dcnn")
    model = PixelModel(stored)
    said = model.predict(faces.images[8], np.zeros((48, 48), np.float32), VisibilityBand.POOR)
    assert "after 0.00 of its 100 epochs" in stored.card.model.architecture
    assert stored.card.model.parameters == 2_395_591
    assert "(8 faces)" in stored.card.model.data
    assert stored.abstention() is NAMES_ALL
    assert said.eight is said.seven
    assert said.labels == model.labels == EMOTIONS_7


def test_a_card_is_not_written_for_the_network_of_another_run(tmp_path: Path) -> None:
    from tools.train import export, fit, network
    from tools.train.cli import app

    prepared(pictures(12), ["training"] * 8 + ["public_test"] * 4, tmp_path / "data")
    np.save(tmp_path / "data" / "points.npy", np.full((12, 468, 3), np.nan, np.float32))
    faces = data.load(tmp_path / "data")
    run = fit.Run(tmp_path / "runs" / "a", fit.Plan("residual_small", 1, 1, batch=4), faces, None)
    run.write_plan()
    fit.write_weights(run.folder / "weights.npz", run.average)
    out = tmp_path / "models" / "m" / "model.onnx"
    export.write_onnx(network.build("residual_small", 48), out)
    done = CliRunner().invoke(
        app,
        ["card", "--run", "a", "--model", str(out), "--version", "1.0.0", "--work", str(tmp_path)],
        env={"COLUMNS": "300"},
    )
    assert done.exit_code == 1
    assert "differs from the trained network" in done.output
    assert not out.with_name("card.toml").exists()


def test_an_8_bit_network_still_says_about_the_same(tmp_path: Path) -> None:
    from tools.train import export, network, quantize

    model = network.build("residual_small", 48)
    source, small = tmp_path / "model.onnx", tmp_path / "small.onnx"
    export.write_onnx(model, source)
    views = np.random.default_rng(0).random((24, 48, 48, 2), dtype=np.float32)
    quantize.quantize(source, small, views, quantize.Range.REDUCED)
    exact, coarse = (export.predictor(export.open_session(p))(views) for p in (source, small))
    assert small.stat().st_size < source.stat().st_size / 2
    assert np.corrcoef(exact.ravel(), coarse.ravel())[0, 1] > 0.9


@pytest.mark.parametrize(
    ("with_saturation", "milliseconds", "shipped"),
    [(0.62, 0.5, True), (0.61, 0.5, False), (0.62, 1, False)],
)
def test_8_bits_are_worth_shipping_only_if_faster_and_as_good_however_they_are_summed(
    with_saturation: float, milliseconds: float, shipped: bool
) -> None:
    from tools.train import quantize

    found = quantize.worth_shipping([with_saturation, 0.621], 0.622, milliseconds, 0.8)
    assert found is shipped


@pytest.mark.parametrize(("weight", "fits"), [(63, True), (127, False)])
def test_weights_of_7_bits_sum_alike_with_and_without_vnni(
    tmp_path: Path, weight: int, fits: bool
) -> None:
    import onnx
    from onnx import helper, numpy_helper

    from tools.train import quantize

    channels = 64
    values = {
        "xs": np.float32(1), "xz": np.uint8(0), "w": np.full((8, channels, 1, 1), weight, np.int8),
        "ws": np.ones(8, np.float32), "wz": np.zeros(8, np.int8),
        "ys": np.float32(channels * weight), "yz": np.uint8(0),
    }  # fmt: skip
    node = helper.make_node("QLinearConv", ["x", *values], ["y"])
    shapes = [
        helper.make_tensor_value_info(name, onnx.TensorProto.UINT8, [1, width, 4, 4])
        for name, width in (("x", channels), ("y", 8))
    ]
    constants = [numpy_helper.from_array(np.asarray(v), name) for name, v in values.items()]
    graph = helper.make_graph([node], "sums", shapes[:1], shapes[1:], constants)
    path = tmp_path / "sums.onnx"
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path
    )
    bright = np.full((1, channels, 4, 4), 255, np.uint8)
    pairs, exact = (
        int(quantize.open_summing(path, sums).run(None, {"x": bright})[0].max())
        for sums in (quantize.Sums.PAIRS, quantize.Sums.EXACT)
    )
    assert exact == 255
    assert (pairs == exact) is (fits or quantize.processor()[1])
