"""The cameras that the server itself opens."""

import asyncio
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from attune.config import CameraSettings, LimitSettings
from attune.errors import SessionError
from attune.server.cameras import CameraHub, encode
from attune.session.outputs import NoticeKind
from attune.vision.decode import decode
from attune.vision.frame import EncodedFrame, Image

PATIENCE_S = 20


class Watcher:
    """A session that watches a camera."""

    def __init__(self, wanted: bool = True) -> None:
        self.wanted = wanted
        self.frames: list[EncodedFrame] = []
        self.notices: list[NoticeKind] = []
        self.causes: list[str] = []
        self.news = asyncio.Event()
        self._questions = 0

    def camera_frame(self, encoded: EncodedFrame, captured_ns: int) -> None:
        """Keep the frame."""
        self.frames.append(encoded)
        self.news.set()

    def camera_notice(self, kind: NoticeKind, **parameters: str) -> None:
        """Keep the notice."""
        self.notices.append(kind)
        self.causes.append(parameters.get("cause", ""))
        self.news.set()

    def camera_wanted(self) -> bool:
        """Whether frames would be looked at."""
        self._questions += 1
        return self.wanted

    async def asked(self, times: int) -> None:
        """Wait until it was asked that often whether frames are wanted."""
        async with asyncio.timeout(PATIENCE_S):
            while self._questions < times:  # noqa: ASYNC110 - asked on the camera's thread
                await asyncio.sleep(0.05)

    async def hears(self, kind: NoticeKind) -> None:
        """Wait for a notice."""
        async with asyncio.timeout(PATIENCE_S):
            while kind not in self.notices:
                self.news.clear()
                await self.news.wait()


@pytest.fixture
def film(tmp_path: Path) -> str:
    """A short film of noise."""
    path = str(tmp_path / "film.avi")
    writer = cv2.VideoWriter(path, cv2.VideoWriter_fourcc(*"MJPG"), 30, (64, 48))
    for seed in range(6):
        writer.write(np.random.default_rng(seed).integers(0, 255, (48, 64, 3), np.uint8))
    writer.release()
    return path


def hub(source: str, shared: bool = False, loop: bool = False) -> CameraHub:
    """One camera called hall."""
    settings = CameraSettings(source=source, shared=shared, rate_hz=60, loop=loop)
    return CameraHub({"hall": settings}, LimitSettings())


def noise(width: int, height: int) -> Image:
    """An image that compresses badly."""
    return Image(np.random.default_rng(3).integers(0, 255, (height, width, 3), np.uint8))


@pytest.mark.parametrize("limit", [200_000, 30_000, 3_000])
def test_a_frame_is_made_to_fit_the_limit(limit: int) -> None:
    encoded = encode(noise(640, 480), limit)

    assert len(encoded.data) <= limit
    assert decode(encoded, max_pixels=10**6, max_bytes=limit).width == encoded.width


def test_a_camera_that_is_not_shared_serves_one_session() -> None:
    cameras = hub("0")
    lease = cameras.reserve("hall", "first")

    with pytest.raises(SessionError, match=r"in use.*cameras\.hall\.shared"):
        cameras.reserve("hall", "second")
    lease.release()
    cameras.reserve("hall", "second")


async def test_a_shared_camera_serves_several_sessions(film: str) -> None:
    cameras = hub(film, shared=True)
    one, two = Watcher(), Watcher()
    for name, watcher in (("one", one), ("two", two)):
        cameras.reserve("hall", name).begin(watcher)
    await one.hears(NoticeKind.CAMERA_LOST)
    await two.hears(NoticeKind.CAMERA_LOST)
    cameras.release("one")
    cameras.release("two")

    assert one.frames
    assert {id(frame) for frame in two.frames} & {id(frame) for frame in one.frames}


async def test_a_camera_that_nobody_may_look_through_is_not_even_opened() -> None:
    cameras = hub("97")  # there is none, which is found out by opening it
    watcher = Watcher(wanted=False)
    cameras.reserve("hall", "one").begin(watcher)
    await watcher.asked(5)
    before = list(watcher.notices)
    watcher.wanted = True
    await watcher.hears(NoticeKind.CAMERA_LOST)
    cameras.release("one")

    assert before == []


async def test_a_camera_is_closed_soon_after_its_visitor_withdraws(film: str) -> None:
    cameras = hub(film, loop=True)
    watcher = Watcher()
    cameras.reserve("hall", "one").begin(watcher)
    async with asyncio.timeout(PATIENCE_S):
        await watcher.news.wait()
    opened = is_open(film)
    watcher.wanted = False
    async with asyncio.timeout(PATIENCE_S):
        while is_open(film):  # noqa: ASYNC110 - a descriptor has no event to wait for
            await asyncio.sleep(0.05)
    seen = len(watcher.frames)
    watcher.wanted = True
    async with asyncio.timeout(PATIENCE_S):
        while len(watcher.frames) == seen:
            watcher.news.clear()
            await watcher.news.wait()
    cameras.release("one")

    assert opened
    assert NoticeKind.CAMERA_LOST not in watcher.notices


@pytest.mark.parametrize("scheme", ["rtsp", "http"])
async def test_nobody_is_told_the_password_in_an_address(
    scheme: str, caplog: pytest.LogCaptureFixture
) -> None:
    cameras = hub(f"{scheme}://guard:s3cret@127.0.0.1:9/door?key=s3cret")
    watcher = Watcher()
    cameras.reserve("hall", "one").begin(watcher)
    await watcher.hears(NoticeKind.CAMERA_LOST)
    cameras.release("one")

    assert watcher.causes[0].startswith("cannot open camera hall;")
    told = [*watcher.causes, *(str(vars(record)) for record in caplog.records)]
    assert not [one for one in told if "s3cret" in one]


async def test_a_film_that_is_taken_away_while_it_loops_is_lost_once_and_comes_back(
    film: str,
) -> None:
    cameras = hub(film, loop=True)
    watcher = Watcher()
    cameras.reserve("hall", "one").begin(watcher)
    async with asyncio.timeout(PATIENCE_S):
        await watcher.news.wait()
    os.rename(film, film + ".away")
    await watcher.hears(NoticeKind.CAMERA_LOST)
    os.rename(film + ".away", film)
    await watcher.hears(NoticeKind.CAMERA_BACK)
    cameras.release("one")

    assert watcher.notices == [NoticeKind.CAMERA_LOST, NoticeKind.CAMERA_BACK]


def is_open(path: str) -> bool:
    """Whether this process has that file open."""
    folder = Path("/proc/self/fd")
    if not folder.exists():
        pytest.skip("needs /proc to see open files")
    return path in {os.path.realpath(one) for one in folder.iterdir()}
