"""The painted textures of a head: skin, lips, brows, eyes, teeth. ICT-FaceKit ships none."""

import cv2
import numpy as np
from numba import njit
from numpy.typing import NDArray

from .facekit import EYE_SOCKET, HEAD_NECK, MATERIALS, MOUTH_SOCKET, FaceKit
from .looks import SKIN_TONES, Look
from .rasterizer import bake
from .wardrobe import scalp

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

FACE_LAYER, BACK_LAYER, GUMS_LAYER, TEETH_LAYER, EYE_LAYER = range(5)


@njit(cache=True, boundscheck=False)
def _value_noise(points: Floats, lattice: Floats, scale: float) -> Floats:
    count = lattice.shape[0]
    out = np.empty(points.shape[0], np.float32)
    for i in range(points.shape[0]):
        total = np.float32(0.0)
        x, y, z = (
            points[i, 0] * scale + 512.0,
            points[i, 1] * scale + 512.0,
            points[i, 2] * scale + 512.0,
        )
        ix, iy, iz = int(np.floor(x)), int(np.floor(y)), int(np.floor(z))
        fx, fy, fz = x - ix, y - iy, z - iz
        fx, fy, fz = fx * fx * (3 - 2 * fx), fy * fy * (3 - 2 * fy), fz * fz * (3 - 2 * fz)
        for dx in range(2):
            for dy in range(2):
                for dz in range(2):
                    w = (fx if dx else 1 - fx) * (fy if dy else 1 - fy) * (fz if dz else 1 - fz)
                    total += w * lattice[(ix + dx) % count, (iy + dy) % count, (iz + dz) % count]
        out[i] = total
    return out


def noise(points: Floats, period_cm: float, seed: int) -> Floats:
    """Smooth noise of about zero mean over space, so that it runs on across texture seams."""
    rng = np.random.default_rng([seed, 7])
    lattice = rng.normal(0.0, 1.0, (32, 32, 32)).astype(np.float32)
    flat = np.ascontiguousarray(points.reshape(-1, 3), np.float32)
    return np.asarray(_value_noise(flat, lattice, 1.0 / period_cm)).reshape(points.shape[:-1])


_BAKED = ((FACE_LAYER, "M_Face"), (BACK_LAYER, "M_BackHead"), (TEETH_LAYER, "M_Teeth"))


class Painter:
    """Paints the textures of any look; keeps what all looks share (where a texel lies in space)."""

    def __init__(self, kit: FaceKit, size: int = 1024) -> None:
        self.size = size
        self._uv = kit.corner_uv % 1.0
        corner_position = kit.vertices[kit.corner_vertex]
        corner_region = kit.region[kit.corner_vertex].astype(np.float32)[:, None]
        values = np.ascontiguousarray(np.hstack([corner_position, corner_region]), np.float32)
        self._place: dict[int, Floats] = {}
        self._covered: dict[int, NDArray[np.bool_]] = {}
        for layer, name in _BAKED:
            triangles = kit.triangles[kit.material == MATERIALS.index(name)]
            self._place[layer], self._covered[layer] = bake(self._uv, triangles, values, size)
        corner_of = {int(v): c for c, v in enumerate(kit.corner_vertex)}
        self._landmark_uv = np.array([self._uv[corner_of[int(v)]] for v in kit.landmarks])

    def paint(self, look: Look) -> Bytes:
        """(5, S, S, 3) uint8 sRGB: face, back of the head, gums, teeth, eye."""
        size = self.size
        out = np.empty((5, size, size, 3), np.uint8)
        out[FACE_LAYER] = self._finish(self._face(look), FACE_LAYER)
        out[BACK_LAYER] = self._finish(self._back(look), BACK_LAYER)
        out[GUMS_LAYER] = (118, 58, 58)
        out[TEETH_LAYER] = self._finish(self._teeth(), TEETH_LAYER)
        out[EYE_LAYER] = _eye(size, look)
        return out

    def _finish(self, color: Floats, layer: int) -> Bytes:
        """Clip, and spread the colour past the chart's edge so that seams do not show."""
        texture = np.clip(color, 0, 255).astype(np.uint8)
        covered = self._covered[layer].astype(np.uint8)
        for _ in range(6):
            grown = cv2.dilate(texture * covered[..., None], np.ones((3, 3), np.uint8))
            texture = np.where(covered[..., None] > 0, texture, grown).astype(np.uint8)
            covered = np.asarray(cv2.dilate(covered, np.ones((3, 3), np.uint8)), np.uint8)
        return texture

    def _teeth(self) -> Floats:
        """White in front, dark towards the cheeks: side teeth that catch light look like fangs."""
        place = self._place[TEETH_LAYER]
        shade = _smooth(np.abs(place[..., 0]), 1.15, 1.9)[..., None]
        front, side = np.array([208, 199, 183], np.float32), np.array([60, 34, 33], np.float32)
        return np.asarray(front * (1 - shade) + side * shade, np.float32)

    def _skin(self, look: Look, layer: int) -> Floats:
        place = self._place[layer][..., :3]
        tone = np.array(SKIN_TONES[look.skin_tone - 1], np.float32)
        tone = tone * (1 + 0.025 * look.warmth * np.array([0.6, 0.1, -1.0], np.float32))
        blotch = 0.018 * noise(place, 2.2, look.seed) + 0.012 * noise(place, 0.5, look.seed + 1)
        pores = 0.018 * noise(place, 0.12, look.seed + 2)
        return np.asarray(tone * (1 + blotch + pores)[..., None], np.float32)

    def _back(self, look: Look) -> Floats:
        color = self._skin(look, BACK_LAYER)
        region = np.rint(self._place[BACK_LAYER][..., 3])
        color = _tint(color, self._ears(BACK_LAYER) * 0.35, (1.03, 0.9, 0.9))
        color[region == MOUTH_SOCKET] = (84, 34, 34)
        color[region == EYE_SOCKET] = np.array(SKIN_TONES[look.skin_tone - 1]) * 0.55
        rooted = self._roots(color, look, BACK_LAYER)
        return np.where((region == HEAD_NECK)[..., None], rooted, color).astype(np.float32)

    def _roots(self, color: Floats, look: Look, layer: int) -> Floats:
        """Skin that darkens towards the hair by its roots; not on the bald."""
        if look.hair == "bald":
            return color
        place = self._place[layer][..., :3]
        ragged = 0.35 * noise(place, 0.5, look.seed + 6) + 0.3 * noise(place, 0.1, look.seed + 7)
        amount = 0.85 * _smooth(scalp(place) + ragged, -1.1, 0.5)[..., None]
        hair = np.array(look.hair_color, np.float32)
        return np.asarray(color * (1 - amount) + hair * amount, np.float32)

    def _ears(self, layer: int) -> Floats:
        place = self._place[layer]
        side = np.abs(place[..., 0])
        return _smooth(side, 7.6, 8.6) * _bump(place[..., 1], 1.5, 3.0)

    def _face(self, look: Look) -> Floats:
        place = self._place[FACE_LAYER]
        x, y, z = np.abs(place[..., 0]), place[..., 1], place[..., 2]
        color = self._skin(look, FACE_LAYER)
        light = 1.0 - (look.skin_tone - 1) / 12.0
        cheeks = np.exp(-(((x - 4.6) / 2.2) ** 2) - ((y + 0.4) / 2.0) ** 2) * (z > 4)
        nose = np.exp(-((x / 1.3) ** 2) - ((y - 0.3) / 1.4) ** 2) * (z > 10)
        flush = np.clip(0.55 * cheeks + 0.5 * nose + 0.4 * self._ears(FACE_LAYER), 0, 1) * light
        color = _tint(color, flush, (1.02, 0.9, 0.9))
        under_eye = np.exp(-(((x - 3.0) / 1.6) ** 2) - ((y - 2.0) / 0.7) ** 2) * (z > 6)
        socket = np.exp(-(((x - 2.9) / 2.2) ** 2) - ((y - 3.9) / 1.2) ** 2) * (z > 6)
        color = _tint(color, under_eye * (0.25 + 0.3 * look.age) + 0.22 * socket, (0.86, 0.8, 0.8))
        color = self._beard(color, look, x, y, z)
        color = _tint(color, self._lines() * (0.15 + 0.85 * look.age), (0.78, 0.72, 0.7))
        color = self._lips(color, look)
        color = self._lids(color)
        color = self._roots(color, look, FACE_LAYER)
        return self._brows(color, look)

    def _beard(self, color: Floats, look: Look, x: Floats, y: Floats, z: Floats) -> Floats:
        if look.stubble == 0:
            return color
        jaw = _smooth(-y, 1.6, 4.2) * _smooth(-y, 10.5, 8.5) * _smooth(z, 1.0, 3.5)
        lip = np.exp(-((x / 2.6) ** 2) - ((y + 1.9) / 0.7) ** 2) * (z > 8)
        hairs = 0.75 + 0.35 * noise(self._place[FACE_LAYER][..., :3], 0.09, look.seed + 5)
        amount = np.clip(np.maximum(jaw, lip) * hairs * look.stubble * 0.45, 0, 0.6)[..., None]
        beard = np.array(look.brow_color, np.float32)
        return np.asarray(color * (1 - amount) + beard * amount, np.float32)

    def _points(self, indices: list[int]) -> Floats:
        uv = self._landmark_uv[indices]
        return (np.column_stack([uv[:, 0], 1 - uv[:, 1]]) * self.size).astype(np.float32)

    def _stroke(self, points: Floats, width_uv: float, blur_uv: float) -> Floats:
        canvas = np.zeros((self.size, self.size), np.float32)
        width = max(1, round(width_uv * self.size))
        cv2.polylines(
            canvas, [np.rint(points * 16).astype(np.int32)], False, (1.0,), width, cv2.LINE_AA, 4
        )
        return _blur(canvas, blur_uv * self.size)

    def _lips(self, color: Floats, look: Look) -> Floats:
        outline = _closed_curve(self._points(list(range(48, 60))))
        mask = np.zeros((self.size, self.size), np.float32)
        cv2.fillPoly(mask, [np.rint(outline * 16).astype(np.int32)], (1.0,), cv2.LINE_AA, 4)
        mask = _blur(mask, 0.0035 * self.size)
        depth = (look.skin_tone - 1) / 9.0
        tint = (0.94 - 0.06 * depth, 0.70 + 0.06 * depth, 0.72 + 0.08 * depth)
        color = _tint(color, 0.85 * mask, tint)
        upper = self._points([60, 61, 62, 63, 64])
        lower = self._points([64, 65, 66, 67, 60])
        line = np.maximum(self._stroke(upper, 0.006, 0.002), self._stroke(lower, 0.006, 0.002))
        corners = self._points([48, 60]), self._points([54, 64])
        for pair in corners:
            line = np.maximum(line, self._stroke(pair, 0.005, 0.002))
        return _tint(color, np.clip(1.1 * line, 0, 0.9), (0.38, 0.28, 0.28))

    def _lids(self, color: Floats) -> Floats:
        for upper, lower in (
            ([36, 37, 38, 39], [39, 40, 41, 36]),
            ([42, 43, 44, 45], [45, 46, 47, 42]),
        ):
            lash = self._stroke(_open_curve(self._points(upper)), 0.009, 0.002)
            color = _tint(color, np.clip(lash * 1.2, 0, 0.92), (0.2, 0.17, 0.17))
            lash = self._stroke(_open_curve(self._points(lower)), 0.004, 0.002)
            color = _tint(color, np.clip(lash, 0, 0.45), (0.45, 0.38, 0.38))
            crease = self._points(upper) - np.array([0, 0.014 * self.size], np.float32)
            color = _tint(
                color, 0.4 * self._stroke(_open_curve(crease), 0.004, 0.003), (0.7, 0.64, 0.64)
            )
        return color

    def _brows(self, color: Floats, look: Look) -> Floats:
        """Brows of single strokes, laid lower than the landmark line, on which a neutral face
        would look surprised."""
        rng = np.random.default_rng([look.seed, 11])
        density = np.zeros((self.size, self.size), np.float32)
        for inner_to_outer in ([21, 20, 19, 18, 17], [22, 23, 24, 25, 26]):
            line = _open_curve(self._points(inner_to_outer), 64)
            eye = self._points([39, 38, 37, 36] if inner_to_outer[0] == 21 else [42, 43, 44, 45])
            drop = np.interp(np.linspace(0, 1, 64), [0, 0.6, 1], [0.42, 0.34, 0.30])
            line[:, 1] += drop * (eye[:, 1].mean() - line[:, 1])
            outward = np.sign(line[-1, 0] - line[0, 0])
            for _ in range(int(360 * look.brow_fullness)):
                t = rng.beta(1.1, 1.3)
                thickness = (
                    self.size
                    * 0.0105
                    * look.brow_fullness
                    * np.interp(t, [0, 0.15, 0.6, 1], [0.8, 1, 0.75, 0.2])
                )
                base = line[int(t * 63)] + np.array([0, rng.uniform(-1, 1) * thickness])
                lean = np.interp(t, [0, 0.25, 1], [0.35, 0.9, 1.25]) + rng.normal(0, 0.15)
                length = self.size * rng.uniform(0.010, 0.019)
                tip = base + length * np.array([outward * np.sin(lean), -np.cos(lean)])
                stroke = np.rint(np.stack([base, tip]) * 16).astype(np.int32)
                cv2.polylines(
                    density, [stroke], False, (1.0,), max(1, self.size // 700), cv2.LINE_AA, 4
                )
        soft = np.clip(
            0.55 * _blur(density, 0.0012 * self.size) + 0.8 * _blur(density, 0.005 * self.size),
            0,
            0.88,
        )
        brow = np.array(look.brow_color, np.float32)
        skin_ceiling = np.minimum(brow, 0.75 * np.array(SKIN_TONES[look.skin_tone - 1], np.float32))
        soft = soft[..., None]
        return np.asarray(color * (1 - soft) + skin_ceiling * soft, np.float32)

    def _lines(self) -> Floats:
        """Forehead, nose-to-mouth and crow's-foot lines as soft strokes."""
        lines = np.zeros((self.size, self.size), np.float32)
        for side, (nose, mouth) in ((-1, (31, 48)), (1, (35, 54))):
            a, b = self._points([nose])[0], self._points([mouth])[0]
            out = np.array([side * 0.022 * self.size, 0])
            curve = np.stack([a + 0.7 * out, (a + b) / 2 + 1.3 * out, b + out])
            lines = np.maximum(lines, 0.8 * self._stroke(_open_curve(curve), 0.006, 0.006))
        left, right = self._points([18])[0], self._points([25])[0]
        for rise in (0.05, 0.075, 0.1):
            across = np.linspace(left, right, 9) - np.array([0, rise * self.size])
            across[:, 1] += 0.004 * self.size * np.sin(np.arange(9) * 1.9 + 40 * rise)
            lines = np.maximum(lines, 0.5 * self._stroke(_open_curve(across), 0.003, 0.004))
        return lines


def _eye(size: int, look: Look) -> Bytes:
    """Iris and pupil on the sclera; texel radius 0.125 is 29° on the ball, the size of an iris."""
    rng = np.random.default_rng([look.seed, 13])
    v, u = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    radius, angle = np.hypot(u, v), np.arctan2(v, u)
    fibres = np.interp(angle, np.linspace(-np.pi, np.pi, 180), rng.normal(0, 1, 180))
    iris = np.array(look.eye_color, np.float32) * (1 + 0.16 * fibres)[..., None]
    iris *= np.interp(radius, [0.04, 0.08, 0.112, 0.125], [1.2, 1.05, 0.85, 0.4])[..., None]
    sclera = np.array([206, 200, 194], np.float32) * np.ones((size, size, 1), np.float32)
    sclera = _tint(
        sclera, np.interp(radius, [0.13, 0.3], [0.0, 0.6]).astype(np.float32), (0.98, 0.86, 0.84)
    )
    inside = _smooth(radius, 0.129, 0.121)[..., None]
    color = sclera * (1 - inside) + iris * inside
    pupil = _smooth(radius, 0.05, 0.044)[..., None]
    return np.asarray(np.clip(color * (1 - pupil) + 10 * pupil, 0, 255).astype(np.uint8))


def _tint(color: Floats, amount: Floats, factor: tuple[float, float, float]) -> Floats:
    tinted: Floats = color * (1 + amount[..., None] * (np.array(factor, np.float32) - 1))
    return tinted


def _smooth(value: Floats, start: float, end: float) -> Floats:
    t = np.clip((value - start) / (end - start), 0, 1)
    result: Floats = (t * t * (3 - 2 * t)).astype(np.float32)
    return result


def _bump(value: Floats, centre: float, width: float) -> Floats:
    result: Floats = np.exp(-(((value - centre) / width) ** 2)).astype(np.float32)
    return result


def _blur(image: Floats, sigma: float) -> Floats:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), max(sigma, 0.3)), np.float32)


def _open_curve(points: Floats, count: int = 32) -> Floats:
    """Catmull-Rom curve through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    return _catmull_rom(padded, count)


def _closed_curve(points: Floats, count: int = 96) -> Floats:
    return _catmull_rom(np.vstack([points[-1:], points, points[:2]]), count)


def _catmull_rom(points: Floats, count: int) -> Floats:
    segments = len(points) - 3
    t = np.linspace(0, segments, count, endpoint=True)
    index = np.minimum(t.astype(int), segments - 1)
    f = (t - index)[:, None]
    p0, p1, p2, p3 = (points[index + k] for k in range(4))
    curve: Floats = 0.5 * (
        2 * p1
        + (p2 - p0) * f
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * f**2
        + (3 * p1 - p0 - 3 * p2 + p3) * f**3
    )
    return curve.astype(np.float32)
