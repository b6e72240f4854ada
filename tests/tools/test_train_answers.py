"""What is measured is measured on the pictures and faces that it is said to be."""

import math
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from attune.vision.face import VisibilityBand
from tests.tools.test_train_data import pictures, prepared
from tools.train import card, coverage, data, measure, views
from tools.train.errors import TrainingError
from tools.train.evaluate import published_majority, score
from tools.train.measure import Answers, Crop, scores
from tools.train.results import PRIVATE, PUBLIC, UNSEEN_PHOTOGRAPHS, write_common
from tools.train.views import Condition

USAGES = ["training"] * 4 + ["public_test"] * 10 + ["private_test"] * 6
SHIFT = np.array([[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]])


class Brightness:
    """A model whose answers tell what it was shown, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, x: np.ndarray) -> np.ndarray:
        self.asked += len(x)
        weights = np.random.default_rng(0).normal(size=(48 * 48 * 2, 15))
        return (x.reshape(len(x), -1) @ weights).astype(np.float32)


def shown(folder: Path, aligned: np.ndarray | None = None) -> measure.TestFaces:
    faces = data.load(folder)
    where = [views.Located(None, aligned)] * len(faces.images)
    return measure.TestFaces.of(faces, where, folder, private_test=True)


def test_answers_are_taken_again_for_the_same_pictures(tmp_path: Path) -> None:
    prepared(pictures(20), USAGES, tmp_path)
    model = Brightness()
    first, again = (
        Answers(tmp_path / "kept.npz", "a", model, shown(tmp_path)).logits(
            Condition.SEEN, Crop.ALIGNED
        )
        for _ in range(2)
    )
    assert model.asked == 16
    np.testing.assert_array_equal(first, again)


def test_answers_to_other_pictures_are_not_taken_for_these(tmp_path: Path) -> None:
    prepared(pictures(20), USAGES, tmp_path)
    model = Brightness()
    for aligned in (None, SHIFT):
        test = shown(tmp_path, aligned)
        said = Answers(tmp_path / "kept.npz", "a", model, test).logits(
            Condition.CLEAN, Crop.ALIGNED
        )
        fresh = views.evaluation_views(
            test.faces.images, test.where, test.rows, Condition.CLEAN, aligned=True
        )
        np.testing.assert_array_equal(said, model(fresh))


def test_a_set_of_unseen_photographs_holds_no_copy_of_a_training_face(tmp_path: Path) -> None:
    images = pictures(20)
    images[5], images[15] = images[0], images[1][:, ::-1]
    prepared(images, USAGES, tmp_path)
    alike = np.full(20, np.nan, np.float32)  # without a mesh, copies are not found by crops
    alike[6] = 0.97
    np.save(tmp_path / data.PHOTOGRAPHS, alike)
    sets = shown(tmp_path).sets
    assert sets[PUBLIC + UNSEEN_PHOTOGRAPHS].tolist() == [4, *range(7, 14)]
    assert sets[PRIVATE + UNSEEN_PHOTOGRAPHS].tolist() == [14, *range(16, 20)]


def test_a_set_in_which_no_painted_face_is_found_has_no_re_cropped_row(tmp_path: Path) -> None:
    prepared(pictures(20), USAGES, tmp_path)
    mesh = np.full((16, 468, 3), np.nan, np.float32)
    mesh[:3] = np.random.default_rng(1).uniform(0, 48, (3, 468, 3))
    np.save(tmp_path / "points_headset_seen.npy", mesh)
    np.save(tmp_path / "points_headset_unseen.npy", np.full_like(mesh, np.nan))
    test = shown(tmp_path)
    answers = Answers(tmp_path / "kept.npz", "a", Brightness(), test)
    found = {(s.split, s.condition): s.n for s in scores(answers, test, lambda _: 1.0)}
    assert found[PUBLIC, "headset_seen re-cropped"] == 3
    assert (PRIVATE, "headset_seen re-cropped") not in found
    assert (PUBLIC, "headset_unseen re-cropped") not in found


def test_painted_points_of_other_faces_are_refused(tmp_path: Path) -> None:
    prepared(pictures(20), USAGES, tmp_path)
    np.save(tmp_path / "points_headset_seen.npy", np.zeros((15, 468, 3)))
    with pytest.raises(TrainingError, match="of 16 faces, it is of 15"):
        shown(tmp_path)


def test_a_label_without_faces_has_no_recall_and_lowers_no_mean(tmp_path: Path) -> None:
    faces = prepared(pictures(20), USAGES, tmp_path)
    logits = np.eye(15)[np.full(10, data.LABELS_7.index("happy"))]
    one = score(logits, faces, faces.rows("public_test"), split=PUBLIC, condition="clean")
    assert one.accuracy == one.macro_f1 == 1
    assert math.isnan(one.recall[data.LABELS_7.index("disgust")])


@pytest.mark.parametrize(
    ("votes", "majority"),
    [
        ((4, 0, 0, 1, 3, 2, 0, 0, 0, 0), -1),  # four of nine: a most frequent label, no majority
        ((6, 0, 1, 1, 0, 0, 0, 0, 2, 0), 0),  # six of eight, once single votes are dropped
        ((0, 5, 1, 1, 1, 1, 1, 0, 0, 0), 1),  # half of ten, all of what is not single
        ((0, 5, 5, 0, 0, 0, 0, 0, 0, 0), -1),
        ((2, 0, 0, 0, 0, 0, 0, 0, 0, 8), -1),  # no face
        ((1, 1, 1, 1, 1, 1, 1, 1, 1, 1), -1),
    ],
)
def test_the_majority_of_fer_plus_is_that_of_its_authors(
    votes: tuple[int, ...], majority: int
) -> None:
    assert published_majority(np.array([votes], np.float32)).tolist() == [majority]


def test_nothing_is_fitted_to_unseen_shapes_and_no_face_counts_twice(tmp_path: Path) -> None:
    pytest.importorskip("scipy", reason="temperatures are fitted with scipy")
    faces = prepared(pictures(20), USAGES, tmp_path)
    rows = faces.rows("public_test")
    asked: list[Condition] = []

    def answer(condition: Condition) -> np.ndarray:
        asked.append(condition)
        return np.random.default_rng(len(asked)).normal(size=(len(rows), 15))

    calibration = card.calibrate(answer, faces, rows, np.zeros(len(rows)))
    bands = coverage.of_bands(answer, faces, rows, calibration, card.BAND_CONDITION)
    assert set(asked) == {Condition.CLEAN, Condition.SEEN, Condition.NEARLY_ALL_BLACK}
    assert {len(one.right) for one in bands.values()} == {len(rows)}
    assert coverage.HELD_OUT_CONDITION[VisibilityBand.LOWER_FACE] is Condition.UNSEEN


def test_faces_without_votes_are_not_calibrated_on(tmp_path: Path) -> None:
    pytest.importorskip("scipy", reason="temperatures are fitted with scipy")
    faces = prepared(pictures(20), USAGES, tmp_path)
    faces.votes[:] = 0
    rows = faces.rows("public_test")
    with pytest.raises(TrainingError, match="--votes-csv"):
        card.calibrate(lambda _: np.zeros((len(rows), 15)), faces, rows, np.zeros(len(rows)))


@pytest.mark.parametrize("withheld", [1, 2, coverage.FEWEST_FACES - 1])
def test_what_a_few_withheld_faces_are_worth_is_not_claimed(withheld: int) -> None:
    rng = np.random.default_rng(0)
    felt = rng.normal(size=(300, 2))
    confidence = np.where(np.arange(300) < withheld, 0.1, 0.9)
    one = coverage.BandAnswers(confidence, confidence > 0.5, felt, felt)
    assert one.kept_reliability(0.5) == 0
    assert one.kept_reliability(0.05) == 1


def test_figures_of_private_test_are_not_lost_to_a_look_at_public_test(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="needs the train extra")
    from tools.train.cli import app

    prepared(pictures(20), USAGES, tmp_path / "data")
    np.save(tmp_path / "data" / "points.npy", np.full((20, 468, 3), np.nan, np.float32))
    results = tmp_path / "results"
    common = measure.common(shown(tmp_path / "data"))
    write_common(results, common)
    before = (results / "common.json").read_text()
    for command in ("evaluate", "baselines"):
        done = CliRunner().invoke(
            app,
            [command, "--work", str(tmp_path), "--results", str(results)],
            env={"COLUMNS": "300"},
        )
        assert done.exit_code == 1
        assert "--private-test" in done.output
    assert (results / "common.json").read_text() == before


def test_re_cropped_rows_are_not_left_out_in_silence(tmp_path: Path) -> None:
    pytest.importorskip("keras", reason="needs the train extra")
    from tools.train.cli import app

    prepared(pictures(20), USAGES, tmp_path / "data")
    np.save(tmp_path / "data" / "points.npy", np.full((20, 468, 3), np.nan, np.float32))
    done = CliRunner().invoke(
        app,
        ["evaluate", "--work", str(tmp_path), "--results", str(tmp_path / "results")],
        env={"COLUMNS": "300"},
    )
    assert done.exit_code == 1
    assert "points --painted" in done.output
