"""Lets MediaPipe be imported without the plotting library that it loads for drawings.

Its package imports matplotlib for a function that plots landmarks, which nothing here calls; that
costs over a second of processor time and 30 MB in every process that tracks faces.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

_NAMES = ("matplotlib", "matplotlib.pyplot")


@contextmanager
def without_plotting() -> Iterator[None]:
    """Let empty modules stand in for matplotlib inside the block, unless it is there already; an
    import of it afterwards finds the real one."""
    if _NAMES[0] in sys.modules:
        yield
        return
    stand_ins = {name: ModuleType(name) for name in _NAMES}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name, stand_in in stand_ins.items():
            if sys.modules.get(name) is stand_in:
                del sys.modules[name]
