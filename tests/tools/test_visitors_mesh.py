"""The points of the face mesh whose place the head model knows are where trackers see them."""

from pathlib import Path

import numpy as np
import pytest

from attune.config import VisionSettings
from attune.vision.frame import Image
from attune.vision.landmarks import IBUG_68, mirror_index
from attune.vision.tracker import create_tracker
from tools.visitors.facekit import FACE, load
from tools.visitors.figure import Figure
from tools.visitors.head import Pose
from tools.visitors.looks import draw_look
from tools.visitors.mesh_points import MESH_POINTS, mesh_vertices
from tools.visitors.scene import Camera, Lens, Studio, draw_background, draw_lighting
from tools.visitors.skin import Painter

CAMERA = Camera.centered(480, 480, 740.0)


def test_the_points_are_left_right_even() -> None:
    twin = mirror_index()
    assert {int(twin[point]) for point in MESH_POINTS} == set(MESH_POINTS)
    assert len(MESH_POINTS) == len(set(MESH_POINTS)) == 100


def test_each_point_is_a_spot_of_skin_of_its_own_and_landmarks_stay(facekit: Path) -> None:
    kit = load(facekit)
    vertices = mesh_vertices(kit)
    assert len(set(vertices.tolist())) == len(vertices)
    marks = dict(zip(IBUG_68, kit.landmarks.tolist(), strict=True))
    shared = [mark for mark in IBUG_68[27:] if mark in MESH_POINTS]
    assert len(shared) > 25
    assert all(vertices[MESH_POINTS.index(mark)] == marks[mark] for mark in shared)
    others = [v for p, v in zip(MESH_POINTS, vertices.tolist(), strict=True) if p not in marks]
    assert (kit.region[others] == FACE).all()


@pytest.mark.parametrize("seed", [615, 616])
def test_a_tracker_sees_the_points_of_a_bare_face_where_the_truth_has_them(
    facekit: Path, seed: int
) -> None:
    kit = load(facekit)
    figure = Figure(kit, Painter(kit, 256), draw_look(seed))
    studio = Studio(
        figure,
        CAMERA,
        Lens(supersampling=1),
        lighting=draw_lighting(seed),
        background=draw_background(seed, CAMERA.width, CAMERA.height),
        seed=seed,
    )
    pose = Pose(0.0, 0.0, 0.0, (0.0, 6.0, 60.0), 0.0, 0.0, kit.weight_vector({}))
    frame = studio.render(pose, 0, 0.0)
    truth = CAMERA.project(frame.vertices[figure.mesh_vertices])
    tracker = create_tracker(VisionSettings(max_faces=1))
    for k in range(3):
        (found,) = tracker.track(Image(frame.image), k * 33_333_333)
    tracker.close()
    right, left = CAMERA.project(frame.vertices[kit.landmarks[[36, 45]]])
    off = np.linalg.norm(found.mesh[list(MESH_POINTS), :2] - truth, axis=1)
    share = off / np.linalg.norm(left - right)
    assert share.mean() < 0.035
    assert share.max() < 0.1
