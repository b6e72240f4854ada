"""A scenario file to a checked `Scenario` with its hash, or one error that lists every finding.

The hash is the sha256 of the file's UTF-8 bytes without a byte order mark and with LF line ends,
so that a client in any language can compute it. If fields have the wrong form, those findings are
listed first: the story as a whole can only be judged once each field can be read.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from attune.config import EmpathySettings
from attune.errors import ScenarioError
from attune.scenario.checks import Finding, Location, check, unscored
from attune.scenario.schema import Scenario

MAX_BYTES = 1_000_000
"""Largest scenario that is read."""

MAX_DEPTH = 32
"""Deepest nesting that is read; a story needs ten levels."""

MAX_NUMBER = 40
"""Longest number that is read, in characters: in base 16 or 60 a long one is costly to reckon."""

_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")

Lines = dict[Location, int]


@dataclass(frozen=True, slots=True)
class LoadedScenario:
    """A story that can be played, the sha256 of its canonical bytes, where it came from, and those
    bytes as text."""

    scenario: Scenario
    sha256: str
    source: str
    text: str


def load_scenario(path: Path) -> LoadedScenario:
    """Read and check a scenario file; raises `ScenarioError` with every finding."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"cannot read the scenario {path}: {error.strerror}") from error
    return parse_scenario(raw, source=str(path))


def list_scenarios(folder: Path) -> tuple[Path, ...]:
    """Scenario files of a folder, by name; an absent folder has none."""
    return tuple(sorted(folder.glob("*.yaml"))) if folder.is_dir() else ()


def parse_scenario(text: bytes | str, source: str = "scenario") -> LoadedScenario:
    """Check a scenario given as YAML (or JSON) text; raises `ScenarioError` with every finding."""
    data = canonical_bytes(text, source)
    value, lines = _read_yaml(data, source)
    try:
        scenario = Scenario.model_validate_json(json.dumps(value))
    except ValidationError as error:
        findings = [
            Finding(tuple(one["loc"]), _sentence(one["msg"], one.get("input")))
            for one in error.errors()
        ]
        raise _error(source, findings, lines) from error
    findings = check(scenario)
    if findings:
        raise _error(source, findings, lines)
    return LoadedScenario(scenario, hashlib.sha256(data).hexdigest(), source, data.decode())


def remarks(loaded: LoadedScenario, settings: EmpathySettings) -> tuple[str, ...]:
    """What the author of a playable story should know about it under these settings, one sentence
    each, in the order of the lines."""
    findings = unscored(loaded.scenario, settings)
    if not findings:
        return ()
    lines = _read_yaml(loaded.text.encode(), loaded.source)[1]
    return tuple(_sentences(loaded.source, findings, lines))


def canonical_bytes(text: bytes | str, source: str = "scenario") -> bytes:
    """The bytes that are hashed: UTF-8, no byte order mark, LF line ends."""
    raw = text.encode() if isinstance(text, str) else text
    if len(raw) > MAX_BYTES:
        raise ScenarioError(
            f"{source} has {len(raw)} bytes; a scenario may have at most {MAX_BYTES}"
        )
    try:
        decoded = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{source} is not UTF-8 text (byte {error.start})") from error
    return decoded.replace("\r\n", "\n").replace("\r", "\n").encode()


def _sentence(message: str, given: Any) -> str:
    shown = "" if isinstance(given, dict | list) else f", got {given!r}"
    return f"{message}{shown}"


def _error(source: str, findings: Iterable[Finding], lines: Lines) -> ScenarioError:
    sentences = _sentences(source, findings, lines)
    return ScenarioError(f"{source} cannot be played, {len(sentences)} finding(s)", sentences)


def _sentences(source: str, findings: Iterable[Finding], lines: Lines) -> list[str]:
    located = sorted(
        ((_line(one.location, lines), one) for one in findings), key=lambda pair: pair[0]
    )
    return [f"{source}:{line}: {_dotted(one.location)}: {one.message}" for line, one in located]


def _line(location: Location, lines: Lines) -> int:
    while location and location not in lines:
        location = location[:-1]
    return lines.get(location, 1)


def _dotted(location: Location) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "scenario"


def _read_yaml(data: bytes, source: str) -> tuple[Any, Lines]:
    """Plain values and the line of each; anchors, merge keys and tags of values are refused."""
    reader = _Reader()
    try:
        node = yaml.compose(data.decode(), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(
            f"{source} is not YAML", [f"{source}:{line}: {error.problem}"]
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError, OverflowError) as error:
        # The last two: an escape in a text names a character that does not exist.
        raise ScenarioError(f"{source} is not YAML that can be read: {error}") from error
    if node is None:
        raise ScenarioError(f"{source} is empty; expected a scenario")
    value = reader.read(node, ())
    if reader.findings:
        raise _error(source, reader.findings, reader.lines)
    return value, reader.lines


class _Reader:
    """Turns YAML nodes into JSON values and remembers their lines."""

    def __init__(self) -> None:
        self.lines: Lines = {}
        self.findings: list[Finding] = []
        self._seen: set[int] = set()
        self._scalars = yaml.SafeLoader("")

    def read(self, node: yaml.Node, at: Location) -> Any:
        """The value of a node; findings are collected, not raised."""
        self.lines[at] = node.start_mark.line + 1
        if id(node) in self._seen:
            self.findings.append(Finding(at, "YAML anchors and aliases are not supported"))
            return None
        self._seen.add(id(node))
        if len(at) > MAX_DEPTH:
            self.findings.append(Finding(at, f"is nested deeper than {MAX_DEPTH} levels"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, at)
        return [self.read(child, (*at, index)) for index, child in enumerate(node.value)]

    def _mapping(self, node: yaml.MappingNode, at: Location) -> dict[str, Any]:
        value: dict[str, Any] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.findings.append(Finding(at, "a key must be a plain word"))
                continue
            # The raw word, because YAML 1.1 would read the locale `no` as false.
            name = key.value
            here = (*at, name)
            if name in value:
                self.lines[here] = key.start_mark.line + 1
                self.findings.append(Finding(here, "is given twice"))
                continue
            value[name] = self.read(child, here)
            self.lines[here] = key.start_mark.line + 1
        return value

    def _scalar(self, node: yaml.ScalarNode, at: Location) -> Any:
        plain = (node.style is None, node.style is not None)
        untagged = self._scalars.resolve(yaml.ScalarNode, node.value, plain)  # type: ignore[no-untyped-call]
        if node.tag != untagged:
            self.findings.append(Finding(at, "YAML tags are not supported"))
            return None
        if node.tag in _NUMBERS and len(node.value) > MAX_NUMBER:
            self.findings.append(Finding(at, "is too long for a number"))
            return None
        try:
            value = self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self.findings.append(Finding(at, f"cannot be read: {error}"))
            return None
        return value if isinstance(value, bool | int | float | str | None) else str(node.value)
