"""The renderer of visitors draws what its geometry says, and refuses what cannot be drawn."""

import gzip
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from typer.testing import CliRunner

from attune.vision.face import REGIONS as VISION_REGIONS
from attune.vision.pose import angles_from_rotation, rotation_from_angles
from tools.visitors import clip, facekit, record
from tools.visitors.commands import app
from tools.visitors.condense import OBJ_VERTICES, condense
from tools.visitors.errors import (
    CameraError,
    ExpressionNameError,
    FaceKitError,
    OutputError,
)
from tools.visitors.facekit import FaceKit, load
from tools.visitors.figure import Figure
from tools.visitors.head import GL_TO_CV, Pose, angles, rotation
from tools.visitors.headsets import HEADSET_KINDS, HeadsetKind, draw_fit
from tools.visitors.looks import SKIN_TONES, draw_look
from tools.visitors.performance import Story
from tools.visitors.rasterizer import Canvas, draw
from tools.visitors.regions import REGIONS
from tools.visitors.scene import Camera, Lens, Studio, draw_background, draw_lighting
from tools.visitors.skin import Painter

SQUARE = np.array([[-1, -1, 10], [1, -1, 10], [1, 1, 10], [-1, 1, 10]], np.float32)
# y points down: from the camera these run counter-clockwise
FRONT = np.array([[0, 3, 2], [0, 2, 1]], np.int32)
Degrees = st.floats(-60, 60)


def _draw(canvas: Canvas, vertices: NDArray[np.float32], triangles: NDArray[np.int32]) -> None:
    draw(
        vertices, triangles, np.zeros(len(triangles), bool), 100.0, 100.0, 32.0, 32.0, 0,
        canvas.inverse_depth, canvas.triangle, canvas.barycentric,
    )  # fmt: skip


def test_a_square_fills_exactly_its_pixels() -> None:
    canvas = Canvas.of_size(64, 64)
    _draw(canvas, SQUARE, FRONT)
    rows, columns = np.nonzero(canvas.triangle >= 0)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (22, 41, 22, 41)
    assert len(rows) == 400
    np.testing.assert_allclose(canvas.inverse_depth[30, 30], 0.1, rtol=1e-6)


def test_what_turns_its_back_is_not_drawn() -> None:
    canvas = Canvas.of_size(64, 64)
    _draw(canvas, SQUARE, FRONT[:, ::-1].copy())
    assert (canvas.triangle == -1).all()


def test_the_nearer_triangle_hides_the_farther_in_either_order() -> None:
    vertices = np.concatenate([SQUARE, SQUARE * np.array([0.3, 0.3, 0.5], np.float32)])
    for order in ([0, 1, 2, 3], [2, 3, 0, 1]):
        canvas = Canvas.of_size(64, 64)
        _draw(canvas, vertices, np.concatenate([FRONT, FRONT + 4])[order])
        assert canvas.inverse_depth[32, 32] == pytest.approx(0.2)
        assert canvas.inverse_depth[23, 23] == pytest.approx(0.1)


def test_interpolation_is_right_in_perspective() -> None:
    tilted = SQUARE * np.array([1, 1, 1], np.float32)
    tilted[[1, 2], 2] = 30.0
    tilted[:, 0] *= tilted[:, 2] / 10.0
    canvas = Canvas.of_size(64, 64)
    _draw(canvas, tilted, FRONT)
    corners = tilted[FRONT[canvas.triangle[31, 36]]]
    b, c = canvas.barycentric[31, 36]
    point = (1 - b - c) * corners[0] + b * corners[1] + c * corners[2]
    assert 100.0 * point[0] / point[2] + 32.0 == pytest.approx(36.5, abs=1e-3)


@given(Degrees, Degrees, Degrees)
def test_the_head_turns_by_the_sign_table_of_vision(yaw: float, pitch: float, roll: float) -> None:
    ours = GL_TO_CV @ rotation(yaw, pitch, roll) @ GL_TO_CV
    np.testing.assert_allclose(ours, rotation_from_angles(yaw, pitch, roll), atol=1e-9)
    assert angles(rotation(yaw, pitch, roll)) == pytest.approx((yaw, pitch, roll), abs=1e-6)
    assert angles_from_rotation(ours) == pytest.approx((yaw, pitch, roll), abs=1e-6)


def test_regions_are_those_of_vision() -> None:
    assert REGIONS == VISION_REGIONS


def test_skin_tones_run_from_light_to_dark() -> None:
    lightness = [0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in SKIN_TONES]
    assert lightness == sorted(lightness, reverse=True)
    drawn = {draw_look(seed).skin_tone for seed in range(120)}
    assert drawn == set(range(1, 11))


@pytest.mark.parametrize(
    ("width", "height", "focal"), [(8, 480, 600.0), (640, 480, 10.0), (640, 480, 1e5)]
)
def test_an_impossible_camera_is_refused(width: int, height: int, focal: float) -> None:
    with pytest.raises(CameraError, match="impossible"):
        Camera.centered(width, height, focal)


def test_a_missing_facekit_is_answered_with_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(FaceKitError, match=r"ICT-FaceKit.*condense"):
        facekit.load(tmp_path / "none.npz")


def test_another_file_is_no_facekit(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", verts=np.zeros((3, 3)))
    with pytest.raises(FaceKitError, match="lacks corner_uv"):
        facekit.load(tmp_path / "other.npz")
    whole = (tmp_path / "other.npz").read_bytes()
    for broken in (b"not an archive", whole[:60], b"PK\x03\x04" + whole[4:40]):
        (tmp_path / "broken.npz").write_bytes(broken)
        with pytest.raises(FaceKitError, match="not a readable npz"):
            facekit.load(tmp_path / "broken.npz")


def test_a_damaged_facekit_is_refused(facekit: Path, tmp_path: Path) -> None:
    damaged = bytearray(facekit.read_bytes())
    damaged[5_000_000:8_000_000] = bytes(3_000_000)
    (tmp_path / "damaged.npz").write_bytes(damaged)
    with pytest.raises(FaceKitError, match="not a readable npz"):
        load(tmp_path / "damaged.npz")


def test_a_folder_without_the_obj_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FaceKitError, match="lacks 101 files"):
        condense(tmp_path, tmp_path / "out.npz")


@pytest.mark.parametrize("name", ["clip.avi", "missing/clip.mp4"])
def test_an_unwritable_clip_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"NAME\.mp4|does not exist"):
        clip.VideoFile(tmp_path / name, Camera.centered(64, 64), 15.0)


@pytest.fixture(scope="module")
def kit(facekit: Path) -> FaceKit:
    return load(facekit)


@pytest.fixture(scope="module")
def painter(kit: FaceKit) -> Painter:
    return Painter(kit, 128)


def _studio(kit: FaceKit, painter: Painter, headset: str, camera: Camera) -> tuple[Figure, Studio]:
    figure = Figure(kit, painter, draw_look(5), headset)  # type: ignore[arg-type]
    background = draw_background(5, camera.width, camera.height)
    lens = Lens(supersampling=1)
    return figure, Studio(
        figure, camera, lens, lighting=draw_lighting(5), background=background, seed=5
    )


def _pose(kit: FaceKit, yaw_deg: float = 0.0, **weights: float) -> Pose:
    return Pose(yaw_deg, 0.0, 0.0, (0.0, 6.0, 60.0), 0.0, 0.0, kit.weight_vector(weights))


def test_an_unknown_expression_is_answered_with_the_known_ones(kit: FaceKit) -> None:
    with pytest.raises(ExpressionNameError, match=r"'smirk'.*mouthSmile_L"):
        kit.weight_vector({"smirk": 1.0})


def test_a_left_turn_brings_the_nose_to_the_images_right(kit: FaceKit, painter: Painter) -> None:
    camera = Camera.centered(160, 160)
    _, studio = _studio(kit, painter, "none", camera)
    tip = kit.landmarks[30]
    ahead = camera.project(studio.render(_pose(kit), 0, 0.0).vertices[[tip]])[0]
    turned = camera.project(studio.render(_pose(kit, 25.0), 1, 0.0).vertices[[tip]])[0]
    assert turned[0] > ahead[0] + 5


def test_the_shoulders_stay_while_the_head_turns(kit: FaceKit, painter: Painter) -> None:
    figure, _ = _studio(kit, painter, "none", Camera.centered(160, 160))
    ahead, turned = figure.pose(_pose(kit)), figure.pose(_pose(kit, 40.0))
    moved = np.linalg.norm(turned - ahead, axis=1)
    assert moved[kit.landmarks[30]] > 5
    assert moved[-640:].max() == 0.0  # the shirt is the last part of a bare figure


@pytest.mark.parametrize("headset", [kind for kind in HEADSET_KINDS if kind != "none"])
def test_a_headset_hides_eyes_and_leaves_the_mouth(
    kit: FaceKit, painter: Painter, headset: str
) -> None:
    figure, studio = _studio(kit, painter, headset, Camera.centered(200, 200))
    visible, _ = record.region_shares(studio.render(_pose(kit), 0, 0.0), figure)
    shares = dict(zip(REGIONS, visible, strict=True))
    assert shares["left_eye"] == shares["right_eye"] == 0.0
    assert shares["left_brow"] < 0.1
    assert shares["mouth"] == shares["chin"] == 1.0
    assert 0.1 < shares["nose"] < 0.9


def test_visibility_and_mask_say_the_same_as_a_picture_without_the_headset(
    kit: FaceKit, painter: Painter
) -> None:
    camera = Camera.centered(200, 200)
    figure, studio = _studio(kit, painter, "quest", camera)
    worn = studio.render(_pose(kit, 20.0), 0, 0.0)
    _, bare_studio = _studio(kit, painter, "none", camera)
    bare = bare_studio.render(_pose(kit, 20.0), 0, 0.0)
    np.testing.assert_array_equal(worn.behind, bare.seen)
    mask = worn.seen >= figure.first_headset
    np.testing.assert_array_equal(worn.seen[~mask], bare.seen[~mask])
    assert mask.any()


def test_no_two_visitors_wear_a_headset_alike() -> None:
    assert len({draw_fit(seed).shift_y_cm for seed in range(20)}) == 20


def test_a_clip_is_the_same_twice_and_its_truth_reads_back(
    kit: FaceKit, painter: Painter, tmp_path: Path
) -> None:
    story = Story((), 0.4)
    shot = clip.Shot(7, "resonant", "visor", Camera.centered(96, 96), Lens(), 15.0)
    figure = clip.cast(kit, painter, shot)
    once = [frame.image for frame, _ in clip.film(kit, figure, shot, story)]
    again = clip.cast(kit, Painter(kit, 128), shot)
    twice = [frame.image for frame, _ in clip.film(kit, again, shot, story)]
    np.testing.assert_array_equal(once, twice)

    truths = clip.render(kit, figure, shot, story, tmp_path / "one.mp4")
    capture = cv2.VideoCapture(str(tmp_path / "one.mp4"))
    assert int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) == len(truths) == 6
    back = record.read(tmp_path / "one.truth.csv.gz")
    assert [one.capture_time_ns for one in back] == [one.capture_time_ns for one in truths]
    np.testing.assert_allclose(back[3].landmarks, truths[3].landmarks, atol=0.051)
    np.testing.assert_allclose(back[3].visible, truths[3].visible, atol=6e-4)
    np.testing.assert_allclose(back[3].mesh, truths[3].mesh, atol=0.051)
    assert back[3].headset_box == truths[3].headset_box is not None
    packed = (tmp_path / "one.truth.csv.gz").read_bytes()
    record.write(tmp_path / "again.csv.gz", truths)
    assert (tmp_path / "again.csv.gz").read_bytes() == packed


@pytest.mark.parametrize("supersampling", [1, 2])
@pytest.mark.parametrize("headset", ["slab", "none"])
def test_the_mask_read_back_is_that_of_the_id_buffer(
    kit: FaceKit, painter: Painter, tmp_path: Path, headset: HeadsetKind, supersampling: int
) -> None:
    lens = Lens(supersampling=supersampling)
    shot = clip.Shot(7, "resonant", headset, Camera.centered(96, 64), lens, 15.0)
    figure = clip.cast(kit, painter, shot)
    filmed = list(clip.film(kit, figure, shot, Story((), 0.2)))
    record.write(tmp_path / "one.csv.gz", [truth for _, truth in filmed])
    for (frame, _), truth in zip(filmed, record.read(tmp_path / "one.csv.gz"), strict=True):
        mask, k = truth.headset_mask, supersampling
        assert mask.shape == (64, 96)
        covered = (frame.seen >= figure.first_headset).astype(float)
        share = sum(covered[i::k, j::k] for i in range(k) for j in range(k)) / k**2
        np.testing.assert_array_equal(mask, share >= 0.5)
        assert mask.any() == (headset != "none")


@pytest.mark.parametrize(
    "content", [b"a,b\n1,2\n", gzip.compress(b"a,b\n1,2\n", mtime=0), b"\x1f\x8b\x08"]
)
def test_a_file_that_is_no_truth_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.csv.gz").write_bytes(content)
    with pytest.raises(OutputError, match="no truth file"):
        record.read(tmp_path / "x.csv.gz")


def test_condensing_the_obj_files_gives_the_facekit_back(kit: FaceKit, tmp_path: Path) -> None:
    kept = np.r_[0:22221, 23021:23791, 25351:OBJ_VERTICES]
    place = np.zeros((OBJ_VERTICES, 3))

    def write(name: str, vertices: NDArray[np.float32]) -> None:
        place[kept] = vertices
        lines = [f"v {x:.5f} {y:.5f} {z:.5f}" for x, y, z in place]
        (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")

    write("identity000.obj", kit.vertices + kit.identity[0])
    for i in range(1, 100):
        (tmp_path / f"identity{i:03d}.obj").symlink_to("identity000.obj")
    smile = kit.expression_names.index("mouthSmile_L")
    write("mouthSmile_L.obj", kit.vertices + kit.expressions[smile])
    write("generic_neutral_mesh.obj", kit.vertices)
    with (tmp_path / "generic_neutral_mesh.obj").open("a", encoding="utf-8") as file:
        file.writelines(f"\nvt {u:.5f} {v:.5f}" for u, v in kit.corner_uv)
        for number, name in enumerate(facekit.MATERIALS):
            file.write(f"\nusemtl {name}")
            for ring in kit.triangles[kit.material == number]:
                text = " ".join(f"{kept[kit.corner_vertex[c]] + 1}/{c + 1}" for c in ring)
                file.write(f"\nf {text}")
    condense(tmp_path, tmp_path / "again.npz")
    with np.load(tmp_path / "again.npz") as again:
        np.testing.assert_allclose(again["verts"], kit.vertices, atol=1e-5)
        np.testing.assert_array_equal(again["vert_region"], kit.region)
        np.testing.assert_array_equal(again["lmk68"], kit.landmarks)
        np.testing.assert_array_equal(again["tri_mat"], kit.material)
        np.testing.assert_array_equal(
            again["corner_vert"][again["tri"]], kit.corner_vertex[kit.triangles]
        )
        np.testing.assert_allclose(again["ident"][7], kit.identity[0], atol=2e-3)
        assert list(again["expr_names"]) == ["mouthSmile_L"]


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    options = ["render", "--facekit", str(tmp_path / "no.npz"), "--out", str(tmp_path / "a.mp4")]
    result = CliRunner().invoke(app, options)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert re.search(r"error: no FaceKit file at", result.output)


def test_the_columns_of_a_truth_file_are_explained(repository: Path) -> None:
    explained = CliRunner().invoke(app, ["columns"]).output
    truth = repository / "examples/visitors/1-resonant-headset.truth.csv.gz"
    with gzip.open(truth, "rt") as file:
        header = file.readline()
    plain = [
        name
        for name in header.strip().split(",")
        if not re.match(r"lm\d|mp\d|w_|visible|facing", name)
    ]
    assert all(name in explained for name in plain)
