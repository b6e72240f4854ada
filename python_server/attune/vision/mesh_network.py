"""MediaPipe's face mesh network on one region of an image, with its own opinion of what it sees.

Who looks where, and when a face is lost, is the tracker's business.
"""

import math

import numpy as np
from numpy.typing import NDArray

from attune.vision.face_region import FaceRegion
from attune.vision.frame import Image
from attune.vision.landmarks import MESH_POINTS
from attune.vision.mediapipe_graph import MediaPipeGraph
from attune.vision.native_chatter import quiet_native_logs

_INPUT_PX = 192
_GRAPH = f"""
num_threads: 0
input_stream: "image"
input_stream: "region"
output_stream: "points"
output_stream: "presence"
node {{
  calculator: "ImageToTensorCalculator"
  input_stream: "IMAGE:image"
  input_stream: "NORM_RECT:region"
  output_stream: "TENSORS:input"
  options {{
    [mediapipe.ImageToTensorCalculatorOptions.ext] {{
      output_tensor_width: {_INPUT_PX}
      output_tensor_height: {_INPUT_PX}
      output_tensor_float_range {{ min: 0.0 max: 1.0 }}
    }}
  }}
}}
node {{
  calculator: "InferenceCalculator"
  input_stream: "TENSORS:input"
  output_stream: "TENSORS:output"
  options {{
    [mediapipe.InferenceCalculatorOptions.ext] {{
      model_path: "mediapipe/modules/face_landmark/face_landmark.tflite"
      delegate {{ xnnpack {{}} }}
    }}
  }}
}}
node {{
  calculator: "SplitTensorVectorCalculator"
  input_stream: "output"
  output_stream: "points_tensor"
  output_stream: "presence_tensor"
  options {{
    [mediapipe.SplitVectorCalculatorOptions.ext] {{
      ranges {{ begin: 0 end: 1 }}
      ranges {{ begin: 1 end: 2 }}
    }}
  }}
}}
node {{
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:points_tensor"
  output_stream: "FLOATS:points"
}}
node {{
  calculator: "TensorsToFloatsCalculator"
  input_stream: "TENSORS:presence_tensor"
  output_stream: "FLOAT:presence"
  options {{
    [mediapipe.TensorsToFloatsCalculatorOptions.ext] {{ activation: SIGMOID }}
  }}
}}
"""


class MeshNetwork:
    """The network; it keeps nothing from one call to the next."""

    def __init__(self) -> None:
        self._graph = MediaPipeGraph(_GRAPH, ("points", "presence"))
        with quiet_native_logs():
            from mediapipe.framework.formats.rect_pb2 import NormalizedRect
            from mediapipe.python import packet_getter

            self._rect, self._get = NormalizedRect, packet_getter
            self.read(Image(np.zeros((64, 64, 3), np.uint8)), FaceRegion(32, 32, 64, 0))

    def read(self, image: Image, region: FaceRegion) -> tuple[NDArray[np.float32], float]:
        """Return the mesh (468, 3) float32 in pixels of the image and the presence in [0, 1].

        Presence is the network's probability that the region shows a face.
        """
        rect = self._rect(
            x_center=region.x / image.width,
            y_center=region.y / image.height,
            width=region.side / image.width,
            height=region.side / image.height,
            rotation=region.angle,
        )
        out = self._graph.run(image, region=rect)
        points = np.array(self._get.get_float_list(out["points"]), np.float32)
        presence = float(self._get.get_float(out["presence"]))
        return _in_image(points.reshape(MESH_POINTS, 3), region), presence

    def close(self) -> None:
        """Stop the graph."""
        self._graph.close()


def _in_image(points: NDArray[np.float32], region: FaceRegion) -> NDArray[np.float32]:
    scale = region.side / _INPUT_PX
    cosine, sine = math.cos(region.angle) * scale, math.sin(region.angle) * scale
    x, y = points[:, 0] - _INPUT_PX / 2, points[:, 1] - _INPUT_PX / 2
    mesh = np.empty_like(points)
    mesh[:, 0] = cosine * x - sine * y + region.x
    mesh[:, 1] = sine * x + cosine * y + region.y
    mesh[:, 2] = points[:, 2] * scale
    return mesh
