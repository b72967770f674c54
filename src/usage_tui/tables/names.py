"""Whose names a table may hold, and what a file of it is called."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from enum import StrEnum

_OTHER = re.compile(r"[^a-z0-9]+", re.ASCII)
_LONGEST = 40


class Names(StrEnum):
    """What becomes of the names in a table."""

    KEPT = "kept"
    WITHOUT_PEOPLE = "without_people"
    REPLACED = "replaced"

    @property
    def options(self) -> tuple[str, ...]:
        """The options of a command that do the same."""
        match self:
            case Names.KEPT:
                return ()
            case Names.WITHOUT_PEOPLE:
                return ("--no-people",)
            case Names.REPLACED:
                return ("--redact",)


def file_name(organization: str, day: date, what: str, suffix: str) -> str:
    """A name of a file that needs no quotes: ``usage-acme-2026-11-22-history.csv``.

    Args:
        organization: Its name; empty to leave it out.
        day: The day of the data.
        what: The table.
        suffix: The end of the name.
    """
    parts = ("usage", _plain(organization), day.isoformat(), what)
    return f"{'-'.join(filter(None, parts))}.{suffix}"


def _plain(text: str) -> str:
    """The letters and digits of a text in ASCII, as far as it has any."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", ascii_).strip("-")[:_LONGEST].strip("-")
