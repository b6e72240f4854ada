"""What may go on to the analysis."""

import pytest

from attune.config import LimitSettings
from attune.errors import InputError
from attune.server.gate import BURST, Dropped, FrameGate
from attune.session.consent import Consent, ConsentScope
from attune.session.inputs import ConsentInput, FrameInput, PauseInput, ResumeInput
from attune.session.plan import CameraKind, SessionPlan, VideoSource
from attune.timeline import NS_PER_S
from attune.vision.frame import CaptureTimeSource, EncodedFrame, Encoding, FrameRole

LIMITS = LimitSettings(max_frame_rate_hz=10.0, max_frame_bytes=1024)
BOTH = frozenset({ConsentScope.ANALYSE, ConsentScope.BYSTANDERS})


def gate(
    scopes: frozenset[ConsentScope] = BOTH,
    source: VideoSource = VideoSource.CLIENT_FRAMES,
    kind: CameraKind = CameraKind.EXTERNAL,
) -> FrameGate:
    """The gate of a session with revision 3 of its consent."""
    plan = SessionPlan("0" * 32, consent=Consent(3, scopes), video_source=source, camera_kind=kind)
    return FrameGate(plan, LIMITS)


def frame(
    sequence: int = 1,
    role: FrameRole = FrameRole.WEARER,
    revision: int = 3,
    size: int = 10,
    time_ns: int = 0,
) -> FrameInput:
    """A frame."""
    pixels = EncodedFrame(Encoding.JPEG, bytes(size), 4, 4)
    return FrameInput(time_ns, sequence, pixels, role, CaptureTimeSource.SENSOR, revision)


def test_a_frame_under_the_consent_in_force_goes_on() -> None:
    assert gate().admit(frame(), 0) is None


@pytest.mark.parametrize(
    ("scopes", "role", "lacks"),
    [
        (frozenset[ConsentScope](), FrameRole.WEARER, ConsentScope.ANALYSE),
        (frozenset({ConsentScope.BYSTANDERS}), FrameRole.WEARER, ConsentScope.ANALYSE),
        (frozenset({ConsentScope.ANALYSE}), FrameRole.BYSTANDERS, ConsentScope.BYSTANDERS),
        (frozenset({ConsentScope.STORE_VIDEO}), FrameRole.WEARER, ConsentScope.ANALYSE),
    ],
)
def test_each_role_needs_its_own_consent(
    scopes: frozenset[ConsentScope], role: FrameRole, lacks: ConsentScope
) -> None:
    assert gate(scopes).admit(frame(role=role), 0) == Dropped(lacks=lacks)


def test_a_withdrawal_holds_from_the_moment_it_is_read() -> None:
    one = gate()
    one.observe(ConsentInput(0, 4, frozenset()))

    assert one.admit(frame(revision=4), 0) == Dropped(lacks=ConsentScope.ANALYSE)


def test_a_stale_change_changes_nothing() -> None:
    one = gate()
    one.observe(ConsentInput(0, 3, frozenset()))

    assert one.admit(frame(), 0) is None


def test_frames_are_dropped_while_the_session_stands_still() -> None:
    one = gate()
    one.observe(PauseInput(0))
    assert one.admit(frame(1), 0) == Dropped()
    one.observe(ResumeInput(0))
    assert one.admit(frame(2), 0) is None


def test_a_frame_from_before_the_session_is_dropped() -> None:
    assert gate().admit(frame(time_ns=-1), 0) == Dropped()


def test_frames_faster_than_the_limit_are_dropped_after_a_burst() -> None:
    one = gate()
    verdicts = [one.admit(frame(number), 0) for number in range(1, BURST + 3)]

    assert verdicts == [None] * (BURST + 1) + [Dropped(rate_limited=True)]


def test_frames_at_the_limit_all_go_on() -> None:
    one = gate()
    verdicts = [one.admit(frame(n), n * NS_PER_S // 10) for n in range(1, 100)]

    assert verdicts == [None] * 99


@pytest.mark.parametrize(
    ("one", "given", "code"),
    [
        (gate(source=VideoSource.NONE), frame(), "frame.unexpected"),
        (gate(source=VideoSource.SERVER_CAMERA), frame(), "frame.unexpected"),
        (gate(kind=CameraKind.PASS_THROUGH), frame(), "frame.role_mismatch"),
        (gate(), frame(0), "frame.sequence_backwards"),
        (gate(), frame(size=1025), "frame.too_many_bytes"),
        (gate(), frame(revision=4), "frame.consent_unknown"),
    ],
)
def test_a_frame_that_cannot_be_is_refused(one: FrameGate, given: FrameInput, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        one.admit(given, 0)

    assert refusal.value.code == code


def test_another_stream_counts_its_frames_anew() -> None:
    one = gate()
    one.admit(frame(9), 0)
    one.new_stream()

    assert one.admit(frame(1), 0) is None
