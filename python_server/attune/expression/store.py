"""The model store: a folder for each model, with its weights and a card that says what they are.

`models/<name>/card.toml` names the weights file beside it, its hash, its inputs and outputs, how it
was calibrated and how good it is. A model is replaced by putting a folder there and naming it in
the settings.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from attune.config import resource_root
from attune.errors import ModelCardInvalid, ModelCorrupt, ModelNotFound
from attune.expression.abstention import NAMES_ALL, Abstention, load_abstention
from attune.vision.face import VisibilityBand

if TYPE_CHECKING:
    import onnxruntime

CARD = "card.toml"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelSection(_Table):
    """What the model is and where its weights lie."""

    name: str
    version: str
    kind: Literal["pixel", "landmark"]
    architecture: str
    parameters: int = Field(gt=0)
    file: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    bytes: int = Field(gt=0)
    licence: str
    data: str


class InputSection(_Table):
    """What the model takes; `shape` without the batch axis."""

    name: str
    shape: tuple[int, ...]
    layout: str
    channels: tuple[str, ...]
    framing: str


class OutputSection(_Table):
    """One output of logits and the names of its classes."""

    name: str
    labels: tuple[str, ...] = Field(min_length=1)

    @field_validator("labels")
    @classmethod
    def _each_once(cls, labels: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(labels)) != len(labels):
            raise ValueError(f"a class is named twice: {', '.join(labels)}")
        return labels


class CalibrationSection(_Table):
    """Temperatures by output and visibility band, fitted on held-out faces.

    `abstention` names the file of confidence thresholds, beside the card or in `calibration/`.
    """

    fitted_on: str
    temperature: dict[str, dict[VisibilityBand, Annotated[float, Field(gt=0, allow_inf_nan=False)]]]
    abstention: str | None = Field(None, pattern=r"^[\w.-]+\.toml$")


class MetricRow(_Table):
    """Accuracy of one output on one set under one condition, with its 95 % interval."""

    split: str
    condition: str
    n: int = Field(gt=0)
    accuracy: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    macro_f1: float = Field(ge=0, le=1)
    ece: float = Field(ge=0, le=1)
    crowd_accuracy: float = Field(ge=0, le=1)
    crowd_n: int = Field(ge=0)


class UseSection(_Table):
    """What the model may be used for, and what is known to be wrong with it."""

    intended: str
    caveats: tuple[str, ...]


class ModelCard(_Table):
    """Everything that is known about one model."""

    model: ModelSection
    input: InputSection
    outputs: tuple[OutputSection, ...]
    calibration: CalibrationSection
    reliability: dict[VisibilityBand, tuple[float, ...]]
    metrics: tuple[MetricRow, ...]
    use: UseSection

    @model_validator(mode="after")
    def _temperatures_cover_outputs(self) -> "ModelCard":
        for output in self.outputs:
            bands = self.calibration.temperature.get(output.name, {})
            missing = [band.value for band in VisibilityBand if band not in bands]
            if missing:
                raise ValueError(
                    f"[calibration.temperature.{output.name}] lacks the visibility bands "
                    f"{', '.join(missing)}"
                )
        return self

    def output(self, name: str) -> OutputSection:
        """Return the output called `name`; ModelCardInvalid lists the ones there are."""
        for output in self.outputs:
            if output.name == name:
                return output
        there = ", ".join(o.name for o in self.outputs)
        raise ModelCardInvalid(f"model {self.model.name} has outputs {there}, not {name}")


@dataclass(frozen=True, slots=True)
class StoredModel:
    """One model whose card was read and whose weights match the card."""

    card: ModelCard
    path: Path

    @property
    def name(self) -> str:
        """Name and version, as stamped on every record."""
        return f"{self.card.model.name}-{self.card.model.version}"

    def abstention(self) -> Abstention:
        """Return when the model names no expression; a card without thresholds names all.

        Raises ModelCardInvalid where the file is missing or was measured for other weights.
        """
        name = self.card.calibration.abstention
        if name is None:
            return NAMES_ALL
        places = (self.path.parent / name, resource_root() / "calibration" / name)
        for path in places:
            if path.is_file():
                return load_abstention(path, self.card.model.sha256)
        raise ModelCardInvalid(
            f"the card of {self.card.model.name} names {name}, which is neither {places[0]} nor "
            f"{places[1]}"
        )

    def session(self) -> "onnxruntime.InferenceSession":
        """Return a new runtime session that computes on one thread.

        Raises ModelCorrupt where the runtime cannot read the weights, ModelCardInvalid where their
        inputs or outputs are not the card's.
        """
        # A server whose workers run the models never does.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(self.path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime's own errors share no public base
            raise ModelCorrupt(f"the runtime cannot read {self.path}: {error}") from error
        self._check(session)
        return session

    def _check(self, session: "onnxruntime.InferenceSession") -> None:
        card = self.card
        inputs = [(i.name, tuple(i.shape[1:])) for i in session.get_inputs()]
        if inputs != [(card.input.name, card.input.shape)]:
            raise ModelCardInvalid(
                f"the card of {card.model.name} promises input {card.input.name} "
                f"{card.input.shape}, its weights take {inputs}"
            )
        (given,) = session.get_inputs()
        batch = given.shape[0] if given.shape else None
        if given.type != "tensor(float)" or (isinstance(batch, int) and batch != 1):
            raise ModelCardInvalid(
                f"the weights of {card.model.name} take {given.type} {given.shape}; expected "
                "tensor(float) of one face or of any number"
            )
        shapes = {o.name: tuple(o.shape[1:]) for o in session.get_outputs()}
        promised = {o.name: (len(o.labels),) for o in card.outputs}
        if shapes != promised:
            raise ModelCardInvalid(
                f"the card of {card.model.name} promises outputs {promised}, "
                f"its weights give {shapes}"
            )


class ModelStore:
    """Models under one folder, checked against their cards when loaded."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> tuple[str, ...]:
        """Names of the models that have a card, sorted."""
        return tuple(sorted(card.parent.name for card in self.root.glob(f"*/{CARD}")))

    def card(self, name: str) -> ModelCard:
        """Return a model's card without reading its weights.

        Raises ModelNotFound with the names that are there, or ModelCardInvalid.
        """
        path = self.root / name / CARD
        if name not in self.names():
            there = ", ".join(self.names()) or "none"
            raise ModelNotFound(f"no model {name!r} in {self.root}; there are: {there}")
        try:
            card = ModelCard.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise ModelCardInvalid(f"cannot read the card {path}: {error}") from error
        except ValidationError as error:
            findings = "; ".join(
                f"{'.'.join(map(str, e['loc'])) or 'card'}: {e['msg']}" for e in error.errors()
            )
            raise ModelCardInvalid(f"the card {path} is not complete: {findings}") from error
        if card.model.name != name:
            raise ModelCardInvalid(f"the card {path} is of {card.model.name!r}, not of {name!r}")
        return card

    def load(self, name: str) -> StoredModel:
        """Return a model whose weights match its card.

        Raises ModelNotFound, ModelCardInvalid, or ModelCorrupt with what was expected and found.
        """
        card = self.card(name)
        path = self.root / name / card.model.file
        if path.parent.resolve() != (self.root / name).resolve():
            raise ModelCardInvalid(
                f"the card of {name} names {card.model.file}, which is not a file beside it"
            )
        try:
            content = path.read_bytes()
        except OSError as error:
            raise ModelCorrupt(f"the weights of {name} cannot be read: {error}") from error
        if len(content) != card.model.bytes:
            raise ModelCorrupt(
                f"{path} has {len(content)} bytes, its card says {card.model.bytes}; "
                "the file is truncated or of another version"
            )
        found = hashlib.sha256(content).hexdigest()
        if found != card.model.sha256:
            raise ModelCorrupt(
                f"{path} has sha256 {found}, its card says {card.model.sha256}; "
                "restore the file or its card"
            )
        return StoredModel(card, path)
