"""Colour of every seen pixel: Lambert light with a soft terminator, ambient sky, a little gloss."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .rasterizer import Canvas

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

_SRGB = np.arange(256) / 255.0
SRGB_TO_LINEAR: Floats = np.where(
    _SRGB <= 0.04045, _SRGB / 12.92, ((_SRGB + 0.055) / 1.055) ** 2.4
).astype(np.float32)

LAYER, SPECULAR, GLOSS, MIRROR, WRAP_R, WRAP_G, WRAP_B = range(7)


@dataclass(frozen=True, slots=True)
class Lighting:
    """The lights of a scene, all in linear RGB and the camera frame (x right, y down, z forward).

    Attributes:
        directions: (L, 3) float32 unit vectors from the scene towards each light.
        colors: (L, 3) float32.
        sky: (3,) float32 ambient light from above; ground: (3,) from below.
    """

    directions: Floats
    colors: Floats
    sky: Floats
    ground: Floats


@dataclass(frozen=True, slots=True)
class Surface:
    """What the shader must know of the geometry, once per visitor.

    Attributes:
        triangle_vertices: (T, 3) int32; triangle_corners: (T, 3) int32 into corner_uv.
        corner_uv: (C, 2) float32, wrapped into [0, 1).
        material: (T,) int32 row of ``materials``.
        materials: (M, 7) float32 columns ``LAYER`` … ``WRAP_B``.
        textures: (N, S, S, 3) uint8 sRGB, row 0 is v = 1.
        openness: (V,) float32, 1 where the whole sky is seen, towards 0 in a crevice.
    """

    triangle_vertices: Ints
    triangle_corners: Ints
    corner_uv: Floats
    material: Ints
    materials: Floats
    textures: Bytes
    openness: Floats


@njit(cache=True, fastmath=True, boundscheck=False)
def _shade(  # noqa: PLR0915, PLR0917 - a kernel: one pass over the pixels, plain arrays in
    seen: Ints, barycentric: Floats, normals: Floats, openness: Floats, triangle_vertices: Ints,
    triangle_corners: Ints, corner_uv: Floats, material: Ints, materials: Floats, textures: Bytes,
    to_linear: Floats, directions: Floats, colors: Floats, sky: Floats, ground: Floats,
    fx: float, fy: float, cx: float, cy: float, out: Floats,
) -> None:  # fmt: skip
    height, width = seen.shape
    size = textures.shape[1]
    albedo = np.empty(3, np.float32)
    light = np.empty(3, np.float32)
    for y in range(height):
        for x in range(width):
            t = seen[y, x]
            if t < 0:
                continue
            wb, wc = barycentric[y, x, 0], barycentric[y, x, 1]
            wa = np.float32(1.0) - wb - wc
            a, b, c = triangle_vertices[t, 0], triangle_vertices[t, 1], triangle_vertices[t, 2]
            nx = wa * normals[a, 0] + wb * normals[b, 0] + wc * normals[c, 0]
            ny = wa * normals[a, 1] + wb * normals[b, 1] + wc * normals[c, 1]
            nz = wa * normals[a, 2] + wb * normals[b, 2] + wc * normals[c, 2]
            length = np.sqrt(nx * nx + ny * ny + nz * nz) + np.float32(1e-9)
            nx /= length
            ny /= length
            nz /= length
            open_sky = wa * openness[a] + wb * openness[b] + wc * openness[c]
            ca, cb, cc = triangle_corners[t, 0], triangle_corners[t, 1], triangle_corners[t, 2]
            u = wa * corner_uv[ca, 0] + wb * corner_uv[cb, 0] + wc * corner_uv[cc, 0]
            v = wa * corner_uv[ca, 1] + wb * corner_uv[cb, 1] + wc * corner_uv[cc, 1]
            m = material[t]
            layer = int(materials[m, LAYER])
            tx = min(max(u * size - np.float32(0.5), np.float32(0.0)), np.float32(size - 1.001))
            ty = min(
                max((np.float32(1.0) - v) * size - np.float32(0.5), np.float32(0.0)),
                np.float32(size - 1.001),
            )
            ix, iy = int(tx), int(ty)
            ax, ay = tx - ix, ty - iy
            # the way from the surface to the eye
            ex = -(x + np.float32(0.5) - cx) / fx
            ey = -(y + np.float32(0.5) - cy) / fy
            length = np.sqrt(ex * ex + ey * ey + np.float32(1.0))
            ex /= length
            ey /= length
            ez = -np.float32(1.0) / length
            facing = nx * ex + ny * ey + nz * ez
            rx, ry, rz = 2 * facing * nx - ex, 2 * facing * ny - ey, 2 * facing * nz - ez
            up = np.float32(0.5) - np.float32(0.5) * ny
            for k in range(3):
                texel = (
                    textures[layer, iy, ix, k] * (1 - ax) + textures[layer, iy, ix + 1, k] * ax
                ) * (1 - ay)
                texel += (
                    textures[layer, iy + 1, ix, k] * (1 - ax)
                    + textures[layer, iy + 1, ix + 1, k] * ax
                ) * ay
                albedo[k] = to_linear[int(texel + np.float32(0.5))]
                light[k] = (sky[k] * up + ground[k] * (1 - up)) * open_sky
            gloss = np.float32(0.0)
            for i in range(directions.shape[0]):
                toward = nx * directions[i, 0] + ny * directions[i, 1] + nz * directions[i, 2]
                shade = np.float32(0.35) + np.float32(0.65) * open_sky
                for k in range(3):
                    wrap = materials[m, WRAP_R + k]
                    diffuse = (toward + wrap) / (1 + wrap)
                    if diffuse > 0:
                        light[k] += colors[i, k] * diffuse * shade
                if toward > 0:
                    mirrored = rx * directions[i, 0] + ry * directions[i, 1] + rz * directions[i, 2]
                    if mirrored > 0:
                        gloss += (
                            materials[m, SPECULAR]
                            * mirrored ** materials[m, GLOSS]
                            * colors[i, 1]
                            * open_sky
                        )
            if materials[m, MIRROR] > 0:
                # a room of its own for glossy shells: bright ceiling band, dark floor
                band = min(
                    max((-ry - np.float32(0.1)) * np.float32(4.0), np.float32(0.0)), np.float32(1.0)
                )
                fresnel = (
                    np.float32(0.25) + np.float32(0.75) * (1 - max(facing, np.float32(0.0))) ** 3
                )
                gloss += materials[m, MIRROR] * band * fresnel * open_sky
            for k in range(3):
                out[y, x, k] = albedo[k] * light[k] + gloss
            out[y, x, 3] = np.float32(1.0)


def shade(
    canvas: Canvas,
    *,
    surface: Surface,
    normals: Floats,
    lighting: Lighting,
    intrinsics: tuple[float, float, float, float],
    out: Floats,
) -> None:
    """Fill ``out`` (H, W, 4) float32, linear RGB and coverage, where the canvas saw a triangle.

    ``normals`` (V, 3) are in the camera frame, ``intrinsics`` are fx, fy, cx, cy in pixels.
    """
    _shade(
        canvas.triangle, canvas.barycentric, normals, surface.openness, surface.triangle_vertices,
        surface.triangle_corners, surface.corner_uv, surface.material, surface.materials,
        surface.textures, SRGB_TO_LINEAR, lighting.directions, lighting.colors, lighting.sky,
        lighting.ground, *intrinsics, out,
    )  # fmt: skip


_TONE_STEPS = 4096
_TONE_TOP = 2.0


def _tone_curve() -> Bytes:
    """sRGB coding with a soft shoulder, so that highlights do not clip."""
    linear = np.linspace(0.0, _TONE_TOP, _TONE_STEPS)
    toned = np.where(linear > 0.7, 0.7 + 0.3 * np.tanh((linear - 0.7) / 0.3), linear)
    coded = np.where(toned <= 0.0031308, toned * 12.92, 1.055 * toned ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(coded * 255.0), np.uint8)


_TONE = _tone_curve()


@njit(cache=True, fastmath=True, boundscheck=False)
def _develop(layer: Floats, background: Floats, grain: Floats, tone: Bytes, out: Bytes) -> None:
    height, width = out.shape[:2]
    for y in range(height):
        for x in range(width):
            rest = np.float32(1.0) - layer[y, x, 3]
            for k in range(3):
                linear = layer[y, x, k] + rest * background[y, x, k]
                step = int(linear * np.float32(_TONE_STEPS / _TONE_TOP) + np.float32(0.5))
                value = np.float32(tone[min(max(step, 0), _TONE_STEPS - 1)])
                darkness = np.float32(1.3) - value * np.float32(0.6 / 255.0)
                value += darkness * grain[y, x, k] + np.float32(0.5)
                out[y, x, k] = np.uint8(min(max(value, np.float32(0.0)), np.float32(255.0)))


def develop(layer: Floats, background: Floats, grain: Floats) -> Bytes:
    """(H, W, 3) uint8 sRGB: the layer (H, W, 4) over the background (H, W, 3), both linear, with
    sensor noise ``grain`` (H, W, 3) in 8-bit steps, stronger in the dark."""
    out = np.empty(background.shape, np.uint8)
    _develop(layer, background, grain, _TONE, out)
    return out
