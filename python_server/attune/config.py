"""Settings by file, environment and flag; one section a room.

Order of precedence: flag over environment (`ATTUNE_SERVER__PORT=…`) over file (`--config`,
`ATTUNE_CONFIG`, `./attune.toml`) over the defaults written here.
"""

import difflib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from attune.addresses import without_secrets
from attune.errors import ConfigError
from attune.privacy import AudienceSettings, AuditSettings, RetentionSettings
from attune.section import HomePath, OptionalName, OptionalPort, Section

CONFIG_VARIABLE = "ATTUNE_CONFIG"
DEFAULT_FILE = Path("attune.toml")
_ENVELOPE_BYTES = 1024
"""What a frame's message holds beside its pixels, at most."""

_Region = tuple[float, float, float, float]

_PREFIX = "ATTUNE_"
_NESTED = "__"


def resource_root() -> Path:
    """Folder that holds `models/`, `calibration/` and `examples/`: the checkout."""
    return Path(__file__).resolve().parents[2]


class ServerSettings(Section):
    """Where and how the server listens."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(50051, ge=0, le=65535, description="gRPC port; 0 takes a free one.")
    metrics_host: str = Field("127.0.0.1", description="Address of the Prometheus endpoint.")
    metrics_port: OptionalPort = Field(
        9464, description='Prometheus port; 0 takes a free one; "off": no endpoint.'
    )
    workers: int = Field(
        2,
        ge=0,
        le=64,
        description="Processes that analyse frames; 0: the server's own, enough for two visitors.",
    )
    drain_s: float = Field(5.0, ge=0, description="Time sessions get to end on shutdown.")


class SecuritySettings(Section):
    """TLS, client certificates and tokens, all by file path."""

    tls_certificate: HomePath | None = Field(None, description="PEM chain of the server.")
    tls_key: HomePath | None = Field(None, description="PEM private key of the server.")
    client_ca: HomePath | None = Field(
        None, description="PEM bundle; given: clients need a certificate (mTLS)."
    )
    token_file: HomePath | None = Field(None, description="File with one bearer token a line.")
    insecure: bool = Field(False, description="Listen beyond loopback without TLS and token.")

    @model_validator(mode="after")
    def _pairs_are_whole(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            given, lacks = "tls_certificate", "tls_key"
            if self.tls_certificate is None:
                given, lacks = lacks, given
            raise ValueError(f"{given} is given without {lacks}; TLS needs both")
        if self.client_ca is not None and self.tls_certificate is None:
            raise ValueError("client_ca (mTLS) needs tls_certificate and tls_key as well")
        return self


class LimitSettings(Section):
    """What one client may ask of the server."""

    max_sessions: int = Field(6, ge=1, description="Sessions at once, broken streams included.")
    max_frame_bytes: int = Field(262_144, ge=1024, description="Largest data of one frame.")
    max_message_bytes: int = Field(1_048_576, ge=4096, description="Largest message.")
    max_frames_in_flight: int = Field(
        2, ge=1, le=16, description="Frames a client may have sent without acknowledgement."
    )
    max_frame_pixels: int = Field(4_194_304, ge=2304, description="Width × height of one frame.")
    max_frame_rate_hz: float = Field(60.0, gt=0, description="Faster frames are dropped.")
    max_control_rate_hz: float = Field(
        500.0,
        gt=0,
        description="A client that says more than this, frames aside, is read more slowly.",
    )
    resume_window_s: float = Field(
        30.0,
        ge=0,
        le=80,  # later, the client's events since the break are too old to be believed
        description="Time to go on with a broken stream or to end a pause, 80 at most.",
    )
    write_timeout_s: float = Field(
        5.0, gt=0, description="A client that takes longer to accept one message is let go."
    )
    ordered_lane: int = Field(
        256, ge=8, description="Messages that may wait for a client before it is let go."
    )
    start_timeout_s: float = Field(10.0, gt=0, description="Time for the first message.")
    idle_timeout_s: float = Field(60.0, gt=0, description="Silence after which a stream is ended.")

    @model_validator(mode="after")
    def _a_frame_fits_its_message(self) -> Self:
        if self.max_message_bytes < self.max_frame_bytes + _ENVELOPE_BYTES:
            raise ValueError(
                f"max_message_bytes ({self.max_message_bytes}) must exceed max_frame_bytes "
                f"({self.max_frame_bytes}) by {_ENVELOPE_BYTES}, or no frame of that size arrives"
            )
        return self


class CameraSettings(Section):
    """One camera that the server itself may open; `stations` maps headset places to it."""

    source: Annotated[str, AfterValidator(os.path.expanduser)] = Field(
        description="Device index, RTSP/HTTP URL or file path."
    )
    kind: Literal["external", "pass_through"] = "external"
    stations: tuple[str, ...] = Field((), description="Stations that this camera watches.")
    shared: bool = Field(False, description="Whether several stations may use it at once.")
    region: _Region | None = Field(
        None, description="Where the wearer stands: x, y, width, height as fractions of the image."
    )
    rate_hz: float = Field(15.0, gt=0, le=120)
    loop: bool = Field(False, description="Play a file again from its start.")

    @field_validator("region")
    @classmethod
    def _region_lies_inside(cls, region: _Region | None) -> _Region | None:
        if region is not None:
            x, y, width, height = region
            inside = x >= 0 and y >= 0 and width > 0 and height > 0
            if not inside or x + width > 1.0001 or y + height > 1.0001:
                raise ValueError(
                    "expected x, y, width, height as fractions inside the image, got "
                    f"{x:g}, {y:g}, {width:g}, {height:g}"
                )
        return region


class VisionSettings(Section):
    """How faces are found and read."""

    tracker: Literal["mediapipe-mesh", "mediapipe-tasks"] = "mediapipe-mesh"
    landmarker_bundle: HomePath | None = Field(
        None, description="face_landmarker.task for the mediapipe-tasks tracker."
    )
    max_faces: int = Field(2, ge=1, le=8, description="Faces looked for in a wearer's camera.")
    min_detection_confidence: float = Field(0.3, ge=0, le=1)
    min_tracking_confidence: float = Field(0.3, ge=0, le=1)
    lower_face_only: bool = Field(False, description="Never use anything above the nose.")


class ExpressionSettings(Section):
    """Which models read the face."""

    models_dir: HomePath = Field(default_factory=lambda: resource_root() / "models")
    pixel_model: str = "headset-aware-fer"
    landmark_model: OptionalName = Field(
        None, description='A landmark model that is fused with the pixel model; "off": none.'
    )
    fusion: Literal["fixed", "adaptive"] = Field(
        "fixed", description="Whether the weight follows how often the expression changes."
    )
    pixel_weight: float = Field(
        0.8, ge=0, le=1, description="The pixel model's share, at the start if adaptive."
    )


class EmpathySettings(Section):
    """Constants of the Expressive Resonance Index; names and defaults as in its definition."""

    window_s: float = Field(2.0, gt=0)
    lag_s: float = Field(0.5, ge=0)
    half_life_s: float = Field(20.0, gt=0)
    prior_weight: float = Field(3.0, gt=0, description="w₀")
    abstain_below: float = Field(0.25, ge=0, le=1)
    min_target_norm: float = Field(0.15, ge=0)
    baseline_s: float = Field(30.0, gt=0)
    baseline_min_s: float = Field(10.0, gt=0)

    @model_validator(mode="after")
    def _an_exposure_is_long_enough(self) -> Self:
        if self.baseline_min_s > self.baseline_s:
            raise ValueError(
                f"baseline_min_s ({self.baseline_min_s:g}) must not exceed baseline_s "
                f"({self.baseline_s:g}), or no baseline is ever learned"
            )
        return self


class ScenarioSettings(Section):
    """Where authored stories lie."""

    scenarios_dir: HomePath = Field(
        default_factory=lambda: resource_root() / "examples" / "scenarios"
    )


class RecordingSettings(Section):
    """What is written, and when it stops."""

    enabled: bool = True
    directory: HomePath = Field(
        default_factory=lambda: Path.home() / ".local/share/attune/sessions"
    )
    sync_interval_s: float = Field(1.0, gt=0)
    free_space_floor_mb: int = Field(500, ge=0)
    queue_length: int = Field(1024, ge=16)


class Settings(BaseSettings):
    """All settings of the server and of offline replay."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_nested_delimiter=_NESTED, extra="forbid", frozen=True
    )

    server: ServerSettings = Field(default_factory=ServerSettings)
    security: SecuritySettings = Field(default_factory=SecuritySettings)
    limits: LimitSettings = Field(default_factory=LimitSettings)
    cameras: dict[str, CameraSettings] = Field(default_factory=dict)
    vision: VisionSettings = Field(default_factory=VisionSettings)
    expression: ExpressionSettings = Field(default_factory=ExpressionSettings)
    empathy: EmpathySettings = Field(default_factory=EmpathySettings)
    scenario: ScenarioSettings = Field(default_factory=ScenarioSettings)
    recording: RecordingSettings = Field(default_factory=RecordingSettings)
    audience: AudienceSettings = Field(default_factory=AudienceSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    audit: AuditSettings = Field(default_factory=AuditSettings)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # `read_settings` merges the sources itself: only so it can say where each value came from.
        return (init_settings,)


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Settings from file, environment and `overrides` (the flags), for example
    ``load_settings(server={"port": 0})``. Raises `ConfigError`."""
    return read_settings(config, overrides).settings


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings, and for every value that is not a default (``section.field``) where it came
    from."""

    settings: Settings
    sources: Mapping[str, str]


def read_settings(
    config: Path | None = None, overrides: Mapping[str, Any] | None = None
) -> LoadedSettings:
    """Settings with the source of each value.

    `config` is the file to read; without it the one that `ATTUNE_CONFIG` names, or `./attune.toml`
    where there is one. Raises `ConfigError`, which names source and field of every mistake.
    """
    layers: list[tuple[str, Mapping[str, Any]]] = []
    path = config_file(config)
    if path is not None:
        layers.append((str(path), _read_file(path)))
    layers.append(("environment", _read_environment()))
    layers.append(("flag", overrides or {}))
    merged: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name, values in layers:
        for keys, value in _leaves(values):
            _put(merged, keys, value)
            sources[".".join(keys)] = name
    try:
        return LoadedSettings(Settings(**merged), sources)
    except ValidationError as error:
        raise ConfigError(_sentences(error, sources)) from error


def config_file(given: Path | None = None) -> Path | None:
    """The file that settings are read from, or None. Raises ConfigError where it is missing."""
    named = given or (Path(os.environ[CONFIG_VARIABLE]) if CONFIG_VARIABLE in os.environ else None)
    if named is None:
        return DEFAULT_FILE if DEFAULT_FILE.is_file() else None
    if not named.is_file():
        by = "--config" if given is not None else CONFIG_VARIABLE
        raise ConfigError(f"{by} names {named}, which is not a file")
    return named


def assignments(pairs: tuple[str, ...] | list[str]) -> dict[str, Any]:
    """``["server.port=0"]`` as nested overrides. Raises `ConfigError`."""
    nested: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        keys = name.strip().split(".")
        if not equals or len(keys) < 2 or not all(keys):
            raise ConfigError(f"expected section.field=value, got {pair!r}")
        _put(nested, keys, _value(keys, value.strip()))
    return nested


def _value(keys: list[str], text: str) -> Any:
    """Text as JSON where it is a list, as environment variables are read; else as it stands."""
    if not text.startswith("["):
        return text
    try:
        return TypeAdapter(list[Any]).validate_json(text)
    except ValidationError as error:
        raise ConfigError(f"{'.'.join(keys)}: expected a JSON list, got {text!r}") from error


def _read_file(path: Path) -> Mapping[str, Any]:
    try:
        return TomlConfigSettingsSource(Settings, toml_file=path)()
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except ValueError as error:  # TOMLDecodeError and UnicodeDecodeError
        raise ConfigError(f"{path} is not TOML: {error}") from error


def _read_environment() -> Mapping[str, Any]:
    for name in os.environ:
        section = name.removeprefix(_PREFIX).split(_NESTED)[0].lower()
        if name.startswith(_PREFIX) and _NESTED in name and section not in Settings.model_fields:
            raise ConfigError(
                f"environment: {name} names section {section!r}, which does not exist"
                + _suggestion(section, Settings.model_fields)
            )
    try:
        return EnvSettingsSource(Settings)()
    except SettingsError as error:
        raise ConfigError(f"environment: {error}: {error.__cause__}") from error


def _leaves(
    values: Mapping[str, Any], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _put(tree: dict[str, Any], keys: tuple[str, ...] | list[str], value: Any) -> None:
    *branches, leaf = keys
    for branch in branches:
        below = tree.setdefault(branch, {})
        if not isinstance(below, dict):
            raise ConfigError(f"{'.'.join(keys)}: {branch} is a value elsewhere, not a section")
        tree = below
    tree[leaf] = value


def _sentences(error: ValidationError, sources: Mapping[str, str]) -> str:
    lines = []
    for one in error.errors():
        keys = [str(key) for key in one["loc"]]
        name = ".".join(keys)
        source = next(
            (where for field, where in sources.items() if f"{field}.".startswith(f"{name}.")),
            sources.get(".".join(keys[:-1]), "settings"),
        )
        if one["type"] == "extra_forbidden":
            what = "no such setting" + _suggestion(keys[-1], _fields(keys[:-1]))
        else:
            given = one["input"]
            shown = without_secrets(given) if isinstance(given, str) else given
            what = one["msg"] if one["type"] == "missing" else f"{one['msg']}, got {shown!r}"
            if one["type"] == "value_error":
                what = one["msg"].removeprefix("Value error, ")
        lines.append(f"{source}: {name}: {what}")
    return "\n".join(lines)


def _fields(keys: list[str]) -> Mapping[str, Any]:
    fields: Mapping[str, Any] = Settings.model_fields
    if not keys:
        return fields
    if keys[0] == "cameras":
        return CameraSettings.model_fields
    section = fields[keys[0]].annotation if keys[0] in fields else None
    return getattr(section, "model_fields", {})


def _suggestion(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; there are: {', '.join(known)}" if known else ""
