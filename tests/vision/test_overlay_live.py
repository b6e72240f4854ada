"""A headset worn live sits on the real face of a clip and follows it."""

import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import VisionSettings
from attune.vision.camera import CameraModel
from attune.vision.canonical import CANONICAL_FACE, OPENGL_TO_OPENCV
from attune.vision.capture import CameraStream, Pacing
from attune.vision.frame import Image
from attune.vision.overlay import paint, placement_from_mesh, protected_coverage
from attune.vision.overlay_live import LiveOverlay, place
from attune.vision.overlay_shapes import Family, Headset
from attune.vision.pose import rotation_from_angles
from attune.vision.tracker import create_tracker

HEADSET = Headset(Family.ROUNDED, 1.2, -0.75, 0.5, 1.0, front_tone=20, side_tone=60)


@pytest.fixture(scope="module")
def frames(clips: Path) -> list[tuple[Image, int]]:
    """The first frames of a clip of a frontal face."""
    found = []
    source = str(clips / "single_face.mp4")
    with CameraStream(source, time.monotonic_ns, pacing=Pacing.AS_READ) as stream:
        while len(found) < 8 and (frame := stream.read(5.0)) is not None:
            found.append((frame.image, frame.capture_time_ns))
    return found


def test_the_headset_covers_the_eyes_of_a_real_face(frames: list[tuple[Image, int]]) -> None:
    tracker = create_tracker(VisionSettings())
    for image, time_ns in frames:
        (face, *_) = tracker.track(image, time_ns)
    tracker.close()
    by_pose = place(face.mesh, CameraModel.from_size(image.width, image.height))
    assert by_pose is not None
    by_mesh = placement_from_mesh(face.mesh.astype(np.float64))
    painted = paint(image.rgb, HEADSET, by_pose)
    assert protected_coverage(painted.covered, by_mesh) >= 0.95
    assert by_pose.scale() == pytest.approx(by_mesh.scale(), rel=0.1)


def test_every_frame_of_a_face_is_painted_and_the_mouth_left_alone(
    frames: list[tuple[Image, int]],
) -> None:
    painter = LiveOverlay(HEADSET)
    for image, time_ns in frames:
        worn = painter.wear(image, time_ns)
        assert worn is not None
        changed = (worn.rgb != image.rgb).any(axis=2)
        assert 0.01 < changed.mean() < 0.6
    painter.close()


def test_a_film_that_begins_anew_is_painted_as_if_it_were_the_first_time(
    frames: list[tuple[Image, int]],
) -> None:
    first, again = LiveOverlay(HEADSET), LiveOverlay(HEADSET)
    image, time_ns = frames[0]
    fresh = first.wear(image, time_ns)
    for later, later_ns in frames[3:]:
        again.wear(later, later_ns + 5_000_000_000)
    rewound = again.wear(image, time_ns)
    assert fresh is not None
    assert rewound is not None
    assert (np.abs(fresh.rgb.astype(int) - rewound.rgb) > 40).mean() < 0.01
    for painter in (first, again):
        painter.close()


def test_after_a_cut_the_headset_sits_on_the_face_and_not_half_way(repository: Path) -> None:
    film = cv2.VideoCapture(str(repository / "examples" / "visitors" / "3-resonant-bare.mp4"))
    there, face = film.read()
    film.release()
    assert there
    height, width = face.shape[:2]
    painter = LiveOverlay(HEADSET)
    middles = []
    for k, left in enumerate((0, 0, width)):
        wide = np.full((height, 2 * width, 3), 120, np.uint8)
        wide[:, left : left + width] = face[..., ::-1]
        worn = painter.wear(Image(wide), 33_000_000 * k)
        assert worn is not None
        middles.append(np.nonzero((worn.rgb != wide).any(axis=2))[1].mean())
    painter.close()
    assert middles[1] == pytest.approx(middles[0], abs=5)
    assert middles[2] == pytest.approx(middles[0] + width, abs=5)


def test_of_two_faces_about_as_large_one_keeps_the_headset(clips: Path) -> None:
    picture = cv2.imread(str(clips / "multi_face.jpg"))
    assert picture is not None
    image = Image(np.ascontiguousarray(picture[..., ::-1]))
    painter = LiveOverlay(HEADSET)
    middles = []
    for k in range(6):
        worn = painter.wear(image, 33_000_000 * k)
        assert worn is not None
        middles.append(np.nonzero((worn.rgb != image.rgb).any(axis=2))[1].mean())
    painter.close()
    assert np.ptp(middles) < 20


@pytest.mark.parametrize("side_cm", [-18.0, -10.0, 0.0, 10.0, 18.0])
@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (25, 0), (-25, 10)])
def test_a_headset_points_where_the_face_does_also_at_the_border_of_the_picture(
    side_cm: float, yaw: float, pitch: float
) -> None:
    """A point an eye distance in front of the face is seen where the camera would see it."""
    camera = CameraModel.from_size(640, 480)
    head = CANONICAL_FACE @ OPENGL_TO_OPENCV
    eyes = np.array([head[[33, 133]].mean(axis=0), head[[362, 263]].mean(axis=0)])
    apart = np.linalg.norm(eyes[1] - eyes[0])
    ahead = eyes.mean(axis=0) - [0, 0, apart]
    seen = np.vstack([head, ahead]) @ rotation_from_angles(yaw, pitch, 0).T + [side_cm, 4, 45]
    pixels = seen[:, :2] / seen[:, 2:] * camera.fx + [camera.cx, camera.cy]
    mesh = np.column_stack([pixels[:-1], np.zeros(len(head))]).astype(np.float32)

    placement = place(mesh, camera)

    assert placement is not None
    (front,) = placement.project(np.array([[0.0, 0.0, -1.0]]))
    assert np.hypot(*(front - pixels[-1])) < 0.3 * placement.eye_distance()


def test_a_blue_headset_is_blue(frames: list[tuple[Image, int]]) -> None:
    painter = LiveOverlay(replace(HEADSET, tint=(80.0, 0.0, 0.0)))
    image, time_ns = frames[0]
    worn = painter.wear(image, time_ns)
    painter.close()
    assert worn is not None
    painted = worn.rgb[(worn.rgb != image.rgb).any(axis=2)].astype(int)
    assert np.median(painted[:, 2] - painted[:, 0]) == 80


def test_an_image_without_a_face_is_left_to_the_caller() -> None:
    painter = LiveOverlay(HEADSET)
    assert painter.wear(Image(np.full((240, 320, 3), 90, np.uint8)), 0) is None
    painter.close()
