"""The room's entrance: one image in, the wearer out."""

from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import VisionSettings
from attune.errors import InputError
from attune.timeline import UntimedStages
from attune.vision.camera import CameraModel
from attune.vision.face import PoseSource
from attune.vision.frame import Image
from attune.vision.observer import FaceObserver, Observation
from attune.vision.pose import estimate_pose, head_pose, rotation_from_angles
from tests.programs import printed_by

from .clips import frames

FRAME_NS = 33_333_333
STAGES = UntimedStages()
OUT_OF_THE_FACE = np.diag([-1.0, 1.0, -1.0])


def watch(
    images: list[Image], settings: VisionSettings | None = None, **options: object
) -> list[Observation]:
    observer = FaceObserver(settings or VisionSettings(), **options)  # type: ignore[arg-type]
    seen = [observer.observe(im, k * FRAME_NS, None, None, STAGES) for k, im in enumerate(images)]
    observer.close()
    return seen


@pytest.fixture(scope="module")
def one_face(clips: Path) -> list[Image]:
    return list(frames(clips / "single_face.mp4", every=4))


@pytest.fixture(scope="module")
def many_faces(clips: Path) -> Image:
    return Image(cv2.cvtColor(cv2.imread(str(clips / "multi_face.jpg")), cv2.COLOR_BGR2RGB))


def test_an_image_without_a_face_gives_an_empty_observation() -> None:
    (seen,) = watch([Image(np.full((240, 320, 3), 90, np.uint8))])
    assert (seen.wearer, seen.pose, seen.crop, seen.bystanders) == (None, None, None, ())


def test_a_face_comes_with_pose_crop_and_a_stable_identity(one_face: list[Image]) -> None:
    seen = watch(one_face)
    for one in seen:
        assert one.wearer is not None
        assert one.pose is not None
        assert one.crop is not None
        assert one.wearer.track_id == 1
        assert one.wearer.landmarks.shape == (68, 2)
        assert one.crop.gray.shape == one.crop.visible.shape == (48, 48)
        assert one.wearer.quality.overall > 0.5
        assert abs(one.pose.yaw_deg) < 15
        assert one.pose.translation_m is None


def test_the_same_input_gives_the_same_observation(one_face: list[Image]) -> None:
    for a, b in zip(watch(one_face[:6]), watch(one_face[:6]), strict=True):
        assert a.wearer is not None
        assert b.wearer is not None
        assert a.pose == b.pose
        assert a.wearer.visibility == b.wearer.visibility
        assert np.array_equal(a.wearer.mesh, b.wearer.mesh)
        assert a.crop is not None
        assert b.crop is not None
        assert np.array_equal(a.crop.gray, b.crop.gray)


def test_a_mirrored_clip_flips_yaw_and_roll(one_face: list[Image]) -> None:
    mirrored = [Image(np.ascontiguousarray(image.rgb[:, ::-1])) for image in one_face]
    for a, b in zip(watch(one_face)[3:], watch(mirrored)[3:], strict=True):
        assert a.pose is not None
        assert b.pose is not None
        assert a.pose.yaw_deg == pytest.approx(-b.pose.yaw_deg, abs=3)
        assert a.pose.roll_deg == pytest.approx(-b.pose.roll_deg, abs=3)
        assert a.pose.pitch_deg == pytest.approx(b.pose.pitch_deg, abs=4)


def test_turning_and_scaling_the_image_keeps_the_crop(one_face: list[Image]) -> None:
    image = one_face[-1]
    turn = cv2.getRotationMatrix2D((image.width / 2, image.height / 2), 20, 0.8)
    turned = cv2.warpAffine(image.rgb, turn, (image.width, image.height))
    (a,) = watch([image])
    (b,) = watch([Image(turned)])
    assert a.crop is not None
    assert b.crop is not None
    assert np.corrcoef(a.crop.gray.ravel(), b.crop.gray.ravel())[0, 1] > 0.9


def test_a_dark_and_a_bright_room_find_the_same_face(one_face: list[Image]) -> None:
    """Gain stands in for light and for skin tone: what is measured is relative to the face."""
    for gain in (0.25, 0.5, 1.5):
        images = [
            Image(np.clip(image.rgb * gain, 0, 255).astype(np.uint8)) for image in one_face[:6]
        ]
        for one in watch(images):
            assert one.wearer is not None
            assert one.wearer.headset < 0.2


def test_other_faces_are_bystanders_and_the_region_chooses_the_wearer(many_faces: Image) -> None:
    seen = watch([many_faces] * 3)[-1]
    assert seen.wearer is not None
    assert seen.bystanders
    middle = (seen.wearer.box.x + seen.wearer.box.width / 2) / many_faces.width
    other = seen.bystanders[0]
    there = (other.x + other.width / 2) / many_faces.width
    region = (0.0, 0.0, (middle + there) / 2, 1.0)
    if there > middle:
        region = (region[2], 0.0, 1 - region[2], 1.0)
    chosen = watch([many_faces] * 3, region=region)[-1]
    assert chosen.wearer is not None
    assert abs(chosen.wearer.box.x - other.x) < 0.3 * other.width


def test_nobody_in_the_region_is_nobody(one_face: list[Image]) -> None:
    seen = watch(one_face[:3], region=(0.9, 0.0, 0.1, 0.2))[-1]
    assert seen.wearer is None
    assert seen.crop is None
    assert len(seen.bystanders) == 1


def test_a_pass_through_camera_sees_several_faces(many_faces: Image) -> None:
    observer = FaceObserver(VisionSettings(max_faces=5))
    for k in range(3):
        faces = observer.observe_bystanders(many_faces, k * FRAME_NS, STAGES)
    observer.close()
    assert len(faces) >= 3
    assert len({face.track_id for face in faces}) == len(faces)


def test_the_lower_face_only_mode_reports_no_eyes(one_face: list[Image]) -> None:
    observer = FaceObserver(VisionSettings(lower_face_only=True))
    seen = observer.observe(one_face[0], 0, None, None, STAGES)
    observer.close()
    assert seen.wearer is not None
    assert seen.wearer.visibility.eyes == 0
    assert seen.wearer.visibility.mouth == 1


def test_the_lower_face_only_mode_shows_the_models_nothing_above_the_nose(
    one_face: list[Image],
) -> None:
    (whole,) = watch(one_face[:1])
    (lower,) = watch(one_face[:1], settings=VisionSettings(lower_face_only=True))
    assert whole.crop is not None
    assert lower.crop is not None
    assert whole.crop.gray[:26].any()
    assert not lower.crop.gray[:26].any()
    assert not lower.crop.visible[:26].any()
    assert np.array_equal(lower.crop.gray[26:], whole.crop.gray[26:])
    assert np.array_equal(lower.crop.visible[26:], whole.crop.visible[26:])


def test_the_lower_face_only_mode_reads_the_pose_from_the_lower_face(
    one_face: list[Image],
) -> None:
    image = one_face[0]
    (seen,) = watch([image], settings=VisionSettings(lower_face_only=True))
    assert seen.wearer is not None
    assert seen.pose is not None
    camera = CameraModel.from_size(image.width, image.height)
    lower = estimate_pose(seen.wearer.mesh, camera, upper_face=False)
    assert lower is not None
    assert seen.pose.reprojection_px == lower.reprojection_px
    assert seen.pose.yaw_deg == pytest.approx(head_pose(lower, camera).yaw_deg)


def test_the_headset_carries_the_pose_while_the_face_is_out_of_sight(
    one_face: list[Image],
) -> None:
    observer = FaceObserver(VisionSettings())
    still = rotation_from_angles(0, 0, 0) @ OUT_OF_THE_FACE
    for k, image in enumerate(one_face):
        seen = observer.observe(image, k * FRAME_NS, None, still, STAGES, tracking_epoch=1)
    assert seen.pose is not None
    assert seen.pose.source is PoseSource.FUSED
    blank = Image(np.full_like(one_face[0].rgb, 90))
    turned = rotation_from_angles(30, 0, 0) @ OUT_OF_THE_FACE
    for k in range(len(one_face), len(one_face) + 20):
        gone = observer.observe(blank, k * FRAME_NS, None, turned, STAGES, tracking_epoch=1)
    observer.close()
    assert gone.wearer is None
    assert gone.pose is not None
    assert gone.pose.source is PoseSource.HEADSET
    assert gone.pose.yaw_deg == pytest.approx(seen.pose.yaw_deg + 30, abs=5)


def test_a_calibrated_camera_gives_metres_and_must_fit_the_image(one_face: list[Image]) -> None:
    image = one_face[0]
    observer = FaceObserver(VisionSettings())
    camera = CameraModel(550, 550, image.width / 2, image.height / 2, image.width, image.height)
    seen = observer.observe(image, 0, camera, None, STAGES)
    assert seen.pose is not None
    assert seen.pose.translation_m is not None
    assert 0.2 < seen.pose.translation_m[2] < 1.5
    square = CameraModel(550, 550, 200, 200, 400, 400)
    with pytest.raises(InputError, match="camera model"):
        observer.observe(image, FRAME_NS, square, None, STAGES)
    observer.close()


def test_the_stages_are_named_track_pose_and_crop(one_face: list[Image]) -> None:
    names: list[str] = []

    class Names:
        @contextmanager
        def stage(self, name: str):  # type: ignore[no-untyped-def]
            names.append(name)
            yield

    observer = FaceObserver(VisionSettings())
    observer.observe(one_face[0], 0, None, None, Names())
    observer.close()
    assert names == ["track", "pose", "crop"]


def test_no_face_is_seen_in_a_film_without_one(clips: Path) -> None:
    seen = watch(list(frames(clips / "no_face.mp4", every=5)))
    assert np.mean([one.wearer is not None for one in seen]) < 0.1


def test_importing_the_room_is_light() -> None:
    code = (
        "import sys, attune.vision.observer, attune.vision.tracker; "
        "print('mediapipe' in sys.modules)"
    )
    assert printed_by(code).strip() == "False"
