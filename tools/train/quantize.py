"""An 8-bit form of a pixel model, and whether it is worth shipping."""

import time
from collections.abc import Iterator, Sequence
from enum import StrEnum
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


EXACT_SUMS = "session.x64quantprecision"
"""The runtime's option to multiply unsigned by unsigned bytes where there is no VNNI: slower, and
its 32-bit sums are those of VNNI, which never saturate."""


class Range(StrEnum):
    """How many of a byte's values weights take: 7 bits cannot saturate a pair of products."""

    REDUCED = "7 bits"
    FULL = "8 bits"


class Sums(StrEnum):
    """How products are summed. Without VNNI pairs of them are summed in 16 bits, which saturate."""

    PAIRS = "without VNNI"
    EXACT = "with VNNI"


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> tuple[str, bool]:
    """Return the processor's name, and whether it has VNNI in any form."""
    if not cpuinfo.exists():
        return "unknown processor", False
    lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    known = {
        key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)
    }
    name = known.get("model name", "unknown processor")
    if "cpu family" in known:
        name += f" (family {known['cpu family']}, model {known['model']})"
    return name, any("vnni" in flag for flag in known.get("flags", "").split())


def open_summing(path: Path, sums: Sums) -> onnxruntime.InferenceSession:
    """Return a session on one thread that sums so, on a processor without VNNI."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry(EXACT_SUMS, "1" if sums is Sums.EXACT else "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def worth_shipping(accuracies: Sequence[float], exact: float, quick_ms: float, ms: float) -> bool:
    """Return whether 8 bits are faster and lose less than half a point however products are
    summed: `accuracies` are those of every way, `exact` is that of 32-bit floats."""
    return quick_ms < ms and all(exact - one < LARGEST_LOSS for one in accuracies)


class _Views(CalibrationDataReader):
    """Training views, one at a time."""

    def __init__(self, views: NDArray[np.float32]) -> None:
        self._left: Iterator[NDArray[np.float32]] = iter(views[:, None])

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Return the next input, None after the last."""
        view = next(self._left, None)
        return None if view is None else {INPUT: view}


def quantize(source: Path, out: Path, views: NDArray[np.float32], weights: Range) -> None:
    """Write the 8-bit form of `source`, per channel, its ranges measured on training views."""
    out.parent.mkdir(parents=True, exist_ok=True)
    prepared = out.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared),
        str(out),
        _Views(views),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        reduce_range=weights is Range.REDUCED,
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
