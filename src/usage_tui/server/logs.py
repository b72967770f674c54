"""The log of the service: a JSON object a line, on standard error."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from usage_tui.text.secrets import masked


class JsonLines(logging.Formatter):
    """Writes a record as one line: its time and level, then what it says. Tokens are masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record; a message that is a dictionary gives its members."""
        said = record.msg if isinstance(record.msg, dict) else {"message": record.getMessage()}
        entry = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **said,
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return masked(json.dumps(entry))


def write_logs() -> None:
    """Write the log from now on: what the service says, and warnings of the libraries that it uses."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("usage_tui.server").setLevel(logging.INFO)
