"""The clips of a trial: the same people, each filmed as every kind of visitor, once and for all.

Filming takes long and measuring does not, so they are apart: a crowd is filmed once, and measured
as often as a model or a threshold changes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from attune.scenario.visitors import VisitorKind

from . import clip
from .errors import OutputError
from .facekit import FaceKit
from .headsets import HEADSET_KINDS, HeadsetKind
from .performance import story_for
from .scene import Camera, Lens
from .skin import Painter

KINDS: tuple[VisitorKind, ...] = get_args(VisitorKind)
CAMERA = Camera.centered(640, 480, 740.0)
LENS = Lens(noise=0.3, jpeg_quality=None, supersampling=1)
RATE_HZ = 5.0
"""Frames a second; the pipeline lets a tracked frame stand for 250 ms, so five are enough."""


@dataclass(frozen=True, slots=True)
class Role:
    """One clip of a crowd: who, as what kind of visitor, wearing what."""

    seed: int
    visitor: VisitorKind
    headset: HeadsetKind

    def path(self, folder: Path) -> Path:
        """Where its clip lies."""
        return folder / f"{self.seed}-{self.visitor}-{self.headset}.mp4"


def roles(seeds: Sequence[int]) -> Iterator[Role]:
    """Every person as every kind of visitor; headsets, and none, are dealt out in turn."""
    for number, seed in enumerate(seeds):
        for visitor in KINDS:
            yield Role(seed, visitor, HEADSET_KINDS[number % len(HEADSET_KINDS)])


def read_crowd(folder: Path) -> list[Path]:
    """The finished clips of a folder, by person and kind of visitor.

    Raises:
        OutputError: there are none.
    """
    clips = [path for path in folder.glob("*.mp4") if clip.truth_path(path).exists()]
    if not clips:
        raise OutputError(
            f"no finished clip in {folder}; film them with 'python tools/visitors trial render'"
        )
    return sorted(clips, key=lambda path: (int(path.name.split("-")[0]), path.name))


def film_crowd(
    kit: FaceKit,
    seeds: Sequence[int],
    scenario: Path,
    folder: Path,
    *,
    rate_hz: float = RATE_HZ,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Path]:
    """Film what is missing of a crowd into ``folder``; a clip counts as there with its truth.

    Raises:
        OutputError: the folder or a clip cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder {folder}: {error.strerror}") from error
    painter = Painter(kit)
    wanted = list(roles(seeds))
    missing = [one for one in wanted if not clip.truth_path(one.path(folder)).exists()]
    person = figure = None
    for role in missing:
        shot = clip.Shot(role.seed, role.visitor, role.headset, CAMERA, LENS, rate_hz)
        if figure is None or person != role.seed:
            person, figure = role.seed, clip.cast(kit, painter, shot)
        clip.render(kit, figure, shot, story_for(scenario, role.visitor), role.path(folder))
        progress(len(wanted) - len(missing) + missing.index(role) + 1, len(wanted))
    return [one.path(folder) for one in wanted]
