"""An 8-bit form of a pixel model, and whether it is worth shipping."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from tools.train.export import INPUT, open_session

LARGEST_LOSS = 0.005
CALIBRATION_FACES = 400
TIMED_CALLS = 300


@dataclass(frozen=True, slots=True)
class Comparison:
    """An 8-bit model beside the one it was made of: size, processor time a face, accuracy."""

    bytes: int
    milliseconds: float
    fp32_milliseconds: float
    accuracy: float
    fp32_accuracy: float

    @property
    def shipped(self) -> bool:
        """Whether it is faster and loses less than half a point."""
        faster = self.milliseconds < self.fp32_milliseconds
        return faster and self.fp32_accuracy - self.accuracy < LARGEST_LOSS


class _Views(CalibrationDataReader):
    """Training views, one at a time."""

    def __init__(self, views: NDArray[np.float32]) -> None:
        self._left: Iterator[NDArray[np.float32]] = iter(views[:, None])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Return the next input, None after the last."""
        view = next(self._left, None)
        return None if view is None else {INPUT: view}


def quantize(source: Path, out: Path, views: NDArray[np.float32]) -> None:
    """Write the 8-bit form of `source`, its ranges measured on training views.

    Weights per channel and in 7 bits (reduced range), so that processors without VNNI do not
    saturate.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    prepared = out.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(out),
        _Views(views),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
    )
    prepared.unlink()


def milliseconds(paths: list[Path], view: NDArray[np.float32]) -> list[float]:
    """Return processor time of one face on one thread for each model, taken in turns."""
    sessions = [open_session(path) for path in paths]
    spent: list[list[int]] = [[] for _ in paths]
    for _ in range(TIMED_CALLS):
        for session, times in zip(sessions, spent, strict=True):
            times.append(_timed(session, view))
    return [float(np.median(times)) / 1e6 for times in spent]


def _timed(session: onnxruntime.InferenceSession, view: NDArray[np.float32]) -> int:
    began = time.thread_time_ns()
    session.run(None, {INPUT: view[None]})
    return time.thread_time_ns() - began
