"""Face-mesh points of every prepared face, and where FER2013's framing puts a face on average."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.train import data
from tools.train.errors import TrainingError

MESH_POINTS = 468
ENLARGED = 256
BORDER = 64
GREY = 128
CONFIDENCE = 0.5
LIVE_CONFIDENCE = 0.3
"""What live settings ask of the tracker; faces under a painted headset are looked for with it."""
NOT_SOUGHT = np.float16(np.inf)
NAMED = {
    "nose_tip": 1, "nose_base": 2, "nose_right": 98, "nose_left": 327, "mouth_right": 61,
    "mouth_left": 291, "lip_top": 0, "lip_bottom": 17, "chin": 152,
}  # fmt: skip
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
EYES = ((33, 133), (362, 263))


def find(
    images: NDArray[np.uint8],
    report: Callable[[int], None],
    confidence: float = CONFIDENCE,
    unfinished: Path | None = None,
) -> NDArray[np.float16]:
    """Return mesh points (n, 468, 3) in 48-px positions, NaN where no face was found.

    Faces are enlarged to 256 px inside a 64-px grey border: so framed, the tracker finds most.
    With a file for what is `unfinished`, the search goes on where it was stopped.
    """
    import mediapipe as mp

    points = _begun(len(images), unfinished)
    options = {
        "static_image_mode": True,
        "max_num_faces": 1,
        "min_detection_confidence": confidence,
        "min_tracking_confidence": confidence,
    }
    with mp.solutions.face_mesh.FaceMesh(**options) as mesh:
        for k, image in enumerate(images):
            if points[k, 0, 0] == NOT_SOUGHT:
                large = cv2.resize(image, (ENLARGED, ENLARGED), interpolation=cv2.INTER_CUBIC)
                framed = cv2.copyMakeBorder(large, *[BORDER] * 4, cv2.BORDER_CONSTANT, value=GREY)
                found = mesh.process(cv2.cvtColor(framed, cv2.COLOR_GRAY2RGB)).multi_face_landmarks
                points[k] = (
                    _to_face([(p.x, p.y, p.z) for p in found[0].landmark]) if found else np.nan
                )
            report(k + 1)
    return points


def _begun(count: int, unfinished: Path | None) -> NDArray[np.float16]:
    shape = (count, MESH_POINTS, 3)
    if unfinished is None:
        return np.full(shape, NOT_SOUGHT, np.float16)
    if unfinished.exists():
        try:
            begun = np.load(unfinished, mmap_mode="r+")
        except (OSError, ValueError) as error:
            raise TrainingError(f"cannot read {unfinished}: {error}; delete it") from error
        if begun.shape != shape:
            raise TrainingError(f"{unfinished} is of {len(begun)} faces, not {count}; delete it")
        return begun
    data.write_array(unfinished, np.full(shape, NOT_SOUGHT, np.float16))
    return np.load(unfinished, mmap_mode="r+")


def _to_face(normalised: list[tuple[float, float, float]]) -> NDArray[np.float64]:
    framed = np.array(normalised) * (ENLARGED + 2 * BORDER)
    framed[:, :2] -= BORDER
    return framed * (48 / ENLARGED)


def write_framing(path: Path, points: NDArray[np.floating]) -> None:
    """Write mean positions and spreads of lower-face and outline points as TOML."""
    found = np.isfinite(points[:, 0, 0])
    at = points[found, :, :2].astype(np.float64)
    right, left = (at[:, list(pair)].mean(axis=1) for pair in EYES)
    apart = float(np.median(np.hypot(*(right - left).T)))
    mean, spread = at.mean(axis=0), at.std(axis=0)
    lines = [
        "# Where FER2013's framing puts a face: mean positions of face-mesh points on its training "
        "split.",
        "# Written by `python -m tools.train framing`. Positions and spreads are in pixels of the "
        "48x48 crop,",
        "# measured from the top left corner of the crop (0 = left or top border, 48 = right or "
        "bottom border).",
        "# left/right are the subject's; mesh indices are MediaPipe's 468-point face mesh.",
        "\n[source]",
        'data = "FER2013 training split, each face upscaled to 256 px with a 64-px grey border"',
        'tracker = "mediapipe 0.10.21 face mesh, static image mode, detection confidence 0.5"',
        f"images = {len(points)}",
        f"found_fraction = {found.mean():.4f}",
        "\n[crop]",
        "size_px = 48",
        f"eye_distance_px = {apart:.2f}",
    ]
    outline = {f"oval_{k:02d}": index for k, index in enumerate(OVAL) if index != NAMED["chin"]}
    for name, index in {**NAMED, **outline}.items():
        lines += [f"\n[points.{name}]", f"mesh = {index}"]
        lines += [f"x = {mean[index, 0]:.2f}", f"y = {mean[index, 1]:.2f}"]
        lines += [f"sd_x = {spread[index, 0]:.2f}", f"sd_y = {spread[index, 1]:.2f}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
