"""Structured logs: one JSON object a line, with nothing in it that tells who a visitor is."""

import json
import logging
import sys
from datetime import UTC, datetime

FIELDS = (
    *("session", "reason", "camera", "cause", "port", "metrics_port", "seconds", "method"),
    *("worker", "status", "again_in_s"),
)
"""What a log line may carry beside its sentence. Pseudonyms, stations and addresses are not among
them."""


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        given = {name: getattr(record, name, None) for name in FIELDS}
        line.update({name: value for name, value in given.items() if value is not None})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def log_to_stderr(level: int = logging.INFO, as_json: bool = True) -> None:
    """Send every log line of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if as_json else plain)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
