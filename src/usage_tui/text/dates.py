"""Instants and civil dates as text, in the organization's zone."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from usage_tui.text.words import count_noun

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EXACT_DAYS = 90
"""How many days ahead an expected day is told; nobody can tell a later one."""
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@lru_cache(maxsize=8)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    return ZoneInfo(name)


def local(instant: datetime, time_zone: str) -> datetime:
    """The instant on the clocks of the zone."""
    return instant.astimezone(zone(time_zone))


def day(civil: date, *, year: bool = False) -> str:
    """``Nov 22``, or ``Nov 22, 2026``."""
    text = f"{_MONTHS[civil.month - 1]} {civil.day}"
    return f"{text}, {civil.year}" if year else text


def weekday(civil: date, *, year: bool = False) -> str:
    """``Thu, Nov 12``."""
    return f"{weekday_name(civil)[:3]}, {day(civil, year=year)}"


def weekday_name(civil: date) -> str:
    """``Thursday``."""
    return _WEEKDAYS[civil.weekday()]


def expected(civil: date, today: date) -> str:
    """An expected day: ``Dec 20``; what is more than 90 days ahead has no day, ``Jul 2027``."""
    if (civil - today).days <= EXACT_DAYS:
        return day(civil)
    return f"{_MONTHS[civil.month - 1]} {civil.year}"


def about(civil: date, today: date) -> str:
    """An expected day that leaves room for another: ``about Dec 20``; ``today`` once it has come."""
    return "today" if civil <= today else f"about {expected(civil, today)}"


def on_expected(civil: date, today: date) -> str:
    """The same with its preposition: ``on Dec 20``, ``in Jul 2027``."""
    return f"{'on' if (civil - today).days <= EXACT_DAYS else 'in'} {expected(civil, today)}"


def clock(instant: datetime, time_zone: str, *, seconds: bool = True) -> str:
    """``15:29:41``, with the zone's abbreviation in the hour that a change of clocks repeats."""
    there = local(instant, time_zone)
    text = f"{there:%H:%M:%S}" if seconds else f"{there:%H:%M}"
    repeated = there.replace(fold=0).utcoffset() != there.replace(fold=1).utcoffset()
    return f"{text} {there.tzname()}" if repeated else text


def moment(instant: datetime, time_zone: str) -> str:
    """``Nov 22, 15:30``."""
    return f"{day(local(instant, time_zone))}, {clock(instant, time_zone, seconds=False)}"


def day_of(instant: datetime, time_zone: str, *, year: bool = False) -> str:
    """The civil day of the instant: ``Dec 1``, or ``Dec 1, 2026``."""
    return day(local(instant, time_zone), year=year)


def span(start: date, end: date, dash: str) -> str:
    """``Nov 1 – Nov 30, 2026``; both years where they differ."""
    return f"{day(start, year=start.year != end.year)} {dash} {day(end, year=True)}"


def place(time_zone: str) -> str:
    """The zone as a place: ``New York`` for ``America/New_York``."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def zone_words(time_zone: str) -> str:
    """Whose clocks they are: ``New York time``, ``UTC``."""
    name = place(time_zone)
    return name if name == "UTC" else f"{name} time"


def days_until(instant: datetime, as_of: datetime, time_zone: str) -> int:
    """Civil days from the day of `as_of` to the last before the instant, both included; 0 once it is over."""
    if instant <= as_of:
        return 0
    return (last_day(instant, time_zone) - local(as_of, time_zone).date()).days + 1


def ahead(instant: datetime, as_of: datetime, time_zone: str) -> str:
    """How far off the civil day of an instant is: ``today``, ``in 1 day``, ``in 9 days``."""
    days = (local(instant, time_zone).date() - local(as_of, time_zone).date()).days
    return f"in {count_noun(days, 'day')}" if days else "today"


def last_day(end: datetime, time_zone: str) -> date:
    """The last civil day of what ends at an instant that is no longer part of it."""
    return local(end - datetime.resolution, time_zone).date()
