"""Turns an encoded frame into an upright, unmirrored image, refusing what cannot be trusted.

Sizes of JPEG and PNG are read from their headers by `read_header` before a decoder allocates
anything, so a file that claims a hundred megapixels costs nothing, nor does a JPEG of a few bytes
that goes over its image ten thousand times.
"""

import struct
import zlib

import cv2
import numpy as np
from numpy.typing import NDArray

from attune.errors import InputError
from attune.vision.frame import EncodedFrame, Encoding, Image

MAX_SIDE = 16_384
"""Longest side of a frame in pixels. From 32 767 on, MediaPipe ends the whole process."""

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SOI = 0xD8
_EOI = b"\xff\xd9"
_SOS = 0xDA
_MOST_SCANS = 64
"""Encoders write at most a dozen; a decoder goes over the whole image for each."""
_HUFFMAN_SOF = (0xC0, 0xC1, 0xC2)
_OTHER_SOF = (0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF)
_STANDALONE = (0x01, *range(0xD0, 0xD9))

_ROTATION = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}
_BYTES_PER_PIXEL = {Encoding.RGB24: (3, 1), Encoding.GRAY8: (1, 1), Encoding.NV12: (3, 2)}


def decode(frame: EncodedFrame, max_pixels: int, max_bytes: int) -> Image:
    """Return the upright image of `frame`: rotated clockwise first, unmirrored second.

    Raises `InputError` with one of these codes: ``frame.empty``, ``frame.size_invalid``,
    ``frame.size_mismatch``, ``frame.bytes_mismatch``, ``frame.too_large``,
    ``frame.rotation_invalid``, ``frame.corrupt``, ``frame.encoding_unsupported``.

    Damage is found where it can be: a wrong header, data that end early, a PNG chunk whose checksum
    is wrong. Flipped bits inside the entropy-coded part of a JPEG carry no checksum and decode to
    wrong pixels.
    """
    _check_declaration(frame, max_pixels, max_bytes)
    if frame.encoding in _BYTES_PER_PIXEL:
        rgb = _decode_raw(frame)
    else:
        rgb = _decode_compressed(frame, max_pixels)
    if frame.rotation_deg:
        rgb = _as_pixels(cv2.rotate(rgb, _ROTATION[frame.rotation_deg]))
    if frame.mirrored:
        rgb = _as_pixels(cv2.flip(rgb, 1))
    return Image(np.ascontiguousarray(rgb))


def read_header(encoding: Encoding, data: bytes) -> tuple[int, int]:
    """Return (width, height) as the header of a JPEG or PNG states them, decoding no pixel."""
    return _jpeg_size(data) if encoding is Encoding.JPEG else _png_size(data)


def _check_declaration(frame: EncodedFrame, max_pixels: int, max_bytes: int) -> None:
    if not isinstance(frame.encoding, Encoding):
        raise InputError(
            "frame.encoding_unsupported",
            f"expected an encoding among {', '.join(Encoding)}, got {frame.encoding!r}",
        )
    if not frame.data:
        raise InputError("frame.empty", "expected the bytes of a frame, got none")
    if frame.width < 1 or frame.height < 1:
        raise InputError(
            "frame.size_invalid",
            f"expected a width and a height of at least 1, got {frame.width}×{frame.height}",
        )
    if frame.rotation_deg not in (0, *_ROTATION):
        raise InputError(
            "frame.rotation_invalid",
            f"expected a clockwise rotation of 0, 90, 180 or 270, got {frame.rotation_deg}",
        )
    if len(frame.data) > max_bytes:
        raise InputError(
            "frame.too_large", f"expected at most {max_bytes} bytes, got {len(frame.data)}"
        )
    _check_pixels(frame.width, frame.height, max_pixels)


def _check_pixels(width: int, height: int, max_pixels: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise InputError(
            "frame.too_large",
            f"expected sides of at most {MAX_SIDE} pixels, got {width}×{height}",
        )
    if width * height > max_pixels:
        raise InputError(
            "frame.too_large",
            f"expected at most {max_pixels} pixels, got {width}×{height} = {width * height}",
        )


def _decode_raw(frame: EncodedFrame) -> NDArray[np.uint8]:
    width, height = frame.width, frame.height
    if frame.encoding is Encoding.NV12 and (width % 2 or height % 2):
        raise InputError(
            "frame.size_invalid",
            f"expected an even width and height for NV12, got {width}×{height}",
        )
    numerator, denominator = _BYTES_PER_PIXEL[frame.encoding]
    expected = width * height * numerator // denominator
    if len(frame.data) != expected:
        raise InputError(
            "frame.bytes_mismatch",
            f"expected {expected} bytes for {frame.encoding.value} of {width}×{height}, "
            f"got {len(frame.data)}",
        )
    values = np.frombuffer(frame.data, np.uint8)
    if frame.encoding is Encoding.RGB24:
        return values.reshape(height, width, 3)
    if frame.encoding is Encoding.GRAY8:
        return _as_pixels(cv2.cvtColor(values.reshape(height, width), cv2.COLOR_GRAY2RGB))
    planes = values.reshape(height * 3 // 2, width)
    return _as_pixels(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_NV12))


def _decode_compressed(frame: EncodedFrame, max_pixels: int) -> NDArray[np.uint8]:
    width, height = read_header(frame.encoding, frame.data)
    _check_pixels(width, height, max_pixels)
    if (width, height) != (frame.width, frame.height):
        raise InputError(
            "frame.size_mismatch",
            f"expected the declared {frame.width}×{frame.height}, "
            f"but the {frame.encoding.value} header says {width}×{height}",
        )
    flags = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
    try:
        rgb = cv2.imdecode(np.frombuffer(frame.data, np.uint8), flags)
    except cv2.error as error:
        raise _corrupt(frame.encoding, "the decoder refused it") from error
    if rgb is None or rgb.shape[:2] != (height, width):
        raise _corrupt(frame.encoding, "the decoder found no image of the size in its header")
    return _as_pixels(rgb)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the marker segments up to the first scan; then make sure that the data has an end."""
    if len(data) < 4 or data[0] != 0xFF or data[1] != _SOI:
        raise _corrupt(Encoding.JPEG, "it does not begin with a JPEG start marker")
    size: tuple[int, int] | None = None
    at = 2
    while True:
        marker, at = _next_marker(data, at)
        if marker in _STANDALONE:
            continue
        if marker == 0xD9 or at + 2 > len(data):
            raise _corrupt(Encoding.JPEG, "it ends before its first scan")
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise _corrupt(Encoding.JPEG, f"a segment of {length} bytes does not fit")
        if marker in _OTHER_SOF:
            raise InputError(
                "frame.encoding_unsupported",
                "expected a baseline or progressive Huffman JPEG, "
                f"got one with start-of-frame marker 0xFF{marker:02X}",
            )
        if marker in _HUFFMAN_SOF:
            size = _frame_header(data[at + 2 : at + length])
        at += length
        if marker == _SOS:
            break
    if size is None:
        raise _corrupt(Encoding.JPEG, "it has a scan but no frame header")
    scans = 1 + data.count(b"\xff\xda", at)
    if scans > _MOST_SCANS:
        raise InputError(
            "frame.too_large", f"expected a JPEG of at most {_MOST_SCANS} scans, got {scans}"
        )
    if data.rfind(_EOI, at) < 0:
        raise _corrupt(Encoding.JPEG, "its data end before the end marker (truncated)")
    return size


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data) or data[at] != 0xFF:
        raise _corrupt(Encoding.JPEG, f"a marker was expected at byte {at}")
    while at < len(data) and data[at] == 0xFF:
        at += 1
    if at >= len(data):
        raise _corrupt(Encoding.JPEG, "it ends inside a marker")
    return data[at], at + 1


def _frame_header(segment: bytes) -> tuple[int, int]:
    if len(segment) < 6:
        raise _corrupt(Encoding.JPEG, "its frame header is too short")
    precision, height, width, components = struct.unpack(">BHHB", segment[:6])
    if precision != 8 or components not in (1, 3):
        raise InputError(
            "frame.encoding_unsupported",
            f"expected a JPEG of 8 bits with 1 or 3 components, got {precision} bits "
            f"with {components} components",
        )
    if not width or not height:
        raise _corrupt(Encoding.JPEG, f"its header says {width}×{height}")
    return width, height


def _png_size(data: bytes) -> tuple[int, int]:
    """Check signature, chunk lengths, checksums and the end chunk; return what IHDR says."""
    if not data.startswith(_PNG_SIGNATURE):
        raise _corrupt(Encoding.PNG, "it does not begin with the PNG signature")
    if data[12:16] != b"IHDR" or len(data) < 33:
        raise _corrupt(Encoding.PNG, "its first chunk is not a header")
    width, height = struct.unpack(">II", data[16:24])
    if not width or not height:
        raise _corrupt(Encoding.PNG, f"its header says {width}×{height}")
    at = len(_PNG_SIGNATURE)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            break
        body = memoryview(data)[at + 4 : end - 4]
        if zlib.crc32(body) != int.from_bytes(data[end - 4 : end], "big"):
            raise _corrupt(Encoding.PNG, f"the checksum of the chunk at byte {at} is wrong")
        if data[at + 4 : at + 8] == b"IEND":
            return width, height
        at = end
    raise _corrupt(Encoding.PNG, "it ends before its end chunk (truncated)")


def _corrupt(encoding: Encoding, what: str) -> InputError:
    return InputError(
        "frame.corrupt",
        f"expected a whole {encoding.value} image, but {what}; send the frame again",
    )


def _as_pixels(array: object) -> NDArray[np.uint8]:
    return np.asarray(array, np.uint8)
