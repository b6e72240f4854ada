"""MediaPipe's two face detectors, for faces up to two and up to five metres away."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from attune.vision.face import Box
from attune.vision.face_region import FaceRegion
from attune.vision.frame import Image
from attune.vision.mediapipe_graph import MediaPipeGraph
from attune.vision.native_chatter import quiet_native_logs


class Range(StrEnum):
    """Which detector; the short-range one sees faces behind headsets better and costs a third."""

    SHORT = "FaceDetectionShortRange"
    FULL = "FaceDetectionFullRange"


_MARGIN = 1.5


@dataclass(frozen=True, slots=True)
class Detection:
    """One detected face.

    `points` is (6, 2) float64, pixels: the subject's right eye, left eye, tip of the nose, mouth,
    right ear, left ear.
    """

    score: float
    box: Box
    points: NDArray[np.float64]

    @property
    def middle(self) -> NDArray[np.float64]:
        """Middle of the box, (2,) pixels."""
        box = self.box
        return np.array([box.x + box.width / 2, box.y + box.height / 2])

    @property
    def nose(self) -> NDArray[np.float64]:
        """Tip of the nose, (2,) pixels."""
        return np.asarray(self.points[2], np.float64)

    @property
    def mouth(self) -> NDArray[np.float64]:
        """Middle of the mouth, (2,) pixels."""
        return np.asarray(self.points[3], np.float64)

    @property
    def region(self) -> FaceRegion:
        """Where the mesh network is to look for this face."""
        across, down = self.points[1] - self.points[0]
        x, y = self.middle
        side = _MARGIN * max(self.box.width, self.box.height)
        return FaceRegion(float(x), float(y), side, math.atan2(float(down), float(across)))


class FaceDetector:
    """One of the detectors; it keeps nothing from one call to the next."""

    def __init__(self, reach: Range, min_score: float) -> None:
        node = f"""
            num_threads: 0
            input_stream: "image"
            output_stream: "detections"
            node {{
              calculator: "{reach.value}"
              input_stream: "IMAGE:image"
              output_stream: "DETECTIONS:detections"
              node_options {{
                [type.googleapis.com/mediapipe.FaceDetectionOptions] {{
                  min_score_thresh: {min_score}
                  delegate {{ xnnpack {{}} }}
                }}
              }}
            }}
        """
        self._graph = MediaPipeGraph(node, ("detections",))
        with quiet_native_logs():
            # a packet can be read only once the type of its message is known
            from mediapipe.framework.formats import detection_pb2  # noqa: F401
            from mediapipe.python import packet_getter

            self._get = packet_getter
            self.find(Image(np.zeros((64, 64, 3), np.uint8)))

    def find(self, image: Image) -> tuple[Detection, ...]:
        """Return the faces that score enough, the likeliest first."""
        packet = self._graph.run(image)["detections"]
        found = () if packet.is_empty() else self._get.get_proto_list(packet)
        size = np.array([image.width, image.height], np.float64)
        detections = []
        for one in found:
            data = one.location_data
            box = data.relative_bounding_box
            x, y = np.array([box.xmin, box.ymin]) * size
            width, height = np.array([box.width, box.height]) * size
            where = Box(float(x), float(y), float(width), float(height))
            points = np.array([(p.x, p.y) for p in data.relative_keypoints]) * size
            detections.append(Detection(float(one.score[0]), where, points))
        return tuple(sorted(detections, key=lambda one: -one.score))

    def close(self) -> None:
        """Stop the graph; the detector cannot be used again."""
        self._graph.close()
