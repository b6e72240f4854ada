"""Figures for operators: Prometheus metrics, and stage times for every update.

Nothing here names a visitor, a station or an address.
"""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from attune.config import ServerSettings
from attune.errors import ConfigError
from attune.server.stages import StageSums
from attune.timeline import NS_PER_S

AGE_BUCKETS_S = (0.01, 0.02, 0.033, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5)
STAGE_BUCKETS_S = (0.0005, 0.001, 0.002, 0.004, 0.007, 0.01, 0.014, 0.02, 0.033, 0.05, 0.1, 0.5)


class Telemetry:
    """Every metric of one server, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.frames_received = self._counter("frames_received", "Frames that arrived.")
        self.frames_settled = self._counter(
            "frames_settled", "Frames by what became of them.", "disposition"
        )
        self.frames_face = self._counter(
            "frames_face", "Analysed frames with and without the wearer's face.", "found"
        )
        self.frame_age = Histogram(
            "attune_frame_age_seconds",
            "Capture of a frame to the writing of its update.",
            registry=self.registry,
            buckets=AGE_BUCKETS_S,
        )
        self.stage = Histogram(
            "attune_stage_seconds",
            "Time that one stage of a frame's analysis took.",
            ("stage",),
            registry=self.registry,
            buckets=STAGE_BUCKETS_S,
        )
        self.sessions = Gauge(
            "attune_sessions", "Sessions, broken streams included.", registry=self.registry
        )
        self.sessions_ended = self._counter(
            "sessions_ended", "Sessions by the reason of their end.", "reason"
        )
        self.decisions = self._counter("decisions", "Branches proposed, by reason.", "reason")
        self.notices = self._counter("notices", "Notices sent, by code.", "code")
        self.recordings_stopped = self._counter(
            "recordings_stopped", "Recordings that stopped before their session."
        )
        self.rpcs_started = self._counter("rpcs_started", "Calls that began.", "method")
        self.rpcs_ended = self._counter(
            "rpcs_ended", "Calls that ended, by status code.", "method", "code"
        )
        self.workers_lost = self._counter(
            "workers_lost", "Worker processes that had to be replaced."
        )
        self.sessions_expired = self._counter(
            "sessions_expired", "Stored sessions deleted because their time had come."
        )
        self.retention_failures = self._counter(
            "retention_failures", "Overdue sessions that could not be deleted, or not be found."
        )
        self.retention_waits = Gauge(
            "attune_retention_waits",
            "Overdue sessions that stay for now because the clock is doubted.",
            registry=self.registry,
        )
        self.audit_lost = self._counter(
            "audit_entries_lost", "Entries of the audit log that could not be written."
        )
        self._httpd: object | None = None
        self._thread: object | None = None

    def serve(self, settings: ServerSettings) -> int | None:
        """Open the Prometheus endpoint; returns its port. Raises ConfigError where it cannot."""
        if settings.metrics_port is None:
            return None
        try:
            httpd, thread = start_http_server(
                settings.metrics_port, settings.metrics_host, self.registry
            )
        except OSError as error:
            raise ConfigError(
                f"cannot serve metrics on {settings.metrics_host}:{settings.metrics_port}: "
                f"{error.strerror}; choose another server.metrics_port, 0 for a free one or "
                '"off" for none'
            ) from error
        self._httpd, self._thread = httpd, thread
        return int(httpd.server_port)

    def close(self) -> None:
        """Close the Prometheus endpoint. Blocks for a moment."""
        if self._httpd is not None:
            self._httpd.shutdown()  # type: ignore[attr-defined]
            self._httpd.server_close()  # type: ignore[attr-defined]
            self._httpd = None

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"attune_{name}", text, labels, registry=self.registry)


class StageTimer(StageSums):
    """The stages of one live session, which the histograms count too."""

    def __init__(self, telemetry: Telemetry) -> None:
        super().__init__()
        self._telemetry = telemetry

    def note(self, name: str, spent_ns: int) -> None:
        """Take in a stage that was measured elsewhere."""
        self._telemetry.stage.labels(name).observe(spent_ns / NS_PER_S)
        super().note(name, spent_ns)
