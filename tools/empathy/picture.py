"""The table's curves as one picture."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from tools.empathy.coverage import Cell, by
from tools.empathy.statistics import Estimate


@dataclass(slots=True)
class Curves:
    """What the picture shows: ERI over gains from −1 to 1, its distance from 50 by reliability, and
    the coverage of the intervals."""

    mirroring: list[Estimate] = field(default_factory=list)
    occlusion: list[tuple[float, Estimate]] = field(default_factory=list)
    coverage: list[Cell] = field(default_factory=list)


def draw(curves: Curves, path: Path) -> None:
    """Write the picture as PNG or SVG, by the path's ending."""
    figure = Figure(figsize=(13, 4.2), layout="constrained")
    mirroring, occlusion, coverage = figure.subplots(1, 3, width_ratios=(1, 1, 1.3))
    gains = np.linspace(-1, 1, len(curves.mirroring))
    _line(mirroring, gains, curves.mirroring)
    mirroring.axhline(50, color="0.7", linewidth=1)
    mirroring.set(
        xlabel="mirroring gain", ylabel="ERI", title="goes with the gain that was planted"
    )
    qualities = np.array([quality for quality, _ in curves.occlusion])
    _line(occlusion, qualities, [one for _, one in curves.occlusion])
    occlusion.set(
        xlabel="reliability q", ylabel="|ERI − 50|", title="falls as less is seen", ylim=(0, None)
    )
    found = {
        name: one
        for part in ("story", "behavior", "expressivity", "quality")
        for name, one in by(curves.coverage, part).items()
    }
    for place, one in enumerate(found.values()):
        reach = [[one.value - one.low], [one.high - one.value]]
        coverage.errorbar(one.value, place, xerr=np.array(reach), fmt="o", color="C0")
    coverage.axvspan(0.77, 0.83, color="0.9")
    coverage.axvline(0.8, color="0.6", linewidth=1)
    coverage.set_yticks(range(len(found)), [_label(name) for name in found])
    coverage.invert_yaxis()
    coverage.set(
        xlim=(0.5, 1), xlabel="coverage", title="80 % intervals that hold the expected ERI"
    )
    figure.suptitle(
        "Expressive Resonance Index, simulated visitors (synthetic); bars: 95 %", fontsize=10
    )
    figure.savefig(path, dpi=110)


def _label(name: str) -> str:
    return f"q {name}" if name.startswith("0.") else name


def _line(axes: Axes, at: NDArray[np.float64], found: list[Estimate]) -> None:
    low = [one.value - one.low for one in found]
    high = [one.high - one.value for one in found]
    axes.errorbar(at, [one.value for one in found], yerr=[low, high], fmt="o-", capsize=3)
