"""`attune demo`: a real server, a real client, a visitor and a story."""

import asyncio
import contextlib
import json
import shutil
import signal
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from attune.addresses import without_secrets
from attune.cli.demo_view import DemoView, latency_table, summary_line
from attune.client import (
    AttuneClient,
    SessionRequest,
    SessionSummary,
    monotonic_ns,
)
from attune.client.latency import LatencyLog
from attune.client.local_server import LocalServer
from attune.client.visit import Visit
from attune.config import load_settings, resource_root
from attune.errors import ConfigError
from attune.scenario.loading import LoadedScenario, load_scenario
from attune.session.consent import ConsentScope
from attune.session.report import write_report
from attune.vision.capture import CameraStream
from attune.vision.native_chatter import quiet_native_logs
from attune.vision.tracker import create_tracker

RECORDINGS = "demo-recordings"
"""Where the demo's server records, inside the output folder; emptied before and after."""

REFRESH_HZ = 8.0
LINE_INTERVAL_S = 1.0


@dataclass(frozen=True, slots=True)
class Demo:
    """What is shown, and what the visitor consents to."""

    source: str
    scenario: LoadedScenario
    consent: frozenset[ConsentScope]
    out: Path
    ui: bool
    console: Console


def demo(  # noqa: PLR0917 - each is an option of its own
    camera: Annotated[
        str | None, typer.Option(help="Your own camera: device index or stream address.")
    ] = None,
    video: Annotated[Path | None, typer.Option(help="A video file instead.")] = None,
    scenario: Annotated[Path | None, typer.Option(help="Another story (YAML).")] = None,
    out: Annotated[Path, typer.Option(help="Folder for what the demo leaves.")] = Path("demo-out"),
    ui: Annotated[bool, typer.Option(help="Live table; off: a line a second.")] = True,
    store_features: Annotated[
        bool, typer.Option("--store-features", help="Consent to storing features of your face.")
    ] = False,
    store_video: Annotated[
        bool, typer.Option("--store-video", help="Consent to storing the video itself.")
    ] = False,
) -> None:
    """Shows the whole loop: a face goes in, the story's branch comes out.

    Without options a simulated visitor wearing a headset walks through the memorial, and everything
    is stored in demo-out/. From your own camera or file nothing of the face is stored unless you
    say so.
    """
    if camera is not None and video is not None:
        raise ConfigError("give --camera or --video, not both")
    if video is not None and not video.is_file():
        raise ConfigError(f"no such video file: {video}")
    console = Console(markup=False)  # titles are an author's, names of files anybody's
    bundled = camera is None and video is None
    plan = Demo(
        source=camera or str(video or bundled_clip()),
        scenario=load_scenario(scenario or resource_root() / "examples/scenarios/memorial.yaml"),
        consent=consent_scopes(
            store_features=bundled or store_features, store_video=bundled or store_video
        ),
        out=out,
        ui=ui and console.is_terminal,
        console=console,
    )
    view, summary, latency = asyncio.run(_show(plan))
    _leave_behind(plan, view, summary, latency)  # outside the loop: Ctrl-C ends it at once


def bundled_clip() -> Path:
    """The clip of the simulated visitor that ships with the examples."""
    clips = sorted((resource_root() / "examples/visitors").glob("*.mp4"))
    if not clips:
        raise ConfigError("no clip of a simulated visitor is here; show another: --video FILE")
    return clips[0]


def consent_scopes(*, store_features: bool, store_video: bool) -> frozenset[ConsentScope]:
    """Analysing is what the visitor came for; storing is asked for each by itself."""
    wanted = {
        ConsentScope.ANALYSE: True,
        ConsentScope.STORE_FEATURES: store_features,
        ConsentScope.STORE_VIDEO: store_video,
    }
    return frozenset(scope for scope, granted in wanted.items() if granted)


async def _show(plan: Demo) -> tuple[DemoView, SessionSummary, LatencyLog]:
    """Runs the visit to its end; Ctrl-C ends it early, but in good order."""
    await asyncio.to_thread(_check_source, plan.source)
    _make_folder(plan.out)
    recordings = plan.out / RECORDINGS
    shutil.rmtree(recordings, ignore_errors=True)
    stop = asyncio.Event()
    _end_on_signals(stop)
    latency = LatencyLog()
    view = DemoView(f"{plan.scenario.scenario.id} · {Path(without_secrets(plan.source)).name}")
    plan.console.print("starting the server …")
    environment = {"ATTUNE_RECORDING__DIRECTORY": str(recordings.resolve())}
    loading = asyncio.create_task(asyncio.to_thread(_load_tracker, plan))
    async with LocalServer(plan.out / "server.log", environment) as server:
        await loading
        plan.console.print(f"the server listens on {server.target}; Ctrl-C ends the visit")
        request = SessionRequest(
            consent=plan.consent,
            participant_id="demo-visitor",
            scenario_yaml=plan.scenario.text,
        )
        async with AttuneClient(server.target) as client:
            session = await client.start(request, latency.observe)
            visit = Visit(
                session,
                plan.scenario.scenario,
                plan.source,
                lambda message: view.take(message, monotonic_ns()),
            )
            drawing = asyncio.create_task(_draw(plan, visit, view))
            try:
                summary = await visit.run(stop)
            finally:
                drawing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await drawing
    return view, summary, latency


def _end_on_signals(stop: asyncio.Event) -> None:
    """Ctrl-C, a closed terminal and a request to end all end the visit, and the server with it: it
    is in a group of its own, so nothing else would."""
    ending = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup asks
        ending.append(signal.SIGHUP)
    for one in ending:
        asyncio.get_running_loop().add_signal_handler(one, stop.set)


def _check_source(source: str) -> None:
    """A camera that cannot be opened is said before anything is started."""
    with CameraStream(source, monotonic_ns):
        pass


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"--out: expected a folder that can be written to, got {out}: {error.strerror}; "
            "name another one"
        ) from error


def _load_tracker(plan: Demo) -> None:
    """The report looks at stored frames with a tracker: its library loads while the server starts,
    instead of at the end, when somebody waits."""
    if ConsentScope.STORE_VIDEO in plan.consent:
        create_tracker(load_settings().vision).close()


async def _draw(plan: Demo, visit: Visit, view: DemoView) -> None:
    locale = plan.scenario.scenario.locales[0]
    live = Live(view.render(), console=plan.console, auto_refresh=False) if plan.ui else None
    told = 0
    with live or contextlib.nullcontext():
        while True:
            await asyncio.sleep(1 / REFRESH_HZ if live else LINE_INTERVAL_S)
            if visit.beat is not None:
                view.enter(f"{visit.beat.id}: {visit.beat.title[locale]}")
            if live is not None:
                live.update(view.render(), refresh=True)
            else:
                lines = [f"decision: {one}" for one in view.decisions[told:]]
                told = len(view.decisions)
                plan.console.print(*lines, view.line(), sep="\n", soft_wrap=True, highlight=False)


def _leave_behind(plan: Demo, view: DemoView, summary: SessionSummary, latency: LatencyLog) -> None:
    """Puts recording and latency into the output folder, prints how it went, and writes the
    report, which takes a while."""
    console = plan.console
    rows = latency.rows()
    latency_file = plan.out / "latency.json"
    latency_file.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n")
    left = [latency_file]
    stored = [
        recording.replace(plan.out / "session.mcap")
        for recording in (plan.out / RECORDINGS).rglob("*.mcap")
    ]
    shutil.rmtree(plan.out / RECORDINGS, ignore_errors=True)  # none where nothing is recorded
    console.print(f"\n{summary_line(summary)}", soft_wrap=True)
    for decision in view.decisions:
        console.print(f"  {decision}", soft_wrap=True, highlight=False)
    console.print(latency_table(rows))
    for recording in stored:
        report = plan.out / "report.html"
        with quiet_native_logs():
            write_report(recording, report, latency=rows)
        left = [recording, report, *left]
    console.print("left behind: " + ", ".join(str(path) for path in left), soft_wrap=True)
