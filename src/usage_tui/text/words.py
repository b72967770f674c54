"""Words that depend on a number or a code: plurals, and codes spoken as words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal


def count_noun(count: int, noun: str) -> str:
    """A count with its noun: ``1 run``, ``1,412 messages``."""
    return f"{count:,} {plural(count, noun)}"


def plural(count: int | Decimal, noun: str) -> str:
    """The noun in the form that the count asks for: ``run``, ``runs``, ``queries``, ``people``."""
    if abs(count) == 1:
        return noun
    if noun == "person":
        return "people"
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2:-1] not in "aeiou" else f"{noun}s"


def days_left(days: int) -> str:
    """``9 days left``, ``ends today`` on the last day, ``ended`` after it."""
    if days <= 0:
        return "ended"
    return "ends today" if days == 1 else f"{count_noun(days, 'day')} left"


def time_span(length: timedelta) -> str:
    """A length of time in its largest whole unit: ``3 hours``, ``2 days``; ``1 minute`` at least."""
    minutes = max(1, length // timedelta(minutes=1))
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes >= size:
            return count_noun(minutes // size, unit)
    return count_noun(minutes, "minute")


def spoken(code: str) -> str:
    """A code without a name of its own, as words: ``voice_call`` → ``Voice call``."""
    words = code.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


JSON_TYPES: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a decimal number",
    list: "a list",
    dict: "an object",
    type(None): "null",
}
"""What a JSON value of each type is called."""
