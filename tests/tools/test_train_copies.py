"""One photograph is known again after another crop, another light and a mirror."""

import cv2
import numpy as np
import pytest

from tools.train import copies, data
from tools.train.views import Located

RNG = np.random.default_rng(2)


def photographs(n: int) -> np.ndarray:
    """Smooth pictures of 96 px."""
    small = RNG.integers(0, 256, (n, 12, 12)).astype(np.uint8)
    return np.stack([cv2.resize(s, (96, 96), interpolation=cv2.INTER_CUBIC) for s in small])


def seen_through(
    photograph: np.ndarray, scale: float, x: float, y: float
) -> tuple[np.ndarray, Located]:
    """A 48-px picture of a photograph, and the map from it back to one common crop."""
    matrix = np.array([[scale, 0, x], [0, scale, y]])
    picture = cv2.warpAffine(photograph, matrix, (48, 48))
    back = np.array([[0.5 / scale, 0, -0.5 * x / scale], [0, 0.5 / scale, -0.5 * y / scale]])
    return picture, Located(aligned=back)


@pytest.mark.parametrize("change", ["crop", "light", "mirror"])
def test_the_same_photograph_is_known_again(change: str) -> None:
    originals = photographs(30)
    training = [seen_through(p, 0.5, 0, 0) for p in originals]
    test = [
        seen_through(p, 0.48, 1, 0) if change == "crop" else seen_through(p, 0.5, 0, 0)
        for p in originals[:5]
    ]
    images = np.stack([i for i, _ in test])
    if change == "light":
        images = (images * 0.6 + 40).astype(np.uint8)
    if change == "mirror":
        images = np.ascontiguousarray(images[:, :, ::-1])
    found, which = copies.strongest(
        copies.aligned(images, [w for _, w in test], np.arange(5)),
        copies.aligned(np.stack([i for i, _ in training]), [w for _, w in training], np.arange(30)),
    )
    np.testing.assert_array_equal(which, np.arange(5))
    assert (found > data.SAME_PHOTOGRAPH).all()


def test_other_photographs_are_not_taken_for_it() -> None:
    crops = [
        copies.aligned(photographs(20), [Located(aligned=np.eye(2, 3))] * 20, np.arange(20))
        for _ in range(2)
    ]
    assert (copies.strongest(crops[0], crops[1])[0] < data.SAME_PHOTOGRAPH).all()


def test_a_face_without_a_mesh_is_not_judged() -> None:
    images = photographs(2)
    crops = copies.aligned(images, [Located(), Located(aligned=np.eye(2, 3))], np.arange(2))
    found, which = copies.strongest(crops, crops)
    assert np.isnan(found[0])
    assert which.tolist() == [-1, 1]
