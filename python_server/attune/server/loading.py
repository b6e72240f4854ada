"""Loading libraries without looking for garbage among them."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Collect no garbage inside the block, and look at nothing that is there at its end ever again.

    Libraries make a hundred thousand objects that stay. The collector would look at all of them
    again and again, a tenth of the time that loading takes, and later in the middle of a frame.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
