"""The stories of a folder: all of them can be played, and none is silently left out."""

from pathlib import Path

import pytest

from attune.errors import ScenarioError
from attune.scenario.library import ScenarioLibrary


@pytest.fixture
def memorial(repository: Path) -> str:
    """A story as text."""
    return (repository / "examples/scenarios/memorial.yaml").read_text(encoding="utf-8")


def test_stories_are_found_by_their_identifier(tmp_path: Path, memorial: str) -> None:
    (tmp_path / "a.yaml").write_text(memorial.replace("id: memorial", "id: zoo", 1))
    (tmp_path / "b.yaml").write_text(memorial)

    library = ScenarioLibrary.read(tmp_path)

    assert [one.scenario.id for one in library.all()] == ["memorial", "zoo"]
    found = library.get("zoo")
    assert found is not None
    assert found.source == str(tmp_path / "a.yaml")
    assert library.get("circus") is None


def test_a_folder_without_stories_is_an_empty_library(tmp_path: Path) -> None:
    assert ScenarioLibrary.read(tmp_path).all() == ()


def test_a_misspelt_folder_is_refused_instead_of_playing_no_story(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"scenarios_dir: expected a folder .*senarios"):
        ScenarioLibrary.read(tmp_path / "senarios")


def test_two_stories_of_one_identifier_are_refused(tmp_path: Path, memorial: str) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(memorial)

    with pytest.raises(ScenarioError, match=r"two scenarios are called 'memorial'.*another id"):
        ScenarioLibrary.read(tmp_path)
