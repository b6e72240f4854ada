"""The contact sheet: many people, headsets, angles and expressions on one picture to look at."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.scenario.visitor_face import expression_weights

from .errors import OutputError
from .facekit import FaceKit
from .figure import Figure
from .head import Pose, look_weights
from .headsets import HEADSET_KINDS, HeadsetKind
from .looks import draw_look
from .performance import facekit_weights
from .scene import Camera, Lens, Studio, draw_background, draw_lighting
from .skin import Painter

AFFECTS: Mapping[str, tuple[float, float]] = {
    "neutral": (0.0, 0.0), "joy": (0.55, 0.33), "surprise": (0.1, 0.6), "fear": (-0.25, 0.6),
    "anger": (-0.5, 0.38), "sadness": (-0.6, -0.2), "calm": (0.4, -0.48),
}  # fmt: skip
YAWS = (-60.0, -30.0, 30.0, 60.0)


def contact_sheet(
    kit: FaceKit,
    painter: Painter,
    seeds: Sequence[int],
    headsets: Sequence[HeadsetKind] = HEADSET_KINDS,
    *,
    size: int = 256,
    weights: Mapping[str, float] | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB: a row for each seed, headsets in turn; a column for each expression,
    then for each angle, then eyes closed. ``weights`` adds a column of a face of one's own."""
    faces = [
        facekit_weights(kit, expression_weights(np.array([affect])))[0]
        for affect in AFFECTS.values()
    ]
    poses = [(0.0, 0.0, face) for face in faces]
    poses += [(yaw, -6.0 if yaw > 0 else 6.0, faces[0]) for yaw in YAWS]
    poses.append((0.0, 0.0, kit.weight_vector({"eyeBlink_L": 1.0, "eyeBlink_R": 1.0})))
    if weights:
        poses.append((0.0, 0.0, kit.weight_vector(dict(weights))))
    rows = []
    camera = Camera.centered(size, size, 1.45 * size)
    for number, seed in enumerate(seeds):
        figure = Figure(kit, painter, draw_look(seed), headsets[number % len(headsets)])
        studio = Studio(
            figure,
            camera,
            Lens(),
            lighting=draw_lighting(seed),
            background=draw_background(seed, size, size),
            seed=seed,
        )
        row = []
        for column, (yaw, pitch, face) in enumerate(poses):
            gaze = (8.0 * np.sin(column), 0.0)
            vector = face + kit.weight_vector(look_weights(*gaze))
            pose = Pose(yaw, pitch, 0.1 * yaw, (0.0, 5.5, 62.0), *gaze, vector)
            row.append(studio.render(pose, column, 0.0).image)
        rows.append(np.hstack(row))
        progress(number + 1, len(seeds))
    return np.vstack(rows)


def write_picture(path: Path, image: NDArray[np.uint8]) -> None:
    """Write an (H, W, 3) RGB picture.

    Raises:
        OutputError: the picture cannot be written.
    """
    if path.suffix.lower() not in {".png", ".jpg", ".jpeg"}:
        raise OutputError(f"the picture must be called NAME.png or NAME.jpg, got {path.name!r}")
    ok, coded = cv2.imencode(path.suffix, image[..., ::-1])
    if not ok:
        raise OutputError(f"a picture of shape {image.shape} cannot be coded as {path.suffix}")
    try:
        path.write_bytes(coded.tobytes())
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror}") from error
