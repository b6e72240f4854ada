"""What is known of every frame, and the gzipped CSV file that carries it."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import OutputError
from .facekit import FaceKit
from .figure import Figure
from .head import Pose
from .mask import decode, encode
from .mesh_points import MESH_POINTS
from .regions import REGIONS
from .scene import Camera, Frame

COLUMNS = {
    "frame": "number of the frame, from 0",
    "capture_time_ns": "capture time in nanoseconds from the first frame",
    "identity": "seed of the person",
    "skin_tone": "group 1 (lightest) to 10 (darkest), see tools/visitors/looks.py",
    "visitor": "resonant, detached or counter",
    "headset": "none, slab, quest, visor or halo",
    "yaw_deg, pitch_deg, roll_deg": "head against the camera; yaw > 0 to the subject's left, "
    "pitch > 0 up, roll > 0 towards the subject's left shoulder",
    "x_cm, y_cm, z_cm": "neck pivot in the camera frame (x right, y down, z forward)",
    "gaze_yaw_deg, gaze_pitch_deg": "eyes against the head, same signs",
    "valence, arousal": "affect that the face is meant to show, −1 to 1",
    "blink": "closure of the eyes, 0 open to 1 closed",
    "fx, fy, cx, cy": "camera matrix in pixels; the middle of the first pixel is (0.5, 0.5)",
    "width_px, height_px": "size of the picture",
    "visible_<region>": "share of the region's pixels that the headset leaves to be seen, 0 to 1; "
    "empty where the region faces away; left and right are the subject's",
    "facing_<region>": "share of the region's surface that faces the camera, 0 to 1",
    "headset_px": "pixels of the headset",
    "headset_left, headset_top, headset_right, headset_bottom": "its box in pixels, or empty",
    "headset_rle": "its mask, a pixel counting from half on: COCO's compressed run lengths; "
    "read with tools.visitors.record.FrameTruth.headset_mask, or with "
    "pycocotools.mask.decode({'size': [height_px, width_px], 'counts': headset_rle})",
    "lm<00..67>_x, lm<00..67>_y": "68 landmarks in iBUG order, pixels, hidden ones included",
    "mp<index>_x, mp<index>_y": "the same for points of MediaPipe's face mesh of 468; which "
    "ones and why, see tools/visitors/mesh_points.py",
    "w_<name>": "expression weights by FaceKit name; names that stay 0 are left out",
}
"""What the columns of a truth file mean."""


@dataclass(frozen=True, slots=True)
class FrameTruth:
    """The truth of one frame; units and signs as in ``COLUMNS``.

    Attributes:
        visible, facing: by region, in the order of ``REGIONS``; NaN where a region is not seen.
        headset_box: left, top, right, bottom in pixels, or None.
        size: width and height of the picture in pixels.
        headset_rle: mask of the headset as text, see ``headset_mask``.
        landmarks: (68, 2) pixels; mesh: (100, 2) pixels, in the order of ``MESH_POINTS``.
        weights: by FaceKit name.
    """

    frame: int
    capture_time_ns: int
    identity: int
    skin_tone: int
    visitor: str
    headset: str
    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    position_cm: tuple[float, float, float]
    gaze_yaw_deg: float
    gaze_pitch_deg: float
    valence: float
    arousal: float
    blink: float
    camera: tuple[float, float, float, float]
    size: tuple[int, int]
    visible: NDArray[np.float64]
    facing: NDArray[np.float64]
    headset_px: int
    headset_box: tuple[int, int, int, int] | None
    headset_rle: str
    landmarks: NDArray[np.float64]
    mesh: NDArray[np.float64]
    weights: dict[str, float]

    @property
    def headset_mask(self) -> NDArray[np.bool_]:
        """(H, W) where the headset is seen, as far as half of a pixel or more."""
        width, height = self.size
        return decode(self.headset_rle, height, width)


@dataclass(frozen=True, slots=True)
class Casting:
    """Who is filmed: what stays the same in every frame of a clip."""

    identity: int
    skin_tone: int
    visitor: str
    headset: str


def truth_of(
    frame: Frame,
    number: int,
    capture_time_ns: int,
    pose: Pose,
    *,
    affect: tuple[float, float],
    blink: float,
    casting: Casting,
    figure: Figure,
    camera: Camera,
    kit: FaceKit,
) -> FrameTruth:
    """Read the truth of a rendered frame off its geometry and its id buffers."""
    scale = frame.seen.shape[0] // camera.height
    visible, facing = region_shares(frame, figure)
    mask = frame.seen >= figure.first_headset
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = None
    if len(rows):
        corners = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        left, top, right, bottom = (int(value) // scale for value in corners)
        box = (left, top, right, bottom)
    return FrameTruth(
        frame=number,
        capture_time_ns=capture_time_ns,
        identity=casting.identity,
        skin_tone=casting.skin_tone,
        visitor=casting.visitor,
        headset=casting.headset,
        yaw_deg=pose.yaw_deg,
        pitch_deg=pose.pitch_deg,
        roll_deg=pose.roll_deg,
        position_cm=pose.position_cm,
        gaze_yaw_deg=pose.gaze_yaw_deg,
        gaze_pitch_deg=pose.gaze_pitch_deg,
        valence=affect[0],
        arousal=affect[1],
        blink=blink,
        camera=(camera.focal_px, camera.focal_px, camera.center_x, camera.center_y),
        size=(camera.width, camera.height),
        visible=visible,
        facing=facing,
        headset_px=round(int(mask.sum()) / scale**2),
        headset_box=box,
        headset_rle=encode(_by_pixel(mask, scale)),
        landmarks=camera.project(frame.vertices[kit.landmarks]),
        mesh=camera.project(frame.vertices[figure.mesh_vertices]),
        weights={
            name: float(value)
            for name, value in zip(kit.expression_names, pose.weights, strict=True)
        },
    )


def _by_pixel(samples: NDArray[np.bool_], scale: int) -> NDArray[np.bool_]:
    """(H, W) whether at least half of a pixel's ``scale``² samples are set."""
    if scale == 1:
        return samples
    height, width = samples.shape[0] // scale, samples.shape[1] // scale
    count = samples.reshape(height, scale, width, scale).sum((1, 3), np.int32)
    return np.asarray(2 * count >= scale**2)


def region_shares(frame: Frame, figure: Figure) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(9,) share of each region's pixels that the headset leaves visible, NaN where it has none,
    and (9,) share of its surface that faces the camera."""
    label = np.append(figure.region, np.int8(-1))
    stride = 1 if frame.seen.shape[0] < 600 else 2
    sample = (slice(None, None, stride), slice(None, None, stride))
    before = np.bincount(label[frame.behind[sample]].ravel() + 1, minlength=len(REGIONS) + 1)[1:]
    after = np.bincount(label[frame.seen[sample]].ravel() + 1, minlength=len(REGIONS) + 1)[1:]
    with np.errstate(invalid="ignore", divide="ignore"):
        visible = np.where(before >= 4, after / before, np.nan)
    part = np.flatnonzero(figure.region >= 0)
    a, b, c = (frame.vertices[figure.triangles[part, corner]].T for corner in range(3))
    (ux, uy, uz), (vx, vy, vz) = b - a, c - a
    normal = np.stack([uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx])
    area = np.sqrt((normal**2).sum(0))
    towards = (normal * (a + b + c)).sum(0) < 0
    region = figure.region[part]
    # eyeballs and the mouth's inside face every way; only skin tells how a region is turned
    total = np.bincount(region, area, minlength=len(REGIONS))
    front = np.bincount(region, area * towards, minlength=len(REGIONS))
    return visible, front / np.maximum(total, 1e-9)


def write(path: Path, truths: Sequence[FrameTruth]) -> None:
    """Write a truth file, NAME.csv.gz; equal truths give equal bytes.

    Raises:
        OutputError: the file cannot be written.
    """
    used = sorted({name for one in truths for name, w in one.weights.items() if abs(w) > 5e-4})
    try:
        with (
            path.open("wb") as packed,
            gzip.GzipFile("", "wb", 9, packed, mtime=0) as raw,
            io.TextIOWrapper(raw, "utf-8", newline="") as file,
        ):
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_header(used))
            writer.writerows(_row(one, used) for one in truths)
    except OSError as error:
        raise OutputError(f"cannot write the truth to {path}: {error.strerror}") from error


def _header(used: Sequence[str]) -> list[str]:
    names = [part.strip() for key in COLUMNS if "<" not in key for part in key.split(",")]
    head, worn = names[:-6], names[-6:]
    head += [f"visible_{name}" for name in REGIONS] + [f"facing_{name}" for name in REGIONS] + worn
    head += [f"lm{i:02d}_{axis}" for i in range(68) for axis in "xy"]
    head += [f"mp{i:03d}_{axis}" for i in MESH_POINTS for axis in "xy"]
    return head + [f"w_{name}" for name in used]


def _row(one: FrameTruth, used: Sequence[str]) -> Iterator[str | int]:
    yield from (one.frame, one.capture_time_ns, one.identity, one.skin_tone)
    yield from (one.visitor, one.headset)
    for value in (one.yaw_deg, one.pitch_deg, one.roll_deg, *one.position_cm):
        yield f"{value:.2f}"
    yield from (f"{one.gaze_yaw_deg:.1f}", f"{one.gaze_pitch_deg:.1f}")
    yield from (f"{one.valence:.3f}", f"{one.arousal:.3f}", f"{one.blink:.2f}")
    yield from (f"{value:g}" for value in one.camera)
    yield from one.size
    for value in (*one.visible, *one.facing):
        yield "" if np.isnan(value) else f"{value:.3f}"
    yield one.headset_px
    yield from one.headset_box or ("", "", "", "")
    yield one.headset_rle
    yield from (f"{value:.1f}" for value in (*one.landmarks.ravel(), *one.mesh.ravel()))
    yield from (f"{one.weights.get(name, 0.0):.3g}" for name in used)


def read(path: Path) -> list[FrameTruth]:
    """Read a truth file back.

    Raises:
        OutputError: the file is missing or is no truth file.
    """
    try:
        with gzip.open(path, "rt", newline="", encoding="utf-8") as file:
            return [_parse(row) for row in csv.DictReader(file)]
    except (OSError, EOFError, zlib.error, KeyError, ValueError, TypeError) as error:
        raise OutputError(f"{path} is no truth file of tools/visitors: {error}") from error


def _parse(row: dict[str, str]) -> FrameTruth:
    def number(name: str) -> float:
        return float(row[name]) if row[name] else float("nan")

    box = [row[f"headset_{side}"] for side in ("left", "top", "right", "bottom")]
    left, top, right, bottom = (int(value or 0) for value in box)
    return FrameTruth(
        frame=int(row["frame"]),
        capture_time_ns=int(row["capture_time_ns"]),
        identity=int(row["identity"]),
        skin_tone=int(row["skin_tone"]),
        visitor=row["visitor"],
        headset=row["headset"],
        yaw_deg=number("yaw_deg"),
        pitch_deg=number("pitch_deg"),
        roll_deg=number("roll_deg"),
        position_cm=(number("x_cm"), number("y_cm"), number("z_cm")),
        gaze_yaw_deg=number("gaze_yaw_deg"),
        gaze_pitch_deg=number("gaze_pitch_deg"),
        valence=number("valence"),
        arousal=number("arousal"),
        blink=number("blink"),
        camera=(number("fx"), number("fy"), number("cx"), number("cy")),
        size=(int(row["width_px"]), int(row["height_px"])),
        visible=np.array([number(f"visible_{name}") for name in REGIONS]),
        facing=np.array([number(f"facing_{name}") for name in REGIONS]),
        headset_px=int(row["headset_px"]),
        headset_box=(left, top, right, bottom) if box[0] else None,
        headset_rle=row["headset_rle"],
        landmarks=np.array([[number(f"lm{i:02d}_{axis}") for axis in "xy"] for i in range(68)]),
        mesh=np.array([[number(f"mp{i:03d}_{axis}") for axis in "xy"] for i in MESH_POINTS]),
        weights={name[2:]: float(value) for name, value in row.items() if name[:2] == "w_"},
    )
