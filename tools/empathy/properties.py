"""What the index must do, measured: each row is a required property, or a case that flatters less.

Every crowd is simulated (`attune.scenario.visitors`) and read as `tools.empathy.sittings` says.
"""

import itertools
import math
from dataclasses import replace

import numpy as np

from attune.config import EmpathySettings
from attune.empathy.population import shipped_population
from attune.scenario.events import ChoiceDue
from attune.scenario.player import timeline_of
from attune.scenario.visitors import simulate
from attune.timeline import SLOT_NS
from tools.empathy.rows import Row
from tools.empathy.sittings import (
    HEADSET,
    HIDDEN,
    RATE_HZ,
    Reading,
    draw_crowd,
    face,
    out_of_step,
    read,
    sit,
    watch,
    without_mean_mood,
)
from tools.empathy.statistics import Estimate, correlation, mean, share
from tools.empathy.stories import Story, along, balanced, memorial_scenario

OTHER_STORIES = 20

ABSTAIN_BELOW = EmpathySettings().abstain_below


def mirroring(story: Story, visitors: int, seed: int) -> tuple[list[Row], list[Estimate]]:
    """Sign and monotony over the mirroring gain, and how well a planted gain is recovered."""
    gains = np.linspace(-1.0, 1.0, 9)
    steps = [
        mean(
            sit(
                draw_crowd("resonant", visitors, seed, gain=(float(g), float(g))),
                story,
                HEADSET,
                seed,
            ).eri
        )
        for g in gains
    ]
    rising = [after.value - before.value for before, after in itertools.pairwise(steps)]
    crowd = draw_crowd("resonant", 400, seed + 1, gain=(0.0, 1.0))
    planted = np.array([one.empathy for one in crowd])
    recovered = correlation(planted, sit(crowd, story, HEADSET, seed + 1).eri)
    smallest = min(rising)
    return [
        Row(
            "mirroring",
            f"ERI at gain −1, {story.name}",
            steps[0],
            "points",
            "< 50",
            steps[0].high < 50,
        ),
        Row(
            "mirroring",
            "ERI at gain 0",
            steps[4],
            "points",
            "50 ± 1",
            abs(steps[4].value - 50) <= 1,
        ),
        Row("mirroring", "ERI at gain 1", steps[-1], "points", "> 50", steps[-1].low > 50),
        Row(
            "mirroring",
            "smallest rise over a quarter of gain",
            Estimate(smallest, smallest, smallest, visitors * len(gains)),
            "points",
            "> 0",
            smallest > 0,
        ),
        Row(
            "mirroring", "r of planted gain and ERI", recovered, "", "≥ .8", recovered.value >= 0.8
        ),
    ], steps


def shifted(story: Story, visitors: int, seed: int) -> list[Row]:
    """Faces that go along with a balanced story at the wrong times."""
    shown = face(draw_crowd("resonant", visitors, seed), story)
    found = mean(watch(read(out_of_step(shown, story, seed), HEADSET, seed), story).eri)
    kept = abs(found.value - 50) <= 1
    what = f"resonant, shifted in time, {story.name}"
    return [Row("out of step", what, found, "points", "50 ± 1", kept)]


def leaning(story: Story, visitors: int, seed: int) -> list[Row]:
    """The same where the story has a mood of its own: the face's mean mood goes along at any time.

    Beside it what taking each visitor's mean mood away would do, to those in step too.
    """
    shown = face(draw_crowd("resonant", visitors, seed), story)
    note = f"{story.name}: mean intended direction {math.hypot(*story.lean):.2f} long"
    rows = []
    for timing, behavior in (
        ("in step", shown),
        ("shifted in time", out_of_step(shown, story, seed)),
    ):
        for manner, one in (
            ("", behavior),
            (", mean mood taken away", without_mean_mood(behavior, story)),
        ):
            found = mean(watch(read(one, HEADSET, seed), story).eri)
            what = f"resonant, {timing}{manner}, {story.name}"
            rows.append(Row("leaning stories", what, found, "points", note=note))
    return rows


def unrelated(visitors: int, seed: int) -> list[Row]:
    """Faces of visitors who watched other stories, scored against this one.

    Any two stories go together a little by chance, so many others are watched, each beside the one
    that intends the opposite; n counts such pairs.
    """
    story, means = balanced(), []
    for number in range(OTHER_STORIES):
        other = balanced(seed=1 + number)
        crowd = draw_crowd("resonant", visitors, seed + number)
        pair = []
        for sign in (1, -1):
            shown_to = [
                replace(one, valence=sign * one.valence, arousal=sign * one.arousal)
                for one in other.pulls
            ]
            shown = simulate(crowd, shown_to, story.end_s, RATE_HZ)
            slots = read(shown, HEADSET, 2 * (seed + number) + (sign > 0))
            pair.append(float(watch(slots, story).eri.mean()))
        means.append(0.5 * sum(pair))
    found = mean(np.array(means))
    kept = abs(found.value - 50) <= 1
    what = "resonant with other stories, balanced moments"
    return [Row("out of step", what, found, "points", "50 ± 1", kept)]


def occlusion(
    story: Story, visitors: int, seed: int
) -> tuple[list[Row], list[tuple[float, Estimate]]]:
    """Less is seen, less is said."""
    crowd = draw_crowd("resonant", visitors, seed)
    steps, sure = [], []
    for quality in (0.8, 0.6, 0.4, 0.2, 0.05):
        index = sit(crowd, story, Reading(quality), seed)
        steps.append((quality, mean(np.abs(index.eri - 50))))
        sure.append(mean(index.confidence))
    falls = [before[1].value - after[1].value for before, after in itertools.pairwise(steps)]
    least = min(falls)
    return [
        Row(
            "occlusion",
            "smallest fall of the distance from 50, quality .8 to .6, .4, .2, .05",
            Estimate(least, least, least, visitors),
            "points",
            "> 0",
            least > 0,
        ),
        Row("occlusion", "confidence at quality .05", sure[-1], "", "< .15", sure[-1].high < 0.15),
    ], steps


def abstention(visitors: int, seed: int) -> list[Row]:
    """Whether there is enough evidence at each choice of the memorial story."""
    scenario = memorial_scenario()
    rows = []
    for name, ways in (
        ("close", {one.id: one.branches[0].id for one in scenario.choices}),
        ("by default", {}),
    ):
        story = along(scenario, ways, f"memorial, {name}")
        dues = [one.time_ns for one in timeline_of(scenario, ways) if isinstance(one, ChoiceDue)]
        for reading, label, wanted in (
            (HEADSET, "frontal headset (q .45)", 1.0),
            (HIDDEN, "nine tenths hidden (q .05)", 0.0),
        ):
            crowd = [replace(one, attention=1.0) for one in draw_crowd("resonant", visitors, seed)]
            slots = read(face(crowd, story), reading, seed)
            out = [
                watch(slots[: due_ns // SLOT_NS - 3], story).confidence >= ABSTAIN_BELOW
                for due_ns in dues
            ]
            found = share(np.mean(out, axis=0))
            rows.append(
                Row(
                    "abstention",
                    f"out of ABSTAIN as choices fall due, {label}, {story.name}",
                    replace(
                        found, value=100 * found.value, low=100 * found.low, high=100 * found.high
                    ),
                    "%",
                    "100" if wanted else "0",
                    found.value == wanted,
                )
            )
    return rows


def expressivity(visitors: int, seed: int) -> list[Row]:
    """How far the index depends on how expressive a visitor is, whatever they mirror."""
    rows = []
    draw = np.random.default_rng((seed, 733))
    liveliness = np.exp(draw.normal(0.0, 0.3, visitors))
    population = shipped_population()
    impersonal = replace(population, shrinkage_s=1e9)
    crowd = draw_crowd("resonant", visitors, seed, gain=(0.0, 1.0))
    for baseline_s in (12.0, 30.0):
        story = balanced(baseline_s=baseline_s)
        for tells, label in ((True, "rest tells of it"), (False, "rest tells nothing of it")):
            people = [
                replace(one, expressivity=float(e), noise=0.12 * float(e) if tells else one.noise)
                for one, e in zip(crowd, liveliness, strict=True)
            ]
            slots = read(face(people, story), Reading(0.6), seed)
            own, usual = (
                correlation(liveliness, watch(slots, story, one).eri)
                for one in (population, impersonal)
            )
            what = f"r of expressivity and ERI, {baseline_s:.0f} s of baseline, {label}"
            rows += [
                Row("expressivity", what, own, "", "below r without", own.value < usual.value),
                Row("expressivity", "the same without a personal range", usual, ""),
            ]
    return rows


def still(visitors: int, seed: int) -> list[Row]:
    """A face that rests unpleasantly or restlessly, without going along."""
    rows = []
    for story in (balanced(), along(memorial_scenario(), {}, "memorial, by default")):
        glum = [
            replace(one, resting_valence=-0.3) for one in draw_crowd("detached", visitors, seed)
        ]
        found = mean(sit(glum, story, HEADSET, seed).eri)
        rows.append(
            Row(
                "noise",
                f"a glum resting face, detached, {story.name}",
                found,
                "points",
                "50 ± 1",
                abs(found.value - 50) <= 1,
            )
        )
        index = sit(
            [replace(one, noise=0.15) for one in draw_crowd("detached", visitors, seed + 1)],
            story,
            HEADSET,
            seed,
        )
        found = mean(index.eri)
        kept = abs(found.value - 50) <= 1
        rows.append(
            Row(
                "noise", f"a restless face, detached, {story.name}", found, "points", "50 ± 1", kept
            )
        )
        spread = float(index.eri.std())
        rows.append(
            Row(
                "noise",
                f"standard deviation between such visitors, {story.name}",
                Estimate(spread, spread, spread, visitors),
                "points",
            )
        )
    return rows
