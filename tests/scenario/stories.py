"""Small stories and states for tests."""

from dataclasses import replace

from attune.empathy.state import Component, EmpathyState, EriStatus
from attune.scenario.schema import Scenario

S = 1_000_000_000


def condition(direction="above", enter=60.0, leave=55.0, *, dwell_s=0.5):
    """A condition as an author writes it."""
    return {
        "signal": "eri",
        "direction": direction,
        "enter": enter,
        "exit": leave,
        "dwell_s": dwell_s,
        "min_confidence": 0.25,
    }


INTENSITIES = {"hard": 0.9, "soft": 0.1, "plain": 0.4}


def crossroads(cool_down_s=0.0, intensities=INTENSITIES, default="plain", **rule):
    """A story of one choice, due at 2 s and settled by 6 s at the latest: hard, soft or plain."""
    return Scenario.model_validate(
        {
            "id": "crossroads",
            "version": "1.0.0",
            "title": {"en": "Crossroads"},
            "locales": ("en",),
            "entry": "start",
            "stimuli": (),
            "beats": (
                {
                    "id": "start",
                    "title": {"en": "Start"},
                    "duration_s": 8.0,
                    "choice": {
                        "id": "way",
                        "due_at_s": 2.0,
                        "deadline_s": 6.0,
                        "default": default,
                        "cool_down_s": cool_down_s,
                        "branches": (
                            {
                                "id": "hard",
                                "to": "end",
                                "intensity": intensities["hard"],
                                "condition": condition(**rule),
                            },
                            {
                                "id": "soft",
                                "to": "end",
                                "intensity": intensities["soft"],
                                "condition": condition("below", 40.0, 45.0),
                            },
                            {"id": "plain", "to": "end", "intensity": intensities["plain"]},
                        ),
                    },
                },
                {"id": "end", "title": {"en": "End"}, "duration_s": 1.0},
            ),
        },
        strict=False,
    )


def two_choices(before_s, after_s):
    """The crossroads and then the same once more, called later, each with a cool-down of its
    own."""
    story = crossroads(cool_down_s=before_s)
    start, end = story.beats
    again = start.choice.model_copy(update={"id": "later", "cool_down_s": after_s})
    last = end.model_copy(update={"duration_s": 8.0, "choice": again})
    return story.model_copy(update={"beats": (start, last)})


STILL = EmpathyState(
    slot=-1,
    eri=50.0,
    confidence=0.5,
    status=EriStatus.OK,
    interval=(45.0, 55.0),
    affective=Component(0.0, 0.5),
    associative=Component(None, 0.0),
    cognitive=Component(None, 0.0),
    valence=0.0,
    arousal=0.0,
    intensity=0.0,
    attention=1.0,
    baseline_ready=True,
    distress=False,
    contributions=(),
)


def state(slot, eri=50.0, confidence=0.5, distress=False, **others):
    """The state after one slot."""
    status = EriStatus.OK if confidence >= 0.25 else EriStatus.ABSTAIN
    fields = {"status": status, **others}
    return replace(STILL, slot=slot, eri=eri, confidence=confidence, distress=distress, **fields)
