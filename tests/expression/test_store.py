"""The store gives a model only when its weights are the ones that its card describes."""

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from attune.errors import ModelCardInvalid, ModelCorrupt, ModelNotFound
from attune.expression.store import ModelStore, StoredModel

NAME = "headset-aware-fer"


@pytest.fixture
def store(repository: Path, tmp_path: Path) -> ModelStore:
    """A store with a copy of the model that ships."""
    shutil.copytree(repository / "models" / NAME, tmp_path / NAME)
    return ModelStore(tmp_path)


def edit_card(store: ModelStore, change: Callable[[str], str]) -> None:
    card = store.root / NAME / "card.toml"
    before = card.read_text("utf-8")
    after = change(before)
    assert after != before
    card.write_text(after, "utf-8")


def test_the_shipped_model_matches_its_card(repository: Path) -> None:
    stored = ModelStore(repository / "models").load(NAME)
    assert stored.path.stat().st_size == stored.card.model.bytes
    assert stored.name == f"{NAME}-{stored.card.model.version}"
    assert stored.session().get_inputs()[0].name == stored.card.input.name


def test_every_model_in_the_repository_can_be_loaded(repository: Path) -> None:
    store = ModelStore(repository / "models")
    assert NAME in store.names()
    for name in store.names():
        store.load(name).session()


def test_an_unknown_name_is_answered_with_the_names_there_are(store: ModelStore) -> None:
    with pytest.raises(ModelNotFound, match=rf"'fer2'.*there are: {NAME}"):
        store.load("fer2")


@pytest.mark.parametrize("name", ["", "..", "../models", ".", "/etc"])
def test_a_name_cannot_leave_the_store(store: ModelStore, name: str) -> None:
    with pytest.raises(ModelNotFound):
        store.load(name)


def test_an_empty_store_says_that_it_is_empty(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="there are: none"):
        ModelStore(tmp_path / "absent").load(NAME)


def test_a_truncated_file_is_refused_with_both_sizes(store: ModelStore) -> None:
    weights = store.root / NAME / "model.onnx"
    content = weights.read_bytes()
    weights.write_bytes(content[:-100])
    with pytest.raises(ModelCorrupt, match=rf"{len(content) - 100} bytes.*{len(content)}"):
        store.load(NAME)


def test_one_flipped_bit_is_refused_with_both_hashes(store: ModelStore) -> None:
    expected = store.card(NAME).model.sha256
    weights = store.root / NAME / "model.onnx"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelCorrupt, match=f"its card says {expected}"):
        store.load(NAME)


def test_missing_weights_are_corrupt_and_keep_the_cause(store: ModelStore) -> None:
    (store.root / NAME / "model.onnx").unlink()
    with pytest.raises(ModelCorrupt) as caught:
        store.load(NAME)
    assert isinstance(caught.value.__cause__, FileNotFoundError)


def test_weights_that_are_no_model_are_corrupt_although_the_hash_agrees(store: ModelStore) -> None:
    weights = store.root / NAME / "model.onnx"
    old = store.card(NAME).model
    weights.write_bytes(b"not a network")
    digest = hashlib.sha256(b"not a network").hexdigest()
    edit_card(store, lambda text: text.replace(old.sha256, digest))
    edit_card(store, lambda text: text.replace(f"bytes = {old.bytes}", "bytes = 13"))
    with pytest.raises(ModelCorrupt, match="the runtime cannot read"):
        store.load(NAME).session()


def test_a_card_without_a_temperature_for_a_band_says_which(store: ModelStore) -> None:
    edit_card(store, lambda text: text.replace("\nlower_face = ", "\n# lower_face = ", 1))
    with pytest.raises(ModelCardInvalid, match=r"logits7.*lacks.*lower_face"):
        store.load(NAME)


def test_a_card_that_is_no_toml_is_refused_with_its_path(store: ModelStore) -> None:
    (store.root / NAME / "card.toml").write_text("[model\n", "utf-8")
    with pytest.raises(ModelCardInvalid, match=r"card\.toml"):
        store.load(NAME)


def test_a_misspelt_key_is_refused_by_name(store: ModelStore) -> None:
    edit_card(store, lambda text: text.replace("sha256 = ", "sha265 = "))
    with pytest.raises(ModelCardInvalid, match=r"model\.sha265"):
        store.load(NAME)


def test_a_card_of_another_model_is_refused(store: ModelStore) -> None:
    (store.root / NAME).rename(store.root / "other")
    with pytest.raises(ModelCardInvalid, match=rf"is of '{NAME}', not of 'other'"):
        store.load("other")


def test_a_card_cannot_point_out_of_its_folder(store: ModelStore) -> None:
    edit_card(store, lambda text: text.replace('"model.onnx"', '"../model.onnx"'))
    with pytest.raises(ModelCardInvalid, match="not a file beside it"):
        store.load(NAME)


def test_promised_classes_that_the_weights_do_not_have_are_refused(store: ModelStore) -> None:
    edit_card(store, lambda text: text.replace(', "neutral"]', "]", 1))
    with pytest.raises(ModelCardInvalid, match="promises outputs"):
        store.load(NAME).session()


def test_a_class_that_is_named_twice_is_refused(store: ModelStore) -> None:
    edit_card(store, lambda text: text.replace('"contempt"]', '"fear"]'))
    with pytest.raises(ModelCardInvalid, match=r"labels.*named twice"):
        store.load(NAME)


def test_a_temperature_without_end_is_refused(store: ModelStore) -> None:
    edit_card(store, lambda text: re.sub(r"(?m)^full = [0-9.]+$", "full = inf", text, count=1))
    with pytest.raises(ModelCardInvalid, match=r"temperature.*finite"):
        store.load(NAME)


FLOAT, DOUBLE = 1, 11


def _field(number: int, value: int | bytes) -> bytes:
    """One field of a protobuf message with a small number and length."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value)]) + value


def _echo(shape: tuple[int | str, ...], element: int = FLOAT) -> bytes:
    """An ONNX model of opset 13 whose output `out` is its input `in`."""
    sizes = b"".join(
        _field(1, _field(1, one) if isinstance(one, int) else _field(2, one.encode()))
        for one in shape
    )
    tensor = _field(2, _field(1, _field(1, element) + _field(2, sizes)))
    node = _field(1, b"in") + _field(2, b"out") + _field(4, b"Identity")
    graph = _field(1, node) + _field(2, b"g")
    graph += _field(11, _field(1, b"in") + tensor) + _field(12, _field(1, b"out") + tensor)
    return _field(1, 8) + _field(8, _field(2, 13)) + _field(7, graph)


def _stored(root: Path, weights: bytes, promised: list[int]) -> StoredModel:
    """A stored model of two classes whose card promises an input of that shape."""
    (root / "echo").mkdir()
    (root / "echo" / "model.onnx").write_bytes(weights)
    (root / "echo" / "card.toml").write_text(f"""
metrics = []
[model]
name = "echo"
version = "1"
kind = "landmark"
architecture = "none"
parameters = 1
file = "model.onnx"
sha256 = "{hashlib.sha256(weights).hexdigest()}"
bytes = {len(weights)}
licence = "none"
data = "none"
[input]
name = "in"
shape = {promised}
layout = "any"
channels = []
framing = "none"
[[outputs]]
name = "out"
labels = ["happy", "sad"]
[calibration]
fitted_on = "nothing"
[calibration.temperature.out]
full = 1.0
lower_face = 1.0
poor = 1.0
[reliability]
[use]
intended = "tests"
caveats = []
""")
    return ModelStore(root).load("echo")


@pytest.mark.parametrize("batch", ["n", 1])
def test_weights_as_promised_answer(tmp_path: Path, batch: int | str) -> None:
    session = _stored(tmp_path, _echo((batch, 2)), [2]).session()
    given = np.array([[3, 4]], np.float32)
    np.testing.assert_array_equal(session.run(None, {"in": given})[0], given)


@pytest.mark.parametrize(
    ("weights", "promised", "said"),
    [
        (_echo(("n", 3)), [2], "promises input"),
        (_echo(("n", 3)), [3], "promises outputs"),
        (_echo(("n", 2, 2)), [2, 2], "promises outputs"),
        (_echo(()), [], "promises outputs"),
        (_echo((8, 2)), [2], "of one face or of any number"),
        (_echo(("n", 2), DOUBLE), [2], "expected tensor.float"),
    ],
    ids=["input", "classes", "dimensions", "scalar", "batch", "double"],
)
def test_weights_that_could_not_answer_about_one_face_are_refused_when_opened(
    tmp_path: Path, weights: bytes, promised: list[int], said: str
) -> None:
    with pytest.raises(ModelCardInvalid, match=said):
        _stored(tmp_path, weights, promised).session()
