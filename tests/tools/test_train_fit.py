"""What a training run shows a network and asks of it; skipped where the training extra is not
installed."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.tools.test_train_data import pictures, prepared

pytest.importorskip("tensorflow", reason="needs the train extra (tensorflow, keras, tf2onnx)")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")


@pytest.mark.parametrize(("side", "channels"), [(2, 8), (9, 2)])
def test_a_convolution_as_a_matrix_product_answers_as_one(side: int, channels: int) -> None:
    from keras import ops

    from tools.train import network

    rng = np.random.default_rng(3)
    x = rng.normal(size=(4, side, side, channels)).astype(np.float32)
    kernel = rng.normal(size=(3, 3, channels, 5)).astype(np.float32)
    found = network.convolve_as_products(ops.convert_to_tensor(x), ops.convert_to_tensor(kernel))

    np.testing.assert_allclose(
        np.asarray(found), np.asarray(ops.conv(x, kernel, padding="same")), atol=1e-4
    )


def test_every_view_of_a_face_is_taught_what_the_teacher_says_of_it_clean(tmp_path: Path) -> None:
    from tools.train import fit, network, views

    faces = prepared(pictures(12), ["training"] * 10 + ["public_test", "private_test"], tmp_path)
    plan = fit.Plan("residual_small", 1, 1, batch=4, pairs=True, distil=0.5, temperature=2.0)
    teacher = fit.joined(network.build("residual_small", 48))
    fit.write_weights(tmp_path / "teacher.npz", teacher.get_weights())
    run = fit.Run(tmp_path / "run", plan, faces, None)
    run.teach_with(tmp_path / "teacher.npz", "residual_small")
    batches = fit.Batches(faces, run.where, plan, None, run.taught)
    _, y = batches.make(0, 2)

    order = np.random.default_rng([plan.seed, 7919, 0]).permutation(faces.training_rows())[:4]
    clean = views.evaluation_views(faces.images, run.where, order, views.Condition.CLEAN)
    said = [
        fit.softmax(np.asarray(teacher(x))[:, :7] / plan.temperature)
        for x in (clean, clean[:, :, ::-1])
    ]
    expected = (said[0] + said[1]) / 2
    np.testing.assert_allclose(y[:4, 15:22], expected, atol=1e-5)
    np.testing.assert_allclose(y[4:, 15:22], expected, atol=1e-5)
    np.testing.assert_allclose(y[:, 15:22].sum(axis=1), 1, atol=1e-5)
    assert (y[:, 30] == plan.distil).all()
