"""Faces are read with their own labels and votes, or not at all."""

import csv
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from tests.tools.test_train_data import pictures
from tools.train import data, sources
from tools.train.cli import app
from tools.train.errors import TrainingError

COUNTS = {"training": 165, "public_test": 3, "private_test": 2}
FER_PLUS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt",
            "unknown", "NF")  # fmt: skip


def mosaics(folder: Path) -> list[np.ndarray]:
    """Write mosaics whose index lists faces backwards; return the faces of each split."""
    rows, written = [], []
    for split, count in COUNTS.items():
        faces = pictures(count, seed=count)
        cells = np.zeros((-(-count // 160) * 160, 48, 48), np.uint8)
        cells[:count] = faces
        mosaic = cells.reshape(-1, 160, 48, 48).transpose(0, 2, 1, 3).reshape(-1, 160 * 48)
        cv2.imwrite(str(folder / f"{split}.webp"), mosaic, [cv2.IMWRITE_WEBP_QUALITY, 101])
        rows += [
            {"usage": split, "position": k, "label": data.LABELS_7[k % 7]}
            | dict.fromkeys(data.VOTES, 0)
            | {"votes_fear": k % 11}
            for k in reversed(range(count))
        ]
        written.append(faces)
    with (folder / "index.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return written


def lines(path: Path, change: slice) -> None:
    path.write_text("".join(path.read_text().splitlines(keepends=True)[change]))


def test_every_face_of_a_mosaic_keeps_its_label_and_votes(tmp_path: Path) -> None:
    written = mosaics(tmp_path)
    images, rows = sources.read_mosaics(tmp_path)
    assert [(row["usage"], row["position"]) for row in rows] == [
        (split, str(k)) for split, count in COUNTS.items() for k in range(count)
    ]
    np.testing.assert_array_equal(images, np.concatenate(written))
    assert all(row["label"] == data.LABELS_7[int(row["position"]) % 7] for row in rows)


def test_a_mosaic_that_lost_its_last_row_of_faces_is_refused(tmp_path: Path) -> None:
    mosaics(tmp_path)
    path = str(tmp_path / "training.webp")
    cv2.imwrite(path, cv2.imread(path, cv2.IMREAD_GRAYSCALE)[:48])
    with pytest.raises(TrainingError, match=r"names 165 faces of training.*room for 160"):
        sources.read_mosaics(tmp_path)


@pytest.mark.parametrize("kept", [0.5, 0.01])
def test_a_mosaic_whose_download_stopped_is_refused(tmp_path: Path, kept: float) -> None:
    mosaics(tmp_path)
    path = tmp_path / "public_test.webp"
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    with pytest.raises(TrainingError, match=r"public_test\.webp; it is missing or cut off"):
        sources.read_mosaics(tmp_path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (slice(0, 2), "names 1 faces of training"),
        (slice(0, -1), "names 1 faces of private_test"),
        (slice(1, None), "lacks usage"),
        (slice(0, 0), "lacks usage"),
    ],
)
def test_half_an_index_is_refused(tmp_path: Path, change: slice, said: str) -> None:
    mosaics(tmp_path)
    lines(tmp_path / "index.csv", change)
    with pytest.raises(TrainingError, match=said):
        sources.read_mosaics(tmp_path)


def test_an_index_without_its_last_face_is_refused(tmp_path: Path) -> None:
    mosaics(tmp_path)
    path = tmp_path / "index.csv"
    path.write_text("".join(k for k in path.open() if not k.startswith("private_test,1,")))
    with pytest.raises(TrainingError, match="names 1 faces of private_test"):
        sources.read_mosaics(tmp_path)


def test_an_index_line_that_stops_is_named(tmp_path: Path) -> None:
    mosaics(tmp_path)
    path = tmp_path / "index.csv"
    path.write_text(path.read_text()[:-12])
    with pytest.raises(TrainingError, match=r"line 171 of .*index\.csv is cut off"):
        sources.read_mosaics(tmp_path)


def test_a_folder_without_an_index_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match=r"cannot read the CSV .*index\.csv"):
        sources.read_mosaics(tmp_path)


def public(folder: Path) -> tuple[Path, Path]:
    """Write the two public files of six faces."""
    usages = ["Training"] * 4 + ["PublicTest", "PrivateTest"]
    faces, votes = folder / "fer2013.csv", folder / "fer2013new.csv"
    faces.write_text(
        "emotion,pixels,Usage\n"
        + "".join(
            f"{k},{' '.join(map(str, image.ravel()))},{usage}\n"
            for k, (image, usage) in enumerate(zip(pictures(6), usages, strict=True))
        )
    )
    votes.write_text(
        f"Usage,Image name,{','.join(FER_PLUS)}\n"
        + "".join(
            f"{usage},fer{k:07}.png,{','.join(['1'] * k + ['9'] + ['0'] * (9 - k))}\n"
            for k, usage in enumerate(usages)
        )
    )
    return faces, votes


def test_every_face_of_the_public_files_keeps_its_votes(tmp_path: Path) -> None:
    images, rows = sources.read_public_csv(*public(tmp_path))
    np.testing.assert_array_equal(images, pictures(6))
    for k, row in enumerate(rows):
        assert row["label"] == data.LABELS_7[k]
        assert row[data.VOTES[k]] == "9"


def test_votes_of_other_columns_are_refused_instead_of_read_as_none(tmp_path: Path) -> None:
    faces, votes = public(tmp_path)
    votes.write_text(votes.read_text().replace("neutral", "Neutral"))
    with pytest.raises(TrainingError, match="lacks neutral"):
        sources.read_public_csv(faces, votes)


def test_votes_that_lost_a_line_are_refused(tmp_path: Path) -> None:
    faces, votes = public(tmp_path)
    lines(votes, slice(0, -1))
    with pytest.raises(TrainingError, match=r"as many lines as .*, 6, got 5"):
        sources.read_public_csv(faces, votes)


def test_votes_in_another_order_are_refused(tmp_path: Path) -> None:
    faces, votes = public(tmp_path)
    text = votes.read_text().splitlines()
    votes.write_text("\n".join([text[0], *reversed(text[1:])]) + "\n")
    with pytest.raises(TrainingError, match="same faces in the same order"):
        sources.read_public_csv(faces, votes)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("emotion,", "label,", "lacks emotion"),
        ("PrivateTest", "Holdout", "line 7 .*got 'Holdout'"),
        ("\n5,", "\n7,", "line 7 .*got '7'"),
        ("\n5,", "\n5,256 ", "line 7 .*2304 gray levels"),
        ("\n5,", "\n5,-1 ", "line 7 .*2304 gray levels"),
    ],
)
def test_a_public_csv_with_a_strange_value_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    faces, _ = public(tmp_path)
    faces.write_text(faces.read_text().replace(old, new))
    with pytest.raises(TrainingError, match=said):
        sources.read_public_csv(faces, None)


def test_a_public_csv_that_stops_within_a_face_is_refused(tmp_path: Path) -> None:
    faces, _ = public(tmp_path)
    faces.write_text(faces.read_text()[:-3000])
    with pytest.raises(TrainingError, match=r"line 7 .*cut off"):
        sources.read_public_csv(faces, None)


def test_a_picture_given_as_csv_is_named(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.csv"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(TrainingError, match=r"cannot read the CSV .*fer2013\.csv"):
        sources.read_public_csv(path, None)


def test_a_command_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    given = ["prepare", "--work", str(tmp_path), "--mosaics", str(tmp_path / "[none]")]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 1
    assert done.output.startswith("error: cannot read the CSV")
    assert "[none]" in done.output
    assert done.output.count("\n") == 1


def test_faces_are_not_prepared_inside_the_repository(tmp_path: Path) -> None:
    work = Path(__file__).parents[2] / "work-with-faces"
    given = ["prepare", "--work", str(work), "--mosaics", str(tmp_path)]
    done = CliRunner().invoke(app, given, env={"COLUMNS": "300"})
    assert done.exit_code == 2
    assert "never committed" in done.output
    assert not work.exists()


def test_a_file_without_a_split_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    faces, _ = public(tmp_path)
    lines(faces, slice(0, -1))
    done = CliRunner().invoke(app, ["prepare", "--work", str(tmp_path), "--public-csv", str(faces)])
    assert done.exit_code == 1
    assert "no face there is of private_test" in done.output
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(find_spec("keras") is not None, reason="the train extra is installed")
def test_a_command_whose_packages_are_not_there_says_how_to_get_them(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["evaluate", "--work", str(tmp_path)])
    assert done.exit_code == 1
    assert done.output == "error: keras is not installed here; `make environment-train` adds it\n"
