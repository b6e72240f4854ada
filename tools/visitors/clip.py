"""Renders one clip: a visitor who lives through a story, as video with truth beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.scenario.visitors import VisitorKind, draw_visitor

from . import record
from .errors import OutputError
from .facekit import FaceKit
from .figure import Figure
from .headsets import HeadsetKind
from .looks import draw_look
from .performance import Story, perform
from .scene import Camera, Frame, Lens, Studio, draw_background, draw_lighting
from .skin import Painter


@dataclass(frozen=True, slots=True)
class Shot:
    """What to film.

    Attributes:
        seed: of the person, the light, the room and the behaviour.
        visitor: how they answer the story; headset: what they wear.
        skin_tone: 1 to 10, or None to let the seed draw it.
        rate_hz: frames per second.
    """

    seed: int
    visitor: VisitorKind
    headset: HeadsetKind
    camera: Camera
    lens: Lens
    rate_hz: float
    skin_tone: int | None = None


def cast(kit: FaceKit, painter: Painter, shot: Shot) -> Figure:
    """The person of a shot; it may be filmed again in any shot of the same person and headset."""
    return Figure(kit, painter, draw_look(shot.seed, shot.skin_tone), shot.headset)


def film(
    kit: FaceKit, figure: Figure, shot: Shot, story: Story
) -> Iterator[tuple[Frame, record.FrameTruth]]:
    """The frames of a shot with their truth, in order; equal for equal arguments."""
    width, height = shot.camera.width, shot.camera.height
    studio = Studio(
        figure, shot.camera, shot.lens, lighting=draw_lighting(shot.seed),
        background=draw_background(shot.seed, width, height), seed=shot.seed,
    )  # fmt: skip
    casting = record.Casting(
        shot.seed, draw_look(shot.seed, shot.skin_tone).skin_tone, shot.visitor, shot.headset
    )
    traits = draw_visitor(shot.visitor, shot.seed)
    moments = perform(kit, traits, story.stimuli, story.duration_s, rate_hz=shot.rate_hz)
    for number, moment in enumerate(moments):
        frame = studio.render(moment.pose, number, 1.0 / shot.rate_hz)
        truth = record.truth_of(
            frame,
            number,
            moment.time_ns,
            moment.pose,
            affect=moment.affect,
            blink=moment.blink,
            casting=casting,
            figure=figure,
            camera=shot.camera,
            kit=kit,
        )
        yield frame, truth


def render(
    kit: FaceKit,
    figure: Figure,
    shot: Shot,
    story: Story,
    out: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[record.FrameTruth]:
    """Film a shot into ``out`` (MPEG-4 in an mp4 file) and its truth beside it.

    Raises:
        OutputError: the video or the truth cannot be written.
    """
    total = round(story.duration_s * shot.rate_hz)
    truths: list[record.FrameTruth] = []
    with VideoFile(out, shot.camera, shot.rate_hz) as video:
        for frame, truth in film(kit, figure, shot, story):
            video.write(frame.image)
            truths.append(truth)
            progress(len(truths), total)
    record.write(truth_path(out), truths)
    return truths


def truth_path(video: Path) -> Path:
    """Where the truth of a video lies: beside it, as ``NAME.truth.csv.gz``."""
    return video.with_suffix(".truth.csv.gz")


class VideoFile:
    """An mp4 file that every OpenCV wheel can read, written frame by frame."""

    def __init__(self, path: Path, camera: Camera, rate_hz: float) -> None:
        self._path = path
        if path.suffix != ".mp4":
            raise OutputError(f"the clip must be called NAME.mp4, got {path.name!r}")
        if not path.parent.is_dir():
            raise OutputError(f"cannot write {path}: the folder {path.parent} does not exist")
        code = cv2.VideoWriter.fourcc(*"mp4v")
        self._writer = cv2.VideoWriter(
            str(path), cv2.CAP_FFMPEG, code, rate_hz, (camera.width, camera.height)
        )
        if not self._writer.isOpened():
            raise OutputError(f"cannot write {path}: is the folder writable and the disk not full?")

    def write(self, image: NDArray[np.uint8]) -> None:
        """Append an (H, W, 3) RGB frame."""
        self._writer.write(np.ascontiguousarray(image[..., ::-1]))

    def __enter__(self) -> "VideoFile":
        return self

    def __exit__(self, *error: object) -> None:
        self._writer.release()
