"""Masks as text: COCO's compressed run lengths, which every segmentation library reads.

`pycocotools.mask.decode({"size": [height, width], "counts": text})` gives the mask back, and so
does `decode`. Runs go down the columns, from the left, and begin with what is not masked. Each
length (from the fourth on, its difference from the one before last) is written five bits at a time,
lowest first, in the characters from "0" on; the sixth bit says that more follow.
"""

import numpy as np
from numpy.typing import NDArray

_FIRST = ord("0")
_PLAIN = 3
"""Runs that are written as they are, not as differences."""


def encode(mask: NDArray[np.bool_]) -> str:
    """The text of a (H, W) mask."""
    pixels = mask.ravel(order="F")
    edges = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    lengths = np.diff(np.concatenate([[0], edges, [len(pixels)]]))
    if pixels[0]:
        lengths = np.concatenate([[0], lengths])
    steps = lengths.copy()
    steps[_PLAIN:] -= lengths[_PLAIN - 2 : -2]
    return "".join(_digits(step) for step in steps.tolist())


def decode(text: str, height: int, width: int) -> NDArray[np.bool_]:
    """The (height, width) mask of a text.

    Raises:
        ValueError: the text is no mask of that size.
    """
    lengths: list[int] = []
    for step in _numbers(text):
        before = lengths[-2] if len(lengths) >= _PLAIN else 0
        lengths.append(step + before)
    if min(lengths, default=-1) < 0 or sum(lengths) != height * width:
        raise ValueError(f"expected the run lengths of {height}×{width} pixels, got {text[:40]!r}")
    values = np.arange(len(lengths)) % 2 == 1
    return np.repeat(values, lengths).reshape((height, width), order="F")


def _digits(value: int) -> str:
    out = []
    while True:
        five = value & 31
        value >>= 5
        last = value == (-1 if five & 16 else 0)
        out.append(chr(_FIRST + five + (0 if last else 32)))
        if last:
            return "".join(out)


def _numbers(text: str) -> list[int]:
    out, value, shift = [], 0, 0
    for letter in text:
        six = ord(letter) - _FIRST
        if not 0 <= six < 64:
            raise ValueError(f"expected characters from '0' to 'o', got {letter!r}")
        value |= (six & 31) << shift
        shift += 5
        if not six & 32:
            out.append(value - (1 << shift) if six & 16 else value)
            value = shift = 0
    if shift:
        raise ValueError(f"the run lengths end in the middle of a number: {text[-20:]!r}")
    return out
