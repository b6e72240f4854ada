"""Wires a server together, starts it, and shuts it down in order: NOT_SERVING, drain, stop."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Sequence

import grpc
import grpc.aio
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

import attune
from attune.config import LimitSettings, Settings, resource_root
from attune.errors import ConfigError
from attune.expression.store import ModelStore
from attune.privacy import PROTECTED, AudienceSettings
from attune.scenario.library import ScenarioLibrary
from attune.scenario.loading import remarks
from attune.server.auditing import Audit
from attune.server.cameras import CameraHub
from attune.server.counting import CountingInterceptor
from attune.server.frame_workers import FrameWorkers
from attune.server.registry import House, SessionRegistry
from attune.server.retention import RetentionTimer
from attune.server.security import (
    TokenFile,
    TokenInterceptor,
    check_exposure,
)
from attune.server.service import AttuneService
from attune.server.telemetry import Telemetry
from attune.server.tls import server_credentials
from attune.server.worker_process import WorkerProcess
from attune.session.store import SessionStore
from attune.v1 import attune_pb2, attune_pb2_grpc
from attune.vision.tracker import create_tracker

SERVICE = attune_pb2.DESCRIPTOR.services_by_name["AttuneService"].full_name

CLIENT_KEEPALIVE_S = 30
"""How often a client may ask whether the server is alive; the Python and the Unity client do so
every 30 s while a call runs."""

KEEPALIVE_S = 20
KEEPALIVE_TIMEOUT_S = 10

WINDOW_BYTES = 1024 * 1024
"""Flow-control window: a frame of the largest size never waits for one."""

STOP_GRACE_S = 2.0
_log = logging.getLogger(__name__)


def grpc_options(limits: LimitSettings) -> list[tuple[str, int]]:
    """Options of the gRPC server.

    What a client sends is limited; what it is sent is not, for a list of stored sessions grows from
    year to year.

    The server asks a silent client every 20 s whether it is alive and lets it go 10 s later, so a
    headset without power frees its place within half a minute. Clients may ask every 10 s or more
    seldom, even while no call runs; ours do every 30 s (see `attune.client.channel`). A client
    that asks more often than it may would be cut off (too_many_pings).
    """
    return [
        ("grpc.max_receive_message_length", limits.max_message_bytes),
        ("grpc.max_send_message_length", -1),
        ("grpc.max_concurrent_streams", 4 * limits.max_sessions + 16),
        ("grpc.keepalive_time_ms", KEEPALIVE_S * 1000),
        ("grpc.keepalive_timeout_ms", KEEPALIVE_TIMEOUT_S * 1000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.http2.min_ping_interval_without_data_ms", CLIENT_KEEPALIVE_S * 1000 // 3),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", CLIENT_KEEPALIVE_S * 1000 // 3),
        ("grpc.http2.lookahead_bytes", WINDOW_BYTES),
        ("grpc.so_reuseport", 0),
    ]


class Server:
    """One server in this process. `start` it, `stop` it once.

    Worker processes that were `started` before with the same settings are this server's from now
    on; the others are started with it.
    """

    def __init__(self, settings: Settings, started: Sequence[WorkerProcess] = ()) -> None:
        self.settings = settings
        self.port = 0
        self.metrics_port: int | None = None
        self.telemetry = Telemetry()
        folder = settings.recording.directory if settings.audit.enabled else None
        self.audit = Audit(folder, self.telemetry)
        self.retention: RetentionTimer | None = None
        self._expiring: asyncio.Task[None] | None = None
        self._health = health.aio.HealthServicer()
        self._grpc: grpc.aio.Server | None = None
        self._registry: SessionRegistry | None = None
        self._workers: FrameWorkers | None = None
        if number := settings.server.workers:
            on_lost = self.telemetry.workers_lost.inc
            self._workers = FrameWorkers(number, settings, on_lost, started=started)

    @property
    def worker_pids(self) -> tuple[int, ...]:
        """The processes that read frames for this one."""
        return () if self._workers is None else self._workers.pids

    async def start(self) -> int:
        """Check everything that can be checked, listen, and return the port.

        Raises `ConfigError`, `ModelError` or `ScenarioError`, which say what is wrong.
        """
        settings = self.settings
        try:
            check_exposure(settings.server, settings.security)
            unlocked = warn_of_unlocked(settings.audience)
            port = await self._start(settings)
        except BaseException:
            if self._workers is not None:
                await asyncio.to_thread(self._workers.close)
            await asyncio.to_thread(self.audit.close)
            raise
        if unlocked:
            self.audit.note("audiences_unlocked", audiences=list(unlocked))
        return port

    async def _start(self, settings: Settings) -> int:
        house = await asyncio.to_thread(self._furnish)
        self._registry = SessionRegistry(house)
        interceptors: list[grpc.aio.ServerInterceptor] = [CountingInterceptor(self.telemetry)]
        if settings.security.token_file is not None:
            interceptors.append(TokenInterceptor(TokenFile(settings.security.token_file)))
        server = grpc.aio.server(interceptors=interceptors, options=grpc_options(settings.limits))
        service = AttuneService(house, self._registry, _calibration_profiles())
        attune_pb2_grpc.add_AttuneServiceServicer_to_server(service, server)  # type: ignore[no-untyped-call]
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        names = (SERVICE, health.SERVICE_NAME, reflection.SERVICE_NAME)
        reflection.enable_server_reflection(names, server)
        self.port = self._listen(server)
        self.metrics_port = self.telemetry.serve(settings.server)
        await server.start()
        self._grpc = server
        for name in ("", SERVICE):
            await self._health.set(name, health_pb2.HealthCheckResponse.SERVING)
        self.audit.note(
            "server_started",
            software=attune.__version__,
            models=house.audited_models,
            audience=settings.audience.model_dump(mode="json"),
            retention=settings.retention.model_dump(mode="json"),
        )
        store = SessionStore(settings.recording.directory)
        timer = RetentionTimer(store, settings.retention, self.audit, self.telemetry)
        self.retention = timer
        self._expiring = asyncio.create_task(timer.run(), name="retention")
        _log.info("serving", extra={"port": self.port, "metrics_port": self.metrics_port})
        return self.port

    async def stop(self) -> None:
        """Say NOT_SERVING, let sessions end, finish recordings, then stop."""
        await self._health.enter_graceful_shutdown()
        if self._registry is not None:
            drain_s = self.settings.server.drain_s
            _log.info("draining", extra={"seconds": drain_s})
            await self._registry.drain(drain_s)
        if self._grpc is not None:
            await self._grpc.stop(STOP_GRACE_S)
        if self._registry is not None:
            self._registry.close()
        if self._workers is not None:
            await asyncio.to_thread(self._workers.close)
        if self._expiring is not None:
            self._expiring.cancel()
            await asyncio.wait({self._expiring})
        self.audit.note("server_stopped", software=attune.__version__)
        await asyncio.to_thread(self.audit.close)
        await asyncio.to_thread(self.telemetry.close)
        _log.info("stopped")

    def hurry(self) -> None:
        """Let `stop` wait for no session any more; everything else is ended as it should be."""
        if self._registry is not None:
            self._registry.hurry()

    def _furnish(self) -> House:
        """Read models and stories once, so that what is broken is found before a visitor comes.

        Where frames are read in this process, a first tracker is made and thrown away: loading its
        library takes a second, which the first visitor's baseline must not lose. Worker processes
        do that meanwhile for themselves.
        """
        settings = self.settings
        if self._workers is not None:
            self._workers.launch()
        models = ModelStore(settings.expression.models_dir)
        stored = models.load(settings.expression.pixel_model)
        scenarios = ScenarioLibrary.read(settings.scenario.scenarios_dir)
        for story in scenarios.all():
            for sentence in remarks(story, settings.empathy):
                _log.warning("%s", sentence)
        cameras = CameraHub(settings.cameras, settings.limits)
        if self._workers is None:
            stored.session()
            create_tracker(settings.vision).close()
        else:
            self._workers.wait()
        return House(
            settings, models, scenarios, self.telemetry, cameras, self._workers, self.audit
        )

    def _listen(self, server: grpc.aio.Server) -> int:
        where = self.settings.server
        address = f"{where.host}:{where.port}"
        credentials = server_credentials(self.settings.security)
        try:
            if credentials is None:
                return int(server.add_insecure_port(address))
            return int(server.add_secure_port(address, credentials))
        except RuntimeError as error:
            raise ConfigError(
                f"cannot listen on {address}: {error}; is another server running there? "
                "Choose another server.port, or 0 for a free one"
            ) from error


def warn_of_unlocked(audience: AudienceSettings) -> tuple[str, ...]:
    """Say which audiences that ought to be locked are not; returns them."""
    unlocked = tuple(one for one in PROTECTED if one not in audience.locked)
    if unlocked:
        _log.warning(
            "audience.locked leaves out %s: with consent, their faces are analysed; the European "
            "Union forbids inferring emotions at work and in education",
            " and ".join(unlocked),
        )
    return unlocked


def _calibration_profiles() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (resource_root() / "calibration").glob("*.toml")))


async def serve(
    settings: Settings, announce: bool = False, started: Sequence[WorkerProcess] = ()
) -> None:
    """Serve until SIGTERM or SIGINT; a second one ends sessions without waiting for them.

    `announce` prints one line of JSON with the ports to standard output when the server is ready.
    """
    server = Server(settings, started)
    await server.start()
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    impatient = asyncio.Event()

    def on_signal() -> None:
        (impatient if told.is_set() else told).set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_signal)
    if announce:
        ports = {"grpc_port": server.port, "metrics_port": server.metrics_port}
        sys.stdout.write(json.dumps(ports) + "\n")
        sys.stdout.flush()
    await told.wait()
    stopping = asyncio.create_task(server.stop())
    hurry = asyncio.create_task(impatient.wait())
    await asyncio.wait({stopping, hurry}, return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    server.hurry()
    await stopping


def run(settings: Settings, announce: bool = False, started: Sequence[WorkerProcess] = ()) -> None:
    """`serve`, blocking."""
    asyncio.run(serve(settings, announce, started))
