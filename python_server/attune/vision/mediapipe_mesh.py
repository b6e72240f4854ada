"""The default tracker: MediaPipe's face mesh, whose models come with its wheel.

It keeps a clock of its own: each call counts as 33.3 ms, whatever the capture times say, so its
internal smoothing depends on the number of frames and not on their rate.
"""

import numpy as np

from attune.config import VisionSettings
from attune.vision.frame import Image
from attune.vision.native_chatter import quiet_native_logs
from attune.vision.tracker import TrackedMesh


class MediaPipeMeshTracker:
    """468 points a face, for one visitor.

    Asked for more faces than it sees, the mesh runs its detector on every frame, which doubles its
    cost; one face alone costs the detector only when the face was lost.
    """

    def __init__(self, settings: VisionSettings) -> None:
        with quiet_native_logs():
            from mediapipe.python.solutions.face_mesh import FaceMesh

            self._mesh = FaceMesh(
                static_image_mode=False,
                max_num_faces=settings.max_faces,
                refine_landmarks=False,
                min_detection_confidence=settings.min_detection_confidence,
                min_tracking_confidence=settings.min_tracking_confidence,
            )
            self._mesh.process(np.zeros((64, 64, 3), np.uint8))

    def track(self, image: Image, capture_time_ns: int) -> tuple[TrackedMesh, ...]:
        """Return the faces; the mesh reports no score of its own, so a found face scores 1."""
        found = self._mesh.process(image.rgb).multi_face_landmarks or ()
        scale = np.array([image.width, image.height, image.width], np.float32)
        return tuple(
            TrackedMesh(np.array([(p.x, p.y, p.z) for p in face.landmark], np.float32) * scale, 1.0)
            for face in found
        )

    def close(self) -> None:
        """Stop the graph."""
        self._mesh.close()
