"""A story as a tree of text, for terminals and reviews."""

from collections.abc import Iterator

from attune.scenario import graph
from attune.scenario.schema import Beat, Branch, Scenario, Text


def describe(scenario: Scenario, locale: str | None = None) -> str:
    """The story as an indented tree; a beat that was already drawn is only named again."""
    language = locale if locale in scenario.locales else scenario.locales[0]
    lengths = [path.duration_s for path in graph.paths(scenario)]
    ways = f"{len(lengths)} ways of {min(lengths):g} to {max(lengths):g} s"
    head = f"{scenario.id} {scenario.version}: {scenario.title[language]} ({ways})"
    drawn: set[str] = set()
    return "\n".join([head, *_beat(scenario, scenario.entry, "", language, drawn)])


def _beat(
    scenario: Scenario, beat_id: str, indent: str, language: str, drawn: set[str]
) -> Iterator[str]:
    """Lines of a beat and all that follows it; straight runs stay on one level."""
    following: str | None = beat_id
    while following is not None:
        beat = scenario.beat(following)
        if beat is None:
            return
        if beat.id in drawn:
            yield f"{indent}→ {beat.id} (above)"
            return
        drawn.add(beat.id)
        yield f"{indent}{_headline(scenario, beat, language)}"
        for cue in beat.stimuli:
            yield f"{indent}    · {cue.at_s:g} s {cue.stimulus}"
        following = beat.next
        if beat.choice is None:
            continue
        choice = beat.choice
        yield f"{indent}    ? {choice.id}: open {choice.due_at_s:g} to {choice.deadline_s:g} s"
        for branch in choice.branches:
            yield f"{indent}    ├ {_branch(branch, branch.id == choice.default, language)}"
            yield from _beat(scenario, branch.to, indent + "    │   ", language, drawn)


def _headline(scenario: Scenario, beat: Beat, language: str) -> str:
    marks = [f"{beat.duration_s:g} s", f"intensity {beat.intensity:g}"]
    marks += ["mandatory"] if beat.mandatory else []
    marks += ["baseline"] if beat.id == scenario.baseline else []
    return f"{beat.id}: {beat.title[language]} ({', '.join(marks)})"


def _branch(branch: Branch, is_default: bool, language: str) -> str:
    title = _said(branch.title, language)
    when = "otherwise" if is_default else "only by an operator"
    if branch.condition is not None:
        rule = branch.condition
        when = (
            f"if {rule.signal} {rule.direction} {rule.enter:g} (until {rule.exit:g}) "
            f"for {rule.dwell_s:g} s at confidence {rule.min_confidence:g}"
        )
        when += ", and by default" if is_default else ""
    return f"{branch.id}{title} [intensity {branch.intensity:g}] {when}"


def _said(text: Text | None, language: str) -> str:
    return "" if text is None else f" “{text[language]}”"
