"""One line of the table of properties."""

from dataclasses import dataclass

from tools.empathy.statistics import Estimate


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: `wanted` is what is required, in words, and `kept` whether it was
    found; None where nothing is required, as in cases that flatter less."""

    part: str
    what: str
    found: Estimate
    unit: str
    wanted: str = ""
    kept: bool | None = None
    note: str = ""
