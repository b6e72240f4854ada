"""Class probabilities on the circumplex, and how much the conventional positions matter."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attune.errors import ConfigError
from attune.expression.circumplex import affect, load_circumplex, shipped_circumplex
from attune.expression.emotion import EMOTIONS_7, EMOTIONS_8


@pytest.mark.parametrize(
    ("label", "valence", "arousal"),
    [
        ("happy", 0.83, 0.53),
        ("sad", -0.65, -0.27),
        ("anger", -0.52, 0.58),
        ("fear", -0.34, 0.64),
        ("surprise", 0.16, 0.89),
        ("neutral", 0.0, 0.0),
    ],
)
def test_a_certain_class_lies_where_the_figure_puts_it(label, valence, arousal):
    assert affect((label,), np.array([1.0])) == (valence, arousal)


@pytest.mark.parametrize("labels", [EMOTIONS_7, EMOTIONS_8])
def test_every_class_of_the_models_has_a_place(labels):
    assert shipped_circumplex().matrix(labels).shape == (len(labels), 2)


def test_every_position_has_a_source_and_only_three_are_conventions():
    positions = shipped_circumplex().positions
    assert all(one.source for one in positions.values())
    conventions = {name for name, one in positions.items() if one.kind == "convention"}
    assert conventions == {"disgust", "contempt", "confusion"}


@given(st.lists(st.floats(0.001, 1), min_size=8, max_size=8))
def test_affect_stays_within_the_classes(weights):
    probabilities = np.array(weights) / sum(weights)
    valence, arousal = affect(EMOTIONS_8, probabilities)
    places = shipped_circumplex().matrix(EMOTIONS_8)
    assert places[:, 0].min() - 1e-9 <= valence <= places[:, 0].max() + 1e-9
    assert places[:, 1].min() - 1e-9 <= arousal <= places[:, 1].max() + 1e-9


def test_the_conventions_decide_neither_sign_nor_rank_of_mixed_faces():
    """Disgust and contempt moved by up to .3 each way: affect of faces that show up to a third of
    them keeps its order (r > .98) and moves by at most .1 on average."""
    draw = np.random.default_rng(0)
    faces = draw.dirichlet(np.full(8, 0.3), 2000)
    moved = [EMOTIONS_8.index("disgust"), EMOTIONS_8.index("contempt")]
    faces = faces[faces[:, moved].sum(axis=1) <= 1 / 3]
    table = shipped_circumplex().matrix(EMOTIONS_8)
    usual = faces @ table
    for shift in product((-0.3, 0.0, 0.3), repeat=4):
        other = table.copy()
        other[moved] += np.array(shift).reshape(2, 2)
        found = faces @ other
        for axis in range(2):
            assert np.corrcoef(usual[:, axis], found[:, axis])[0, 1] > 0.98
        assert np.abs(found - usual).mean() < 0.1


def test_an_unknown_class_is_answered_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"'bored' has no place.*happy, sad"):
        affect(("bored",), np.array([1.0]))


def test_probabilities_of_another_length_are_refused():
    with pytest.raises(ValueError, match=r"expected \(2,\) probabilities, got \(3,\)"):
        affect(("happy", "sad"), np.ones(3))


def test_a_broken_table_names_the_file(tmp_path):
    broken = tmp_path / "table.toml"
    broken.write_text(
        "version = 1\n[happy]\nvalence = 2.0\narousal = 0\nkind = 'x'\nsource = 'y'\n"
    )
    with pytest.raises(ConfigError, match=r"table\.toml: happy lies outside"):
        load_circumplex(broken)
    with pytest.raises(ConfigError, match="cannot read"):
        load_circumplex(tmp_path / "absent.toml")


@pytest.mark.parametrize(
    "table",
    [
        b"version = 'two'\n",
        b"version = inf\n",
        b"version = 1\nhappy = 0.8\n",
        b"version = 1\n[happy]\nvalence = '0.8'\narousal = 0\nkind = 'x'\nsource = 'y'\n",
        b"version = 1 # \xff\n",
    ],
)
def test_a_mistyped_table_names_the_file_too(tmp_path, table):
    (tmp_path / "table.toml").write_bytes(table)
    with pytest.raises(ConfigError, match=r"cannot read the circumplex table .*table\.toml"):
        load_circumplex(tmp_path / "table.toml")
