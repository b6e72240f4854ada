"""The picture of a crowd's verdict: where each film ended, its way there, and what was read."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .crowd import KINDS
from .trial import Trial
from .verdict import ABOUT, confusion, kind_means

COLORS = {"resonant": "#c8553d", "detached": "#6b7a8f", "counter": "#2d6a8a"}


def draw(trials: Sequence[Trial], path: Path) -> Path:
    """Write the picture (PNG)."""
    figure = Figure(figsize=(15, 4.6), layout="constrained")
    ends, ways, table = figure.subplots(1, 3, width_ratios=(1.0, 1.5, 1.3))
    _ends(ends, trials)
    _ways(ways, trials)
    _table(table, trials)
    people = len({one.identity for one in trials})
    figure.suptitle(f"{len(trials)} films of {people} rendered people through the pipeline")
    figure.savefig(path, dpi=110)
    return path


def _band(axes: Axes) -> None:
    axes.axhspan(50 - ABOUT, 50 + ABOUT, color="0.93")
    axes.axhline(50, color="0.6", linewidth=0.8)
    axes.set_ylabel("ERI")


def _ends(axes: Axes, trials: Sequence[Trial]) -> None:
    _band(axes)
    for place, kind in enumerate(KINDS):
        part = [one for one in trials if one.visitor == kind]
        across = place + 0.3 * (np.arange(len(part)) / max(len(part) - 1, 1) - 0.5)
        for x, one in zip(across, part, strict=True):
            hollow = one.status != "ok"
            face = "none" if hollow else COLORS[kind]
            axes.plot(x, one.eri, "o", markerfacecolor=face, markeredgecolor=COLORS[kind])
    axes.set_xticks(range(len(KINDS)), KINDS)
    axes.set_title("at the end (hollow: not enough evidence)", fontsize=9)


def _ways(axes: Axes, trials: Sequence[Trial]) -> None:
    _band(axes)
    for one in trials:
        axes.plot(*one.path[:, :2].T, color=COLORS[one.visitor], alpha=0.25, linewidth=0.7)
    for kind, mean in kind_means(trials).items():
        axes.plot(*mean.T, color=COLORS[kind], linewidth=2.2, label=kind)
    axes.set_xlabel("seconds")
    axes.legend(frameon=False, fontsize=8)
    axes.set_title("through the story, and the mean of each kind", fontsize=9)


def _table(axes: Axes, trials: Sequence[Trial]) -> None:
    table = confusion(trials)
    rows = np.flatnonzero(table.frames.sum(1))
    counts = table.frames[rows].sum(1)
    shares = table.frames[rows] / counts[:, None]
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for y, line in enumerate(shares):
        for x, value in enumerate(line):
            color = "white" if value > 0.6 else "black"
            axes.text(x, y, f"{value:.0%}", ha="center", va="center", fontsize=7, color=color)
    axes.set_xticks(range(len(table.labels)), table.labels, rotation=40, fontsize=8)
    names = [f"{table.shown[row]} ({count})" for row, count in zip(rows, counts, strict=True)]
    axes.set_yticks(range(len(rows)), names, fontsize=8)
    axes.set_title("drawn expression (frames) × class read", fontsize=9)
