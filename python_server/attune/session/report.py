"""A self-contained HTML report of one recording: what was seen, what was decided, and why."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import jinja2

from attune.config import EmpathySettings, Settings
from attune.errors import RecordingError, ScenarioError
from attune.scenario.events import ChoiceResolved, Decision, DecisionReason, ResolvedBy
from attune.scenario.loading import parse_scenario
from attune.scenario.schema import Scenario
from attune.session.consent import ConsentScope
from attune.session.header import recorded_lock, recorded_settings
from attune.session.recorded import Recording, StatePoint, read_recording
from attune.session.report_faces import face_strip
from attune.session.report_plots import Names, panels
from attune.timeline import NS_PER_S, seconds

TEMPLATES = Path(__file__).parent / "templates"

REASONS = {
    DecisionReason.EVIDENCE: "the evidence met the author's condition",
    DecisionReason.LOW_CONFIDENCE: "not enough evidence, so the default",
    DecisionReason.DEADLINE: "no condition held long enough before the deadline, so the default",
    DecisionReason.DISTRESS: "signs of distress, so the calmest way on",
    DecisionReason.OPERATOR: "an operator chose",
    DecisionReason.COOL_DOWN: "too soon after the last adaptive choice, so the default",
    DecisionReason.NO_CONSENT: "nothing may be analysed, so the default",
}
WHY_NOT = {
    "below_enter": "condition not met",
    "dwell_not_met": "condition not held long enough",
    "low_confidence": "not enough evidence",
    "raises_intensity": "would be harder",
    "is_default": "the default",
    "not_chosen": "not chosen",
}
PLAYED_BY = {
    ResolvedBy.SERVER: "as proposed",
    ResolvedBy.LOCAL_DEFAULT: "the scene's own default",
    ResolvedBy.OPERATOR: "by an operator",
}
SCOPES = {
    ConsentScope.ANALYSE: "analyse",
    ConsentScope.STORE_FEATURES: "store features",
    ConsentScope.STORE_VIDEO: "store video",
    ConsentScope.RESEARCH: "research",
    ConsentScope.BYSTANDERS: "bystanders",
}


class Latency(Protocol):
    """How long one stage took, milliseconds, over `count` frames."""

    @property
    def name(self) -> str: ...
    @property
    def count(self) -> int: ...
    @property
    def median_ms(self) -> float: ...
    @property
    def p95_ms(self) -> float: ...
    @property
    def p99_ms(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Row:
    """One decision as the report tells it."""

    at: str
    choice: str
    branch: str
    reason: str
    figures: str
    others: tuple[str, ...]
    played: str


def write_report(
    recording: Path,
    out: Path,
    *,
    latency: Sequence[Latency] = (),
    settings: Settings | None = None,
) -> None:
    """Write the report of the recording at `recording` to `out`.

    `latency` is shown where it was measured. A new file can be read by its owner alone, as the
    recording can: it may show faces. Raises RecordingError where the one cannot be read or
    the other not written.
    """
    if out.exists() and recording.exists() and out.samefile(recording):
        raise RecordingError(f"{out} is the recording itself; name another file for its report")
    page = render_report(read_recording(recording), latency=latency, settings=settings)
    try:
        with open(out, "w", encoding="utf-8", opener=_for_the_owner) as file:
            file.write(page)
    except OSError as error:
        raise RecordingError(f"cannot write the report {out}: {error.strerror}") from error


def _for_the_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def render_report(
    recording: Recording,
    *,
    latency: Sequence[Latency] = (),
    settings: Settings | None = None,
) -> str:
    """The report as one HTML document that loads nothing from elsewhere."""
    scenario = _scenario(recording)
    names = _names(scenario, recording.header.start.locale)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    last = recording.states[-1] if recording.states else None
    watched = [one for one in recording.states if one.status != "paused"]
    abstain_below = _abstain_below(recording)
    contributions = sorted(
        (last.contributions if last else {}).items(), key=lambda item: -abs(item[1])
    )
    return environment.get_template("report.html.j2").render(
        recording=recording,
        header=recording.header,
        title=_text(scenario.title, recording.header.start.locale) if scenario else "no scenario",
        started=_moment(recording.header.started_unix_ns),
        length=_clock(seconds(recording.last_ns)),
        consent=[(SCOPES[scope], scope in recording.scopes_at_start) for scope in ConsentScope],
        consents=[
            (_clock(seconds(one.time_ns)), ", ".join(sorted(SCOPES[s] for s in one.scopes)))
            for one in recording.consents
        ],
        last=last,
        standing=_standing(last, abstain_below) if last else "",
        lock=recorded_lock(recording.header),
        features_allowed=ConsentScope.STORE_FEATURES in recording.scopes_ever,
        found=_percent(one.found for one in watched),
        watched=len(watched),
        panels=panels(recording, names, abstain_below),
        decisions=[_row(one, recording) for one in recording.decisions],
        contributions=[(names.stimulus(name), points) for name, points in contributions],
        faces=face_strip(recording, settings or Settings()),
        latency=list(latency),
        notices=[
            (
                _clock(seconds(one.time_ns)),
                one.kind.value.replace("_", " "),
                ", ".join(f"{name}: {value}" for name, value in one.parameters.items()),
            )
            for one in recording.notices
        ],
        damage=recording.damage,
    )


def _abstain_below(recording: Recording) -> float:
    """The confidence below which the session's index abstained."""
    value = recorded_settings(recording.header).get("empathy", {}).get("abstain_below")
    return float(value) if isinstance(value, int | float) else EmpathySettings().abstain_below


def _standing(state: StatePoint, abstain_below: float) -> str:
    """Whether the evidence suffices; a pause hides the status, not what the evidence is worth."""
    if state.status != "paused":
        abstains = state.status == "abstain"
        return "not enough evidence: abstains" if abstains else "enough to act on"
    enough = state.confidence >= abstain_below
    return f"paused; {'enough to act on' if enough else 'not enough evidence'}"


def _row(decision: Decision, recording: Recording) -> _Row:
    figures = [
        told.format(decision.evidence[name])
        for name, told in (
            ("eri", "ERI {:.1f}"),
            ("confidence", "confidence {:.2f}"),
            ("valence", "valence {:+.2f}"),
            ("arousal", "arousal {:+.2f}"),
            ("attention", "attention {:.2f}"),
            ("enter", "threshold {:g}"),
            ("dwell_s", "held for {:.1f} s"),
        )
        if name in decision.evidence
    ]
    return _Row(
        at=_clock(seconds(decision.time_ns)),
        choice=f"{decision.choice_id} ({decision.occurrence})",
        branch=decision.branch_id,
        reason=REASONS[decision.reason],
        figures=" · ".join(figures),
        others=tuple(
            f"{one.branch_id}: {WHY_NOT.get(one.why_not, one.why_not)}"
            for one in decision.alternatives
        ),
        played=_played(decision, recording),
    )


def _played(decision: Decision, recording: Recording) -> str:
    for event in recording.events:
        if isinstance(event, ChoiceResolved) and (event.choice_id, event.occurrence) == (
            decision.choice_id,
            decision.occurrence,
        ):
            if event.branch_id == decision.branch_id and event.by is ResolvedBy.SERVER:
                return PLAYED_BY[event.by]
            return f"{event.branch_id}, {PLAYED_BY[event.by]}"
    return "not reported"


def _scenario(recording: Recording) -> Scenario | None:
    if not recording.header.scenario_yaml:
        return None
    try:
        return parse_scenario(
            recording.header.scenario_yaml, source="the recorded scenario"
        ).scenario
    except ScenarioError:
        # Written for another version of the schema: the report then shows identifiers.
        return None


def _names(scenario: Scenario | None, locale: str) -> Names:
    if scenario is None:
        return Names({}, {})
    return Names(
        {one.id: _text(one.title, locale) for one in scenario.beats},
        {one.id: _text(one.title, locale) for one in scenario.stimuli},
    )


def _text(texts: dict[str, str], locale: str) -> str:
    """The text in the visitor's language, else in its family, else in English, else in any."""
    for wanted in (locale, locale.split("-", maxsplit=1)[0], "en"):
        if wanted in texts:
            return texts[wanted]
    return next(iter(texts.values()))


def _moment(unix_ns: int) -> str:
    return datetime.fromtimestamp(unix_ns / NS_PER_S, UTC).strftime("%d %B %Y, %H:%M UTC")


def _clock(time_s: float) -> str:
    minutes, tenths = divmod(round(10 * time_s), 600)
    return f"{minutes}:{tenths / 10:04.1f}"


def _percent(flags: Iterable[bool]) -> int:
    held = list(flags)
    return round(100 * sum(held) / max(1, len(held)))
