"""Settles frames in the order in which they arrived, so that an acknowledgement holds for every
frame up to its sequence."""

from dataclasses import dataclass

from attune.session.outputs import Disposition


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Every frame up to `sequence` is settled, this one as `disposition`."""

    sequence: int
    disposition: Disposition


class FrameLedger:
    """The frames of one stream that are not acknowledged yet."""

    def __init__(self) -> None:
        self._open: dict[int, Disposition | None] = {}

    def expect(self, sequence: int) -> None:
        """A frame goes on to the analysis."""
        self._open[sequence] = None

    def settle(self, sequence: int, disposition: Disposition) -> list[Acknowledgement]:
        """A frame was settled; returns what can be acknowledged now, in order."""
        self._open[sequence] = disposition
        ready: list[Acknowledgement] = []
        while self._open:
            first = next(iter(self._open))
            settled = self._open[first]
            if settled is None:
                break
            del self._open[first]
            ready.append(Acknowledgement(first, settled))
        return ready
