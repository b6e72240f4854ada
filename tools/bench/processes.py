"""What processes take: memory and processor time, read from /proc."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, process_time

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and its descendants, whichever of their threads started them."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def resident_mb(pid: int) -> float:
    """Resident memory of a process and its descendants, MB; what they share counts in each."""
    return sum(_status_kib(one, "VmRSS") for one in family(pid)) * 1024 / 1e6


def processor_s(pid: int) -> float:
    """Processor time of one process so far, seconds; its threads included, its children not."""
    text = Path(f"/proc/{pid}/stat").read_text()
    user, system = text[text.rindex(")") + 2 :].split()[11:13]
    return (int(user) + int(system)) / _TICKS_A_SECOND


@dataclass(frozen=True, slots=True)
class Usage:
    """Cores that were busy on average: in the server's own process, in its workers, in this process
    (the clients), and in everything else on the machine."""

    server: float
    workers: float
    clients: float
    others: float


class UsageMeter:
    """Measures from where it is made to `read`; the server's processes must outlive that."""

    def __init__(self, server_pid: int) -> None:
        self._server, *self._workers = family(server_pid)
        self._began = self._now()

    def read(self) -> Usage:
        """What was used since."""
        wall, busy, server, workers, clients = (
            end - begin for begin, end in zip(self._began, self._now(), strict=True)
        )
        others = busy - server - workers - clients
        return Usage(server / wall, workers / wall, clients / wall, max(0.0, others) / wall)

    def _now(self) -> tuple[float, ...]:
        return (
            monotonic(),
            _machine_busy_s(),
            processor_s(self._server),
            sum(processor_s(one) for one in self._workers),
            process_time(),
        )


def _machine_busy_s() -> float:
    """Processor time that was not idle so far, over all cores, seconds."""
    first = Path("/proc/stat").read_text().splitlines()[0]
    user, nice, system, _idle, _waiting, interrupt, soft, stolen = map(int, first.split()[1:9])
    return (user + nice + system + interrupt + soft + stolen) / _TICKS_A_SECOND


def _status_kib(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
