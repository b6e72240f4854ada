"""ICT-FaceKit: the 3D head that everyone brings themselves, loaded from one condensed file."""

import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .errors import ExpressionNameError, FaceKitError

SOURCE = "https://github.com/ICT-VGL/ICT-FaceKit (folder FaceXModel, MIT licence)"
HOW_TO_GET = (
    f"clone {SOURCE}, then run 'python tools/visitors condense FaceXModel facekit.npz' "
    "and pass --facekit facekit.npz"
)
MATERIALS = (
    "M_Face", "M_BackHead", "M_GumsTongue", "M_Teeth", "M_ScleraLeft", "M_ScleraRight",
    "M_EyeLashes",
)  # fmt: skip
FACE, HEAD_NECK, MOUTH_SOCKET, EYE_SOCKET, GUMS, TEETH, EYEBALL, LACRIMAL, LASHES = range(9)

_SHAPES: dict[str, tuple[int, ...]] = {
    "verts": (24359, 3), "ident": (100, 24359, 3), "corner_vert": (26315,), "corner_uv": (26315, 2),
    "tri": (47804, 3), "tri_mat": (47804,), "vert_region": (24359,), "lmk68": (68,),
}  # fmt: skip


@dataclass(frozen=True)
class FaceKit:
    """The head model; centimetres, x to the image's right, y up, the face looks along +z.

    Attributes:
        vertices: (24359, 3) float32, the mean head without expression.
        identity: (100, 24359, 3) float32 modes, one standard deviation each.
        expressions: (E, 24359, 3) float32 displacements at weight 1.
        expression_names: E names, ARKit's with ``_L``/``_R`` for the subject's left and right.
        corner_vertex: (26315,) int32, corner → vertex (a vertex on a texture seam has two corners).
        corner_uv: (26315, 2) float32; the integer part of u tells the texture apart.
        triangles: (47804, 3) int32 into corners, counter-clockwise from outside.
        material: (47804,) uint8 index into ``MATERIALS``.
        region: (24359,) uint8, ``FACE`` … ``LASHES``.
        landmarks: (68,) int32 vertices of the Multi-PIE landmarks.
    """

    vertices: NDArray[np.float32]
    identity: NDArray[np.float32]
    expressions: NDArray[np.float32]
    expression_names: tuple[str, ...]
    corner_vertex: NDArray[np.int32]
    corner_uv: NDArray[np.float32]
    triangles: NDArray[np.int32]
    material: NDArray[np.uint8]
    region: NDArray[np.uint8]
    landmarks: NDArray[np.int32]

    @cached_property
    def triangle_vertices(self) -> NDArray[np.int32]:
        """(47804, 3) int32 triangles into vertices."""
        return self.corner_vertex[self.triangles]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.expression_names)}

    def vertices_outside(self, vertices: NDArray[np.float32]) -> NDArray[np.float32]:
        """The outer points of a skull, without ears, mouth or neck: what a strap lies on."""
        ear = (np.abs(self.vertices[:, 0]) > 7.6) & (self.vertices[:, 1] < 4.8)
        keep = (self.region <= HEAD_NECK) & ~ear & (self.vertices[:, 1] > -6.0)
        return np.asarray(vertices[keep], np.float32)

    def weight_vector(self, weights: dict[str, float]) -> NDArray[np.float32]:
        """(E,) weights in the model's order from a mapping by name.

        Raises:
            ExpressionNameError: a name that the model does not have.
        """
        vector = np.zeros(len(self.expression_names), np.float32)
        for name, value in weights.items():
            if name not in self._index:
                known = ", ".join(self.expression_names)
                raise ExpressionNameError(f"unknown expression {name!r}; the FaceKit has: {known}")
            vector[self._index[name]] = value
        return vector


def load(path: Path) -> FaceKit:
    """Read the condensed head.

    Raises:
        FaceKitError: the file is missing, unreadable, or holds something else.
    """
    if not path.is_file():
        raise FaceKitError(f"no FaceKit file at {path}: {HOW_TO_GET}")
    try:
        with np.load(path, allow_pickle=False) as archive:
            data = {key: archive[key] for key in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise FaceKitError(f"{path} is not a readable npz file ({error}): {HOW_TO_GET}") from error
    wanted = {*_SHAPES, "expr", "expr_names", "mat_names"}
    if missing := sorted(wanted - data.keys()):
        raise FaceKitError(f"{path} lacks {', '.join(missing)}: condense it again; {HOW_TO_GET}")
    for key, shape in _SHAPES.items():
        if data[key].shape != shape:
            raise FaceKitError(
                f"{path}: {key} has shape {data[key].shape}, expected {shape}; "
                "another version of ICT-FaceKit is not supported"
            )
    names = tuple(str(name) for name in data["expr_names"])
    if data["expr"].shape != (len(names), *_SHAPES["verts"]) or len(names) < 53:
        raise FaceKitError(
            f"{path}: {len(names)} expression names for displacements of shape {data['expr'].shape}"
        )
    if tuple(str(name) for name in data["mat_names"]) != MATERIALS:
        raise FaceKitError(f"{path}: materials {list(data['mat_names'])}, expected {MATERIALS}")
    return FaceKit(
        vertices=data["verts"].astype(np.float32),
        identity=data["ident"].astype(np.float32),
        expressions=data["expr"].astype(np.float32),
        expression_names=names,
        corner_vertex=data["corner_vert"].astype(np.int32),
        corner_uv=data["corner_uv"].astype(np.float32),
        triangles=data["tri"].astype(np.int32),
        material=data["tri_mat"].astype(np.uint8),
        region=data["vert_region"].astype(np.uint8),
        landmarks=data["lmk68"].astype(np.int32),
    )
