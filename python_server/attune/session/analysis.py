"""One frame to what it shows: decode, observe, recognise; the pixel half of the pipeline.

A pipeline asks a `FrameReader`. `LocalReaders` makes readers that work on the caller's thread, as
replay does; a server may put the same work into other processes.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from attune.config import Settings
from attune.expression.expression import Expression
from attune.expression.pixel import affective_output
from attune.expression.recognizer import ExpressionRecognizer
from attune.expression.store import ModelStore
from attune.session.inputs import FrameInput, HeadsetPoseInput
from attune.session.plan import SessionPlan
from attune.timeline import StageClock
from attune.vision.camera import CameraModel
from attune.vision.decode import decode
from attune.vision.face import Box, Face, FaceCrop, HeadPose
from attune.vision.frame import Image
from attune.vision.observer import FaceObserver


@dataclass(frozen=True, slots=True)
class Reading:
    """What one frame showed of the wearer; all None when no face was found. `others` are boxes of
    the other faces, pixels of the upright image."""

    face: Face | None
    pose: HeadPose | None
    expression: Expression | None
    crop: FaceCrop | None
    others: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Vantage:
    """What a reader has to know of its session: the station's part of the image (x, y, width,
    height as fractions), and the headset as the device names it."""

    region: tuple[float, float, float, float] | None
    declared_headset: str | None

    @classmethod
    def of(cls, plan: SessionPlan) -> "Vantage":
        """The vantage of a planned session."""
        return cls(plan.camera_region, plan.headset_model or None)


class FrameReader(Protocol):
    """Reads the frames of one visitor, in the order of capture; keeps state between them."""

    def read(
        self,
        frame: FrameInput,
        camera: CameraModel | None,
        headset: HeadsetPoseInput | None,
    ) -> Reading:
        """What the frame shows of the wearer; InputError for pixels that cannot be used."""
        ...

    def read_bystanders(self, frame: FrameInput) -> tuple[Face, ...]:
        """Faces in a pass-through frame; InputError for pixels that cannot be used."""
        ...

    def close(self) -> None:
        """Forget the visitor."""
        ...


class FrameReaders(Protocol):
    """Makes readers for one session; a new one knows nothing of what an earlier one saw."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotion classes of every expression, in order."""
        ...

    def open(self) -> FrameReader:
        """A fresh reader."""
        ...


class FrameAnalysis:
    """The `FrameReader` that does the work itself. Owns a tracker, so it is made with the first
    frame that may be analysed."""

    def __init__(
        self,
        vantage: Vantage,
        settings: Settings,
        recognizer: ExpressionRecognizer,
        stages: StageClock,
    ) -> None:
        self._limits = settings.limits
        self._recognizer = recognizer.for_visitor()
        self._stages = stages
        self._observer = FaceObserver(
            settings.vision, region=vantage.region, declared_headset=vantage.declared_headset
        )

    def read(
        self,
        frame: FrameInput,
        camera: CameraModel | None,
        headset: HeadsetPoseInput | None,
    ) -> Reading:
        """Analyse one frame of the wearer; raises InputError for pixels that cannot be used."""
        seen = self._observer.observe(
            self._decode(frame),
            frame.time_ns,
            camera,
            None if headset is None else headset.rotation,
            self._stages,
            tracking_epoch=0 if headset is None else headset.tracking_epoch,
        )
        expression = None
        if seen.wearer is not None and seen.crop is not None:
            with self._stages.stage("expression"):
                expression = self._recognizer.recognize(
                    seen.wearer, seen.crop, seen.pose, frame.time_ns
                )
        return Reading(seen.wearer, seen.pose, expression, seen.crop, seen.bystanders)

    def read_bystanders(self, frame: FrameInput) -> tuple[Face, ...]:
        """Faces in a pass-through frame; raises InputError for pixels that cannot be used."""
        return self._observer.observe_bystanders(self._decode(frame), frame.time_ns, self._stages)

    def _decode(self, frame: FrameInput) -> Image:
        with self._stages.stage("decode"):
            return decode(
                frame.frame,
                max_pixels=self._limits.max_frame_pixels,
                max_bytes=self._limits.max_frame_bytes,
            )

    def close(self) -> None:
        """Free the tracker."""
        self._observer.close()


class LocalReaders:
    """Readers that work where they are called. The model is read from the store at once, so that a
    broken one is found at the start; its runtime is made with the first reader."""

    def __init__(
        self, vantage: Vantage, settings: Settings, models: ModelStore, stages: StageClock
    ) -> None:
        self._vantage = vantage
        self._settings = settings
        self._stages = stages
        self._models = models
        self._stored = models.load(settings.expression.pixel_model)

    @property
    def labels(self) -> tuple[str, ...]:
        """Emotion classes of every expression, in order."""
        return affective_output(self._stored.card).labels

    def open(self) -> FrameAnalysis:
        """A fresh reader."""
        return FrameAnalysis(self._vantage, self._settings, self._recognizer, self._stages)

    @cached_property
    def _recognizer(self) -> ExpressionRecognizer:
        return ExpressionRecognizer.open(self._settings.expression, self._models)
