"""A whole visitor as one mesh: head, hair, clothes, headset, their textures and face regions."""

import numpy as np
from numpy.typing import NDArray

from . import headsets, wardrobe
from .crevices import openness
from .facekit import EYEBALL, FACE, GUMS, LASHES, MATERIALS, MOUTH_SOCKET, TEETH, FaceKit
from .head import Head, Pose, neck_weight, place
from .looks import Look
from .mesh_points import mesh_vertices
from .regions import face_regions
from .shading import Surface
from .skin import BACK_LAYER, EYE_LAYER, FACE_LAYER, GUMS_LAYER, TEETH_LAYER, Painter, noise

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]
HAIR_LAYER, CLOTH_LAYER, SHELL_LAYER, STRAP_LAYER = range(5, 9)
LAYERS = 9


class Figure:
    """A visitor ready to be posed and drawn.

    Attributes:
        surface: what the shader needs.
        region: (T,) int8 face region of each triangle (index of ``regions.REGIONS``), or −1.
        first_headset: triangles from here on belong to the headset.
        mesh_vertices: (100,) int32 vertices of ``mesh_points.MESH_POINTS``.
    """

    def __init__(
        self,
        kit: FaceKit,
        painter: Painter,
        look: Look,
        headset: headsets.HeadsetKind = "none",
        fit: headsets.Fit | None = None,
    ) -> None:
        self.head = Head(kit, look.shape)
        self._kit = kit
        self.mesh_vertices = mesh_vertices(kit)
        fit = fit or headsets.draw_fit(look.seed)
        hair = wardrobe.hair(kit, self.head.neutral, look)
        soft = [(mesh, HAIR_LAYER) for mesh in hair] + [
            (wardrobe.torso(kit, self.head.neutral), CLOTH_LAYER)
        ]
        outer = kit.vertices_outside(self.head.neutral)
        skull = np.vstack([outer, *(mesh.vertices for mesh in hair[:1])])
        body, straps = headsets.build(headset, fit, skull)
        hard = [(mesh, SHELL_LAYER) for mesh in body] + [(mesh, STRAP_LAYER) for mesh in straps]

        kept = kit.material != MATERIALS.index("M_EyeLashes")
        kept &= ~wardrobe.under_shirt(kit)[kit.triangle_vertices].all(1)
        layer_of = np.array(
            [FACE_LAYER, BACK_LAYER, GUMS_LAYER, TEETH_LAYER, EYE_LAYER, EYE_LAYER, -1]
        )
        triangle_vertices = [kit.triangle_vertices[kept]]
        triangle_corners = [kit.triangles[kept]]
        layers = [layer_of[kit.material[kept]]]
        two_sided = [np.zeros(int(kept.sum()), np.bool_)]
        regions = face_regions(kit)[kept]
        uv, turns, rest = [kit.corner_uv % 1.0], [neck_weight(kit.vertices)], [self.head.neutral]
        vertices, corners = len(kit.vertices), len(kit.corner_uv)
        self.first_headset = 0
        for number, (mesh, layer) in enumerate(soft + hard):
            if number == len(soft):
                self.first_headset = sum(len(part) for part in triangle_vertices)
            triangle_vertices.append(mesh.triangles + vertices)
            triangle_corners.append(mesh.triangles + corners)
            layers.append(np.full(len(mesh.triangles), layer))
            two_sided.append(np.full(len(mesh.triangles), mesh.two_sided))
            uv.append(mesh.uv)
            turns.append(mesh.turns)
            rest.append(mesh.vertices)
            vertices += len(mesh.vertices)
            corners += len(mesh.vertices)
        self.triangles = np.ascontiguousarray(np.concatenate(triangle_vertices), np.int32)
        self.first_headset = self.first_headset or len(self.triangles)
        self.two_sided = np.concatenate(two_sided)
        self.region = np.full(len(self.triangles), -1, np.int8)
        self.region[: len(regions)] = regions
        self._turns = np.concatenate(turns).astype(np.float32)
        self._still = np.concatenate(rest[1:]).astype(np.float32)
        self.surface = Surface(
            triangle_vertices=self.triangles,
            triangle_corners=np.ascontiguousarray(np.concatenate(triangle_corners), np.int32),
            corner_uv=np.ascontiguousarray(np.concatenate(uv), np.float32),
            material=np.concatenate(layers).astype(np.int32),
            materials=_materials(fit.gloss),
            textures=_textures(painter, look, fit),
            openness=self._openness(np.concatenate(rest).astype(np.float32)),
        )

    def _openness(self, vertices: Floats) -> Floats:
        """Ambient light that reaches each vertex; the mouth is lit by how deep a part lies, since
        it is only seen when it is open, and skin never goes black."""
        light = openness(vertices, self.triangles, self.two_sided)
        region, count = self._kit.region, len(self._kit.vertices)
        head = light[:count]
        depth = np.clip((self._kit.vertices[:, 2] - 5.0) / 6.0, 0.0, 1.0)
        inner = (region == MOUTH_SOCKET) | (region == GUMS) | (region == TEETH)
        side = np.clip((np.abs(self._kit.vertices[:, 0]) - 1.1) / 0.9, 0.0, 1.0)
        head[inner] = ((0.06 + 0.74 * depth**2) * (1.0 - 0.9 * side))[inner]
        head[region == FACE] = np.clip(head[region == FACE], 0.42, 1.0)
        head[region == EYEBALL] = np.clip(head[region == EYEBALL], 0.55, 0.9)
        head[region == LASHES] = 1.0
        return light

    def pose(self, pose: Pose) -> Floats:
        """(V, 3) all vertices in the OpenCV camera frame, cm."""
        vertices = np.concatenate([self.head.deform(pose), self._still])
        return place(vertices, self._turns, pose)


def _materials(headset_gloss: float) -> Floats:
    """Rows (layer, specular, gloss exponent, mirror, wrap r, g, b), one for each layer."""
    shine = 0.05 + 0.5 * headset_gloss
    return np.array([
        (FACE_LAYER, 0.07, 14, 0, 0.34, 0.22, 0.18),
        (BACK_LAYER, 0.05, 14, 0, 0.34, 0.22, 0.18),
        (GUMS_LAYER, 0.10, 30, 0, 0.3, 0.2, 0.2),
        (TEETH_LAYER, 0.12, 40, 0, 0.3, 0.3, 0.3),
        (EYE_LAYER, 0.70, 220, 0, 0.25, 0.2, 0.2),
        (HAIR_LAYER, 0.05, 10, 0, 0.2, 0.2, 0.2),
        (CLOTH_LAYER, 0.0, 4, 0, 0.15, 0.15, 0.15),
        (SHELL_LAYER, shine, 20 + 120 * headset_gloss, 0.5 * headset_gloss**2, 0.05, 0.05, 0.05),
        (STRAP_LAYER, 0.03, 8, 0, 0.15, 0.15, 0.15),
    ], np.float32)  # fmt: skip


def _textures(painter: Painter, look: Look, fit: headsets.Fit) -> Bytes:
    size = painter.size
    out = np.empty((LAYERS, size, size, 3), np.uint8)
    out[:HAIR_LAYER] = painter.paint(look)
    rng = np.random.default_rng([look.seed, 23])
    strands = (
        rng.normal(0, 1, (1, size, 1)) * 0.22
        + rng.normal(0, 1, (size // 64, size, 1)).repeat(64, 0) * 0.1
    )
    out[HAIR_LAYER] = np.clip(np.array(look.hair_color) * (1 + strands), 0, 255)
    grid = np.mgrid[0:size, 0:size].transpose(1, 2, 0).astype(np.float32) / size * 40
    weave = noise(np.dstack([grid, np.zeros((size, size), np.float32)]), 1.2, look.seed + 9)
    out[CLOTH_LAYER] = np.clip(np.array(look.cloth_color) * (1 + 0.025 * weave)[..., None], 0, 255)
    out[SHELL_LAYER] = np.array(fit.color)
    out[STRAP_LAYER] = np.clip(np.array(fit.strap_color) * (1 + 0.04 * weave)[..., None], 0, 255)
    return out
