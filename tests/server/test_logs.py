"""Structured logs: what is given to a line is in it, and nothing that tells who a visitor is."""

import ast
import json
import logging
from pathlib import Path

from attune.server.logs import FIELDS, JsonLines


def given_fields(package: Path) -> set[str]:
    """Every name that a log call of the package hands over in ``extra``."""
    found = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.keyword(arg="extra", value=ast.Dict(keys=keys)):
                    found |= {ast.literal_eval(key) for key in keys if key is not None}
    return found


def line(**extra: object) -> dict[str, object]:
    """A log line as it is written."""
    record = logging.makeLogRecord({"name": "attune", "msg": "something happened", **extra})
    found: dict[str, object] = json.loads(JsonLines().format(record))
    return found


def test_nothing_that_a_log_call_hands_over_is_left_out(repository: Path) -> None:
    assert given_fields(repository / "python_server" / "attune") <= set(FIELDS)


def test_a_zero_is_something_and_nothing_is_left_out() -> None:
    written = line(status=0, worker=17, cause=None)

    assert (written["status"], written["worker"]) == (0, 17)
    assert "cause" not in written


def test_a_pseudonym_does_not_get_into_a_line() -> None:
    assert "p-01" not in json.dumps(line(participant_id="p-01", station_id="p-01"))
