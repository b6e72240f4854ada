"""`attune serve`: run the server."""

from pathlib import Path
from typing import Annotated, Any

import typer

from attune.config import assignments, load_settings
from attune.server.loading import loading
from attune.server.worker_process import WorkerProcess

_SETTINGS = "Settings"
_SECURITY = "Security"


def serve(  # noqa: PLR0917 - every option is an argument
    config: Annotated[
        Path | None, typer.Option(help="Settings file (TOML).", rich_help_panel=_SETTINGS)
    ] = None,
    assign: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="SECTION.FIELD=VALUE",
            help="Any other setting; `attune config show` lists them.",
            rich_help_panel=_SETTINGS,
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="gRPC port; 0 takes a free one.")] = None,
    metrics_port: Annotated[
        str | None, typer.Option(help="Prometheus port; 0 takes a free one; off: none.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes that analyse frames; 0: the server's own process."),
    ] = None,
    recordings: Annotated[
        Path | None, typer.Option(help="Folder of recorded sessions.", metavar="FOLDER")
    ] = None,
    record: Annotated[
        bool | None, typer.Option("--record/--no-record", help="Record sessions at all.")
    ] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="PEM chain of the server.", rich_help_panel=_SECURITY)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="PEM key of the server.", rich_help_panel=_SECURITY)
    ] = None,
    client_ca: Annotated[
        Path | None,
        typer.Option(help="PEM bundle; clients need a certificate.", rich_help_panel=_SECURITY),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(help="File with one bearer token a line.", rich_help_panel=_SECURITY),
    ] = None,
    insecure: Annotated[
        bool | None,
        typer.Option(
            "--insecure",
            help="Listen beyond loopback without TLS and token.",
            rich_help_panel=_SECURITY,
        ),
    ] = None,
    announce: Annotated[
        bool, typer.Option("--announce", help="Print the ports as JSON when ready.")
    ] = False,
    plain_logs: Annotated[
        bool, typer.Option("--plain-logs", help="Logs for people instead of JSON lines.")
    ] = False,
) -> None:
    """Run the server until it is told to stop (SIGTERM, Ctrl-C); a second signal hurries it.

    Settings come from flags, then ATTUNE_… variables (ATTUNE_SERVER__PORT=50052), then the settings
    file (--config, else the one that ATTUNE_CONFIG names, else ./attune.toml), then defaults.
    """
    overrides = assignments(assign or [])
    flags: dict[str, dict[str, Any]] = {
        "server": {
            "host": host,
            "port": port,
            "metrics_port": metrics_port,
            "workers": workers,
        },
        "security": {
            "tls_certificate": tls_certificate,
            "tls_key": tls_key,
            "client_ca": client_ca,
            "token_file": token_file,
            "insecure": insecure,
        },
        "recording": {"directory": recordings, "enabled": record},
    }
    for section, values in flags.items():
        given = {name: value for name, value in values.items() if value is not None}
        if given:
            overrides.setdefault(section, {}).update(given)
    settings = load_settings(config, **overrides)

    # A start is mostly loading of libraries: workers load theirs while this process loads its own.
    started = [WorkerProcess(settings) for _ in range(settings.server.workers)]
    with loading():
        from attune.server.app import run
        from attune.server.logs import log_to_stderr

    log_to_stderr(as_json=not plain_logs)
    run(settings, announce, started)
