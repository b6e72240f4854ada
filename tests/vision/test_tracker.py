"""The trackers, on real faces."""

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import VisionSettings
from attune.errors import ConfigError
from attune.timeline import NS_PER_MS, NS_PER_S
from attune.vision.camera import CameraModel
from attune.vision.frame import Image
from attune.vision.pose import angles_from_rotation, estimate_pose, pose_from_transform
from attune.vision.tracker import TRACKERS, FaceTracker, create_tracker

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


def test_a_face_that_leaves_is_gone_at_once_and_back_at_once(clips: Path) -> None:
    tracker = create_tracker(VisionSettings())
    images = list(frames(clips / "single_face.mp4", every=12))
    empty = Image(np.full_like(images[0].rgb, 90))
    shown = [*images[:3], empty, empty, *images[3:5], empty]
    found = [len(tracker.track(image, k * FRAME_NS)) for k, image in enumerate(shown)]
    assert found == [1, 1, 1, 0, 0, 1, 1, 0]
    tracker.close()


def test_a_head_in_a_headset_that_turns_away_is_held_with_doubt(repository: Path) -> None:
    """Frames of a rendered visitor, squeezed to half their width as a head is that turns."""
    clip = repository / "examples" / "visitors" / "1-resonant-headset.mp4"
    if not clip.exists():
        pytest.skip(f"{clip.name} is not bundled")
    tracker = create_tracker(VisionSettings(max_faces=1))
    images = list(itertools.islice(frames(clip), 30))
    scores = []
    for k, image in enumerate(images):
        width = round(image.width * (1 - 0.5 * k / len(images)))
        turned = np.full_like(image.rgb, 90)
        turned[:, :width] = cv2.resize(image.rgb, (width, image.height))
        scores += [one.score for one in tracker.track(Image(turned), k * FRAME_NS)]
    tracker.close()
    assert len(scores) > 0.9 * len(images)
    assert min(scores) < 0.9 * max(scores)


@pytest.mark.parametrize("rate_hz", [10, 15, 30])
def test_a_second_face_is_noticed_within_a_fifth_of_a_second(clips: Path, rate_hz: int) -> None:
    crowd = Image(cv2.cvtColor(cv2.imread(str(clips / "multi_face.jpg")), cv2.COLOR_BGR2RGB))
    tracker = create_tracker(VisionSettings(max_faces=5))
    everybody = tracker.track(crowd, 0)
    tracker.close()
    assert len(everybody) >= 3
    first = everybody[0].mesh[:, :2]
    low, high = (first.min(axis=0) - 40).astype(int), (first.max(axis=0) + 40).astype(int)
    alone = np.full_like(crowd.rgb, 90)
    part = np.s_[max(0, low[1]) : high[1], max(0, low[0]) : high[0]]
    alone[part] = crowd.rgb[part]
    tracker = create_tracker(VisionSettings(max_faces=2))
    interval_ns = NS_PER_S // rate_hz
    counts = [len(tracker.track(Image(alone), k * interval_ns)) for k in range(3)]
    later = range(3, 3 + rate_hz // 5)
    counts += [len(tracker.track(crowd, k * interval_ns)) for k in later]
    tracker.close()
    assert counts[:3] == [1, 1, 1]
    assert counts[-1] == 2


@pytest.fixture(scope="module")
def clear_and_faint(repository: Path) -> tuple[Image, Image]:
    """A rendered visitor in a headset, and the same so pale that the detector sees nobody."""
    clip = repository / "examples" / "visitors" / "1-resonant-headset.mp4"
    if not clip.exists():
        pytest.skip(f"{clip.name} is not bundled")
    clear = next(frames(clip))
    return clear, Image((0.16 * clear.rgb + 0.84 * 90).astype(np.uint8))


def _doubting(clear: Image, interval_ns: int) -> FaceTracker:
    """A tracker that doubts whatever is less than certain and has followed a clear face to 0."""
    tracker = create_tracker(VisionSettings(max_faces=1, min_tracking_confidence=0.9))
    for k in (-2, -1, 0):
        assert len(tracker.track(clear, k * interval_ns)) == 1
    return tracker


@pytest.mark.parametrize("rate_hz", [5, 10, 15, 30])
def test_a_doubtful_face_is_believed_for_as_long_at_any_rate(
    clear_and_faint: tuple[Image, Image], rate_hz: int
) -> None:
    clear, faint = clear_and_faint
    interval_ns = NS_PER_S // rate_hz
    tracker = _doubting(clear, interval_ns)
    held_ns = 0
    while tracker.track(faint, held_ns + interval_ns) and held_ns < NS_PER_S:
        held_ns += interval_ns
    tracker.close()
    assert 280 * NS_PER_MS - interval_ns < held_ns <= 280 * NS_PER_MS


def test_a_gap_in_the_frames_uses_up_the_patience(clear_and_faint: tuple[Image, Image]) -> None:
    clear, faint = clear_and_faint
    tracker = _doubting(clear, FRAME_NS)
    assert len(tracker.track(faint, FRAME_NS)) == 1
    assert tracker.track(faint, 10 * FRAME_NS) == ()
    tracker.close()


@pytest.mark.parametrize("jump_ns", [-3600 * NS_PER_S, -1, 2 * NS_PER_S, 3600 * NS_PER_S])
def test_after_a_jump_in_time_only_a_clear_face_is_found(
    clear_and_faint: tuple[Image, Image], jump_ns: int
) -> None:
    clear, faint = clear_and_faint
    tracker = _doubting(clear, FRAME_NS)
    assert tracker.track(faint, jump_ns) == ()
    counts = [len(tracker.track(clear, jump_ns + k * FRAME_NS)) for k in (1, 2)]
    tracker.close()
    assert counts == [1, 1]


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
