"""Splits without leaks: copies are found, and training never sees a copy of a test face."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from tools.train import data, sources
from tools.train.errors import TrainingError


def pictures(count: int, seed: int = 0) -> np.ndarray:
    """Smooth random pictures, so that shrinking and flipping mean what they mean for faces."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (count, 6, 6), dtype=np.uint8)
    return np.stack([cv2.resize(c, (48, 48), interpolation=cv2.INTER_CUBIC) for c in coarse])


def rows_for(usages: list[str]) -> list[dict[str, str]]:
    votes = dict.fromkeys(data.VOTES, "0") | {"votes_happiness": "8", "votes_fear": "2"}
    return [{"usage": usage, "label": "happy", **votes} for usage in usages]


def prepared(images: np.ndarray, usages: list[str], out: Path) -> data.Faces:
    return data.prepare(images, rows_for(usages), out)


def test_identical_pixels_are_one_group() -> None:
    images = pictures(4)
    images[3] = images[1]
    groups = data.exact_groups(images)
    assert groups[3] == groups[1]
    assert len(set(groups)) == 3


def test_recompressed_and_mirrored_copies_are_near_duplicates() -> None:
    images = pictures(12)
    jpeg = cv2.imdecode(cv2.imencode(".jpg", images[2])[1], cv2.IMREAD_GRAYSCALE)
    images = np.concatenate([images, jpeg[None], images[5][None, :, ::-1]])
    groups = data.near_groups(images)
    assert groups[12] == groups[2]
    assert groups[13] == groups[5]
    assert len(set(groups)) == 12


def test_training_rows_hold_no_copy_of_a_test_face(tmp_path: Path) -> None:
    images = pictures(6)
    images[1] = images[4]
    images[2] = images[5][:, ::-1]
    usages = ["training"] * 3 + ["training", "public_test", "private_test"]
    faces = prepared(images, usages, tmp_path)
    assert faces.training_rows().tolist() == [0, 3]
    assert faces.without_training_copies("public_test").tolist() == []
    assert faces.without_training_copies("private_test").tolist() == [5]
    manifest = (tmp_path / "manifest.csv").read_text().splitlines()
    assert manifest[2].endswith("dropped: copy")
    assert manifest[1].endswith("training")


def test_a_photograph_of_a_test_face_does_not_train_however_it_is_cropped(tmp_path: Path) -> None:
    usages = ["training", "training", "training", "public_test", "private_test"]
    prepared(pictures(5), usages, tmp_path)
    alike = np.array([0.2, 0.97, np.nan, 0.97, 0.5], np.float32)
    np.save(tmp_path / data.PHOTOGRAPHS, alike)
    faces = data.load(tmp_path)
    data.write_manifest(faces, tmp_path)
    assert faces.photograph.tolist() == [False, True, False, True, False]
    assert faces.training_rows().tolist() == [0, 2]
    manifest = (tmp_path / "manifest.csv").read_text().splitlines()
    assert [line.rsplit(",", 1)[1] for line in manifest[1:]] == [
        "training", "dropped: copy", "training", "public_test", "private_test",
    ]  # fmt: skip


def test_what_was_prepared_is_read_back(tmp_path: Path) -> None:
    faces = prepared(pictures(3), ["training", "public_test", "private_test"], tmp_path)
    again = data.load(tmp_path)
    np.testing.assert_array_equal(again.images, faces.images)
    np.testing.assert_array_equal(again.votes, faces.votes)


def test_loading_before_preparing_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"tools\.train prepare"):
        data.load(tmp_path)


def test_another_set_of_faces_does_not_replace_the_one_that_points_were_found_in(
    tmp_path: Path,
) -> None:
    usages = ["training", "public_test", "private_test"]
    prepared(pictures(3), usages, tmp_path)
    with pytest.raises(TrainingError, match="holds other faces"):
        prepared(pictures(3, seed=1), usages, tmp_path)


def test_preparing_again_keeps_what_copies_found(tmp_path: Path) -> None:
    usages = ["training", "training", "public_test"]
    prepared(pictures(3), usages, tmp_path)
    np.save(tmp_path / data.PHOTOGRAPHS, np.array([0.2, 0.97, 0.97], np.float32))
    assert prepared(pictures(3), usages, tmp_path).training_rows().tolist() == [0]
    manifest = (tmp_path / "manifest.csv").read_text().splitlines()
    assert manifest[2].endswith("dropped: copy")


@pytest.mark.parametrize("name", ["points.npy", data.PHOTOGRAPHS])
def test_what_was_found_in_fewer_faces_is_refused(tmp_path: Path, name: str) -> None:
    prepared(pictures(3), ["training"] * 3, tmp_path)
    np.save(tmp_path / name, np.zeros((2, 468, 3)))
    with pytest.raises(TrainingError, match=r"expected .* to be of 3 faces, it is of 2"):
        data.mesh_points(tmp_path, len(data.load(tmp_path).images))


@pytest.mark.parametrize("name", ["faces.npz", "points.npy"])
def test_a_file_that_is_not_whole_is_named(tmp_path: Path, name: str) -> None:
    prepared(pictures(3), ["training"] * 3, tmp_path)
    np.save(tmp_path / "points.npy", np.zeros((3, 468, 3)))
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-900])
    with pytest.raises(TrainingError, match=f"cannot read .*{name}.*delete it"):
        data.mesh_points(tmp_path, len(data.load(tmp_path).images))


def test_targets_are_distributions_and_the_label_leads(tmp_path: Path) -> None:
    faces = prepared(pictures(2), ["training", "training"], tmp_path)
    seven, eight = faces.target_7(0.15), faces.target_8()
    np.testing.assert_allclose(seven.sum(axis=1), 1, atol=1e-6)
    happy = data.LABELS_7.index("happy")
    np.testing.assert_allclose(seven[:, happy], 0.85 + 0.15 * 0.8, atol=1e-6)
    np.testing.assert_allclose(eight[0, data.LABELS_8.index("fear")], 0.2, atol=1e-6)


def test_a_picture_that_voters_saw_no_face_in_has_no_vote_target(tmp_path: Path) -> None:
    rows = rows_for(["training"])
    rows[0]["votes_not_a_face"] = "11"
    faces = data.prepare(pictures(1), rows, tmp_path)
    assert not faces.target_8().any()


def test_the_public_csv_reads_like_the_mosaics(tmp_path: Path) -> None:
    images = pictures(2)
    path = tmp_path / "fer2013.csv"
    lines = [
        f"{label},{' '.join(map(str, image.ravel()))},{usage}"
        for label, image, usage in zip((3, 0), images, ("PrivateTest", "Training"), strict=True)
    ]
    path.write_text("\n".join(["emotion,pixels,Usage", *lines]))
    read, rows = sources.read_public_csv(path, None)
    np.testing.assert_array_equal(read, images[::-1])
    assert [row["label"] for row in rows] == ["angry", "happy"]
    assert [row["usage"] for row in rows] == ["training", "private_test"]


def test_the_mosaics_hold_what_their_readme_counts(fer2013: Path) -> None:
    images, rows = sources.read_mosaics(fer2013)
    assert images.shape == (35887, 48, 48)
    assert [sum(r["usage"] == s for r in rows) for s in data.SPLITS] == [28709, 3589, 3589]
    assert len(np.unique(data.exact_groups(images))) == 34036
