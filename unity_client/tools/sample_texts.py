"""What the samples tell: stories of their own and a made-up recording."""

from typing import Any

INK_STORY = """\
EXTERNAL attune_beat(id)
EXTERNAL attune(name)

~ attune_beat("hall")
The hall is quiet. Somewhere a child laughs.
~ attune_beat("street")
{attune("eri") > 55:
    You step closer, and the street steps closer too.
- else:
    You keep your distance. The street goes by.
}
The names are read aloud.
-> END

=== function attune_beat(id)
~ return 0

=== function attune(name)
~ return 50
"""

YARN_STORY = """\
title: Hall
---
<<attune_beat hall>>
The hall is quiet. Somewhere a child laughs.
<<attune_beat street>>
<<if $attune_eri > 55>>
    You step closer, and the street steps closer too.
<<else>>
    You keep your distance. The street goes by.
<<endif>>
The names are read aloud.
===
"""

SMALL_STORY: dict[str, Any] = {
    "entry": "hall",
    "stimuli": [{"id": "a-laugh", "target": {"valence": 0.6, "arousal": 0.35}}],
    "beats": [
        {
            "id": "hall",
            "duration_s": 20.0,
            "stimuli": [{"stimulus": "a-laugh", "at_s": at} for at in (2.0, 6.0, 10.0)],
            "choice": {
                "id": "the-door",
                "due_at_s": 14.0,
                "deadline_s": 17.0,
                "default": "stay",
                "branches": [
                    {"id": "go-in", "to": "room", "condition": {"enter": 57}},
                    {"id": "stay", "to": "bench"},
                ],
            },
        },
        {"id": "room", "duration_s": 6.0},
        {"id": "bench", "duration_s": 6.0},
    ],
}


def replay_table() -> str:
    """A made-up session of the memorial, in the form of `attune sessions table`: nobody's."""
    columns = "time_s,kind,beat,status,eri,confidence,low,high,valence,arousal,attention,distress"
    lines = [columns + ",choice,occurrence,branch,reason"]
    beats = [("hall", 10.5), ("courtyard", 18), ("street", 26.5), ("ward", 32.5), ("forest", 38.5)]
    for step in range(5 * 55):
        time = step / 5
        confidence = min(0.6, time / 40)
        eri = 50 + 14 * min(1, max(0, time - 10) / 15)
        beat = next((name for name, end in beats if time < end), "names")
        known = "ok" if confidence >= 0.25 else "abstain"
        half = 30 * (1 - confidence)
        figures = f"{eri:.1f},{confidence:.2f},{eri - half:.1f},{eri + half:.1f},0.20,0.10,0.95,no"
        lines.append(f"{time:.1f},state,{beat},{known},{figures},,,,")
    for time, choice, branch in (
        (25, "after-the-street", "come-close"),
        (36.5, "at-the-door", "go-inside"),
        (46, "how-to-leave", "light-a-candle"),
    ):
        lines.append(f"{time:.1f},decision,,,,,,,,,,,{choice},1,{branch},evidence")
    return "\n".join(lines) + "\n"
