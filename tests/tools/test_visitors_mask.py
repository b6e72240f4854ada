"""Masks as run lengths: what is written is what COCO's own library writes, and it reads back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.visitors.mask import decode, encode

ELLIPSE = "Qe[2?^>6K4L4M2M4M2N2M4M2N2N2N2N2N2O0O2N2N2O0O2N2O0O2N2O0O2O0"


def test_a_mask_is_written_as_pycocotools_2_0_writes_it() -> None:
    small = np.zeros((6, 7), bool)
    small[1:4, 2:6] = small[3, 0] = small[5, 6] = True
    assert encode(small) == "3192J000004N"
    assert encode(np.zeros((3, 2), bool)) == "6"
    assert encode(np.ones((3, 2), bool)) == "06"
    y, x = np.mgrid[:480, :640]
    assert encode(((x - 300) / 140) ** 2 + ((y - 200) / 60) ** 2 < 1).startswith(ELLIPSE)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(0, 1), st.integers(0, 99))
def test_any_mask_reads_back(height: int, width: int, share: float, seed: int) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < share
    np.testing.assert_array_equal(decode(encode(mask), height, width), mask)


@pytest.mark.parametrize("text", ["", "7", "5", "3192J00000", "o", "3 192", "04N"])
def test_a_text_that_is_no_mask_of_the_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|end in the middle"):
        decode(text, 3, 2)
