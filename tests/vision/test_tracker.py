"""The trackers, on real faces."""

from pathlib import Path

import numpy as np
import pytest

from attune.config import VisionSettings
from attune.errors import ConfigError
from attune.vision.camera import CameraModel
from attune.vision.frame import Image
from attune.vision.pose import angles_from_rotation, estimate_pose, pose_from_transform
from attune.vision.tracker import TRACKERS, create_tracker

from .clips import frames

FRAME_NS = 33_333_333


def test_an_unknown_tracker_is_answered_with_the_names_that_exist() -> None:
    settings = VisionSettings.model_construct(tracker="haar")
    with pytest.raises(ConfigError) as caught:
        create_tracker(settings)
    assert all(name in str(caught.value) for name in TRACKERS)


def test_the_tasks_tracker_without_its_bundle_says_how_to_get_it(tmp_path: Path) -> None:
    for bundle in (None, tmp_path / "face_landmarker.task"):
        settings = VisionSettings(tracker="mediapipe-tasks", landmarker_bundle=bundle)
        with pytest.raises(ConfigError, match="attune models pull"):
            create_tracker(settings)


def test_a_bundle_that_is_none_is_refused(tmp_path: Path) -> None:
    bundle = tmp_path / "face_landmarker.task"
    bundle.write_bytes(b"not a bundle" * 100)
    settings = VisionSettings(tracker="mediapipe-tasks", landmarker_bundle=bundle)
    with pytest.raises(ConfigError, match=str(bundle)):
        create_tracker(settings)


def test_an_empty_image_holds_no_face() -> None:
    tracker = create_tracker(VisionSettings())
    assert tracker.track(Image(np.full((120, 160, 3), 128, np.uint8)), 0) == ()
    tracker.close()


def test_the_mesh_is_found_in_every_frame_of_a_face(clips: Path) -> None:
    tracker = create_tracker(VisionSettings())
    for k, image in enumerate(frames(clips / "single_face.mp4", every=4)):
        (found,) = tracker.track(image, k * FRAME_NS)
        assert found.mesh.shape == (468, 3)
        assert found.mesh.dtype == np.float32
        assert (found.mesh[:, 0] < image.width).all()
        assert found.mesh[152, 1] > found.mesh[10, 1] + 50
    tracker.close()


def test_both_trackers_agree_on_the_pose(clips: Path, landmarker_bundle: Path) -> None:
    mesh = create_tracker(VisionSettings(max_faces=1))
    tasks = create_tracker(
        VisionSettings(tracker="mediapipe-tasks", landmarker_bundle=landmarker_bundle, max_faces=1)
    )
    apart = []
    for k, image in enumerate(frames(clips / "single_face.mp4", every=6)):
        (one,) = mesh.track(image, k * FRAME_NS)
        (other,) = tasks.track(image, k * FRAME_NS)
        assert other.mesh.shape == (478, 3)
        assert len(other.blendshapes) == 51
        assert other.transform is not None
        camera = CameraModel.from_size(image.width, image.height)
        fit = estimate_pose(one.mesh, camera, upper_face=True)
        assert fit is not None
        a = angles_from_rotation(fit.rotation)
        b = angles_from_rotation(pose_from_transform(other.transform).rotation)
        apart.append(np.subtract(a, b))
    assert np.abs(np.mean(apart, axis=0)).max() < 5
    mesh.close()
    tasks.close()
