"""Camera, lights and room: from a posed figure to the picture a webcam would deliver."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .errors import CameraError
from .figure import Figure
from .head import Pose
from .rasterizer import Canvas, draw, vertex_normals
from .shading import Lighting, develop, shade

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


NOISE_MARGIN = 64


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole camera with square pixels.

    Attributes:
        width, height: of the picture in pixels.
        focal_px: focal length.
        center_x, center_y: principal point; (0.5, 0.5) is the middle of the first pixel.
    """

    width: int
    height: int
    focal_px: float
    center_x: float
    center_y: float

    def __post_init__(self) -> None:
        if not (16 <= self.width <= 4096 and 16 <= self.height <= 4096):
            raise CameraError(
                f"a picture of {self.width}×{self.height} pixels is impossible here: "
                "each side must be from 16 to 4096"
            )
        if not 0.2 * self.width <= self.focal_px <= 10 * self.width:
            raise CameraError(
                f"a focal length of {self.focal_px:g} px for a width of {self.width} px is "
                f"impossible: expected {0.2 * self.width:g} to {10 * self.width:g}"
            )
        if not (0 <= self.center_x <= self.width and 0 <= self.center_y <= self.height):
            raise CameraError(
                f"the principal point ({self.center_x:g}, {self.center_y:g}) lies outside the "
                f"picture of {self.width}×{self.height}"
            )

    @classmethod
    def centered(cls, width: int, height: int, focal_px: float | None = None) -> "Camera":
        """A camera whose axis meets the middle; the focal length defaults to the width."""
        return cls(width, height, focal_px or float(width), width / 2, height / 2)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) intrinsic matrix."""
        f = self.focal_px
        return np.array([[f, 0, self.center_x], [0, f, self.center_y], [0, 0, 1.0]])

    def project(self, points: Floats) -> NDArray[np.float64]:
        """(N, 2) pixels of points (N, 3) in the OpenCV camera frame."""
        p = np.asarray(points, np.float64)
        return self.focal_px * p[:, :2] / p[:, 2:3] + [self.center_x, self.center_y]


@dataclass(frozen=True, slots=True)
class Lens:
    """What the camera does to the picture.

    Attributes:
        noise: standard deviation of the sensor's noise at mid grey, in 8-bit steps.
        jpeg_quality: 1 to 100, or None to leave the picture as it is.
        shutter_s: exposure time; the head's motion during it blurs the picture.
        supersampling: samples per pixel and axis.
    """

    noise: float = 1.2
    jpeg_quality: int | None = 90
    shutter_s: float = 1 / 60
    supersampling: int = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture with the geometry behind it.

    Attributes:
        image: (H, W, 3) uint8 RGB.
        vertices: (V, 3) float32 of the figure in the camera frame, cm.
        seen: (H·s, W·s) int32 triangle ids, s = supersampling; behind: without the headset.
    """

    image: Bytes
    vertices: Floats
    seen: NDArray[np.int32]
    behind: NDArray[np.int32]


def draw_lighting(seed: int) -> Lighting:
    """Soft key light from a side, a weak fill from the other, colour between warm and cool."""
    rng = np.random.default_rng([seed, 307])
    side = rng.choice([-1.0, 1.0])
    key = np.array([side * rng.uniform(0.15, 0.7), -rng.uniform(0.3, 0.8), -1.0])
    fill = np.array([-side * rng.uniform(0.5, 1.0), -0.1, -0.7])
    warmth = rng.uniform(-0.06, 0.08)
    tint = np.array([1 + warmth, 1.0, 1 - warmth])
    strength = rng.uniform(0.8, 1.05)
    directions = np.stack([key / np.linalg.norm(key), fill / np.linalg.norm(fill)])
    return Lighting(
        directions.astype(np.float32),
        np.stack([strength * tint, rng.uniform(0.12, 0.28) * tint[::-1]]).astype(np.float32),
        (rng.uniform(0.48, 0.64) * tint[::-1]).astype(np.float32),
        (0.22 * tint).astype(np.float32),
    )


def draw_background(seed: int, width: int, height: int) -> Floats:
    """(H, W, 3) linear RGB: a gallery out of focus — wall, a panel or two, a lamp, a floor."""
    rng = np.random.default_rng([seed, 401])
    wall = np.array([0.2, 0.2, 0.21]) * rng.uniform(0.5, 1.5) * (1 + 0.2 * rng.uniform(-1, 1, 3))
    y, x = np.mgrid[0:height, 0:width] / [[[height]], [[width]]]
    room = (
        wall
        * (1.15 - 0.5 * y)[..., None]
        * (1.0 + 0.25 * rng.uniform(-1, 1) * (x - 0.5))[..., None]
    )
    for _ in range(int(rng.integers(2, 5))):
        left, top = rng.uniform(-0.1, 0.9), rng.uniform(0.0, 0.45)
        panel = (
            (x > left)
            & (x < left + rng.uniform(0.1, 0.35))
            & (y > top)
            & (y < top + rng.uniform(0.2, 0.5))
        )
        room[panel] = wall * rng.uniform(0.4, 2.2) * (1 + 0.35 * rng.uniform(-1, 1, 3))
    floor = y > rng.uniform(0.72, 0.85)
    room[floor] = wall * rng.uniform(0.35, 0.7)
    lamp = np.exp(-(((x - rng.uniform(0, 1)) / 0.08) ** 2) - ((y - 0.05) / 0.08) ** 2)
    room += 0.35 * lamp[..., None]
    return np.asarray(cv2.GaussianBlur(room.astype(np.float32), (0, 0), width / 40), np.float32)


class Studio:
    """Draws a figure frame by frame with one camera, one light and one background."""

    def __init__(
        self,
        figure: Figure,
        camera: Camera,
        lens: Lens,
        *,
        lighting: Lighting,
        background: Floats,
        seed: int,
    ) -> None:
        self._figure, self._camera, self._lens, self._lighting = figure, camera, lens, lighting
        self._background = background
        self._seed = seed
        s = lens.supersampling
        self._canvas = Canvas.of_size(camera.width * s, camera.height * s)
        self._layer = np.zeros((camera.height * s, camera.width * s, 4), np.float32)
        self._noise = _noise_sheet(lens.noise, camera, seed)
        self._last: NDArray[np.float64] | None = None

    def render(self, pose: Pose, number: int, interval_s: float) -> Frame:
        """The picture of a pose; frame ``number`` seeds its noise, ``interval_s`` is the time since
        the frame before, whose pose gives the motion blur.

        Raises:
            CameraError: the head is at or behind the camera.
        """
        figure, camera, canvas = self._figure, self._camera, self._canvas
        vertices = figure.pose(pose)
        if pose.position_cm[2] < 25.0:
            raise CameraError(
                f"a head {pose.position_cm[2]:g} cm in front of the camera cannot be drawn: "
                "expected at least 25 cm"
            )
        s = self._lens.supersampling
        intrinsics = (
            camera.focal_px * s,
            camera.focal_px * s,
            camera.center_x * s,
            camera.center_y * s,
        )
        first = figure.first_headset
        canvas.clear()
        buffers = (canvas.inverse_depth, canvas.triangle, canvas.barycentric)
        draw(vertices, figure.triangles[:first], figure.two_sided[:first], *intrinsics, 0, *buffers)
        behind = canvas.triangle.copy() if first < len(figure.triangles) else canvas.triangle
        draw(
            vertices,
            figure.triangles[first:],
            figure.two_sided[first:],
            *intrinsics,
            first,
            *buffers,
        )
        self._layer.fill(0.0)
        normals = vertex_normals(vertices, figure.triangles)
        shade(
            canvas,
            surface=figure.surface,
            normals=normals,
            lighting=self._lighting,
            intrinsics=intrinsics,
            out=self._layer,
        )
        layer = self._layer
        if s > 1:
            size = (camera.width, camera.height)
            layer = np.asarray(cv2.resize(layer, size, interpolation=cv2.INTER_AREA), np.float32)
        layer = self._blurred(layer, pose, interval_s)
        image = self._compressed(develop(layer, self._background, self._grain(number)))
        seen = canvas.triangle.copy()
        return Frame(image, vertices, seen, seen if behind is canvas.triangle else behind)

    def _blurred(self, layer: Floats, pose: Pose, interval_s: float) -> Floats:
        """Motion blur along the path of the face's middle while the shutter is open."""
        turn = np.radians([pose.yaw_deg, pose.pitch_deg])
        x, y, z = pose.position_cm
        face = np.array(
            [[x + 10 * np.sin(turn[0]), y - 10 * np.sin(turn[1]), z - 10 * np.cos(turn[0])]],
            np.float32,
        )
        now = self._camera.project(face)[0]
        last, self._last = self._last, now
        if last is None or interval_s <= 0 or self._lens.shutter_s <= 0:
            return layer
        path = (now - last) * min(self._lens.shutter_s / interval_s, 1.0)
        length = float(np.hypot(*path))
        if length < 0.6:
            return layer
        size = 2 * int(np.ceil(length / 2)) + 3
        kernel = np.zeros((size, size), np.float32)
        middle = (size - 1) / 2
        ends = np.rint((np.array([middle, middle]) + np.outer([-0.5, 0.5], path)) * 16).astype(int)
        start, stop = ends.tolist()
        cv2.line(kernel, start, stop, (1.0,), 1, cv2.LINE_AA, 4)
        return np.asarray(
            cv2.filter2D(layer, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE),
            np.float32,
        )

    def _grain(self, number: int) -> Floats:
        """(H, W, 3) the noise of a frame: a random piece of the sheet, perhaps flipped."""
        rng = np.random.default_rng([self._seed, 503, number])
        down, right = rng.integers(0, NOISE_MARGIN, 2)
        piece = self._noise[down:, right:][: self._camera.height, : self._camera.width]
        flip = int(rng.integers(4))
        return piece[:: 1 - 2 * (flip & 1), :: 1 - (flip & 2)]

    def _compressed(self, image: Bytes) -> Bytes:
        """The picture after the compression of the camera's own JPEG."""
        if self._lens.jpeg_quality is None:
            return image
        options = [cv2.IMWRITE_JPEG_QUALITY, self._lens.jpeg_quality]
        ok, coded = cv2.imencode(".jpg", image[..., ::-1], options)
        if not ok:
            raise CameraError("the picture could not be compressed as JPEG")
        return np.ascontiguousarray(cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1])


def _noise_sheet(noise: float, camera: Camera, seed: int) -> Floats:
    """Noise for more than a picture: fine and equal in all channels, and coarse in each."""
    rng = np.random.default_rng([seed, 509])
    height, width = camera.height + NOISE_MARGIN, camera.width + NOISE_MARGIN
    grain = rng.standard_normal((height, width, 1), dtype=np.float32)
    shape = (height // 2 + 1, width // 2 + 1, 3)
    color = cv2.resize(rng.standard_normal(shape, dtype=np.float32), (width, height))
    return np.asarray(noise * (0.85 * grain + 0.5 * color), np.float32)
