"""Test faces whose photograph is in training too, cropped or lit otherwise: hashes miss them.

Every face is brought into the live crop by its mesh points, shrunk and standardised; a test face
that correlates with a training face, mirrored or not, is taken for the same photograph.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.train.views import Located

SIDE = 24
CHUNK = 512


def aligned(
    images: NDArray[np.uint8], where: Sequence[Located], rows: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return aligned crops (n, SIDE * SIDE), mean 0 and length 1; NaN where no mesh was found."""
    out = np.full((len(rows), SIDE * SIDE), np.nan, np.float32)
    for k, row in enumerate(rows):
        crop = where[row].aligned
        if crop is not None:
            face = cv2.warpAffine(images[row], crop, (48, 48), borderMode=cv2.BORDER_REFLECT_101)
            flat = cv2.resize(face, (SIDE, SIDE), interpolation=cv2.INTER_AREA).ravel()
            centred = flat.astype(np.float32) - flat.mean()
            out[k] = centred / max(float(np.linalg.norm(centred)), 1e-6)
    return out


def strongest(
    test: NDArray[np.float32], training: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return each test crop's highest correlation with a training crop, and which that is.

    Crops are those of `aligned`; NaN and −1 where a test face has none.
    """
    known = np.flatnonzero(np.isfinite(training[:, 0]))
    kept = training[known]
    best = np.full(len(test), np.nan, np.float32)
    which = np.full(len(test), -1, np.int64)
    seen = np.flatnonzero(np.isfinite(test[:, 0]))
    for start in range(0, len(seen), CHUNK):
        part = seen[start : start + CHUNK]
        plain = test[part]
        mirrored = plain.reshape(-1, SIDE, SIDE)[:, :, ::-1].reshape(len(part), -1)
        for shown in (plain, mirrored):
            r = shown @ kept.T
            at = r.argmax(axis=1)
            found = r[np.arange(len(part)), at]
            better = ~(found <= best[part])
            best[part[better]] = found[better]
            which[part[better]] = known[at[better]]
    return best, which
