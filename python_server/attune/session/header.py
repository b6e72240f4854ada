"""The first message of a recording: everything that the pipeline's results depend on."""

import json
import platform
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import cv2

import attune
from attune.config import Settings
from attune.errors import RecordingError
from attune.expression.store import ModelStore
from attune.session.consent import AnalysisLock
from attune.session.plan import SessionPlan
from attune.session.vocabulary import AUDIENCES
from attune.v1 import recording_pb2, session_pb2

FORMAT_VERSION = 1

PACKAGES = (
    "mcap",
    "mediapipe",
    "numpy",
    "onnxruntime",
    "opencv-contrib-python-headless",
    "protobuf",
)
"""Packages that the results or the file depend on."""

_SECTIONS = {"limits", "vision", "expression", "empathy", "audience"}
_LEFT_OUT = {"landmarker_bundle", "models_dir", "stations"}
"""Paths of this machine, and what concerns other stations."""
_INSTRUCTION_SETS = ("SSE4", "AVX", "AVX2", "FMA3", "AVX_512F", "AVX512", "NEON", "RVV")
_FEATURE_IDS = 512


def recording_header(
    plan: SessionPlan,
    start: session_pb2.SessionStart,
    *,
    settings: Settings,
    models: Iterable[session_pb2.ModelInfo],
    labels: Iterable[str],
    started_unix_ns: int,
) -> recording_pb2.RecordingHeader:
    """The header of `plan`'s recording. `start` is the client's message, whose resumption token is
    left out; it names the audience that counts, and of a locked session the consent in force, which
    is none. `labels` are the pipeline's; `started_unix_ns` is nanoseconds since 1970 UTC."""
    header = recording_pb2.RecordingHeader(
        format_version=FORMAT_VERSION,
        session_id=plan.session_id,
        start=start,
        started_unix_ns=started_unix_ns,
        software_version=attune.__version__,
        models=models,
        scenario_yaml=plan.scenario_yaml,
        follows_scenario=plan.follows_scenario,
        packages=package_versions(),
        cpu=instruction_set(),
        settings_json=settings_json(settings),
        labels=labels,
        camera_region=plan.camera_region or (),
    )
    header.start.ClearField("resumption")
    header.start.audience = AUDIENCES.number(plan.audience)
    if plan.lock is not None:
        header.start.consent.ClearField("scopes")
    return header


def models_in_use(settings: Settings, store: ModelStore) -> tuple[session_pb2.ModelInfo, ...]:
    """The models that a session under `settings` reads faces with."""
    names = (settings.expression.pixel_model, settings.expression.landmark_model)
    cards = [store.card(name).model for name in names if name is not None]
    return tuple(
        session_pb2.ModelInfo(
            name=card.name, version=card.version, sha256=card.sha256, kind=card.kind
        )
        for card in cards
    )


def camera_region(
    header: recording_pb2.RecordingHeader,
) -> tuple[float, float, float, float] | None:
    """Where the wearer stood: x, y, width, height as fractions of the image; None: anywhere."""
    if len(header.camera_region) != 4:
        return None
    x, y, width, height = header.camera_region
    return x, y, width, height


def recorded_settings(header: recording_pb2.RecordingHeader) -> dict[str, dict[str, Any]]:
    """What `settings_json` wrote: values by section and field, none of them a path and none that
    this version does not know (see `unknown_settings`).

    Raises RecordingError.
    """
    return {
        section: {name: values[name] for name in values.keys() & _fields(section) - _LEFT_OUT}
        for section, values in _sections(header).items()
    }


def recorded_lock(header: recording_pb2.RecordingHeader) -> AnalysisLock | None:
    """What locked the recorded session. Raises RecordingError."""
    if not header.start.audience:
        return None  # made before there were locks
    audience = AUDIENCES.member(header.start.audience, "audience", "start.enum_unknown")
    locked = _sections(header).get("audience", {}).get("locked", ())
    return AnalysisLock(audience, "audience.locked") if audience.value in locked else None


def unknown_settings(header: recording_pb2.RecordingHeader) -> tuple[str, ...]:
    """What the session was set to by another version and this one knows nothing of, as
    `section.field`. Raises RecordingError."""
    return tuple(
        f"{section}.{name}"
        for section, values in sorted(_sections(header).items())
        for name in sorted(values.keys() - _fields(section))
    )


def _sections(header: recording_pb2.RecordingHeader) -> dict[str, dict[str, Any]]:
    try:
        found = json.loads(header.settings_json or "{}")
        return {section: dict(found[section]) for section in _SECTIONS & found.keys()}
    except (ValueError, AttributeError, TypeError) as error:
        raise RecordingError("the settings in the recording's header cannot be read") from error


def _fields(section: str) -> set[str]:
    model: Any = Settings.model_fields[section].annotation
    return set(model.model_fields)


def package_versions() -> dict[str, str]:
    """Name and version of every package that results depend on; what is not installed is left
    out."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def instruction_set() -> str:
    """The processor's family and the vector instructions that numerical libraries choose by."""
    names = {
        cv2.getHardwareFeatureName(feature)
        for feature in range(_FEATURE_IDS)
        if cv2.checkHardwareSupport(feature)
    }
    vector = sorted(name for name in names if name.startswith(_INSTRUCTION_SETS))
    return " ".join((platform.machine(), *(name.lower() for name in vector)))


def settings_json(settings: Settings) -> str:
    """What the pipeline and its vision were set to, as JSON without paths of this machine."""
    return settings.model_dump_json(include=_SECTIONS, exclude=dict.fromkeys(_SECTIONS, _LEFT_OUT))
