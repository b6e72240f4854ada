"""FER2013 with FER+ votes: decoding, duplicate groups, leak-checked splits, targets."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SIZE = 48
MOSAIC_COLUMNS = 160
SPLITS = ("training", "public_test", "private_test")
PUBLIC_CSV_USAGE = {"Training": SPLITS[0], "PublicTest": SPLITS[1], "PrivateTest": SPLITS[2]}
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


def read_mosaics(folder: Path) -> tuple[NDArray[np.uint8], list[dict[str, str]]]:
    """Return images (n, 48, 48) and rows of index.csv from a folder of lossless mosaics."""
    with (folder / "index.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    images = []
    for split in SPLITS:
        count = sum(row["usage"] == split for row in rows)
        mosaic = cv2.imread(str(folder / f"{split}.webp"), cv2.IMREAD_GRAYSCALE)
        if mosaic is None:
            raise FileNotFoundError(f"expected the mosaic {folder / split}.webp")
        cells = mosaic.reshape(-1, SIZE, MOSAIC_COLUMNS, SIZE).transpose(0, 2, 1, 3)
        images.append(cells.reshape(-1, SIZE, SIZE)[:count])
    order = {split: k for k, split in enumerate(SPLITS)}
    rows.sort(key=lambda row: (order[row["usage"]], int(row["position"])))
    return np.concatenate(images), rows


def read_public_csv(
    path: Path, votes_path: Path | None
) -> tuple[NDArray[np.uint8], list[dict[str, str]]]:
    """Return images and index rows from the public fer2013.csv, with FER+ votes if given."""
    csv.field_size_limit(1 << 20)
    images, rows = [], []
    votes: list[dict[str, str]] = []
    if votes_path is not None:
        with votes_path.open(newline="") as file:
            votes = list(csv.DictReader(file))
    with path.open(newline="") as file:
        for k, row in enumerate(csv.DictReader(file)):
            images.append(np.array(row["pixels"].split(), np.uint8).reshape(SIZE, SIZE))
            names = [name.removeprefix("votes_").replace("not_a_face", "NF") for name in VOTES]
            seen = {
                column: (votes[k].get(name) or "0") if votes else "0"
                for column, name in zip(VOTES, names, strict=True)
            }
            usage, label = PUBLIC_CSV_USAGE[row["Usage"]], LABELS_7[int(row["emotion"])]
            rows.append({"usage": usage, "label": label, **seen})
    order = {split: k for k, split in enumerate(SPLITS)}
    ranked = sorted(range(len(rows)), key=lambda k: order[rows[k]["usage"]])
    return np.stack(images)[ranked], [rows[k] for k in ranked]


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
    np.savez(
        out / "faces.npz",
        images=faces.images, split=faces.split, label=faces.label, votes=faces.votes,
        exact=faces.exact, near=faces.near, **{f"list_{k}": v for k, v in faces.lists.items()},
    )  # fmt: skip
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
        raise FileNotFoundError(f"expected {path}; run `python -m tools.train prepare` first")
    with np.load(path) as z:
        known = folder / PHOTOGRAPHS
        return Faces(
            **{k: z[k] for k in ("images", "split", "label", "votes", "exact", "near")},
            photograph=(
                np.load(known) > SAME_PHOTOGRAPH
                if known.exists()
                else np.zeros(len(z["split"]), bool)
            ),
            lists={k.removeprefix("list_"): z[k] for k in z.files if k.startswith("list_")},
        )


def mesh_points(folder: Path) -> NDArray[np.floating] | None:
    """Return the mesh points (faces, 468, 3) that `points` found, NaN where there are none; None
    where it has not run."""
    path = folder / "points.npy"
    return np.load(path, mmap_mode="r") if path.exists() else None
