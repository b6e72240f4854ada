"""Decides at the edge, before a pixel is decoded, whether a frame may go on to the analysis.

Consent and pauses hold here from the moment their message is read, before the pipeline has
consumed it: data of a withdrawn consent never even wait.
"""

from dataclasses import dataclass

from attune.config import LimitSettings
from attune.errors import InputError
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import ConsentInput, FrameInput, Input, PauseInput, ResumeInput
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.timeline import NS_PER_S
from attune.vision.frame import FrameRole

_NEEDS = {
    FrameRole.WEARER: ConsentScope.ANALYSE,
    FrameRole.BYSTANDERS: ConsentScope.BYSTANDERS,
}

BURST = 4
"""Frames that may arrive at once, as they do after a hiccup of the network."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """The frame is not looked at. `rate_limited`: because it came too fast; `lacks`: because the
    consent in force does not cover it."""

    rate_limited: bool = False
    lacks: ConsentScope | None = None


class FrameGate:
    """The rules for the frames of one session."""

    def __init__(self, plan: SessionPlan, limits: LimitSettings) -> None:
        self._plan = plan
        self._limits = limits
        self._consent = plan.consent.under(plan.lock)
        self._paused = False
        self._since_ns = 0
        self._last_sequence = 0
        self._interval_ns = round(NS_PER_S / limits.max_frame_rate_hz)
        self._next_ns = 0

    @property
    def paused(self) -> bool:
        """Whether the session stands still."""
        return self._paused

    @property
    def consent(self) -> Consent:
        """The consent whose message was read last."""
        return self._consent

    def allows(self, role: FrameRole) -> bool:
        """Whether frames of that role may be analysed now."""
        return self._consent.allows(_NEEDS[role]) and not self._paused

    def allows_own(self, frame: FrameInput) -> bool:
        """Whether a frame of the server's own camera may be analysed: it names no consent, so it
        must not have been captured before the one in force, in a pause or before the session."""
        return self.allows(frame.role) and frame.time_ns >= self._since_ns

    def new_stream(self) -> None:
        """Another stream goes on with the session; its frames count from 1 again."""
        self._last_sequence = 0

    def observe(self, given: Input) -> None:
        """Take in what changes the rules: consent, pause, resume."""
        match given:
            case ConsentInput() if given.revision > self._consent.revision:
                self._consent = Consent(given.revision, given.scopes).under(self._plan.lock)
                self._since_ns = given.time_ns
            case PauseInput():
                self._paused = True
            case ResumeInput():
                self._paused = False
                self._since_ns = given.time_ns
            case _:
                pass

    def admit(self, frame: FrameInput, arrived_ns: int) -> Dropped | None:
        """None: the frame goes on. `Dropped`: it is settled here.

        Raises `InputError` for a frame that is refused.
        """
        self._check(frame)
        self._last_sequence = frame.sequence
        stale = frame.time_ns < 0 or frame.consent_revision < self._consent.revision
        if stale or self._paused:
            return Dropped()
        if self._plan.lock is not None:
            return Dropped()
        if not self._consent.allows(_NEEDS[frame.role]):
            return Dropped(lacks=_NEEDS[frame.role])
        if arrived_ns < self._next_ns - BURST * self._interval_ns:
            return Dropped(rate_limited=True)
        self._next_ns = max(self._next_ns, arrived_ns) + self._interval_ns
        return None

    def _check(self, frame: FrameInput) -> None:
        plan = self._plan
        if plan.video_source is not VideoSource.CLIENT_FRAMES:
            raise InputError(
                "frame.unexpected",
                f"the session started with video_source {plan.video_source.value}; frames need "
                "a start with VIDEO_SOURCE_CLIENT_FRAMES",
            )
        if frame.role is FrameRole.WEARER and plan.camera_kind is CameraKind.PASS_THROUGH:
            raise InputError(
                "frame.role_mismatch",
                "a pass-through camera looks away from the wearer; expected FRAME_ROLE_BYSTANDERS",
            )
        if frame.sequence <= self._last_sequence:
            raise InputError(
                "frame.sequence_backwards",
                f"expected a sequence above {self._last_sequence}, got {frame.sequence}",
            )
        if len(frame.frame.data) > self._limits.max_frame_bytes:
            raise InputError(
                "frame.too_many_bytes",
                f"expected at most {self._limits.max_frame_bytes} bytes (max_frame_bytes of "
                f"SessionReady), got {len(frame.frame.data)}; lower the quality or the size",
            )
        if frame.consent_revision > self._consent.revision:
            raise InputError(
                "frame.consent_unknown",
                f"expected the consent_revision in force, {self._consent.revision}, got "
                f"{frame.consent_revision}; send the ConsentChange first",
            )
