"""`python -m tools.vision.overlay_examples`: one picture of every headset outline on a visitor.

The face is that of a rendered visitor who wears none; nobody real is shown. Frames are taken evenly
from the clip, so that the head turns differently under each outline.
"""

from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
import typer
from numpy.typing import NDArray

from attune.config import resource_root
from attune.vision.frame import Image
from attune.vision.overlay_live import LiveOverlay
from attune.vision.overlay_shapes import UNSEEN_FAMILIES, Family, draw_headset

TILE = 232
COLUMNS = 4
QUALITY = 82
CLIP = Path("examples/visitors/3-resonant-bare.mp4")


def main(
    clip: Annotated[Path, typer.Option(help="A rendered visitor without a headset.")] = CLIP,
    out: Annotated[Path, typer.Option(help="Picture to write.")] = Path("docs/overlay.jpg"),
    seed: Annotated[int, typer.Option(help="Draws size, tone, gloss, wear and straps.")] = 5,
) -> None:
    """Writes the picture."""
    frames = _frames(resource_root() / clip, len(Family))
    tiles = []
    for k, (family, frame) in enumerate(zip(Family, frames, strict=True)):
        headset = draw_headset(np.random.default_rng([seed, k]), (family,))
        painter = LiveOverlay(headset)
        painted = painter.wear(Image(frame), 0)
        painter.close()
        if painted is None:
            raise typer.BadParameter(f"no face found in frame {k} of {clip}")
        kept = " (evaluation only)" if family in UNSEEN_FAMILIES else ""
        tiles.append(_tile(painted.rgb, f"{family.value}{kept}"))
    rows = [np.hstack(tiles[k : k + COLUMNS]) for k in range(0, len(tiles), COLUMNS)]
    sheet = cv2.cvtColor(np.vstack(rows), cv2.COLOR_RGB2BGR)
    if not cv2.imwrite(str(out), sheet, [cv2.IMWRITE_JPEG_QUALITY, QUALITY]):
        raise typer.BadParameter(f"cannot write {out}")
    typer.echo(f"wrote {out}")


def _frames(clip: Path, count: int) -> list[NDArray[np.uint8]]:
    """Return frames at even times, RGB."""
    film = cv2.VideoCapture(str(clip))
    total = int(film.get(cv2.CAP_PROP_FRAME_COUNT))
    found = []
    for k in range(count):
        film.set(cv2.CAP_PROP_POS_FRAMES, (k + 0.5) * total / count)
        ok, frame = film.read()
        if not ok:
            raise typer.BadParameter(f"{clip} cannot be read")
        found.append(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2RGB), np.uint8))
    film.release()
    return found


def _tile(rgb: NDArray[np.uint8], label: str) -> NDArray[np.uint8]:
    height, width = rgb.shape[:2]
    side = min(height, width)
    x = (width - side) // 2
    tile = cv2.resize(rgb[:side, x : x + side], (TILE, TILE), interpolation=cv2.INTER_AREA)
    for colour, thick in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(
            tile, label, (8, TILE - 9), cv2.FONT_HERSHEY_SIMPLEX, 0.45, colour, thick, cv2.LINE_AA
        )
    return np.asarray(tile, np.uint8)


if __name__ == "__main__":
    typer.run(main)
