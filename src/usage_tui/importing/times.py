"""Times as people and programs write them, decided by the whole column where one alone would leave doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from usage_tui.importing.amounts import Odd
from usage_tui.importing.faults import ImportFailed
from usage_tui.wire import YEARS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_OF = {10: 1, 13: 10**3, 16: 10**6, 19: 10**9}
"""The units of a number of seconds since 1970 in a second, by how many digits the number has."""
_LENGTH_OF_DAY = len("2026-11-22")
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_CLOCK = (
    r"(?:[T,]?\s*(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)\s*(?P<half>[AaPp][Mm])?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_match_epoch = re.compile(r"(\d{10}|\d{13}|\d{16}|\d{19})(?:\.(\d+))?", re.ASCII).fullmatch
_match_compact = re.compile(r"\d{8}", re.ASCII).fullmatch
_match_numbers = re.compile(
    rf"(?P<one>\d{{1,2}})([/.-])(?P<two>\d{{1,2}})\2(?P<year>\d{{4}}){_CLOCK}", re.ASCII
).fullmatch
_match_year_first = re.compile(
    rf"(?P<year>\d{{4}})[/.](?P<month>\d{{1,2}})[/.](?P<day>\d{{1,2}}){_CLOCK}", re.ASCII
).fullmatch
_match_named = re.compile(
    rf"(?:[A-Za-z]{{3,9}},?\s+)?(?:(?P<day>\d{{1,2}})\s+(?P<month>[A-Za-z]{{3}})[a-z]*\.?,?"
    rf"|(?P<month2>[A-Za-z]{{3}})[a-z]*\.?\s+(?P<day2>\d{{1,2}}),?)\s+(?P<year>\d{{4}}){_CLOCK}",
    re.ASCII,
).fullmatch


class TimeReader:
    """Reads the times of a column.

    Attributes:
        zone: The zone of times that name none.
        org_zone: The zone in which the organization counts its days.
        days: Whether each time is the start of a civil day, whatever zone it is written in.
        day_first: Whether ``03/04/2026`` is the third of April; None if that was not decided.
        day: The civil day that was read last; None if it was a time of one.
        days_read, times_read, naive_read: How many were days, times, and times without a zone.
    """

    def __init__(self, zone: ZoneInfo, org_zone: ZoneInfo, *, days: bool = False) -> None:
        self.zone = zone
        self.org_zone = org_zone
        self.days = days
        self.day_first: bool | None = None
        self._is_utc = zone.key == "UTC"
        self.start()

    def start(self) -> None:
        """Count from the start of the column."""
        self.day: date | None = None
        self.days_read = self.times_read = self.naive_read = 0
        self._start: tuple[date, datetime] | None = None

    def read(self, text: str) -> datetime:
        """Read one: a moment in UTC; of a day, its midnight in the zone of the organization.

        Raises:
            Odd: The whole column must say whether the day or the month comes first.
            ValueError: It is not a time.
        """
        said: datetime | date | None = _iso_time(text) if text[4:5] == "-" else None
        if said is None:
            said = self._other(text)
        elif len(text) == _LENGTH_OF_DAY:
            said = said.date()  # type: ignore[attr-defined]
        if not isinstance(said, datetime):
            return self._midnight(said)
        if self.days and said.time() == time.min:
            return self._midnight(said.date())
        self.day = None
        self.times_read += 1
        if said.tzinfo is None:
            self.naive_read += 1
            if self._is_utc:
                said = said.replace(tzinfo=UTC)
        return instant(said, self.zone)

    def read_span(self, start: str, end: str) -> datetime:
        """Read the start of a span: of whole days, the midnight of the first.

        Raises:
            Odd, ValueError: As in `read`.
        """
        one, two = _offset_time(start), _offset_time(end)
        if one is None or two is None or not one.time() == two.time() == time.min:
            return self.read(start)
        is_days = two > one and not (two - one) % timedelta(days=1)
        return self._midnight(one.date()) if is_days else self.read(start)

    def end(self) -> datetime | None:
        """The end of the day that was read last; None if it was a time of one."""
        if self.day is None:
            return None
        return datetime.combine(self.day + timedelta(days=1), time.min, self.org_zone).astimezone(UTC)

    def _midnight(self, day: date) -> datetime:
        self.days_read += 1
        self.day = day
        if self._start is None or self._start[0] != day:
            _check_year(day.year)
            self._start = day, datetime.combine(day, time.min, self.org_zone).astimezone(UTC)
        return self._start[1]

    def _other(self, text: str) -> datetime | date:
        try:
            if match := _match_epoch(text):
                return _since_1970(match[1], match[2])
            if _match_compact(text):
                return date(int(text[:4]), int(text[4:6]), int(text[6:]))
            if match := _match_year_first(text):
                return _with_clock(date(int(match["year"]), int(match["month"]), int(match["day"])), match)
            if match := _match_numbers(text):
                if self.day_first is None:
                    raise Odd
                one, two = int(match["one"]), int(match["two"])
                day, month = (one, two) if self.day_first else (two, one)
                return _with_clock(date(int(match["year"]), month, day), match)
            if match := _match_named(text):
                month = _MONTHS[(match["month"] or match["month2"]).lower()]
                return _with_clock(date(int(match["year"]), month, int(match["day"] or match["day2"])), match)
        except (ValueError, KeyError, OverflowError):
            pass
        raise ValueError(f"invalid time {text[:40]!r}: use one like 2026-11-22T20:30:00Z")


def survey_times(texts: Iterable[str]) -> bool | None:
    """Whether the day comes before the month in all the times of a column; None if none has numbers only.

    Raises:
        ImportFailed: They are not consistent, or could be read in two ways.
    """
    example, day_first, month_first = "", "", ""
    for text in texts:
        if match := _match_numbers(text.strip()):
            example = example or text.strip()[:40]
            if int(match["one"]) > 12:
                day_first = day_first or text.strip()[:40]
            if int(match["two"]) > 12:
                month_first = month_first or text.strip()[:40]
    if day_first and month_first:
        raise ImportFailed(
            f"the times {day_first!r} and {month_first!r} cannot be read in one way; write 2026-11-22."
        )
    if example and not day_first and not month_first:
        raise ImportFailed(
            f"the time {example!r} could begin with the day or the month, and no other time says which; "
            "write times like 2026-11-22."
        )
    return bool(day_first) if example else None


def instant(at: datetime, zone: ZoneInfo) -> datetime:
    """The moment in UTC; a time without a zone is in this one.

    In the hour that a change of clocks repeats, that is the first of the two.

    Raises:
        ValueError: The year is out of range.
    """
    _check_year(at.year)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _check_year(year: int) -> None:
    if year not in YEARS:
        raise ValueError("the year is out of range")


def _iso_time(text: str) -> datetime | None:
    """A time as ISO 8601 has it, or nearly so; None if it is another."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        tidied = _tidied(text)
    try:
        return datetime.fromisoformat(tidied) if tidied != text else None
    except ValueError:
        return None


def _tidied(text: str) -> str:
    """``2026-11-02 03:00:00 +0000 UTC`` without what ISO 8601 does not know."""
    for end in (" UTC", " GMT", "UTC"):
        if text.endswith(end):
            rest = text.removesuffix(end)
            return _tidied(rest) if rest[-5:-4] in ("+", "-") else f"{rest}+00:00"
    head, _, offset = text.rpartition(" ")
    return f"{head}{offset}" if offset[:1] in ("+", "-") and ":" in head else text


def _since_1970(digits: str, fraction: str | None) -> datetime:
    units = _SECONDS_OF[len(digits)]
    micros = int(digits) * 10**6 // units
    if fraction and units == 1:
        micros += int(fraction[:6].ljust(6, "0"))
    return _EPOCH + timedelta(microseconds=micros)


def _with_clock(day: date, match: re.Match[str]) -> datetime | date:
    if match["clock"] is None:
        return day
    clock, half = match["clock"], match["half"]
    hour, _, rest = clock.partition(":")
    number = int(hour)
    if half:
        if not 1 <= number <= 12:
            raise ValueError
        number = number % 12 + (12 if half.lower() == "pm" else 0)
    at = datetime.combine(day, time.fromisoformat(f"{number:02}:{rest}"))
    zone = match["zone"]
    if zone is None:
        return at
    if zone in ("Z", "UTC", "GMT"):
        return at.replace(tzinfo=UTC)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return at.replace(tzinfo=timezone(-offset if zone[0] == "-" else offset))


def _offset_time(text: str) -> datetime | None:
    """A time as written, with its own zone; None if it cannot be read."""
    if match := _match_epoch(text):
        return _since_1970(match[1], match[2])
    at = _iso_time(text) if text[4:5] == "-" else None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def present() -> datetime:
    """Now; a function of its own, for tests have a day of their own."""
    return datetime.now(UTC)
