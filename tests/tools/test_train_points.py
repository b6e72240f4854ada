"""The search for face meshes goes on where it was stopped."""

from pathlib import Path

import numpy as np
import pytest

from tests.tools.test_train_data import pictures
from tools.train import points
from tools.train.errors import TrainingError


def stop_after(count: int) -> None:
    if count == 2:
        raise KeyboardInterrupt


def test_a_stopped_search_goes_on_and_seeks_no_face_twice(tmp_path: Path) -> None:
    kept = tmp_path / "points.unfinished.npy"
    images = pictures(4)
    with pytest.raises(KeyboardInterrupt):
        points.find(images, stop_after, unfinished=kept)
    begun = np.load(kept)
    assert np.isnan(begun[:2]).all()  # no faces in these pictures
    assert (begun[2:] == points.NOT_SOUGHT).all()
    begun[0] = 7  # had it been found, it would be there
    np.save(kept, begun)
    found = points.find(images, lambda _: None, unfinished=kept)
    assert (found[0] == 7).all()
    assert np.isnan(found[1:]).all()


def test_a_search_of_other_faces_is_not_gone_on_with(tmp_path: Path) -> None:
    kept = tmp_path / "points.unfinished.npy"
    points.find(pictures(1), lambda _: None, unfinished=kept)
    with pytest.raises(TrainingError, match="is of 1 faces, not 2"):
        points.find(pictures(2), lambda _: None, unfinished=kept)
