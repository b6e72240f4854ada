"""`attune scenario`: says whether a story can be played, and draws it."""

from pathlib import Path

from typer.testing import CliRunner

from attune.cli.main import app

runner = CliRunner()


def test_the_memorial_can_be_played_and_drawn(repository: Path) -> None:
    memorial = str(repository / "examples/scenarios/memorial.yaml")

    validated = runner.invoke(app, ["scenario", "validate", memorial])
    shown = runner.invoke(app, ["scenario", "show", memorial, "--locale", "fr"])

    assert validated.exit_code == 0, validated.output
    assert "3 choices" in validated.output
    assert shown.exit_code == 0, shown.output
    assert "La salle calme" in shown.output


def test_every_finding_of_a_broken_story_is_listed(repository: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    text = (repository / "examples/scenarios/memorial.yaml").read_text()
    broken.write_text(text.replace("next: courtyard", "next: nowhere"))

    validated = runner.invoke(app, ["scenario", "validate", str(broken)])

    assert validated.exit_code == 1
    assert "nowhere" in validated.output
    assert "courtyard" in validated.output, "the beat that nothing leads to any more"


def test_a_stimulus_that_is_never_scored_under_the_settings_is_a_finding(
    repository: Path, tmp_path: Path
) -> None:
    memorial = str(repository / "examples/scenarios/memorial.yaml")
    settings = tmp_path / "attune.toml"
    settings.write_text("[empathy]\nwindow_s = 5.0\n")

    usual = runner.invoke(app, ["scenario", "validate", memorial])
    longer = runner.invoke(app, ["scenario", "validate", memorial, "--config", str(settings)])

    assert "finding" not in usual.output
    assert longer.exit_code == 0, longer.output
    assert "3 finding(s)" in longer.output
    assert "lasts 5 s and is never scored" in longer.output
    assert "empathy.lag_s 0.5 + empathy.window_s 5" in longer.output
