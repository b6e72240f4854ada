"""The contract's enumerations as words for people."""

from attune.session.vocabulary import EMOTIONS, REGIONS
from attune.v1 import session_pb2, state_pb2, story_pb2

_EMOTION_NAMES = {int(number): name for name, number in EMOTIONS.items()}
_REGION_NAMES = {int(number): name for name, number in REGIONS.items()}


def emotion_name(number: int) -> str:
    """Label of an emotion; a number from a newer server is shown as it is."""
    return _EMOTION_NAMES.get(number, f"emotion {number}")


def region_name(number: int) -> str:
    """Name of a face region as in `attune.vision.face.REGIONS`."""
    return _REGION_NAMES.get(number, f"region {number}")


def band_name(number: int) -> str:
    """How much of the face is seen."""
    return _words(state_pb2.VisibilityBand.Name(number), "VISIBILITY_BAND_")


def abstains(status: int) -> bool:
    """Whether an empathy state says that there is not enough evidence."""
    return status == state_pb2.EMPATHY_STATUS_ABSTAIN


def reason_name(number: int) -> str:
    """Why a branch was proposed."""
    return _words(story_pb2.DecisionReason.Name(number), "DECISION_REASON_")


def notice_name(number: int) -> str:
    """What a notice is about."""
    return _words(session_pb2.NoticeCode.Name(number), "NOTICE_CODE_")


def _words(name: str, prefix: str) -> str:
    return name.removeprefix(prefix).replace("_", " ").lower()
