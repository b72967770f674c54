"""What can be wrong with an imported file."""

from __future__ import annotations

from typing import NamedTuple


class ImportFailed(Exception):
    """Nothing was written. The message is one line: the file, the place, what to do."""


class BadLine(NamedTuple):
    """A line that is not a valid event, and why."""

    line: int
    reason: str
    file: str = ""

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.file else f"line {self.line}"
        return f"{place}: {self.reason}"
