"""MediaPipe's Face Landmarker: 478 points, 52 blendshapes and a head transform, from a bundle file.

Runs in VIDEO mode on the capture times themselves.
"""

import numpy as np

from attune.config import VisionSettings
from attune.errors import ConfigError
from attune.timeline import NS_PER_MS
from attune.vision.frame import Image
from attune.vision.mediapipe_package import defer_mediapipe
from attune.vision.native_chatter import quiet_native_logs
from attune.vision.tracker import TrackedMesh


class MediaPipeTasksTracker:
    """Face Landmarker for one visitor; raises `ConfigError` where its bundle is not installed."""

    def __init__(self, settings: VisionSettings) -> None:
        bundle = settings.landmarker_bundle
        if bundle is None or not bundle.is_file():
            where = "no path is set" if bundle is None else f"there is no file {bundle}"
            raise ConfigError(
                f"the tracker mediapipe-tasks needs face_landmarker.task, but {where}; "
                "run `attune models pull face-landmarker`, then set vision.landmarker_bundle "
                "to the file, or choose vision.tracker = mediapipe-mesh"
            )
        defer_mediapipe()
        with quiet_native_logs():
            from mediapipe.python import Image as MediaPipeImage
            from mediapipe.python import ImageFormat
            from mediapipe.tasks.python import BaseOptions, vision

            options = vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_buffer=bundle.read_bytes()),
                running_mode=vision.RunningMode.VIDEO,
                num_faces=settings.max_faces,
                min_face_detection_confidence=settings.min_detection_confidence,
                min_face_presence_confidence=settings.min_tracking_confidence,
                min_tracking_confidence=settings.min_tracking_confidence,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
            try:
                self._landmarker = vision.FaceLandmarker.create_from_options(options)
            except (RuntimeError, ValueError) as error:
                raise ConfigError(
                    f"{bundle} is not a Face Landmarker bundle that can be loaded: {error}; "
                    "run `attune models pull face-landmarker` again"
                ) from error
        self._image = MediaPipeImage
        self._format = ImageFormat.SRGB
        self._last_ms = -1

    def track(self, image: Image, capture_time_ns: int) -> tuple[TrackedMesh, ...]:
        """Return the faces; two frames inside one millisecond are kept one millisecond apart."""
        self._last_ms = max(capture_time_ns // NS_PER_MS, self._last_ms + 1)
        result = self._landmarker.detect_for_video(
            self._image(image_format=self._format, data=image.rgb), self._last_ms
        )
        scale = np.array([image.width, image.height, image.width], np.float32)
        return tuple(
            TrackedMesh(
                np.array([(p.x, p.y, p.z) for p in points], np.float32) * scale,
                1.0,
                {c.category_name: float(c.score) for c in shapes if c.category_name != "_neutral"},
                np.asarray(transform, np.float64),
            )
            for points, shapes, transform in zip(
                result.face_landmarks,
                result.face_blendshapes,
                result.facial_transformation_matrixes,
                strict=True,
            )
        )

    def close(self) -> None:
        """Stop the graph."""
        self._landmarker.close()
