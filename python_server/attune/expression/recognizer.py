"""One face to one `Expression`: pixel model, circumplex and measured reliability in a row."""

import math

import numpy as np

from attune.expression.circumplex import affect
from attune.expression.expression import Expression
from attune.expression.pixel import PixelModel
from attune.expression.reliability import Reliability
from attune.vision.face import Face, FaceCrop, HeadPose


class ExpressionRecognizer:
    """Reads expressions with one pixel model; stateless between faces."""

    def __init__(self, model: PixelModel, reliability: Reliability) -> None:
        self._model = model
        self._reliability = reliability

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes of every `Expression` that this recognizer gives, in order."""
        return self._model.labels

    def recognize(self, face: Face, crop: FaceCrop, pose: HeadPose | None) -> Expression:
        """What `face` shows. Without a pose the head is taken to face the camera."""
        prediction = self._model.predict(crop.gray, crop.visible)
        probabilities = prediction.probabilities
        valence, arousal = affect(self.labels, probabilities)
        yaw_deg = 0.0 if pose is None else pose.yaw_deg
        return Expression(
            labels=self.labels,
            probabilities=np.asarray(probabilities, dtype=np.float32),
            valence=valence,
            arousal=arousal,
            reliability=self._reliability.quality(face.band, yaw_deg, face.quality.overall),
            intensity=min(1.0, math.hypot(valence, arousal)),
            band=face.band,
            model=self._model.name,
        )
