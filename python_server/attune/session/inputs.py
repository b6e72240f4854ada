"""Everything that can enter the pipeline, converted to session time and camera axes.

`Pipeline.step` is the only entrance. Every input carries `time_ns`, nanoseconds on the session
timeline: for a frame its capture time, for a tick the session time it announces.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from attune.scenario.events import SceneEvent
from attune.session.consent import ConsentScope
from attune.vision.camera import CameraModel
from attune.vision.frame import CaptureTimeSource, EncodedFrame, FrameRole


@dataclass(frozen=True, slots=True)
class Tick:
    """Session time has reached `time_ns`, a multiple of 100 ms."""

    time_ns: int


@dataclass(frozen=True, slots=True)
class FrameInput:
    """One frame; `time_ns` is its capture time."""

    time_ns: int
    sequence: int
    frame: EncodedFrame
    role: FrameRole
    capture_time_source: CaptureTimeSource
    consent_revision: int


@dataclass(frozen=True, slots=True)
class ConsentInput:
    """The consent from now on."""

    time_ns: int
    revision: int
    scopes: frozenset[ConsentScope]


@dataclass(frozen=True, slots=True)
class PauseInput:
    """Evidence stands still until a `ResumeInput`."""

    time_ns: int


@dataclass(frozen=True, slots=True)
class ResumeInput:
    """The session goes on."""

    time_ns: int


@dataclass(frozen=True, slots=True)
class CameraModelInput:
    """Optics of the camera from now on."""

    time_ns: int
    camera: CameraModel


@dataclass(frozen=True, slots=True)
class HeadsetPoseInput:
    """The headset's own pose, converted to right-handed axes (x right, y down, z forward).

    `rotation` is (3, 3) float64, head to tracking space; `position_m` and `focus_m` are (3,)
    float64 metres in the tracking space, `focus_m` None when nothing is in focus.
    """

    time_ns: int
    rotation: NDArray[np.float64]
    position_m: NDArray[np.float64]
    tracking_epoch: int
    focus_m: NDArray[np.float64] | None


class WeightsSource(StrEnum):
    """What a headset's face weights were measured from."""

    VISUAL = "visual"
    AUDIO = "audio"


@dataclass(frozen=True, slots=True)
class FaceWeightsInput:
    """Face weights that the headset measured; recorded, and not yet part of any decision."""

    time_ns: int
    schema: str
    weights: tuple[float, ...]
    valid: bool
    source: WeightsSource
    confidence: float


@dataclass(frozen=True, slots=True)
class EventInput:
    """Something happened in the scene."""

    event: SceneEvent

    @property
    def time_ns(self) -> int:
        """Time of the event."""
        return self.event.time_ns


class BaselineAction(StrEnum):
    """What a calibration command asks for."""

    START = "start"
    FINISH = "finish"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class BaselineInput:
    """Start, finish or forget the personal baseline."""

    time_ns: int
    action: BaselineAction


class EndReason(StrEnum):
    """Why a session ended."""

    UNSPECIFIED = "unspecified"
    FINISHED = "finished"
    VISITOR = "visitor"
    NEXT_VISITOR = "next_visitor"
    APPLICATION = "application"
    SERVER_SHUTDOWN = "server_shutdown"
    LOST = "lost"
    VIOLATION = "violation"


@dataclass(frozen=True, slots=True)
class EndInput:
    """The session ends."""

    time_ns: int
    reason: EndReason


@dataclass(frozen=True, slots=True)
class OperatorInput:
    """An operator chose a branch, now or ahead of the moment when the choice falls due."""

    time_ns: int
    choice_id: str
    occurrence: int
    branch_id: str

    @property
    def parameters(self) -> dict[str, str]:
        """Which order it is, for the notice that refuses it."""
        return {
            "choice_id": self.choice_id,
            "occurrence": str(self.occurrence),
            "branch_id": self.branch_id,
        }


Input = (
    Tick
    | FrameInput
    | ConsentInput
    | PauseInput
    | ResumeInput
    | CameraModelInput
    | HeadsetPoseInput
    | FaceWeightsInput
    | EventInput
    | BaselineInput
    | OperatorInput
    | EndInput
)
