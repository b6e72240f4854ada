"""The nine face regions on the head model: which triangle belongs to an eye, a brow, a cheek."""

import numpy as np
from numpy.typing import NDArray

from .facekit import EYEBALL, FACE, GUMS, MOUTH_SOCKET, TEETH, FaceKit

REGIONS = (
    "left_eye", "right_eye", "left_brow", "right_brow", "nose", "mouth", "chin", "left_cheek",
    "right_cheek",
)  # fmt: skip
"""Left and right are the subject's; the subject's left is the model's +x."""


def face_regions(kit: FaceKit) -> NDArray[np.int8]:
    """(T,) int8 index of ``REGIONS`` for each triangle of the FaceKit, −1 outside the regions."""
    marks = kit.vertices[kit.landmarks]
    centre = kit.vertices[kit.triangle_vertices].mean(1)
    x, y, z = np.abs(centre[:, 0]), centre[:, 1], centre[:, 2]
    left = centre[:, 0] > 0
    region_of = kit.region[kit.triangle_vertices[:, 0]]
    face = (region_of == FACE) & (z > 2.0)
    out = np.full(len(centre), -1, np.int8)

    def assign(where: NDArray[np.bool_], name: str) -> None:
        if name in REGIONS:
            out[where & (out < 0)] = REGIONS.index(name)
        else:
            out[where & left & (out < 0)] = REGIONS.index(f"left_{name}")
            out[where & ~left & (out < 0)] = REGIONS.index(f"right_{name}")

    eye, mouth, nose = marks[36:42], marks[48:60], marks[27:36]
    eye_x, eye_y = np.abs(eye[:, 0]).mean(), eye[:, 1].mean()
    assign(region_of == EYEBALL, "eye")
    assign(face & (((x - eye_x) / 2.2) ** 2 + ((y - eye_y) / 1.1) ** 2 < 1), "eye")
    assign((region_of == MOUTH_SOCKET) | (region_of == GUMS) | (region_of == TEETH), "mouth")
    middle_y, width, height = mouth[:, 1].mean(), np.ptp(mouth[:, 0]) / 2, np.ptp(mouth[:, 1]) / 2
    assign(face & ((x / (width + 0.7)) ** 2 + ((y - middle_y) / (height + 0.5)) ** 2 < 1), "mouth")
    flare = np.interp(y, [nose[:, 1].min() - 0.3, nose[3, 1], eye_y], [2.2, 1.8, 0.9])
    assign(face & (x < flare) & (y > nose[:, 1].min() - 0.4) & (y < eye_y + 0.6), "nose")
    brow_y = np.interp(x, np.abs(marks[17:22, 0])[::-1], marks[17:22, 1][::-1])
    assign(face & (x > 0.7) & (x < 6.2) & (np.abs(y - (brow_y - 0.3)) < 0.9), "brow")
    assign(face & (y < middle_y - height) & (x < 3.2) & (z > 6.0) & (y > marks[8, 1] - 0.8), "chin")
    jaw = np.interp(x, np.abs(marks[8:17, 0]), marks[8:17, 1])
    assign(face & (y < eye_y - 1.1) & (y > jaw) & (x < 7.6), "cheek")
    return out
