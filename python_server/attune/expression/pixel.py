"""Pixel model: an aligned face crop and its visibility, to calibrated class probabilities."""

import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError, ModelCardInvalid
from attune.expression.emotion import FacePrediction, Prediction, softmax
from attune.expression.store import StoredModel
from attune.vision.face import VisibilityBand

FER2013_OUTPUT = "logits7"
CROWD_OUTPUT = "logits8"
_CHANNELS = (("gray", "visible"), ("gray",))
_UPPER = slice(10, 24)
_LOWER = slice(28, 46)
_SIDES = slice(10, 38)
_ENOUGH = 0.6


def band_of(visible: NDArray[np.float32]) -> VisibilityBand:
    """Return the band of a crop whose visibility (48, 48) is in [0, 1].

    The lower face must be visible for anything to be said; eyes and brows decide the rest.
    """
    if float(visible[_LOWER, _SIDES].mean()) < _ENOUGH:
        return VisibilityBand.POOR
    if float(visible[_UPPER, _SIDES].mean()) < _ENOUGH:
        return VisibilityBand.LOWER_FACE
    return VisibilityBand.FULL


class PixelModel:
    """One pixel model ready to predict; holds a runtime session, stateless between faces.

    A model of gray alone is not told what is hidden. One that does not know FER+'s classes gives
    its answer over FER2013's for both.
    """

    def __init__(self, stored: StoredModel) -> None:
        card = stored.card
        if card.model.kind != "pixel" or card.input.channels not in _CHANNELS:
            known = " or ".join(map(str, _CHANNELS))
            raise ModelCardInvalid(
                f"expected a pixel model of channels {known}, {card.model.name} is a "
                f"{card.model.kind} model of {card.input.channels}"
            )
        self._stored = stored
        self._shape = card.input.shape[:2]
        self._labels = {FER2013_OUTPUT: card.output(FER2013_OUTPUT).labels}
        if any(output.name == CROWD_OUTPUT for output in card.outputs):
            self._labels[CROWD_OUTPUT] = card.output(CROWD_OUTPUT).labels
        self._affective = CROWD_OUTPUT if CROWD_OUTPUT in self._labels else FER2013_OUTPUT
        self._session = stored.session()

    @property
    def name(self) -> str:
        """Name and version of the model."""
        return self._stored.name

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes from which affect is read, in order."""
        return self._labels[self._affective]

    def predict(self, crop: NDArray[np.uint8], visible: NDArray[np.float32]) -> FacePrediction:
        """Return what the model says about a gray crop (48, 48) and its visibility (48, 48).

        `visible` is in [0, 1], 1 where the face itself is seen. Raises InputError on other shapes.
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
        band = band_of(visible)
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
