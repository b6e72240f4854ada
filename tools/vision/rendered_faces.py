"""Rendered heads, bare and in every kind of headset, with the mesh that the tracker gives them.

Painted headsets are flat and sit on faces that are mostly light; rendered ones have rims, shadows
and reflections, and the heads under them run from light to dark skin.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from attune.config import VisionSettings
from attune.vision.frame import Image
from attune.vision.tracker import create_tracker
from tools.visitors.facekit import load
from tools.visitors.headsets import HEADSET_KINDS
from tools.visitors.scene import Camera
from tools.visitors.skin import Painter
from tools.visitors.truth import sweep

CAMERA = Camera.centered(480, 360, 560.0)
FRAMES = 40
TEXTURE_PX = 512


@dataclass(frozen=True, slots=True)
class RenderedFace:
    """One found face: `image` (H, W, 3) uint8 RGB, `mesh` (468, 3) float32 in its pixels."""

    identity: int
    headset: str
    image: NDArray[np.uint8]
    mesh: NDArray[np.float32]


def rendered_faces(facekit: Path, identities: range) -> Iterator[RenderedFace]:
    """Yield the faces that are found in slow sweeps of each identity in each kind of headset.

    Raises `tools.visitors.errors.FaceKitError` where `facekit` is no condensed ICT-FaceKit.
    """
    kit = load(facekit)
    painter = Painter(kit, TEXTURE_PX)
    for identity in identities:
        for headset in HEADSET_KINDS:
            tracker = create_tracker(VisionSettings(max_faces=1))
            for image, truth in sweep(
                kit, painter, identity, headset, frames=FRAMES, camera=CAMERA
            ):
                for found in tracker.track(Image(image), truth.capture_time_ns):
                    yield RenderedFace(identity, headset, image, found.mesh)
            tracker.close()
