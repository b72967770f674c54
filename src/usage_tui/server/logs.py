"""The log of the service: one JSON object per line, on standard error."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from usage_tui.text.secrets import masked


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON with its time and level. Tokens are masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record. A message that is a dictionary adds its members."""
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
    """Start to log: messages of the service, and warnings of its libraries."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("usage_tui.server").setLevel(logging.INFO)
