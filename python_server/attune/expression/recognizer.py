"""One face to one `Expression`: models, fusion, circumplex, reliability and abstention in a row.

`ExpressionRecognizer` holds what all visitors share; `VisitorRecognizer` what belongs to one.
"""

import math
from dataclasses import dataclass

import numpy as np

from attune.config import ExpressionSettings
from attune.errors import ConfigError
from attune.expression.abstention import NAMES_ALL, Abstention
from attune.expression.circumplex import affect, shipped_circumplex
from attune.expression.emotion import Prediction
from attune.expression.expression import Expression
from attune.expression.fusion import AdaptiveWeight, fuse
from attune.expression.landmark import LandmarkModel
from attune.expression.pixel import PixelModel
from attune.expression.reliability import Reliability
from attune.expression.store import ModelStore
from attune.vision.face import Face, FaceCrop, HeadPose, VisibilityBand


@dataclass(frozen=True, slots=True)
class Fusion:
    """A landmark model beside the pixel model, whose share of the answer is `pixel_weight`.

    `adaptive`: the weight begins there and follows how often a visitor's expression changes.
    """

    landmark: LandmarkModel
    pixel_weight: float
    adaptive: bool


class ExpressionRecognizer:
    """Models and their calibration, stateless between faces; serves any number of visitors."""

    def __init__(
        self,
        model: PixelModel,
        reliability: Reliability,
        abstention: Abstention = NAMES_ALL,
        fusion: Fusion | None = None,
    ) -> None:
        self.model = model
        self.reliability = reliability
        self.abstention = abstention
        self.fusion = fusion
        shipped_circumplex().matrix(model.labels)  # a class without a place is found at the start
        if fusion is not None and fusion.landmark.labels != model.labels:
            raise ConfigError(
                f"{fusion.landmark.name} and {model.name} name different classes: "
                f"{fusion.landmark.labels} and {model.labels}; they cannot be fused"
            )

    @classmethod
    def open(cls, settings: ExpressionSettings, store: ModelStore) -> "ExpressionRecognizer":
        """The models that `settings` names, from `store`."""
        stored = store.load(settings.pixel_model)
        fusion = None
        if settings.landmark_model is not None:
            fusion = Fusion(
                LandmarkModel(store.load(settings.landmark_model)),
                settings.pixel_weight,
                settings.fusion == "adaptive",
            )
        return cls(
            PixelModel(stored),
            Reliability.from_table(stored.card.reliability),
            stored.abstention(),
            fusion,
        )

    @property
    def labels(self) -> tuple[str, ...]:
        """Classes of every `Expression` that this recognizer gives, in order."""
        return self.model.labels

    @property
    def name(self) -> str:
        """Names and versions of the models, as stamped on every expression."""
        if self.fusion is None:
            return self.model.name
        return f"{self.model.name} + {self.fusion.landmark.name}"

    def for_visitor(self) -> "VisitorRecognizer":
        """A recognizer for the face of one visitor."""
        return VisitorRecognizer(self)


class VisitorRecognizer:
    """Reads the expressions of one visitor, in the order of capture."""

    def __init__(self, shared: ExpressionRecognizer) -> None:
        self._shared = shared
        fusion = shared.fusion
        self._weight = None if fusion is None else AdaptiveWeight(start=fusion.pixel_weight)

    def recognize(
        self, face: Face, crop: FaceCrop, pose: HeadPose | None, capture_time_ns: int
    ) -> Expression:
        """What `face` shows. Without a pose the head is taken to face the camera."""
        shared = self._shared
        by_pixels = shared.model.predict(crop.gray, crop.visible, face.band).eight
        said = self._fused(by_pixels, face, capture_time_ns)
        valence, arousal = affect(shared.labels, said.probabilities)
        yaw_deg = 0.0 if pose is None else pose.seen_yaw_deg
        quality = shared.reliability.quality(face.band, yaw_deg, face.quality.overall)
        # Thresholds are measured for the pixel model, so that it alone decides what is withheld.
        confidence = float(by_pixels.probabilities.max())
        return Expression(
            labels=shared.labels,
            probabilities=np.asarray(said.probabilities, dtype=np.float32),
            valence=valence,
            arousal=arousal,
            reliability=shared.abstention.reliability(quality, confidence, face.band),
            intensity=min(1.0, math.hypot(valence, arousal)),
            band=face.band,
            model=shared.name,
            withheld=shared.abstention.withholds(confidence, face.band),
        )

    def _fused(self, by_pixels: Prediction, face: Face, capture_time_ns: int) -> Prediction:
        fusion = self._shared.fusion
        if fusion is None or self._weight is None or face.band is VisibilityBand.POOR:
            return by_pixels
        by_landmarks = fusion.landmark.predict(face.landmarks, face.band).eight
        said = fuse(by_pixels, by_landmarks, self._weight.weight)
        if fusion.adaptive:
            self._weight.observe(said.probabilities, capture_time_ns)
        return said
