"""How well the vision room sees: its tracker, pose and visibility measured against rendered truth.

A head sweeps slowly through the angles, as video, because that is how trackers run; every frame's
reading is set against what the renderer knows. Numbers are for rendered faces and say so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.scenario.visitor_face import expression_weights
from attune.timeline import UntimedStages
from attune.vision.camera import CameraModel
from attune.vision.face import Face, HeadPose
from attune.vision.frame import Image
from attune.vision.observer import FaceObserver

from . import record
from .facekit import FaceKit
from .figure import Figure
from .head import Pose, look_weights
from .headsets import HeadsetKind
from .looks import draw_look
from .performance import facekit_weights
from .regions import REGIONS
from .scene import Camera, Lens, Studio, draw_background, draw_lighting
from .skin import Painter

Floats = NDArray[np.float64]

YAW_BANDS: tuple[tuple[float, float], ...] = ((0.0, 15.0), (15.0, 30.0), (30.0, 45.0))
"""Absolute yaw in degrees, lower bound included."""

LOWER_LANDMARKS = (8, 30, 31, 32, 33, 34, 35, *range(48, 68))
"""Landmarks below the eyes that a mesh tracker and the FaceKit place on the same spot: tip of the
chin, lower nose, lips. The jaw line is left out: each model draws its own."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What vision made of one frame, against the truth.

    Attributes:
        headset: what was worn; yaw_deg: true yaw; skin_tone: group.
        found: whether the face was found; what follows is NaN where it was not.
        pose_error_deg: (3,) read minus true yaw, pitch, roll.
        visible: (9,) read visibility by region; covered: (9,) true share that the headset hides.
        lower_error: mean distance of ``LOWER_LANDMARKS`` from the truth, in inter-ocular distances
            (between the outer corners of the eyes).
    """

    headset: str
    yaw_deg: float
    skin_tone: int
    found: bool
    pose_error_deg: Floats
    visible: Floats
    covered: Floats
    lower_error: float


def sweep(
    kit: FaceKit,
    painter: Painter,
    seed: int,
    headset: HeadsetKind,
    *,
    frames: int = 120,
    camera: Camera | None = None,
    rate_hz: float = 15.0,
) -> Iterator[tuple[NDArray[np.uint8], record.FrameTruth]]:
    """(image, truth) of a head that turns from side to side, nods, tilts and changes its face.

    Yaw covers ±45°, pitch ±15°, roll ±12°; the affect wanders once round the plane.
    """
    camera = camera or Camera.centered(640, 480, 700.0)
    look = draw_look(seed)
    figure = Figure(kit, painter, look, headset)
    studio = Studio(
        figure,
        camera,
        Lens(supersampling=1),
        lighting=draw_lighting(seed),
        background=draw_background(seed, camera.width, camera.height),
        seed=seed,
    )
    casting = record.Casting(seed, look.skin_tone, "sweep", headset)
    time = np.arange(frames) / rate_hz
    turn = 2 * np.pi * np.arange(frames) / frames
    affect = 0.5 * np.stack([np.cos(2 * turn), np.sin(2 * turn)], 1) * np.sin(turn / 2)[:, None]
    faces = facekit_weights(kit, expression_weights(affect))
    for number in range(frames):
        yaw, gaze = 45.0 * np.sin(turn[number]), 6.0 * np.sin(3 * turn[number])
        pose = Pose(
            yaw_deg=float(yaw),
            pitch_deg=float(15.0 * np.sin(2 * turn[number] + 0.4)),
            roll_deg=float(12.0 * np.sin(3 * turn[number])),
            position_cm=(0.0, 6.0, 60.0),
            gaze_yaw_deg=float(gaze),
            gaze_pitch_deg=0.0,
            weights=faces[number] + kit.weight_vector(look_weights(float(gaze), 0.0)),
        )
        frame = studio.render(pose, number, 1.0 / rate_hz)
        truth = record.truth_of(
            frame,
            number,
            round(time[number] * 1e9),
            pose,
            affect=(float(affect[number, 0]), float(affect[number, 1])),
            blink=0.0,
            casting=casting,
            figure=figure,
            camera=camera,
            kit=kit,
        )
        yield frame.image, truth


def measure(
    frames: Iterable[tuple[NDArray[np.uint8], record.FrameTruth]], settings: VisionSettings
) -> list[Reading]:
    """Run one visitor's frames, in order, through a fresh ``FaceObserver`` and compare."""
    observer = FaceObserver(settings)
    stages = UntimedStages()
    readings = []
    try:
        for image, truth in frames:
            height, width = image.shape[:2]
            camera = CameraModel(*truth.camera, width=width, height=height)
            seen = observer.observe(Image(image), truth.capture_time_ns, camera, None, stages)
            readings.append(_compare(truth, seen.wearer, seen.pose))
    finally:
        observer.close()
    return readings


def _compare(truth: record.FrameTruth, face: Face | None, pose: HeadPose | None) -> Reading:
    error, visible, lower = np.full(3, np.nan), np.full(len(REGIONS), np.nan), float("nan")
    if face is not None and pose is not None:
        read = np.array([pose.yaw_deg, pose.pitch_deg, pose.roll_deg])
        error = read - np.array([truth.yaw_deg, truth.pitch_deg, truth.roll_deg])
    if face is not None:
        shares = face.visibility.as_dict()
        visible = np.array([shares[name] for name in REGIONS])
        marks = list(LOWER_LANDMARKS)
        apart = np.linalg.norm(truth.landmarks[36] - truth.landmarks[45])
        frontal = apart / max(np.cos(np.radians(truth.yaw_deg)), 0.5)
        distance = np.linalg.norm(face.landmarks[marks] - truth.landmarks[marks], axis=1)
        lower = float(distance.mean() / frontal)
    return Reading(
        headset=truth.headset,
        yaw_deg=truth.yaw_deg,
        skin_tone=truth.skin_tone,
        found=face is not None,
        pose_error_deg=error,
        visible=visible,
        covered=1.0 - truth.visible,
        lower_error=lower,
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """A row of the truth table: one headset in one yaw band.

    Attributes:
        frames: n; found: share of them in which the face was found.
        yaw_mae_deg, pitch_mae_deg, roll_mae_deg: mean absolute errors where it was found.
        covered_seen: mean read visibility of regions that the headset hides by 80 % or more;
        open_seen: of regions that it hides by 20 % or less (NaN where there are none).
        agreement: share of those covered and open regions that vision put on the same side of ½.
        lower_error: mean error of the lower face's landmarks in inter-ocular distances.
    """

    headset: str
    yaw_band: tuple[float, float]
    frames: int
    found: float
    yaw_mae_deg: float
    pitch_mae_deg: float
    roll_mae_deg: float
    covered_seen: float
    open_seen: float
    agreement: float
    lower_error: float


def summarise(readings: Sequence[Reading]) -> list[Summary]:
    """Rows by headset and yaw band, in the order of first appearance."""
    rows = []
    for headset in dict.fromkeys(one.headset for one in readings):
        for band in YAW_BANDS:
            part = [
                one
                for one in readings
                if one.headset == headset and band[0] <= abs(one.yaw_deg) < band[1]
            ]
            if part:
                rows.append(_row(headset, band, part))
    return rows


def _row(headset: str, band: tuple[float, float], part: Sequence[Reading]) -> Summary:
    error = np.abs(np.array([one.pose_error_deg for one in part]))
    visible = np.array([one.visible for one in part])
    covered = np.array([one.covered for one in part])
    hidden, shown = visible[covered >= 0.8], visible[covered <= 0.2]
    known = np.concatenate([hidden < 0.5, shown >= 0.5]).astype(np.float64)
    known[~np.isfinite(np.concatenate([hidden, shown]))] = np.nan
    yaw, pitch, roll = (_mean(error[:, axis]) for axis in range(3))
    return Summary(
        headset=headset,
        yaw_band=band,
        frames=len(part),
        found=float(np.mean([one.found for one in part])),
        yaw_mae_deg=yaw,
        pitch_mae_deg=pitch,
        roll_mae_deg=roll,
        covered_seen=_mean(hidden),
        open_seen=_mean(shown),
        agreement=_mean(known),
        lower_error=_mean(np.array([one.lower_error for one in part])),
    )


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")
