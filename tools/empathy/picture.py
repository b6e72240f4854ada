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


def draw(curves: Curves, path: Path) -> bool:
    """Write what there is as PNG or SVG, by the path's ending; False where there is nothing."""
    panels = [
        panel
        for panel, found in (
            (_mirroring, curves.mirroring),
            (_occlusion, curves.occlusion),
            (_coverage, curves.coverage),
        )
        if found
    ]
    if not panels:
        return False
    figure = Figure(figsize=(4.4 * len(panels), 4.2), layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        panel(axes, curves)
    title = "Expressive Resonance Index, simulated visitors (synthetic); bars: 95 %"
    figure.suptitle(title, fontsize=10)
    figure.savefig(path, dpi=110)
    return True


def _mirroring(axes: Axes, curves: Curves) -> None:
    _line(axes, np.linspace(-1, 1, len(curves.mirroring)), curves.mirroring)
    axes.axhline(50, color="0.7", linewidth=1)
    axes.set(xlabel="mirroring gain", ylabel="ERI", title="goes with the gain that was planted")


def _occlusion(axes: Axes, curves: Curves) -> None:
    qualities = np.array([quality for quality, _ in curves.occlusion])
    _line(axes, qualities, [one for _, one in curves.occlusion])
    axes.set(
        xlabel="reliability q", ylabel="distance of ERI from 50", title="falls as less is seen"
    )
    axes.set_ylim(bottom=0)


def _coverage(axes: Axes, curves: Curves) -> None:
    found = {
        name: one
        for part in ("story", "behavior", "expressivity", "quality")
        for name, one in by(curves.coverage, part).items()
    }
    for place, one in enumerate(found.values()):
        reach = [[one.value - one.low], [one.high - one.value]]
        axes.errorbar(one.value, place, xerr=np.array(reach), fmt="o", color="C0")
    axes.axvspan(0.77, 0.83, color="0.9")
    axes.axvline(0.8, color="0.6", linewidth=1)
    axes.set_yticks(range(len(found)), [_label(name) for name in found])
    axes.invert_yaxis()
    axes.set(xlim=(0.5, 1), xlabel="coverage", title="80 % intervals that hold the expected ERI")


def _label(name: str) -> str:
    return f"q {name}" if name.startswith("0.") else name


def _line(axes: Axes, at: NDArray[np.float64], found: list[Estimate]) -> None:
    low = [one.value - one.low for one in found]
    high = [one.high - one.value for one in found]
    axes.errorbar(at, [one.value for one in found], yerr=[low, high], fmt="o-", capsize=3)
