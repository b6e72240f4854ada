"""Landmark model: where the points of a face lie, to calibrated class probabilities.

Features and size of the network follow paper 004: for each point x, y, its distance from the mean
point and its angle, two hidden layers of 128. The points are first turned upright and scaled, so
that head roll and distance from the camera do not matter.
"""

import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError, ModelCardInvalid
from attune.expression.emotion import FacePrediction, Prediction, softmax
from attune.expression.store import StoredModel
from attune.vision.face import VisibilityBand

FER2013_OUTPUT = "logits7"
CROWD_OUTPUT = "logits8"
ALL_POINTS = tuple(range(68))
LOWER_POINTS = (*range(3, 14), *range(30, 36), *range(48, 68))
"""Jaw, tip and base of the nose, lips: what a headset leaves in sight."""

POINTS_BY_CHANNELS = {"landmarks_68": ALL_POINTS, "landmarks_lower": LOWER_POINTS}
_UPRIGHT = (4, 12)


def features(
    landmarks: NDArray[np.float32] | NDArray[np.float64], points: tuple[int, ...] = ALL_POINTS
) -> NDArray[np.float32]:
    """Return (4 * len(points),) float32: all x, all y, all distances, all angles (in half turns).

    `landmarks` is (68, 2) in pixels, iBUG order. Positions are relative to the mean of `points`,
    turned so that the line between the sides of the jaw is level, in units of the points' spread.
    """
    if landmarks.shape != (68, 2):
        raise InputError("expression.landmarks", f"expected (68, 2), got {landmarks.shape}")
    at = np.asarray(landmarks, np.float64)
    if not np.isfinite(at).all():
        raise InputError("expression.landmarks", "expected finite points")
    level = at[_UPRIGHT[1]] - at[_UPRIGHT[0]]
    chosen = at[list(points)] - at[list(points)].mean(axis=0)
    spread = float(np.sqrt((chosen**2).sum(axis=1).mean()))
    length = float(np.hypot(*level))
    if spread <= 0 or length <= 0:
        raise InputError("expression.landmarks", "expected points apart from each other")
    c, s = level / length
    x, y = (chosen @ np.array([[c, -s], [s, c]]) / spread).T
    described = np.concatenate([x, y, np.hypot(x, y), np.arctan2(y, x) / np.pi])
    return np.asarray(described, np.float32)


class LandmarkModel:
    """One landmark model ready to predict; stateless between faces."""

    def __init__(self, stored: StoredModel) -> None:
        card = stored.card
        channels = card.input.channels
        points = POINTS_BY_CHANNELS.get(channels[0], ()) if len(channels) == 1 else ()
        if card.model.kind != "landmark" or not points or card.input.shape != (4 * len(points),):
            expected = ", ".join(
                f"{4 * len(known)} features of {name}" for name, known in POINTS_BY_CHANNELS.items()
            )
            raise ModelCardInvalid(
                f"expected a landmark model of {expected}; {card.model.name} is a "
                f"{card.model.kind} model of {card.input.shape} of {channels}"
            )
        self._stored = stored
        self._points = points
        self._labels = {name: card.output(name).labels for name in (FER2013_OUTPUT, CROWD_OUTPUT)}
        self._session = stored.session()

    @property
    def name(self) -> str:
        """Name and version of the model."""
        return self._stored.name

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes from which affect is read, in order."""
        return self._labels[CROWD_OUTPUT]

    def predict(
        self, landmarks: NDArray[np.float32] | NDArray[np.float64], band: VisibilityBand
    ) -> FacePrediction:
        """Return what the model says about landmarks (68, 2) in pixels, iBUG order."""
        card = self._stored.card
        temperature = card.calibration.temperature
        given = features(landmarks, self._points)[None]
        outputs = self._session.run(list(self._labels), {card.input.name: given})
        seven, eight = (
            Prediction(labels, logits[0], softmax(logits[0], temperature[name][band]))
            for (name, labels), logits in zip(self._labels.items(), outputs, strict=True)
        )
        return FacePrediction(seven, eight, band)
