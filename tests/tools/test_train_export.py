"""A network leaves Keras unchanged; skipped where the training extra is not installed."""

import os
from pathlib import Path

import numpy as np
import pytest

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

    with pytest.raises(ValueError, match="residual_small"):
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
