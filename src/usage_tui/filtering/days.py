"""Days as words: ``2026-11-10``, ``today``, ``7d``, ``monday``, ``period``; and instants of RFC 3339."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from usage_tui.filtering.known import Known
from usage_tui.filtering.mistakes import InvalidTerm
from usage_tui.ledger.days import ONE_DAY, Calendar
from usage_tui.models import Period
from usage_tui.named_tuple import NamedTuple

_MATCH_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII).fullmatch
_MATCH_LAST = re.compile(r"([1-9][0-9]{0,3})d", re.ASCII).fullmatch
_YEARS = range(1900, 9000)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TODAY, _YESTERDAY, _PERIOD, _LAST_PERIOD = "today", "yesterday", "period", "last-period"
_FORMS = "use a day such as 2026-11-10, today, yesterday, 7d, monday, period or last-period"


class Span(NamedTuple):
    """A span of time; the end is exclusive. Both are the same for an instant."""

    starts_at: datetime
    ends_at: datetime


def read_days(text: str, known: Known) -> Span:
    """The days that a word means, from midnight to midnight of the organization's zone; or an instant.

    Raises:
        InvalidTerm: It means none.
    """
    word, today = text.lower(), known.today
    if word == _PERIOD:
        return _of_period(known.period, "the current billing period")
    if word == _LAST_PERIOD:
        return _of_period(known.last_period, "the last billing period")
    if last := _MATCH_LAST(word):
        return _span(known.calendar, today - ONE_DAY * (int(last[1]) - 1), today)
    if _MATCH_DATE(word):
        return _of_date(word, known.calendar)
    if (day := _day_of(word, today)) is not None:
        return _span(known.calendar, day, day)
    return _instant(text)


def _day_of(word: str, today: date) -> date | None:
    if word == _TODAY:
        return today
    if word == _YESTERDAY:
        return today - ONE_DAY
    weekdays = [number for number, name in enumerate(_WEEKDAYS) if word in (name, name[:3])]
    # Today is the last day of its name.
    return today - timedelta((today.weekday() - weekdays[0]) % 7) if weekdays else None


def _of_date(word: str, calendar: Calendar) -> Span:
    try:
        day = date.fromisoformat(word)
    except ValueError:
        raise InvalidTerm(f'there is no day "{word}"') from None
    if day.year not in _YEARS:
        raise InvalidTerm(f'the year of "{word}" is not between {_YEARS.start} and {_YEARS.stop - 1}')
    return _span(calendar, day, day)


def _of_period(period: Period | None, name: str) -> Span:
    if period is None:
        raise InvalidTerm(f"{name} is not known")
    return Span(period.starts_at, period.ends_at)


def _span(calendar: Calendar, first: date, last: date) -> Span:
    return Span(calendar.bounds(first)[0], calendar.bounds(last)[1])


def _instant(text: str) -> Span:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at.year not in _YEARS:
        raise InvalidTerm(f'"{text}" is not a day; {_FORMS}')
    return Span(at.astimezone(UTC), at.astimezone(UTC))


def write_span(calendar: Calendar, starts_at: datetime | None, ends_at: datetime | None) -> Iterator[str]:
    """Terms for a span of time: ``on``, or ``from`` and ``to``; instants within a day as they are."""
    first = starts_at and _date_at(calendar, starts_at)
    after = ends_at and _date_at(calendar, ends_at)
    last = after and calendar.date_of(calendar.bounds(after)[0] - datetime.resolution)
    if first is not None and first == last:
        yield f"on:{first}"
        return
    if starts_at is not None:
        yield f"from:{first or _written(starts_at)}"
    if ends_at is not None:
        yield f"to:{last or _written(ends_at)}"


def _date_at(calendar: Calendar, at: datetime) -> date | None:
    """The day that begins at an instant; None if none does."""
    day = calendar.date_of(at)
    return day if calendar.bounds(day)[0] == at and day.year in _YEARS else None


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def day_words(known: Known) -> Iterator[tuple[str, str]]:
    """Every word to choose from, and the days that it means."""
    words = [_TODAY, _YESTERDAY, "7d", "30d", *_WEEKDAYS]
    words += [_PERIOD] if known.period else []
    words += [_LAST_PERIOD] if known.last_period else []
    for word in words:
        span = read_days(word, known)
        first, last = map(known.calendar.date_of, (span.starts_at, span.ends_at - datetime.resolution))
        yield word, str(first) if first == last else f"{first} to {last}"
