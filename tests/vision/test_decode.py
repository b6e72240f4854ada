"""Frames decode to upright pixels, and what cannot be trusted is refused by name."""

import itertools
import struct
import tracemalloc
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from attune.errors import InputError
from attune.vision.decode import decode, read_header
from attune.vision.frame import EncodedFrame, Encoding

MAX_PIXELS = 1 << 22
MAX_BYTES = 1 << 22
CODE = {
    "size": "frame.size_invalid",
    "bytes": "frame.bytes_mismatch",
    "corrupt": "frame.corrupt",
    "large": "frame.too_large",
    "unsupported": "frame.encoding_unsupported",
}


def scene(width: int = 64, height: int = 48) -> NDArray[np.uint8]:
    """Four smooth quarters of different colours, so that every turn and flip shows."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[: height // 2, : width // 2] = (200, 40, 40)
    rgb[: height // 2, width // 2 :] = (40, 200, 40)
    rgb[height // 2 :, : width // 2] = (40, 40, 200)
    rgb[height // 2 :, width // 2 :] = (180, 180, 60)
    return rgb


def nv12(rgb: NDArray[np.uint8]) -> bytes:
    height, width = rgb.shape[:2]
    planar = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).reshape(-1)
    luma, chroma = planar[: width * height], planar[width * height :]
    half = len(chroma) // 2
    return bytes(luma) + np.stack([chroma[:half], chroma[half:]], axis=1).tobytes()


def encode(rgb: NDArray[np.uint8], encoding: Encoding) -> bytes:
    bgr = cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR)
    if encoding is Encoding.JPEG:
        return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    if encoding is Encoding.PNG:
        return cv2.imencode(".png", bgr)[1].tobytes()
    if encoding is Encoding.GRAY8:
        return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY).tobytes()
    return nv12(rgb) if encoding is Encoding.NV12 else rgb.tobytes()


def frame(
    data: bytes,
    encoding: Encoding = Encoding.JPEG,
    width: int = 64,
    height: int = 48,
    *,
    rotation: int = 0,
    mirrored: bool = False,
) -> EncodedFrame:
    return EncodedFrame(encoding, data, width, height, rotation, mirrored)


def refusal(sent: EncodedFrame, max_pixels: int = MAX_PIXELS, max_bytes: int = MAX_BYTES) -> str:
    with pytest.raises(InputError) as caught:
        decode(sent, max_pixels, max_bytes)
    assert len(str(caught.value)) > 20
    return caught.value.code


@pytest.mark.parametrize(
    ("encoding", "rotation", "mirrored"),
    list(itertools.product(Encoding, (0, 90, 180, 270), (False, True))),
)
def test_every_encoding_is_turned_clockwise_first_and_unmirrored_second(
    encoding: Encoding, rotation: int, mirrored: bool
) -> None:
    rgb = scene()
    expected = np.rot90(rgb, -(rotation // 90))
    if mirrored:
        expected = expected[:, ::-1]
    if encoding is Encoding.GRAY8:
        gray = cv2.cvtColor(np.ascontiguousarray(expected), cv2.COLOR_RGB2GRAY)
        expected = np.repeat(gray[..., None], 3, axis=2)
    image = decode(
        frame(encode(rgb, encoding), encoding, rotation=rotation, mirrored=mirrored),
        MAX_PIXELS,
        MAX_BYTES,
    )
    assert image.rgb.flags.c_contiguous
    assert (image.height, image.width) == expected.shape[:2]
    apart = np.abs(image.rgb.astype(int) - expected.astype(int))
    lossless = encoding in (Encoding.PNG, Encoding.RGB24, Encoding.GRAY8)
    assert np.median(apart) <= (0 if lossless else 4)
    assert np.mean(apart) <= (0 if lossless else 6)


def test_the_orientation_in_exif_is_ignored() -> None:
    plain = encode(scene(), Encoding.JPEG)
    tiff = (
        b"II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"
        + b"\0" * 4
    )
    payload = b"Exif\0\0" + tiff
    turned = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(payload) + 2) + payload + plain[2:]
    by_default = cv2.imdecode(np.frombuffer(turned, np.uint8), cv2.IMREAD_COLOR)
    assert by_default.shape[:2] == (64, 48), "the tag must be one that a decoder would obey"
    ours = decode(frame(turned), MAX_PIXELS, MAX_BYTES)
    assert (ours.width, ours.height) == (64, 48)


def test_a_progressive_jpeg_and_a_gray_png_decode_to_three_channels() -> None:
    bgr = cv2.cvtColor(scene(), cv2.COLOR_RGB2BGR)
    progressive = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    gray = cv2.imencode(".png", bgr[..., 0])[1].tobytes()
    for data, encoding in ((progressive, Encoding.JPEG), (gray, Encoding.PNG)):
        assert decode(frame(data, encoding), MAX_PIXELS, MAX_BYTES).rgb.shape == (48, 64, 3)


@pytest.mark.parametrize("encoding", Encoding)
def test_a_frame_without_bytes_is_empty(encoding: Encoding) -> None:
    assert refusal(frame(b"", encoding)) == "frame.empty"


@pytest.mark.parametrize(("width", "height"), [(0, 48), (64, 0), (-1, 48), (64, -48)])
@pytest.mark.parametrize("encoding", Encoding)
def test_a_size_below_one_is_refused(encoding: Encoding, width: int, height: int) -> None:
    assert refusal(frame(b"x", encoding, width, height)) == CODE["size"]


@pytest.mark.parametrize("rotation", [-90, 1, 45, 360, 89999])
def test_an_absurd_rotation_is_refused(rotation: int) -> None:
    sent = frame(encode(scene(), Encoding.JPEG), rotation=rotation)
    assert refusal(sent) == "frame.rotation_invalid"


@pytest.mark.parametrize("encoding", [Encoding.RGB24, Encoding.GRAY8, Encoding.NV12])
@pytest.mark.parametrize("change", [-1, 1, 4096])
def test_raw_bytes_must_be_counted_exactly(encoding: Encoding, change: int) -> None:
    data = encode(scene(), encoding)
    wrong = data[:change] if change < 0 else data + b"\0" * change
    assert refusal(frame(wrong, encoding)) == CODE["bytes"]


@pytest.mark.parametrize(("width", "height"), [(63, 48), (64, 47)])
def test_nv12_of_odd_size_is_refused(width: int, height: int) -> None:
    assert refusal(frame(b"\0" * 5000, Encoding.NV12, width, height)) == CODE["size"]


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.PNG])
def test_the_declared_size_must_agree_with_the_header(encoding: Encoding) -> None:
    data = encode(scene(), encoding)
    assert refusal(frame(data, encoding, 48, 64)) == "frame.size_mismatch"


def test_more_bytes_or_pixels_than_allowed_are_too_large() -> None:
    data = encode(scene(), Encoding.PNG)
    assert refusal(frame(data, Encoding.PNG), max_bytes=len(data) - 1) == CODE["large"]
    assert refusal(frame(data, Encoding.PNG), max_pixels=64 * 48 - 1) == CODE["large"]


def jpeg_bomb() -> bytes:
    data = bytearray(encode(scene(), Encoding.JPEG))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 10_000, 10_000)
    return bytes(data)


def png_bomb() -> bytes:
    data = bytearray(encode(scene(), Encoding.PNG))
    data[16:24] = struct.pack(">II", 10_000, 10_000)
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    return bytes(data)


@pytest.mark.parametrize(
    ("encoding", "bomb"), [(Encoding.JPEG, jpeg_bomb()), (Encoding.PNG, png_bomb())]
)
def test_a_hundred_megapixel_header_is_refused_without_allocating(
    encoding: Encoding, bomb: bytes
) -> None:
    assert read_header(encoding, bomb) == (10_000, 10_000)
    tracemalloc.start()
    assert refusal(frame(bomb, encoding, 64, 48)) == CODE["large"]
    assert refusal(frame(bomb, encoding, 10_000, 10_000)) == CODE["large"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize(("width", "height"), [(32_768, 2), (2, 40_000), (16_386, 64)])
@pytest.mark.parametrize("encoding", Encoding)
def test_a_side_longer_than_trackers_bear_is_refused(
    encoding: Encoding, width: int, height: int
) -> None:
    data = encode(np.zeros((height, width, 3), np.uint8), encoding)
    assert refusal(frame(data, encoding, width, height)) == CODE["large"]


@pytest.mark.parametrize("more", [100, 10_000])
def test_a_jpeg_of_endless_scans_is_refused_before_one_is_decoded(more: int) -> None:
    bgr = cv2.cvtColor(scene(), cv2.COLOR_RGB2BGR)
    whole = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])[1].tobytes()
    last_scan = whole[whole.rfind(b"\xff\xda") : -2]
    assert refusal(frame(whole[:-2] + more * last_scan + whole[-2:])) == CODE["large"]


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.PNG])
@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_truncated_data_are_corrupt(encoding: Encoding, kept: float) -> None:
    rng = np.random.default_rng(3)
    noisy = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
    data = encode(noisy, encoding)
    assert refusal(frame(data[: max(1, int(kept * len(data)))], encoding)) == CODE["corrupt"]


def test_a_flipped_bit_in_a_png_is_found_by_its_checksum() -> None:
    data = bytearray(encode(scene(), Encoding.PNG))
    data[len(data) // 2] ^= 0x10
    assert refusal(frame(bytes(data), Encoding.PNG)) == CODE["corrupt"]


def test_a_jpeg_that_is_really_a_png_is_corrupt() -> None:
    assert refusal(frame(encode(scene(), Encoding.PNG), Encoding.JPEG)) == CODE["corrupt"]
    assert refusal(frame(encode(scene(), Encoding.JPEG), Encoding.PNG)) == CODE["corrupt"]


@pytest.mark.parametrize("marker", [0xC3, 0xC9])
def test_lossless_and_arithmetic_jpegs_are_unsupported(marker: int) -> None:
    data = bytearray(encode(scene(), Encoding.JPEG))
    data[data.index(b"\xff\xc0") + 1] = marker
    assert refusal(frame(bytes(data))) == CODE["unsupported"]


def test_an_encoding_that_does_not_exist_is_unsupported() -> None:
    sent = EncodedFrame("h264", b"\0\0\0\1", 64, 48)  # type: ignore[arg-type]
    assert refusal(sent) == CODE["unsupported"]


@given(st.binary(min_size=1, max_size=400), st.sampled_from(list(Encoding)))
def test_noise_is_refused_and_never_anything_else(data: bytes, encoding: Encoding) -> None:
    with pytest.raises(InputError):
        decode(frame(data, encoding), MAX_PIXELS, MAX_BYTES)


@given(st.integers(0, 10_000), st.integers(0, 255), st.sampled_from([Encoding.JPEG, Encoding.PNG]))
def test_a_damaged_byte_gives_an_image_or_a_refusal(
    at: int, value: int, encoding: Encoding
) -> None:
    data = bytearray(encode(scene(), encoding))
    data[at % len(data)] = value
    try:
        image = decode(frame(bytes(data), encoding), MAX_PIXELS, MAX_BYTES)
    except InputError:
        return
    assert image.rgb.shape == (48, 64, 3)
