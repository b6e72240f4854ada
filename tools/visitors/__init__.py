"""Simulated visitors: rendered heads, with and without headsets, whose truth is known exactly.

The package lives outside the ``attune`` wheel: it needs ICT-FaceKit, which everyone brings
themselves, and numba, which a museum's server does not need.
"""

import os
from pathlib import Path

_CACHE_HOME = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache")
# numba reads this when it is first imported; compiled kernels must not land in the source tree.
os.environ.setdefault("NUMBA_CACHE_DIR", str(_CACHE_HOME / "attune" / "numba"))
