"""Settings by file, environment and flag; one section a room.

Order of precedence: flag over environment (`ATTUNE_SERVER__PORT=…`) over file (`--config`,
`ATTUNE_CONFIG`, `./attune.toml`) over the defaults written here.
"""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


def resource_root() -> Path:
    """Folder that holds `models/`, `calibration/` and `examples/`: the checkout."""
    return Path(__file__).resolve().parents[2]


class Section(BaseModel):
    """A group of settings; unknown names are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(Section):
    """Where and how the server listens."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(50051, ge=0, le=65535, description="gRPC port; 0 takes a free one.")
    metrics_host: str = Field("127.0.0.1", description="Address of the Prometheus endpoint.")
    metrics_port: int | None = Field(
        9464, ge=0, le=65535, description="Prometheus port; 0 a free one; none: off."
    )
    workers: int = Field(2, ge=1, le=64, description="Threads that analyse frames.")
    drain_s: float = Field(5.0, ge=0, description="Time sessions get to end on shutdown.")


class SecuritySettings(Section):
    """TLS, client certificates and tokens, all by file path."""

    tls_certificate: Path | None = Field(None, description="PEM chain of the server.")
    tls_key: Path | None = Field(None, description="PEM private key of the server.")
    client_ca: Path | None = Field(
        None, description="PEM bundle; given: clients need a certificate (mTLS)."
    )
    token_file: Path | None = Field(None, description="File with one bearer token a line.")
    insecure: bool = Field(False, description="Listen beyond loopback without TLS and token.")


class LimitSettings(Section):
    """What one client may ask of the server."""

    max_sessions: int = Field(6, ge=1)
    max_frame_bytes: int = Field(262_144, ge=1024)
    max_message_bytes: int = Field(1_048_576, ge=4096)
    max_frames_in_flight: int = Field(2, ge=1, le=16)
    max_frame_pixels: int = Field(4_194_304, ge=2304, description="Width × height of one frame.")
    max_frame_rate_hz: float = Field(60.0, gt=0, description="Faster frames are dropped.")
    resume_window_s: float = Field(30.0, ge=0)
    write_timeout_s: float = Field(5.0, gt=0)
    ordered_lane: int = Field(256, ge=8)
    start_timeout_s: float = Field(10.0, gt=0, description="Time for the first message.")
    idle_timeout_s: float = Field(60.0, gt=0, description="Silence after which a stream is ended.")


class CameraSettings(Section):
    """One camera that the server itself may open; `stations` maps headset places to it."""

    source: str = Field(description="Device index, RTSP/HTTP URL or file path.")
    kind: Literal["external", "pass_through"] = "external"
    stations: tuple[str, ...] = Field((), description="Stations that this camera watches.")
    shared: bool = Field(False, description="Whether several stations may use it at once.")
    region: tuple[float, float, float, float] | None = Field(
        None, description="Where the wearer stands: x, y, width, height as fractions of the image."
    )
    rate_hz: float = Field(15.0, gt=0, le=120)
    loop: bool = Field(False, description="Play a file again from its start.")


class VisionSettings(Section):
    """How faces are found and read."""

    tracker: Literal["mediapipe-mesh", "mediapipe-tasks"] = "mediapipe-mesh"
    landmarker_bundle: Path | None = Field(
        None, description="face_landmarker.task for the mediapipe-tasks tracker."
    )
    max_faces: int = Field(2, ge=1, le=8, description="Faces looked for in a wearer's camera.")
    min_detection_confidence: float = Field(0.3, ge=0, le=1)
    min_tracking_confidence: float = Field(0.3, ge=0, le=1)
    lower_face_only: bool = Field(False, description="Never use anything above the nose.")


class ExpressionSettings(Section):
    """Which models read the face."""

    models_dir: Path = Field(default_factory=lambda: resource_root() / "models")
    pixel_model: str = "headset-aware-fer"


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
    bootstrap_draws: int = Field(200, ge=0)


class ScenarioSettings(Section):
    """Where authored stories lie."""

    scenarios_dir: Path = Field(default_factory=lambda: resource_root() / "examples" / "scenarios")


class RecordingSettings(Section):
    """What is written, and when it stops."""

    enabled: bool = True
    directory: Path = Field(default_factory=lambda: Path.home() / ".local/share/attune/sessions")
    sync_interval_s: float = Field(1.0, gt=0)
    free_space_floor_mb: int = Field(500, ge=0)
    queue_length: int = Field(1024, ge=16)


class Settings(BaseSettings):
    """All settings of the server and of offline replay."""

    model_config = SettingsConfigDict(
        env_prefix="ATTUNE_", env_nested_delimiter="__", extra="forbid", frozen=True
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


def load_settings(config: Path | None = None, **overrides: Any) -> Settings:
    """Settings from file, environment and `overrides` (the flags)."""
    raise NotImplementedError
