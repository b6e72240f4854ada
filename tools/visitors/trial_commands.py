"""The commands of a trial: film a crowd once, measure it as often as something changes."""

from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from attune.config import Settings, load_settings
from attune.expression.store import ModelCard, ModelStore
from attune.scenario.loading import load_scenario
from attune.scenario.visitors import VisitorKind

from . import crowd, facekit
from .errors import OutputError
from .performance import way_of
from .terminal import one_sentence_errors, progress_bar
from .trial import Trial, frames_of, run_trial
from .trial_report import write_report

app = typer.Typer(
    no_args_is_help=True,
    help="A crowd of simulated visitors through the whole pipeline, from pixels to the index.",
)
SCENARIO = Path(__file__).parents[2] / "examples" / "scenarios" / "memorial.yaml"

ScenarioOption = Annotated[Path, typer.Option(help="The story they live through.")]


@app.command("render")
def render_command(
    kit: Annotated[Path, typer.Option("--facekit", help="The condensed head model.")],
    out: Annotated[Path, typer.Option(help="The folder for clips and truth.")],
    seeds: Annotated[str, typer.Option(help="People, FIRST-LAST.")] = "201-220",
    rate: Annotated[float, typer.Option(min=5, max=30, help="Frames a second.")] = crowd.RATE_HZ,
    scenario: ScenarioOption = SCENARIO,
) -> None:
    """Film every person as each kind of visitor; what is there already is kept."""
    with one_sentence_errors():
        people = _seeds(seeds)
        model = facekit.load(kit)
        with progress_bar("filming") as advance:
            clips = crowd.film_crowd(model, people, scenario, out, rate_hz=rate, progress=advance)
        Console().print(f"{out}: {len(clips)} clips of {len(people)} people")


@app.command("measure")
def measure_command(
    clips: Annotated[Path, typer.Argument(help="The folder that 'trial render' filled.")],
    out: Annotated[Path, typer.Option(help="The folder for trial.md, trial.json and trial.png.")],
    seeds: Annotated[str | None, typer.Option(help="Only these people, FIRST-LAST.")] = None,
    models: Annotated[Path | None, typer.Option(help="Another folder of models.")] = None,
    scenario: ScenarioOption = SCENARIO,
) -> None:
    """Send every clip through the pipeline and say which visitors ended on their right side."""
    with one_sentence_errors():
        people = None if seeds is None else _seeds(seeds)
        settings = load_settings()
        if models is not None:
            expression = settings.expression.model_copy(update={"models_dir": models})
            settings = settings.model_copy(update={"expression": expression})
        paths = [
            path for path in crowd.read_crowd(clips)
            if people is None or int(path.name.split("-")[0]) in people
        ]  # fmt: skip
        if not paths:
            raise OutputError(f"no clip of people {seeds} in {clips}")
        loaded = load_scenario(scenario)
        trials: list[Trial] = []
        with progress_bar("measuring") as advance:
            for path in paths:
                first = next(frames_of(path))[1]
                way = way_of(loaded.scenario, cast(VisitorKind, first.visitor))
                trials.append(run_trial(frames_of(path), loaded, settings, way))
                advance(len(trials), len(paths))
        card = ModelStore(settings.expression.models_dir).card(settings.expression.pixel_model)
        written = write_report(out, trials, _conditions(settings, card, trials))
        Console().print("\n".join(str(path) for path in written))


def _conditions(settings: Settings, card: ModelCard, trials: list[Trial]) -> dict[str, str]:
    people = sorted({one.identity for one in trials})
    return {
        "expression model": f"{card.model.name} {card.model.version}, {card.model.sha256[:12]}",
        "tracker": settings.vision.tracker,
        "people": f"seeds {people[0]} to {people[-1]}, {len(people)} of them",
        "films": "640×480, 5 frames a second unless filmed otherwise, one sample a pixel, mp4; the "
        "story keeps to the way that each kind of visitor was filmed on, decisions are noted only",
    }


def _seeds(text: str) -> range:
    first, _, last = text.partition("-")
    if not (first.isdigit() and last.isdigit() and int(first) <= int(last)):
        raise OutputError(f"--seeds must be FIRST-LAST such as 201-220, got {text!r}")
    return range(int(first), int(last) + 1)
