"""The messages on the side channel; the C# side is BridgeMessages.cs, shared vectors hold both."""

import struct
import uuid
from dataclasses import dataclass, fields

CHANNEL = uuid.UUID("6a0f4c9e-0d1b-4c55-9d6f-3f3a7c1b52e8")
VERSION = 1
STATE, CHOICE, OVER, VISITOR = 1, 2, 3, 16

STATUSES = ("unspecified", "ok", "abstain", "paused")
RESOLVERS = ("unspecified", "server", "local default", "operator")


@dataclass(frozen=True, slots=True)
class Traits:
    """What makes one visitor differ from another; the names and defaults of VisitorTraits."""

    empathy: float = 1.0
    expressivity: float = 1.0
    latency_s: float = 0.4
    resting_valence: float = 0.0
    resting_arousal: float = 0.0
    attention: float = 0.95
    fatigue_per_min: float = 0.1
    noise: float = 0.05


@dataclass(frozen=True, slots=True)
class State:
    """What the scene knows about its visitor at one moment."""

    status: str
    eri: float
    confidence: float
    valence: float
    arousal: float
    intensity: float
    attention: float
    beat: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice was settled: what was played, and who said so."""

    choice: str
    occurrence: int
    branch: str
    by: str


@dataclass(frozen=True, slots=True)
class Over:
    """The story of the visitor with this seed is over."""

    seed: int


class WireError(ValueError):
    """A message is not what it should be: says what was expected and what came."""


def encode_visitor(seed: int, traits: Traits) -> bytes:
    """The message that asks the scene for a visitor."""
    values = [getattr(traits, one.name) for one in fields(traits)]
    return struct.pack(f"<3i{len(values)}f", VERSION, VISITOR, seed, *values)


class _Reader:
    def __init__(self, message: bytes) -> None:
        self._message = message
        self._at = 0

    def numbers(self, form: str) -> tuple[float, ...]:
        try:
            found = struct.unpack_from(f"<{form}", self._message, self._at)
        except struct.error as fault:
            length = len(self._message)
            raise WireError(f"expected {form} at byte {self._at}, got {length} bytes") from fault
        self._at += struct.calcsize(f"<{form}")
        return found

    def integer(self) -> int:
        return int(self.numbers("i")[0])

    def text(self) -> str:
        length = self.integer()
        return bytes(self.numbers(f"{length}s")[0]).decode("ascii")  # type: ignore[arg-type]

    def end(self) -> None:
        if self._at != len(self._message):
            raise WireError(f"expected {self._at} bytes, got {len(self._message)}")


def decode(message: bytes) -> State | Choice | Over:
    """A message from the scene."""
    reader = _Reader(message)
    version, kind = reader.integer(), reader.integer()
    if version != VERSION:
        raise WireError(f"expected version {VERSION}, got {version}: build the scene anew")
    decoded: State | Choice | Over
    if kind == STATE:
        status = STATUSES[reader.integer()]
        decoded = State(status, *reader.numbers("6f"), reader.text())
    elif kind == CHOICE:
        decoded = Choice(
            reader.text(), reader.integer(), reader.text(), RESOLVERS[reader.integer()]
        )
    elif kind == OVER:
        decoded = Over(reader.integer())
    else:
        raise WireError(f"expected a state, a choice or an end (1, 2, 3), got kind {kind}")
    reader.end()
    return decoded
