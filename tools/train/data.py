"""FER2013 with FER+ votes: duplicate groups, leak-checked splits, targets."""

import csv
import zipfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.train.errors import TrainingError

SIZE = 48
SPLITS = ("training", "public_test", "private_test")
LABELS_7 = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
LABELS_8 = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt")
VOTES = (
    "votes_neutral", "votes_happiness", "votes_surprise", "votes_sadness", "votes_anger",
    "votes_disgust", "votes_fear", "votes_contempt", "votes_unknown", "votes_not_a_face",
)  # fmt: skip
NEAR_BITS = 3
NEAR_CORRELATION = 0.97
PHOTOGRAPHS = "photographs.npy"
"""File with each face's highest correlation with one of the other splits; `copies` writes it."""

SAME_PHOTOGRAPH = 0.93
"""Correlation of two aligned crops. Looked at by eye, nearly all pairs above it show one
photograph; below it more and more show two."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces in the order of the manifest.

    `images` (n, 48, 48) uint8; `split` (n,) index into SPLITS; `label` (n,) index into LABELS_7;
    `votes` (n, 10) in the order of VOTES; `exact` (n,) group of identical pixels; `near` (n,) group
    of near duplicates, mirrored ones included; `photograph` (n,) whether a test face shows a
    photograph of the training split or a training face one of a test split, all False where
    `copies` has not run; `lists` names of the public sub-lists -> (n,) bool.
    """

    images: NDArray[np.uint8]
    split: NDArray[np.int64]
    label: NDArray[np.int64]
    votes: NDArray[np.float32]
    exact: NDArray[np.int64]
    near: NDArray[np.int64]
    photograph: NDArray[np.bool_]
    lists: dict[str, NDArray[np.bool_]]

    def rows(self, split: str) -> NDArray[np.int64]:
        """Return the rows of one split, leaks included."""
        return np.flatnonzero(self.split == SPLITS.index(split))

    def training_rows(self) -> NDArray[np.int64]:
        """Return training rows without copies of any test image, be they cropped otherwise."""
        tests = self.split != 0
        leaked = np.isin(self.exact, self.exact[tests]) | np.isin(self.near, self.near[tests])
        return np.flatnonzero(~tests & ~leaked & ~self.photograph)

    def without_training_copies(self, split: str) -> NDArray[np.int64]:
        """Return the rows of a test split that have no exact copy in the training split."""
        rows = self.rows(split)
        return rows[~np.isin(self.exact[rows], self.exact[self.split == 0])]

    def without_training_photographs(self, split: str) -> NDArray[np.int64]:
        """Return the rows of a test split whose photograph is not in the training split: neither
        as a copy, nor cropped or lit otherwise (where `copies` has looked)."""
        rows, training = self.rows(split), self.split == 0
        copied = np.isin(self.exact[rows], self.exact[training])
        copied |= np.isin(self.near[rows], self.near[training])
        return rows[~copied & ~self.photograph[rows]]

    def target_7(self, vote_share: float) -> NDArray[np.float32]:
        """Return (n, 7): the FER2013 label with `vote_share` of the crowd's votes mixed in."""
        hard = np.eye(7, dtype=np.float32)[self.label]
        order = [LABELS_8.index(name) for name in LABELS_7]
        votes = self.votes[:, order]
        total = votes.sum(axis=1, keepdims=True)
        soft = np.where(total > 0, votes / np.maximum(total, 1), hard)
        return ((1 - vote_share) * hard + vote_share * soft).astype(np.float32)

    def target_8(self) -> NDArray[np.float32]:
        """Return (n, 8): the vote distribution; zeros where most voters saw no face."""
        votes = self.votes[:, :8]
        total = votes.sum(axis=1, keepdims=True)
        usable = (total > 0) & (self.votes[:, 9:10] <= total)
        return np.where(usable, votes / np.maximum(total, 1), 0).astype(np.float32)


def exact_groups(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return (n,) group numbers; equal numbers mean identical pixels."""
    flat = np.ascontiguousarray(images.reshape(len(images), -1))
    keys = flat.view(np.dtype((np.void, flat.shape[1]))).ravel()
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def difference_hash(images: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return (n,) 64-bit hashes: does brightness rise from one of 9x8 cells to the next."""
    small = np.stack([cv2.resize(i, (9, 8), interpolation=cv2.INTER_AREA) for i in images])
    bits = (small[:, :, 1:] > small[:, :, :-1]).reshape(len(images), 64)
    return np.packbits(bits, axis=1).view(np.uint64).ravel()


def near_groups(images: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return (n,) group numbers joining near duplicates, mirrored ones included.

    Candidates share one of four 16-bit bands of the hash and differ in at most `NEAR_BITS` bits; a
    candidate is joined when its pixels correlate above `NEAR_CORRELATION`.
    """
    n = len(images)
    mirrored = np.ascontiguousarray(images[:, :, ::-1])
    hashes = np.concatenate([difference_hash(images), difference_hash(mirrored)])
    parent = np.arange(n)

    def root(k: int) -> int:
        while parent[k] != k:
            parent[k] = parent[parent[k]]
            k = parent[k]
        return k

    flat = images.reshape(n, -1).astype(np.float32)
    flat -= flat.mean(axis=1, keepdims=True)
    flat /= np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)
    flipped = flat.reshape(n, SIZE, SIZE)[:, :, ::-1].reshape(n, -1)
    bands = hashes.view(np.uint16).reshape(2 * n, 4)
    for band in range(4):
        buckets: dict[int, list[int]] = defaultdict(list)
        for k, key in enumerate(bands[:, band]):
            buckets[int(key)].append(k)
        for members in buckets.values():
            block = np.array(members)
            plain = block[block < n]
            if len(plain) == 0 or len(block) < 2:
                continue
            for a in plain:
                others = block[(block % n) > a]
                bits = _bit_count(hashes[others] ^ hashes[a])
                for b in others[bits <= NEAR_BITS]:
                    other = flat[b] if b < n else flipped[b - n]
                    if float(flat[a] @ other) > NEAR_CORRELATION:
                        parent[root(int(b % n))] = root(int(a))
    return np.array([root(k) for k in range(n)], dtype=np.int64)


def _bit_count(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    return np.unpackbits(values.view(np.uint8).reshape(-1, 8), axis=1).sum(axis=1).astype(np.int64)


def prepare(images: NDArray[np.uint8], rows: list[dict[str, str]], out: Path) -> Faces:
    """Group duplicates, write faces.npz and manifest.csv into `out`, and return the faces."""
    lists = [name for name in ("ran_occlusion", "ran_pose30", "ran_pose45") if name in rows[0]]
    faces = Faces(
        images=images,
        split=np.array([SPLITS.index(row["usage"]) for row in rows]),
        label=np.array([LABELS_7.index(row["label"]) for row in rows]),
        votes=np.array([[float(row[v]) for v in VOTES] for row in rows], np.float32),
        exact=exact_groups(images),
        near=near_groups(images),
        photograph=np.zeros(len(images), bool),
        lists={name: np.array([row[name] == "1" for row in rows]) for name in lists},
    )
    out.mkdir(parents=True, exist_ok=True)
    path = out / "faces.npz"
    if path.exists() and not np.array_equal(load(out).images, images):
        raise TrainingError(
            f"{path} holds other faces, on which points and runs beside it depend; give another "
            "--work folder, or delete this one"
        )
    partial = out / "faces.partial.npz"
    np.savez(
        partial,
        images=faces.images, split=faces.split, label=faces.label, votes=faces.votes,
        exact=faces.exact, near=faces.near, **{f"list_{k}": v for k, v in faces.lists.items()},
    )  # fmt: skip
    partial.replace(path)
    faces = load(out)
    write_manifest(faces, out)
    return faces


def write_manifest(faces: Faces, out: Path) -> None:
    """Write manifest.csv: of every face its split, its groups of copies, and its use."""
    kept = np.zeros(len(faces.images), bool)
    kept[faces.training_rows()] = True
    with (out / "manifest.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row", "usage", "label", "exact_group", "near_group", "use"])
        for k, split in enumerate(faces.split):
            usage = SPLITS[split]
            use = usage if split or kept[k] else "dropped: copy"
            label = LABELS_7[faces.label[k]]
            writer.writerow([k, usage, label, faces.exact[k], faces.near[k], use])


def load(folder: Path) -> Faces:
    """Return what `prepare` wrote into `folder`."""
    path = folder / "faces.npz"
    if not path.exists():
        raise TrainingError(f"expected {path}; run `python -m tools.train prepare` first")
    try:
        with np.load(path) as z:
            found = {k: z[k] for k in z.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise TrainingError(f"cannot read {path}: {error}; delete it and prepare again") from error
    known = _beside(folder / PHOTOGRAPHS, len(found["split"]))
    return Faces(
        **{k: found[k] for k in ("images", "split", "label", "votes", "exact", "near")},
        photograph=(
            np.zeros(len(found["split"]), bool) if known is None else known > SAME_PHOTOGRAPH
        ),
        lists={k.removeprefix("list_"): v for k, v in found.items() if k.startswith("list_")},
    )


def mesh_points(folder: Path, count: int, name: str = "points") -> NDArray[np.floating] | None:
    """Return the mesh points (faces, 468, 3) of `count` faces that `points` found, NaN where there
    are none; None where it has not run."""
    return _beside(folder / f"{name}.npy", count)


def needed_points(folder: Path, count: int) -> NDArray[np.floating]:
    """Return what `mesh_points` returns; TrainingError where there is nothing."""
    found = mesh_points(folder, count)
    if found is None:
        raise TrainingError(
            f"expected {folder / 'points.npy'}; run `python -m tools.train points` first"
        )
    return found


def _beside(path: Path, count: int) -> NDArray[np.floating] | None:
    """Return what a step found of each of `count` faces; None where it has not run."""
    if not path.exists():
        return None
    try:
        found = np.load(path, mmap_mode="r")
    except (OSError, ValueError) as error:
        raise TrainingError(f"cannot read {path}: {error}; delete it and make it again") from error
    if len(found) != count:
        raise TrainingError(f"expected {path} to be of {count} faces, it is of {len(found)}")
    return np.asarray(found) if found.ndim == 1 else found


def write_array(path: Path, array: NDArray[np.generic]) -> None:
    """Write an array that is there whole or not at all."""
    partial = path.with_name(path.stem + ".partial.npy")
    np.save(partial, array)
    partial.replace(path)
