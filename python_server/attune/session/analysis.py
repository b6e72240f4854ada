"""One frame to what it shows: decode, observe, recognise; the pixel half of the pipeline."""

from dataclasses import dataclass

from attune.config import Settings
from attune.expression.expression import Expression
from attune.expression.recognizer import ExpressionRecognizer
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


class FrameAnalysis:
    """Owns the session's tracker. Made with the first frame that may be analysed, so that a session
    without consent never holds one."""

    def __init__(
        self,
        plan: SessionPlan,
        settings: Settings,
        recognizer: ExpressionRecognizer,
        stages: StageClock,
    ) -> None:
        self._limits = settings.limits
        self._recognizer = recognizer
        self._stages = stages
        self._observer = FaceObserver(
            settings.vision, region=plan.camera_region, declared_headset=plan.headset_model or None
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
                expression = self._recognizer.recognize(seen.wearer, seen.crop, seen.pose)
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
