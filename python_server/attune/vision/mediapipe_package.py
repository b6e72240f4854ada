"""Lets parts of MediaPipe be imported without the rest of its package.

``import mediapipe.python`` loads every solution and every task first, and a plotting library for
one of them: over a second of processor time and 40 MB in every process that tracks faces, for
nothing that is called here.
"""

import sys
from importlib.util import find_spec, module_from_spec
from typing import Any


def defer_mediapipe() -> None:
    """Let an import load what it names of MediaPipe, and no more.

    The package loads as a whole when a name of its own is asked for (``mediapipe.solutions``), so
    others in the process find in it what they expect. Does nothing where it is loaded already.
    """
    spec = None if "mediapipe" in sys.modules else find_spec("mediapipe")
    if spec is None:
        return
    package = module_from_spec(spec)

    def load(name: str) -> Any:
        # Whoever looks at every module asks for names like __warningregistry__.
        if name.startswith("__") and name != "__version__":
            raise AttributeError(f"module 'mediapipe' has no attribute {name!r}")
        vars(package).pop("__getattr__", None)
        if spec.loader is not None:
            spec.loader.exec_module(package)
        return getattr(package, name)

    vars(package)["__getattr__"] = load
    sys.modules["mediapipe"] = package
