"""Checks everything that a visit needs on this machine, before a visitor stands there.

Each check answers with what was found, and where it failed with what to do about it.
"""

import os
import platform
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic_ns, perf_counter

import numpy as np

from attune.addresses import without_secrets
from attune.config import Settings
from attune.errors import AttuneError, CameraError, ConfigError
from attune.expression.recognizer import ExpressionRecognizer
from attune.expression.store import ModelStore
from attune.privacy import PROTECTED
from attune.scenario.library import ScenarioLibrary
from attune.scenario.loading import remarks
from attune.server.certificates import expiry
from attune.server.security import TokenFile, check_exposure
from attune.server.tls import server_credentials
from attune.session.audit import verify
from attune.session.retention import overdue
from attune.session.store import SessionStore
from attune.session.trusted_clock import TrustedClock, moment
from attune.vision.capture import CameraStream
from attune.vision.crop import CROP_PX
from attune.vision.face import VisibilityBand
from attune.vision.frame import Image
from attune.vision.native_chatter import quiet_native_logs
from attune.vision.tracker import TRACKERS

FEATURE = "avx2"
CAMERA_TIMEOUT_S = 5.0
EXPIRES_SOON = timedelta(days=14)
SOFTWARE_DATE = datetime(2026, 1, 1, tzinfo=UTC)
CLOCK_SLACK = timedelta(minutes=1)
BYTES_PER_MB = 1_000_000
_SET_CLOCK = "set the clock: sudo timedatectl set-ntp true"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one check; `remedy` says what to do where it failed."""

    name: str
    passed: bool
    detail: str
    remedy: str = ""


def diagnose(settings: Settings, cameras: tuple[str, ...] = ()) -> Iterator[Finding]:
    """Every check in turn; `cameras` are sources to open beside those of the settings."""
    checks: dict[str, Callable[[Settings], Finding]] = {
        "processor": _processor,
        "clock": _clock,
        "models": _models,
        "tracker": _tracker,
        "scenarios": _scenarios,
        "port": _port,
        "certificates": _certificates,
        "token": _token,
        "disk": _disk,
        "audience": _audience,
        "retention": _retention,
        "audit log": _audit,
    }
    for name, check in checks.items():
        yield _guarded(name, lambda check=check: check(settings))  # type: ignore[misc]
    sources = {name: camera.source for name, camera in settings.cameras.items()}
    sources |= {without_secrets(source): source for source in cameras}
    for name, source in sources.items():
        yield _guarded(f"camera {name}", lambda n=name, s=source: _camera(n, s))  # type: ignore[misc]
    if not sources:
        yield Finding("camera", True, "none in the settings: clients send their frames")


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    """A check that raises has failed, and the error's sentence is its finding."""
    try:
        return check()
    except AttuneError as error:
        return Finding(name, False, str(error), _REMEDIES.get(name.split(maxsplit=1)[0], ""))


_REMEDIES = {
    "models": "restore the folder models/ (git checkout models), or set expression.models_dir",
    "tracker": "make the environment again: rm -r .venv && make environment",
    "scenarios": "attune scenario validate FILE says where; or set scenario.scenarios_dir",
    "token": "write one token a line into it: openssl rand -base64 32",
    "certificates": "set security.tls_certificate and security.tls_key to a valid pair",
    "camera": "check its cable, and that no other program uses it",
}


def _processor(settings: Settings) -> Finding:
    cores = os.cpu_count() or 1
    detail = f"{cores} cores, {platform.machine()}"
    info = Path("/proc/cpuinfo")
    if platform.machine() == "x86_64" and info.exists():
        if FEATURE not in info.read_text().split():
            return Finding(
                "processor",
                False,
                f"{detail}, without {FEATURE}",
                f"use a machine with {FEATURE}; models are too slow for live use without",
            )
        detail += f", {FEATURE}"
    return Finding("processor", True, detail)


def _clock(settings: Settings) -> Finding:
    resolution_s = time.get_clock_info("monotonic").resolution
    now = datetime.now(UTC)
    if now < SOFTWARE_DATE:
        return Finding(
            "clock",
            False,
            f"it is {now:%Y-%m-%d %H:%M} UTC here, which is in the past",
            _SET_CLOCK,
        )
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC, steps of {resolution_s * 1e9:.0f} ns")


def _models(settings: Settings) -> Finding:
    store = ModelStore(settings.expression.models_dir)
    recognizer = ExpressionRecognizer.open(settings.expression, store)
    gray = np.zeros((CROP_PX, CROP_PX), np.uint8)
    started = perf_counter()
    recognizer.model.predict(gray, np.ones(gray.shape, np.float32), VisibilityBand.FULL)
    took_ms = (perf_counter() - started) * 1e3
    name = recognizer.name
    return Finding("models", True, f"{name} is what its card says; {took_ms:.1f} ms a face")


def _tracker(settings: Settings) -> Finding:
    name = settings.vision.tracker
    tracker = TRACKERS[name](settings.vision)
    try:
        blank = Image(np.zeros((480, 640, 3), np.uint8))
        started = perf_counter()
        with quiet_native_logs():
            found = tracker.track(blank, 0)
        took_ms = (perf_counter() - started) * 1e3
    finally:
        tracker.close()
    return Finding(
        "tracker", True, f"{name} runs: {len(found)} faces in a black image, {took_ms:.0f} ms"
    )


def _scenarios(settings: Settings) -> Finding:
    known = ScenarioLibrary.read(settings.scenario.scenarios_dir).all()
    names = ", ".join(one.scenario.id for one in known) or "none"
    detail = f"{names} in {settings.scenario.scenarios_dir}"
    remarked = [one.scenario.id for one in known if remarks(one, settings.empathy)]
    if remarked:
        detail += f"; attune scenario validate has findings for {', '.join(remarked)}"
    return Finding("scenarios", True, detail)


def _port(settings: Settings) -> Finding:
    server = settings.server
    check_exposure(server, settings.security)
    try:
        with socket.create_server((server.host, server.port)):
            pass
    except OSError as error:
        return Finding(
            "port",
            False,
            f"{server.host}:{server.port} cannot be taken: {error.strerror}",
            "stop what listens there, or choose another: ATTUNE_SERVER__PORT=50052",
        )
    return Finding("port", True, f"{server.host}:{server.port} is free")


def _certificates(settings: Settings) -> Finding:
    security = settings.security
    if security.tls_certificate is None or security.tls_key is None:
        if (security.tls_certificate is None) != (security.tls_key is None):
            raise ConfigError("certificate and key go together; only one is set")
        return Finding("certificates", True, "none: plain connections")
    until = expiry(security.tls_certificate, security.tls_key)
    server_credentials(security)
    detail = f"{security.tls_certificate} is valid until {until:%Y-%m-%d}"
    if until - datetime.now(UTC) < EXPIRES_SOON:
        return Finding("certificates", False, detail, "renew it now: it expires within two weeks")
    return Finding("certificates", True, detail)


def _token(settings: Settings) -> Finding:
    path = settings.security.token_file
    if path is None:
        return Finding("token", True, "none: whoever reaches the port may connect")
    count = TokenFile(path).count
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Finding(
            "token", False, f"{path} can be read by others ({mode:o})", f"chmod 600 {path}"
        )
    return Finding("token", True, f"{count} in {path}")


def _disk(settings: Settings) -> Finding:
    wanted = settings.recording.directory
    folder = next(one for one in (wanted, *wanted.parents) if one.exists())
    free_mb = shutil.disk_usage(folder).free // BYTES_PER_MB
    floor_mb = settings.recording.free_space_floor_mb
    detail = f"{free_mb:,} MB free for recordings in {wanted}"
    if not os.access(folder, os.W_OK):
        return Finding(
            "disk",
            False,
            f"{folder} cannot be written to",
            "set recording.directory to a folder that this user owns",
        )
    if free_mb < 2 * floor_mb:
        return Finding(
            "disk",
            False,
            f"{detail}, and recording stops at {floor_mb:,} MB",
            "free some space, delete old sessions (attune sessions), or set recording.directory",
        )
    return Finding("disk", True, detail)


def _audience(settings: Settings) -> Finding:
    audience = settings.audience
    unlocked = [one for one in PROTECTED if one not in audience.locked]
    detail = f"no face is read in sessions of {' and '.join(audience.locked) or 'nobody'}"
    detail += "".join(f"; {name} counts as {one}" for name, one in audience.stations.items())
    if unlocked:
        detail += f"; those of {' and '.join(unlocked)} are NOT locked (audience.locked)"
    return Finding("audience", True, detail)


def _retention(settings: Settings) -> Finding:
    kept = settings.retention
    held = {"video": kept.video_days, "features": kept.features_days, "events": kept.events_days}
    days = [f"{name} {'for good' if n is None else f'{n:g} days'}" for name, n in held.items()]
    detail = f"stored sessions are kept: {', '.join(days)}"
    folder, now = settings.recording.directory, time.time_ns()
    doubt = TrustedClock(folder).doubt(now)
    if doubt is None:
        return Finding("retention", True, detail)
    due = len(overdue(SessionStore(folder).everything(), now, kept))
    return Finding(
        "retention",
        not due,
        f"{detail}; {due} are overdue, and stay until {moment(doubt.until_unix_ns)}, for the clock "
        f"is far from {moment(doubt.believed_unix_ns)}, when it was believed last",
        f"is the clock wrong? {_SET_CLOCK}; is it right? attune sessions expire",
    )


def _audit(settings: Settings) -> Finding:
    folder = settings.recording.directory
    if not settings.audit.enabled:
        return Finding("audit log", True, "switched off (audit.enabled)")
    report = verify(folder)
    if report.findings:
        return Finding(
            "audit log",
            False,
            f"{len(report.findings)} of its lines were changed or are missing, in {folder}",
            "attune sessions audit says which; keep the files, and ask who can write there",
        )
    newest = report.entries[-1].time if report.entries else ""
    if newest > (datetime.now(UTC) + CLOCK_SLACK).isoformat():
        return Finding(
            "audit log",
            False,
            f"its newest line is of {newest}, still to come: the clock is wrong, or was",
            f"{_SET_CLOCK}; sessions are deleted by it",
        )
    return Finding("audit log", True, f"{len(report.entries)} lines, whole, in {folder}")


def _camera(name: str, source: str) -> Finding:
    with CameraStream(source, monotonic_ns) as camera:
        frame = camera.read(CAMERA_TIMEOUT_S)
    if frame is None:
        raise CameraError(f"{camera.name} ended without a frame")
    size = f"{frame.image.width}×{frame.image.height}"
    return Finding(f"camera {name}", True, f"{camera.name} delivers {size}")
