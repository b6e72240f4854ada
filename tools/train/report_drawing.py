"""The report's plots as SVG; colours and type come from the page's style sheet."""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

SIDE = 260
LEFT, TOP, RIGHT, BOTTOM = 46, 24, 12, 40
READABLE = 0.65
"""Shade of a cell above which its count is read better in the colour of the paper."""

Point = tuple[float, float]


def _svg(width: float, height: float, title: str, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img">'
        f"<title>{escape(title)}</title>"
        f'<text class="title" x="{LEFT}" y="15">{escape(title)}</text>{body}</svg>'
    )


class Plot:
    """A square plot whose axes run from 0 to 1, or x to `right` and y to `top`."""

    def __init__(self, title: str, x: str, y: str, top: float = 1.0) -> None:
        self._title, self._top = title, top
        self._parts = [
            f'<rect class="frame" x="{LEFT}" y="{TOP}" width="{SIDE}" height="{SIDE}"/>',
            f'<text class="label" x="{LEFT + SIDE / 2}" y="{TOP + SIDE + 34}" '
            f'text-anchor="middle">{escape(x)}</text>',
            f'<text class="label" transform="translate(12 {TOP + SIDE / 2}) rotate(-90)" '
            f'text-anchor="middle">{escape(y)}</text>',
        ]
        for k in range(6):
            share = k / 5
            px, py = self.at(share, share * top)
            self._parts += [
                f'<line class="grid" x1="{LEFT}" x2="{LEFT + SIDE}" y1="{py:.1f}" y2="{py:.1f}"/>',
                f'<text class="tick" x="{px:.1f}" y="{TOP + SIDE + 16}" text-anchor="middle">'
                f"{share:g}</text>",
                f'<text class="tick" x="{LEFT - 5}" y="{py + 4:.1f}" text-anchor="end">'
                f"{share * top:g}</text>",
            ]

    def at(self, x: float, y: float) -> Point:
        """Return pixels of a point."""
        return LEFT + SIDE * x, TOP + SIDE * (1 - min(y / self._top, 1.0))

    def line(self, points: Sequence[Point], style: str) -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*p) for p in points))
        self._parts.append(f'<polyline class="{style}" points="{path}"/>')

    def dots(self, points: Sequence[Point], style: str, radius: float = 3) -> None:
        """Draw dots."""
        self._parts += [
            f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="{radius}"/>'
            for x, y in (self.at(*p) for p in points)
        ]

    def legend(self, entries: Sequence[tuple[str, str]], *, low: bool = False) -> None:
        """Name line styles inside the plot, at its upper left or, if `low`, at its lower right."""
        x = LEFT + (60 if low else 8)
        first = TOP + (SIDE - 10 - 16 * (len(entries) - 1) if low else 16)
        for k, (style, text) in enumerate(entries):
            y = first + 16 * k
            self._parts.append(
                f'<line class="{style}" x1="{x}" x2="{x + 14}" y1="{y - 4}" y2="{y - 4}"/>'
                f'<text class="small" x="{x + 18}" y="{y}">{escape(text)}</text>'
            )

    def svg(self) -> str:
        """Return the drawing."""
        width, height = LEFT + SIDE + RIGHT, TOP + SIDE + BOTTOM
        return _svg(width, height, self._title, "".join(self._parts))


def matrix(
    title: str, counts: NDArray[np.int64], labels: Sequence[str], recall: NDArray[np.float64]
) -> str:
    """Return a confusion matrix: a row a label, shares of the row as shade, counts as text."""
    cell, left, top = 42, 70, 62
    parts = []
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    for i, row in enumerate(labels):
        y = top + i * cell
        parts.append(
            f'<text class="tick" x="{left - 6}" y="{y + 26}" text-anchor="end">{row}</text>'
            f'<text class="small" x="{left + i * cell + 21}" y="{top - 8}" text-anchor="middle">'
            f"{row}</text>"
            f'<text class="tick" x="{left + 7 * cell + 6}" y="{y + 26}">'
            f"{'–' if np.isnan(recall[i]) else f'{recall[i]:.2f}'}</text>"
        )
        for j in range(len(labels)):
            strong = " strong" if shares[i, j] > READABLE else ""
            parts.append(
                f'<rect class="cell" x="{left + j * cell}" y="{y}" width="{cell - 1}" '
                f'height="{cell - 1}" fill-opacity="{shares[i, j]:.2f}"/>'
                f'<text class="count{strong}" x="{left + j * cell + 20}" y="{y + 25}" '
                f'text-anchor="middle">{counts[i, j]}</text>'
            )
    parts.append(f'<text class="tick" x="{left + 7 * cell + 4}" y="{top - 8}">recall</text>')
    return _svg(left + 7 * cell + 50, top + 7 * cell + 8, title, "".join(parts))


def bars(
    title: str, groups: Sequence[tuple[str, Sequence[tuple[float, float, float] | None]]],
    names: Sequence[str], floor: float,
) -> str:  # fmt: skip
    """Return horizontal bars with 95 % intervals: a group a model, a bar a condition.

    Values are (share, low, high); `floor` is drawn as a line.
    """
    left, width, thick, gap = 250, 520, 11, 12
    tall = len(names) * thick + gap
    parts = []
    for k, name in enumerate(names):
        parts.append(
            f'<rect class="bar{k}" x="{left + 130 * k}" y="26" width="11" height="11"/>'
            f'<text class="tick" x="{left + 130 * k + 16}" y="36">{escape(name)}</text>'
        )
    for g, (label, values) in enumerate(groups):
        y = 48 + g * tall
        parts.append(
            f'<text class="tick" x="{left - 8}" y="{y + tall / 2}" text-anchor="end">'
            f"{escape(label)}</text>"
        )
        for k, value in enumerate(values):
            if value is None:
                continue
            share, low, high = (width * v for v in value)
            at = y + k * thick
            parts.append(
                f'<rect class="bar{k}" x="{left}" y="{at}" width="{share:.1f}" '
                f'height="{thick - 2}"/>'
                f'<line class="interval" x1="{left + low:.1f}" x2="{left + high:.1f}" '
                f'y1="{at + 4.5}" y2="{at + 4.5}"/>'
                f'<text class="small" x="{left + high + 5:.1f}" y="{at + 8.5}">'
                f"{100 * value[0]:.1f}</text>"
            )
    end = 48 + len(groups) * tall
    x = left + width * floor
    parts.append(f'<line class="floor" x1="{x:.1f}" x2="{x:.1f}" y1="44" y2="{end}"/>')
    parts.append(f'<text class="small" x="{x + 4:.1f}" y="{end + 10}">most frequent label</text>')
    return _svg(left + width + 50, end + 20, title, "".join(parts))


def face(
    title: str, points: NDArray[np.float64], used: Sequence[int],
    lines: Sequence[tuple[int, int, float]],
) -> str:  # fmt: skip
    """Return the mean face as dots, and the distances that decided as lines, thicker for more."""
    low, high = points.min(axis=0), points.max(axis=0)
    scale = SIDE / float((high - low).max())
    at = (points - low) * scale + [LEFT, TOP + 8]
    most = max((share for *_, share in lines), default=1.0)
    parts = [
        f'<line class="deciding" stroke-width="{1 + 3 * share / most:.1f}" x1="{at[a][0]:.1f}" '
        f'y1="{at[a][1]:.1f}" x2="{at[b][0]:.1f}" y2="{at[b][1]:.1f}"/>'
        for a, b, share in lines
    ]
    for k, (x, y) in enumerate(at):
        style = "dot" if k in used else "unused"
        parts.append(f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>')
    return _svg(LEFT + SIDE + RIGHT, TOP + SIDE + 30, title, "".join(parts))
