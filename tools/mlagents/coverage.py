"""Which branches of a scenario a sweep has played, and which nobody has seen."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import yaml

from tools.mlagents.wire import Choice

Branch = tuple[str, str]


def branches_of(scenario: Path) -> list[Branch]:
    """Every (choice, branch) of a scenario file, in its order."""
    read = yaml.safe_load(scenario.read_text(encoding="utf-8"))
    return [
        (beat["choice"]["id"], branch["id"])
        for beat in read["beats"]
        if "choice" in beat
        for branch in beat["choice"]["branches"]
    ]


class Coverage:
    """Counts what was played, by branch and by who settled it."""

    def __init__(self, branches: list[Branch]) -> None:
        self._branches = branches
        self._played: Counter[tuple[Branch, str]] = Counter()

    def observe(self, settled: Iterable[Choice]) -> None:
        """Add the choices of one visitor."""
        for one in settled:
            self._played[(one.choice, one.branch), one.by] += 1

    @property
    def unknown(self) -> list[Branch]:
        """Played, but not in the scenario: scene and scenario differ."""
        return sorted({branch for branch, _ in self._played} - set(self._branches))

    @property
    def unseen(self) -> list[Branch]:
        """In the scenario, but never played."""
        return [branch for branch in self._branches if not self._count(branch)]

    def share(self) -> float:
        """Of the scenario's branches, 0 … 1."""
        return 1 - len(self.unseen) / len(self._branches) if self._branches else 1.0

    def table(self) -> str:
        """A line for each branch."""
        lines = [f"{'choice':<20} {'branch':<18} {'played':>7}  by the server"]
        for branch in self._branches:
            by_server = self._played[branch, "server"]
            lines.append(f"{branch[0]:<20} {branch[1]:<18} {self._count(branch):>7}  {by_server}")
        lines.append(f"branches seen: {self.share():.0%}")
        lines += [f"not in the scenario: {choice}, {branch}" for choice, branch in self.unknown]
        return "\n".join(lines)

    def as_json(self) -> dict[str, object]:
        """For a file."""
        return {
            "share": self.share(),
            "unseen": [list(branch) for branch in self.unseen],
            "unknown": [list(branch) for branch in self.unknown],
            "played": [
                {"choice": choice, "branch": branch, "by": by, "times": times}
                for ((choice, branch), by), times in sorted(self._played.items())
            ],
        }

    def _count(self, branch: Branch) -> int:
        return sum(times for (played, _), times in self._played.items() if played == branch)
