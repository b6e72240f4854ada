"""Condense ICT-FaceKit's OBJ files into the one npz file that ``facekit.load`` reads."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import FaceKitError, OutputError
from .facekit import HOW_TO_GET, MATERIALS

OBJ_VERTICES = 26719
IDENTITY_MODES = 100

# vertex ranges of the published model (last one exclusive) that are kept → region number;
# irises, tear fluid and the blend meshes of the eyes are drawn or left out
_KEPT = (
    (0, 9409, 0), (9409, 11248, 1), (11248, 13294, 2), (13294, 14062, 3), (14062, 17039, 4),
    (17039, 21451, 5), (21451, 22221, 6), (23021, 23791, 6), (25351, 26719, 8),
)  # fmt: skip

# Multi-PIE landmarks as vertices of the published model (its README, "Facial Landmarks")
_LANDMARKS = (
    1225, 1888, 1052, 367, 1719, 1722, 2199, 1447, 966, 3661, 4390, 3927, 3924, 2608, 3272, 4088,
    3443, 268, 493, 1914, 2044, 1401, 3615, 4240, 4114, 2734, 2509, 978, 4527, 4942, 4857, 1140,
    2075, 1147, 4269, 3360, 1507, 1542, 1537, 1528, 1518, 1511, 3742, 3751, 3756, 3721, 3725, 3732,
    5708, 5695, 2081, 0, 4275, 6200, 6213, 6346, 6461, 5518, 5957, 5841, 5702, 5711, 5533, 6216,
    6207, 6470, 5517, 5966,
)  # fmt: skip

_NEUTRAL = "generic_neutral_mesh.obj"
_EXPRESSION = re.compile(r"[A-Za-z]+(_[LR])?")


def condense(
    folder: Path, out: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> None:
    """Read every OBJ file of ``folder`` and write ``out``.

    Raises:
        FaceKitError: files are missing or are not those of ICT-FaceKit.
        OutputError: ``out`` cannot be written.
    """
    identities = [folder / f"identity{i:03d}.obj" for i in range(IDENTITY_MODES)]
    needed = [folder / _NEUTRAL, *identities]
    if missing := [path.name for path in needed if not path.is_file()]:
        raise FaceKitError(
            f"{folder} lacks {len(missing)} files of ICT-FaceKit, first {missing[0]}: {HOW_TO_GET}"
        )
    expressions = sorted(
        path
        for path in folder.glob("*.obj")
        if _EXPRESSION.fullmatch(path.stem) and path.name != _NEUTRAL
    )
    keep = np.concatenate([np.arange(start, end) for start, end, _ in _KEPT])
    region = np.concatenate([np.full(end - start, number) for start, end, number in _KEPT])
    neutral = _vertices(folder / _NEUTRAL)[keep]
    deltas = []
    files = [*identities, *expressions]
    for number, path in enumerate(files):
        deltas.append((_vertices(path)[keep] - neutral).astype(np.float16))
        progress(number + 1, len(files))
    place = np.full(OBJ_VERTICES, -1, np.int64)
    place[keep] = np.arange(len(keep))
    corner_vertex, corner_uv, triangles, material = _surface(folder / _NEUTRAL, place)
    try:
        np.savez_compressed(
            out,
            verts=neutral.astype(np.float32),
            ident=np.stack(deltas[:IDENTITY_MODES]),
            expr=np.array(deltas[IDENTITY_MODES:], np.float16).reshape(-1, len(keep), 3),
            expr_names=np.array([path.stem for path in expressions]),
            corner_vert=corner_vertex.astype(np.uint16),
            corner_uv=corner_uv.astype(np.float16),
            tri=triangles.astype(np.uint16),
            tri_mat=material.astype(np.uint8),
            mat_names=np.array(MATERIALS),
            vert_region=region.astype(np.uint8),
            lmk68=place[list(_LANDMARKS)].astype(np.uint16),
        )
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror}") from error


def _vertices(path: Path) -> NDArray[np.float64]:
    """(26719, 3) vertices of an OBJ file."""
    with path.open("rb") as file:
        values = np.fromstring(b" ".join(line[2:] for line in file if line[:2] == b"v "), sep=" ")
    rows = values.reshape(-1, 3) if values.size % 3 == 0 else values[:0].reshape(0, 3)
    if len(rows) != OBJ_VERTICES:
        raise FaceKitError(
            f"{path} has {len(rows)} vertices, expected {OBJ_VERTICES}: not ICT-FaceKit's file, "
            "or a copy that was converted"
        )
    return rows


def _surface(
    path: Path, place: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Corners (vertex and uv), triangles into corners sorted by material, and their material."""
    uv: list[list[float]] = []
    corner_of: dict[tuple[int, int], int] = {}
    triangles: list[tuple[int, int, int]] = []
    material: list[int] = []
    current = -1
    with path.open(encoding="utf-8") as file:
        for line in file:
            word, _, rest = line.partition(" ")
            if word == "vt":
                uv.append([float(value) for value in rest.split()[:2]])
            elif word == "usemtl":
                name = rest.strip()
                current = MATERIALS.index(name) if name in MATERIALS else -1
            elif word == "f" and current >= 0:
                pairs = [tuple(int(n) - 1 for n in one.split("/")[:2]) for one in rest.split()]
                if any(place[vertex] < 0 for vertex, _ in pairs):
                    continue
                ring = [corner_of.setdefault((int(v), int(t)), len(corner_of)) for v, t in pairs]
                for i in range(1, len(ring) - 1):
                    triangles.append((ring[0], ring[i], ring[i + 1]))
                    material.append(current)
    order = np.argsort(material, kind="stable")
    pairs_seen = np.array(list(corner_of), np.int64).reshape(-1, 2)
    return (
        place[pairs_seen[:, 0]],
        np.array(uv, np.float64).reshape(-1, 2)[pairs_seen[:, 1]],
        np.array(triangles, np.int64).reshape(-1, 3)[order],
        np.array(material, np.int64)[order],
    )
