"""The command line: render a clip, look at a contact sheet, condense the FaceKit."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer
from rich.console import Console

from . import clip, condense, facekit, performance, preview, record
from .errors import ExpressionNameError, OutputError
from .headsets import HEADSET_KINDS, HeadsetKind
from .scene import Camera, Lens
from .skin import Painter
from .terminal import one_sentence_errors, progress_bar
from .trial_commands import app as trial_app

app = typer.Typer(
    name="visitors",
    no_args_is_help=True,
    add_completion=False,
    help="Simulated visitors: rendered heads, with and without headsets, with exact truth.",
)
app.add_typer(trial_app, name="trial")
SCENARIO = Path(__file__).parents[2] / "examples" / "scenarios" / "memorial.yaml"


class Visitor(StrEnum):
    """Kinds of visitors."""

    resonant = "resonant"
    detached = "detached"
    counter = "counter"


Headset = StrEnum("Headset", {kind: kind for kind in HEADSET_KINDS})  # type: ignore[misc]

BARE = Headset("none")

KitOption = Annotated[
    Path,
    typer.Option("--facekit", help=f"The condensed head model; to get it, {facekit.HOW_TO_GET}."),
]


@app.command()
def render(  # noqa: PLR0917 - typer reads options off the parameters
    kit: KitOption,
    out: Annotated[
        Path, typer.Option(help="The clip, NAME.mp4; its truth goes to NAME.truth.csv.gz.")
    ],
    seed: Annotated[int, typer.Option(min=0, help="Person, light, room and behaviour.")] = 1,
    visitor: Annotated[Visitor, typer.Option(help="How they answer the story.")] = Visitor.resonant,
    headset: Annotated[Headset, typer.Option(help="What they wear.")] = BARE,
    scenario: Annotated[Path, typer.Option(help="The story they live through.")] = SCENARIO,
    size: Annotated[str, typer.Option(help="Pixels, WIDTHxHEIGHT.")] = "640x480",
    focal: Annotated[float | None, typer.Option(help="Focal length in pixels.")] = None,
    rate: Annotated[float, typer.Option(min=1, max=60, help="Frames per second.")] = 15.0,
    noise: Annotated[float, typer.Option(min=0, max=20, help="Sensor noise, 8-bit steps.")] = 0.6,
    skin_tone: Annotated[
        int | None, typer.Option(min=1, max=10, help="1 light to 10 dark.")
    ] = None,
) -> None:
    """Film one visitor living through a story. Equal options give equal frames."""
    with one_sentence_errors():
        model = facekit.load(kit)
        shot = clip.Shot(
            seed=seed,
            visitor=visitor.value,
            headset=cast(HeadsetKind, headset.value),
            camera=_camera(size, focal),
            lens=Lens(noise=noise, jpeg_quality=None),
            rate_hz=rate,
            skin_tone=skin_tone,
        )
        story = performance.story_for(scenario, visitor.value)
        figure = clip.cast(model, Painter(model), shot)
        with progress_bar("filming") as advance:
            truths = clip.render(model, figure, shot, story, out, progress=advance)
        size_mb = out.stat().st_size / 1e6
        Console().print(
            f"{out}: {len(truths)} frames, {size_mb:.2f} MB; truth in {clip.truth_path(out)}"
        )


@app.command("preview")
def preview_command(  # noqa: PLR0917 - as above
    kit: KitOption,
    out: Annotated[Path, typer.Option(help="The picture, NAME.png.")],
    people: Annotated[int, typer.Option(min=1, max=60, help="How many, from --seed on.")] = 10,
    seed: Annotated[int, typer.Option(min=0, help="The first person.")] = 1,
    headset: Annotated[Headset | None, typer.Option(help="One headset for all.")] = None,
    size: Annotated[int, typer.Option(min=64, max=1024, help="Pixels of each picture.")] = 192,
    weight: Annotated[
        list[str] | None, typer.Option(help="A face of your own: NAME=VALUE, may be repeated.")
    ] = None,
) -> None:
    """Draw a contact sheet: people × expressions and angles, to look at with your own eyes."""
    with one_sentence_errors():
        model = facekit.load(kit)
        kinds = HEADSET_KINDS if headset is None else (cast(HeadsetKind, headset.value),)
        weights = _weights(weight or [])
        model.weight_vector(weights)
        with progress_bar("drawing") as advance:
            sheet = preview.contact_sheet(
                model, Painter(model), range(seed, seed + people), kinds,
                size=size, weights=weights, progress=advance,
            )  # fmt: skip
        preview.write_picture(out, sheet)
        Console().print(f"{out}: {people} people")


@app.command("condense")
def condense_command(
    folder: Annotated[Path, typer.Argument(help="ICT-FaceKit's folder FaceXModel.")],
    out: Annotated[Path, typer.Argument(help="The npz file to write.")],
) -> None:
    """Make the one file that --facekit wants from the public OBJ files."""
    with one_sentence_errors(), progress_bar("reading") as advance:
        condense.condense(folder, out, advance)
        facekit.load(out)


@app.command()
def columns() -> None:
    """Say what the columns of a truth file mean."""
    for name, meaning in record.COLUMNS.items():
        typer.echo(f"{name}\n    {meaning}")


def _camera(size: str, focal: float | None) -> Camera:
    width, _, height = size.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise OutputError(f"--size must be WIDTHxHEIGHT such as 640x480, got {size!r}")
    return Camera.centered(int(width), int(height), focal)


def _weights(pairs: list[str]) -> dict[str, float]:
    weights = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            weights[name] = float(value)
        except ValueError as error:
            raise ExpressionNameError(f"--weight must be NAME=VALUE, got {pair!r}") from error
    return weights
