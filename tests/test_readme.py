"""What README tells a newcomer to type and to write is there and works, and so are all links."""

import re
import tomllib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from attune.cli.main import app
from attune.config import read_settings


@pytest.fixture
def readme(repository: Path) -> str:
    """The text."""
    return (repository / "README.md").read_text(encoding="utf-8")


def test_every_command_that_it_names_is_there(readme: str) -> None:
    program = typer.main.get_command(app)
    context = typer.Context(program)
    named = re.findall(r"`attune ([a-z]+)(?: ([a-z]+))?[ `]", readme)

    assert {name for name, _ in named} >= {"serve", "doctor", "replay", "scenario"}
    for name, below in named:
        command = program.get_command(context, name)  # type: ignore[attr-defined]
        assert command is not None, name
        if below:
            assert below in command.commands, f"{name} {below}"


def test_every_target_of_make_that_the_documents_name_is_there(
    readme: str, repository: Path
) -> None:
    makefiles = (repository / "Makefile", repository / "unity_client" / "unity.mk")
    rules = "\n".join(path.read_text(encoding="utf-8") for path in makefiles)

    documents = readme + (repository / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in set(re.findall(r"(?:^    |`)make ([a-z-]+)", documents, re.MULTILINE)):
        assert re.search(rf"^{name}:", rules, re.MULTILINE), name


def test_every_file_and_picture_that_a_document_links_to_is_there(repository: Path) -> None:
    documents = [
        *repository.glob("*.md"),
        *repository.glob("docs/*.md"),
        *repository.glob("examples/*/*.md"),
        *repository.glob("unity_client/Packages/**/*.md"),
    ]
    linked = [
        (document, target)
        for document in documents
        for target in re.findall(r"\]\(([^)#\s]+)", document.read_text(encoding="utf-8"))
        if "://" not in target
    ]

    assert {"docs/loop.svg", "empathy.png"} <= {target for _, target in linked}
    assert [one for one in linked if not (one[0].parent / one[1]).exists()] == []


def test_the_settings_file_that_it_shows_is_one(readme: str, tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (tmp_path / "attune.toml").write_text(shown, encoding="utf-8")

    settings = read_settings(tmp_path / "attune.toml").settings

    assert tomllib.loads(shown)["cameras"].keys() == settings.cameras.keys() == {"hall"}
    assert settings.security.token_file == Path("/etc/attune/tokens")


def test_where_settings_are_looked_for_is_told_by_the_command_too() -> None:
    explained = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"})

    assert "ATTUNE_CONFIG" in explained.output
    assert "./attune.toml" in explained.output
