"""Pixel model: an aligned face crop and its visibility, to calibrated class probabilities."""

import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError, ModelCardInvalid
from attune.expression.emotion import FacePrediction, Prediction, softmax
from attune.expression.store import ModelCard, OutputSection, StoredModel
from attune.vision.crop import CROP_PX
from attune.vision.face import VisibilityBand

FER2013_OUTPUT = "logits7"
CROWD_OUTPUT = "logits8"
_CHANNELS = (("gray", "visible"), ("gray",))


def affective_output(card: ModelCard) -> OutputSection:
    """Return the output from which affect is read: FER+'s classes, else FER2013's."""
    crowd = any(output.name == CROWD_OUTPUT for output in card.outputs)
    return card.output(CROWD_OUTPUT if crowd else FER2013_OUTPUT)


class PixelModel:
    """One pixel model ready to predict; holds a runtime session, stateless between faces.

    A model of gray alone is not told what is hidden. One that does not know FER+'s classes gives
    its answer over FER2013's for both.
    """

    def __init__(self, stored: StoredModel) -> None:
        card = stored.card
        channels, shape = card.input.channels, card.input.shape
        known = channels in _CHANNELS and shape == (CROP_PX, CROP_PX, len(channels))
        if card.model.kind != "pixel" or not known:
            expected = " or ".join(map(str, _CHANNELS))
            raise ModelCardInvalid(
                f"expected a pixel model of channels {expected} of a {CROP_PX}-pixel crop, "
                f"{card.model.name} is a {card.model.kind} model of channels {channels} of shape "
                f"{shape}"
            )
        self._stored = stored
        self._shape = shape[:2]
        affective = affective_output(card)
        self._affective = affective.name
        self._labels = {
            FER2013_OUTPUT: card.output(FER2013_OUTPUT).labels,
            affective.name: affective.labels,
        }
        self._session = stored.session()

    @property
    def name(self) -> str:
        """Name and version of the model."""
        return self._stored.name

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes from which affect is read, in order."""
        return self._labels[self._affective]

    def predict(
        self, crop: NDArray[np.uint8], visible: NDArray[np.float32], band: VisibilityBand
    ) -> FacePrediction:
        """Return what the model says about a gray crop (48, 48) and its visibility (48, 48).

        `visible` is in [0, 1], 1 where the face itself is seen. `band` is the face's, by which
        thresholds and reliability go too: they were measured with its temperature. Raises
        InputError on other shapes.
        """
        if crop.shape != self._shape or visible.shape != self._shape or crop.dtype != np.uint8:
            raise InputError(
                "expression.crop",
                f"expected a uint8 crop and its visibility of {self._shape}, got {crop.dtype} "
                f"{crop.shape} and {visible.shape}",
            )
        view = np.empty((1, *self._stored.card.input.shape), np.float32)
        view[0, ..., 0] = crop.astype(np.float32) / 255
        view[0, ..., 1:] = visible[..., None]
        outputs = self._session.run(list(self._labels), {self._stored.card.input.name: view})
        said = {
            name: self._prediction(name, logits[0], band)
            for name, logits in zip(self._labels, outputs, strict=True)
        }
        return FacePrediction(said[FER2013_OUTPUT], said[self._affective], band)

    def _prediction(
        self, name: str, logits: NDArray[np.float32], band: VisibilityBand
    ) -> Prediction:
        temperature = self._stored.card.calibration.temperature[name][band]
        return Prediction(self._labels[name], logits, softmax(logits, temperature))
