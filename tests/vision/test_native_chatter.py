"""What native libraries say while they load is held back, what others say is not lost."""

import os
from contextlib import ExitStack

import pytest

from attune.vision.native_chatter import quiet_native_logs


def test_information_is_swallowed_and_an_error_is_passed_on(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with quiet_native_logs():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\n")
        os.write(2, b"out of memory\n")
        assert capfd.readouterr().err == ""
    assert capfd.readouterr().err == "out of memory\n"


def test_blocks_of_two_threads_that_overlap_give_stderr_back(
    capfd: pytest.CaptureFixture[str],
) -> None:
    first, second = ExitStack(), ExitStack()
    first.enter_context(quiet_native_logs())
    second.enter_context(quiet_native_logs())
    os.write(2, b"one\n")
    first.close()
    os.write(2, b"two\n")
    second.close()
    os.write(2, b"three\n")
    assert capfd.readouterr().err == "one\ntwo\nthree\n"
