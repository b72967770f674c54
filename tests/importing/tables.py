"""Tables that tests write and read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.exactness import rounded
from usage_tui.importing.explanation import read_as
from usage_tui.importing.plan import Choices
from usage_tui.importing.reading import Reading, read
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits
from usage_tui.text.amounts import MICRO

NOW = datetime(2027, 1, 31, tzinfo=UTC)


class Sums(NamedTuple):
    """What tables add up to, in decimal text: in all, by source, by day."""

    total: str
    sources: Mapping[str, str]
    days: Mapping[str, str]
    reading: Reading

    @property
    def read_as(self) -> str:
        """How they were read."""
        return read_as(self.reading, self.reading.unit)

    @property
    def bad_lines(self) -> list[str]:
        return list(map(str, self.reading.bad_lines))


def read_files(
    *paths: Path, choices: Choices | None = None, zone: str = "UTC", latest: datetime | None = NOW
) -> Reading:
    """What the files hold, by the clocks of a zone."""
    return read(paths, choices or Choices(), ZoneInfo(zone), lambda rows, *_: rows, latest)


def sums(*paths: Path, choices: Choices | None = None, zone: str = "UTC") -> Sums:
    """What the files add up to, after rounding."""
    reading = read_files(*paths, choices=choices, zone=zone)
    calendar = Calendar(zone)
    by_source: defaultdict[str, int] = defaultdict(int)
    by_day: defaultdict[str, int] = defaultdict(int)
    entries = rounded(reading.entries, calendar, lambda day: (day.year, day.month))
    for entry in entries:
        by_source[entry.use.label] += entry.use.credits.micro
        by_day[f"{calendar.date_of(entry.use.occurred_at):%m-%d}"] += entry.use.credits.micro
    return Sums(
        _text(sum(by_source.values())),
        {source: _text(micro) for source, micro in by_source.items()},
        {day: _text(micro) for day, micro in by_day.items()},
        reading,
    )


def write(folder: Path, text: str, name: str = "costs.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def exact_total(reading: Reading) -> Decimal:
    """The exact sum of what was read, before rounding."""
    values = (
        entry.exact if entry.exact is not None else Decimal(entry.use.credits.micro) / MICRO
        for entry in reading.entries
    )
    return sum(values, Decimal(0))


def _text(micro: int) -> str:
    return str(Credits(micro))
