"""A small MediaPipe graph, run image by image on the calling thread.

MediaPipe's ready-made solutions decide alone what to look for, how often, and with which thresholds
(release 0.10.21 ignores the detector's), so its networks are put into graphs of our own.
"""

from pathlib import Path
from typing import Any

from attune.vision.frame import Image
from attune.vision.mediapipe_package import defer_mediapipe
from attune.vision.native_chatter import quiet_native_logs

_STEP_US = 33_333


class MediaPipeGraph:
    """A graph from MediaPipe's text form with the input stream ``image`` and given outputs.

    Without threads of its own (``num_threads: 0``) it runs on the caller's, and the interpreter is
    free meanwhile. Made and used by one session; it keeps nothing from one image to the next.
    """

    def __init__(self, text: str, outputs: tuple[str, ...]) -> None:
        defer_mediapipe()
        with quiet_native_logs():
            import mediapipe
            from google.protobuf import text_format

            # the options of a graph's nodes can be read only once their types are known
            from mediapipe.calculators.core import split_vector_calculator_pb2  # noqa: F401
            from mediapipe.calculators.tensor import (
                image_to_tensor_calculator_pb2,  # noqa: F401
                inference_calculator_pb2,  # noqa: F401
                tensors_to_floats_calculator_pb2,  # noqa: F401
            )
            from mediapipe.framework import calculator_pb2
            from mediapipe.modules.face_detection import face_detection_pb2  # noqa: F401
            from mediapipe.python import CalculatorGraph, ImageFormat, packet_creator, resource_util

            resource_util.set_resource_dir(str(Path(mediapipe.__file__).parents[1]))
            config = text_format.Parse(text, calculator_pb2.CalculatorGraphConfig())
            self._create, self._format = packet_creator, ImageFormat.SRGB
            self._out: dict[str, Any] = {}
            self._time_us = 0
            self._graph = CalculatorGraph(graph_config=config)
            for name in outputs:
                self._graph.observe_output_stream(name, self._out.__setitem__, True)
            self._graph.start_run({})

    def run(self, image: Image, **messages: object) -> dict[str, Any]:
        """Return the packet of each output for an image and further messages by input stream."""
        self._time_us += _STEP_US
        pixels = self._create.create_image_frame(image_format=self._format, data=image.rgb)
        self._graph.add_packet_to_input_stream("image", pixels.at(self._time_us))
        for name, message in messages.items():
            packet = self._create.create_proto(message).at(self._time_us)
            self._graph.add_packet_to_input_stream(name, packet)
        self._graph.wait_until_idle()
        return self._out

    def close(self) -> None:
        """Stop the graph."""
        self._graph.close()
