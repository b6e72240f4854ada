"""Measuring and printing: small parts with known answers, and a report of what was written."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.expression.landmark import ALL_POINTS
from tools.train import features, report, report_page, results, together
from tools.train.data import LABELS_7, LABELS_8, Faces
from tools.train.distances import NearestFace
from tools.train.errors import TrainingError
from tools.train.evaluate import score
from tools.train.results import Common, Measured

RNG = np.random.default_rng(7)


def faces(n: int) -> Faces:
    return Faces(
        images=RNG.integers(0, 256, (n, 48, 48)).astype(np.uint8),
        split=np.ones(n, np.int64),
        label=np.arange(n) % 7,
        votes=np.eye(10, dtype=np.float32)[np.arange(n) % 7] * 9,
        exact=np.arange(n),
        near=np.arange(n),
        photograph=np.zeros(n, bool),
        lists={},
    )


def measured(name: str, kind: str, shown: str, width: int = 15) -> Measured:
    """A model that is right four times in five."""
    some = faces(350)
    logits = RNG.normal(0, 0.1, (350, width))
    right = RNG.random(350) < 0.8
    logits[np.arange(350), np.where(right, some.label, (some.label + 1) % 7)] += 3
    one = score(logits, some, np.arange(350), split="PublicTest", condition=shown)
    drawn = {
        "set": "PublicTest", "band": "full", "threshold": 0.4, "n": 300, "coverage": 0.9,
        "risk": 0.18, "low": 0.15, "high": 0.2, "curve": [[0.5, 1.0], [0.1, 0.2]],
    }  # fmt: skip
    return Measured(name, kind, 0, "a <small> model", 10, 20, 0.5, (one,), {"coverage": [drawn]})


COMMON = Common(
    {"PublicTest": 350},
    {"PublicTest": 1 / 7},
    {"headset_unseen": (0.3, 0.2, 0.5, 0.95)},
    {"clean": 0.97},
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    one = measured("model 1", "pixel", "clean aligned")
    results.write(tmp_path, one)
    results.write_common(tmp_path, COMMON)
    common, (again,) = results.read(tmp_path)
    assert common == Common(**{**results_as_lists(COMMON)})
    first, second = one.scores[0], again.score("PublicTest", "clean aligned")
    assert second is not None
    np.testing.assert_array_equal(first.confusion, second.confusion)
    assert second.accuracy == pytest.approx(first.accuracy, abs=1e-5)


def results_as_lists(common: Common) -> dict[str, object]:
    return {
        "sets": common.sets,
        "floors": {k: round(v, 5) for k, v in common.floors.items()},
        "areas": {k: list(v) for k, v in common.areas.items()},
        "found": common.found,
    }


def test_nothing_measured_is_answered_with_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="evaluate"):
        results.read(tmp_path)


def test_a_model_of_seven_labels_is_compared_with_the_crowd_by_their_names() -> None:
    some = faces(70)
    some.votes[:] = 0
    some.votes[np.arange(70), [LABELS_8.index(LABELS_7[k]) for k in some.label]] = 9
    some.votes[:10] = np.eye(10)[LABELS_8.index("contempt")] * 9
    logits = np.eye(7)[some.label]
    one = score(logits, some, np.arange(70), split="PublicTest", condition="clean")
    assert one.crowd_n == 70
    assert one.crowd_accuracy == pytest.approx(60 / 70)


def test_both_reports_hold_every_model_and_its_accuracy() -> None:
    models = [
        measured("ours", "pixel", "clean aligned"), measured("theirs", "peer", "clean", width=7)
    ]  # fmt: skip
    printed, page = report.report(COMMON, models), report_page.page(COMMON, models)
    for one in models:
        accuracy = f"{100 * one.scores[0].accuracy:.1f}"
        for text in (printed, page):
            assert one.name in text
            assert accuracy in text
    assert "gap from painted to real headsets is not measured" in printed


def test_every_confusion_matrix_is_on_the_page() -> None:
    one = measured("ours", "pixel", "headset_seen re-cropped")
    page = report_page.page(COMMON, [one])
    assert "PublicTest, headset_seen re-cropped, n = 350" in page
    for count in one.scores[0].confusion.ravel():
        assert f"<td>{count}</td>" in page


def test_landmark_models_and_8_bits_have_tables_of_their_own() -> None:
    landmark = measured("points", "landmark", "points displaced")
    ours = measured("ours", "pixel", "clean aligned")
    shown = {"shown": "clean aligned", "n": 350, "accuracy": 0.61, "low": 0.6, "high": 0.62}
    forms = [{"weights": "7 bits", "sums": "with VNNI", "scores": [shown]}]
    quick = Measured(
        "ours int8", "int8", 1, "8 bits", 10, 5_000_000, 0.25, ours.scores,
        {"int8": {"of": "ours", "fp32_milliseconds": 0.5, "processor": "a processor",
                  "vnni": False, "worth_shipping": True, "forms": forms}},
    )  # fmt: skip
    for text in (
        report.report(COMMON, [ours, landmark, quick]),
        report_page.page(COMMON, [ours, landmark, quick]),
    ):
        assert "0.50 / 0.25" in text
        assert "61.0 [60.0, 62.0]" in text
        assert "a processor, which has not VNNI" in text
        assert f"{100 * landmark.scores[0].accuracy:.1f} [" in text


def test_the_page_needs_nothing_else_and_escapes_text() -> None:
    page = report_page.page(COMMON, [measured("ours", "pixel", "clean aligned")])
    assert "://" not in page
    assert "a &lt;small&gt; model" in page
    assert page.count("<svg") == page.count("</svg>") >= 4


@given(st.floats(0, 1))
def test_shares_by_who_is_right_sum_to_one_and_bound_what_fusion_can_reach(weight: float) -> None:
    rng = np.random.default_rng(3)
    p, q = rng.dirichlet(np.ones(7), 200), rng.dirichlet(np.ones(7), 200)
    pair = together.Pair(p, q, rng.integers(0, 7, 200))
    shares = pair.complementarity()
    assert sum(shares.values()) == pytest.approx(1)
    assert pair.fused(1.0) == pytest.approx(shares["both"] + shares["pixels alone"])
    assert shares["both"] - 1e-9 <= pair.fused(weight) <= 1


def test_a_useless_second_model_gets_no_weight() -> None:
    rng = np.random.default_rng(5)
    truth = rng.integers(0, 7, 500)
    good = 0.9 * np.eye(7)[truth] + 0.1 / 7
    bad = 0.99 * np.eye(7)[(truth + 1) % 7] + 0.01 / 7
    assert together.best_weight([together.Pair(good, bad, truth)]) == 1.0


def test_every_face_is_seen_once_and_half_of_the_films_are_lively() -> None:
    truth = RNG.integers(0, 7, 2000)
    strung = together.films(truth, 1)
    np.testing.assert_array_equal(np.sort(np.concatenate(strung)), np.arange(2000))
    often = [float((np.diff(truth[film]) != 0).mean()) for film in strung if len(film) > 60]
    assert sum(share > 0.3 for share in often) == pytest.approx(len(often) / 2, abs=1)
    assert min(often) < 0.15


def test_where_pixels_read_calm_faces_and_landmarks_lively_ones_the_adaptive_weight_gains() -> None:
    truth = RNG.integers(0, 7, 4000)
    strung = together.films(truth, 0)
    lively = np.zeros(4000, bool)
    for film in strung:
        lively[film] = (np.diff(truth[film]) != 0).mean() > 0.25
    good = 0.4 * np.eye(7)[truth] + 0.6 / 7
    bad = 0.4 * np.eye(7)[(truth + 1) % 7] + 0.6 / 7
    pair = together.Pair(
        np.where(lively[:, None], bad, good), np.where(lively[:, None], good, bad), truth
    )
    rule = together.Rule(0.5, 0.3, 0.1)
    assert pair.fused(0.5 + 1e-6) == pytest.approx(1 - lively.mean())
    assert pair.followed(strung, rule, 2.5).mean() > 0.8


def test_a_rule_that_may_not_move_is_the_fixed_weight() -> None:
    p, q = RNG.dirichlet(np.ones(7), 500), RNG.dirichlet(np.ones(7), 500)
    pair = together.Pair(p, q, RNG.integers(0, 7, 500))
    still = together.Rule(0.8, 0.0, 0.1)
    found = pair.followed(together.films(pair.truth, 2), still, 4.0)
    np.testing.assert_array_equal(found, pair.right(0.8))
    measured_gain = together.Adaptive(still, 4.0).measured(pair, 0.8)["chosen gain"]
    assert measured_gain == [0.0, 0.0, 0.0]


def landmarks(n: int) -> np.ndarray:
    return RNG.normal(0, 1, (n, 68, 2)) + np.linspace(0, 40, 68)[None, :, None]


def test_the_nearest_face_is_a_training_face_itself_whatever_its_place_and_size() -> None:
    at, label = landmarks(40), np.arange(40) % 7
    model = NearestFace.of(at, label, ALL_POINTS)
    said, given = model.answer(3.0 * at + 11)
    np.testing.assert_array_equal(said, label)
    assert (given.sum(axis=1) > 0).all()
    assert model.milliseconds(at[:3]) > 0


def test_the_distance_that_tells_two_labels_apart_decides() -> None:
    at = landmarks(1).repeat(60, axis=0) + RNG.normal(0, 0.05, (60, 68, 2))
    label = np.arange(60) % 2
    at[label == 1, 57] += [1, 1]
    model = NearestFace.of(at, label, ALL_POINTS)
    said, given = model.answer(at + RNG.normal(0, 0.05, at.shape))
    np.testing.assert_array_equal(said, label)
    assert all(57 in pair[:2] for pair in model.deciding(given, 10))


def test_k_nearest_neighbours_find_their_cluster() -> None:
    label = np.arange(4000) % 7
    x = (np.eye(7)[label] + RNG.normal(0, 0.2, (4000, 7))).astype(np.float32)
    found = features.nearest(x, label, np.random.default_rng(0))
    assert found.chosen.startswith("k = ")
    assert (found.scores(x[:500]).argmax(axis=1) == label[:500]).mean() > 0.95


def test_a_baseline_says_what_it_costs() -> None:
    some = RNG.integers(0, 256, (200, 48, 48)).astype(np.uint8)
    label = np.arange(200) % 7
    raw = features.hog(some)
    reduction = features.Reduction.of(raw)
    radial = features.radial(reduction.apply(raw), label, np.random.default_rng(0))
    baseline = features.Baseline(features.hog, reduction, radial)
    assert baseline(some).shape == (200, 7)
    assert baseline.bytes > 900 * features.COMPONENTS * 4
    assert baseline.milliseconds(some[:3]) > 0


def test_a_brighter_face_has_the_same_pixel_features() -> None:
    dark = RNG.integers(0, 100, (3, 48, 48)).astype(np.uint8)
    np.testing.assert_allclose(features.pixels(dark), features.pixels(dark + 50), atol=1e-5)
    assert features.hog(dark).shape == (3, 900)
