"""Reads FER2013 with FER+ votes, from lossless mosaics or from the public CSV files."""

import csv
from collections.abc import Collection
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from tools.train.data import LABELS_7, SIZE, SPLITS, VOTES
from tools.train.errors import TrainingError

MOSAIC_COLUMNS = 160
PUBLIC_CSV_USAGE = {"Training": SPLITS[0], "PublicTest": SPLITS[1], "PrivateTest": SPLITS[2]}
EMOTION_NUMBERS = tuple(map(str, range(len(LABELS_7))))


def _table(path: Path, columns: Collection[str]) -> list[dict[str, str]]:
    """Return the rows of a CSV that has at least `columns`, none of them cut off."""
    csv.field_size_limit(1 << 20)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
            known = reader.fieldnames or ()
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise TrainingError(f"cannot read the CSV {path}: {error}") from error
    missing = [name for name in columns if name not in known]
    if missing:
        raise TrainingError(
            f"expected {path} to have the columns {', '.join(columns)}; it lacks "
            f"{', '.join(missing)}"
        )
    for line, row in enumerate(rows, start=2):
        if None in row.values():
            raise TrainingError(f"line {line} of {path} is cut off; is the file whole?")
    return rows


def _one_of(value: str, known: Collection[str], path: Path, line: int) -> str:
    if value not in known:
        raise TrainingError(
            f"line {line} of {path}: expected one of {', '.join(known)}, got {value!r}"
        )
    return value


def _number(row: dict[str, str], index: Path) -> int:
    if not row["position"].isdecimal():
        raise TrainingError(f"{index}: expected positions from 0, got {row['position']!r}")
    return int(row["position"])


def read_mosaics(folder: Path) -> tuple[NDArray[np.uint8], list[dict[str, str]]]:
    """Return images (n, 48, 48) and rows of index.csv from a folder of lossless mosaics."""
    index = folder / "index.csv"
    rows = _table(index, ("usage", "position", "label", *VOTES))
    for line, row in enumerate(rows, start=2):
        _one_of(row["usage"], SPLITS, index, line)
        _one_of(row["label"], LABELS_7, index, line)
    ordered, images = [], []
    for split in SPLITS:
        part = sorted((r for r in rows if r["usage"] == split), key=lambda r: _number(r, index))
        path = folder / f"{split}.webp"
        mosaic = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if mosaic is None:
            raise TrainingError(f"expected the mosaic {path}; it is missing or cut off")
        if mosaic.shape[0] % SIZE or mosaic.shape[1] != SIZE * MOSAIC_COLUMNS:
            raise TrainingError(
                f"expected {path} to hold rows of {MOSAIC_COLUMNS} faces of {SIZE} px, got "
                f"{mosaic.shape[1]}x{mosaic.shape[0]} px"
            )
        cells = mosaic.reshape(-1, SIZE, MOSAIC_COLUMNS, SIZE).transpose(0, 2, 1, 3)
        cells = cells.reshape(-1, SIZE, SIZE)
        whole = [_number(row, index) for row in part] == list(range(len(part)))
        if not whole or len(part) > len(cells) or cells[len(part) :].any():
            raise TrainingError(
                f"{index} names {len(part)} faces of {split}, {path} has room for {len(cells)} and "
                "is to be black after the last; is one of them cut off?"
            )
        images.append(cells[: len(part)])
        ordered += part
    return np.concatenate(images), ordered


def read_public_csv(
    path: Path, votes_path: Path | None
) -> tuple[NDArray[np.uint8], list[dict[str, str]]]:
    """Return images and index rows from the public fer2013.csv, with FER+ votes if given.

    FER+ lists the same faces in the same order, so that its `Usage` must agree line by line.
    """
    given = _table(path, ("emotion", "pixels", "Usage"))
    names = {name: name.removeprefix("votes_").replace("not_a_face", "NF") for name in VOTES}
    votes = [] if votes_path is None else _table(votes_path, ("Usage", *names.values()))
    if votes_path is not None and len(votes) != len(given):
        raise TrainingError(
            f"expected {votes_path} to have as many lines as {path}, {len(given)}, got {len(votes)}"
        )
    images, rows = [], []
    for k, row in enumerate(given):
        usage = _one_of(row["Usage"], PUBLIC_CSV_USAGE, path, k + 2)
        emotion = _one_of(row["emotion"], EMOTION_NUMBERS, path, k + 2)
        if votes and votes[k]["Usage"] != usage:
            raise TrainingError(
                f"line {k + 2}: {path} says {usage}, {votes_path} {votes[k]['Usage']}; FER+ votes "
                "are of the same faces in the same order"
            )
        images.append(_pixels(row["pixels"], path, k + 2))
        seen = {v: (votes[k][name] or "0") if votes else "0" for v, name in names.items()}
        rows.append({"usage": PUBLIC_CSV_USAGE[usage], "label": LABELS_7[int(emotion)], **seen})
    order = {split: k for k, split in enumerate(SPLITS)}
    ranked = sorted(range(len(rows)), key=lambda k: order[rows[k]["usage"]])
    return np.stack(images)[ranked], [rows[k] for k in ranked]


def _pixels(text: str, path: Path, line: int) -> NDArray[np.uint8]:
    words = text.split()
    if len(words) != SIZE * SIZE or not all(w.isdecimal() and int(w) < 256 for w in words):
        raise TrainingError(
            f"line {line} of {path}: expected {SIZE * SIZE} gray levels, 0 to 255, got "
            f"{len(words)} words; is the file whole?"
        )
    return np.array(words, np.uint8).reshape(SIZE, SIZE)
