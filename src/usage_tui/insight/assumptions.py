"""What is assumed, as a line of text: ``top-up 5000``, ``cut "Code completion" 50%``, ``recharge 10000``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from usage_tui.insight.what_if import NOTHING_ASSUMED, Cut, TopUp, WhatIf, recharge_at
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits, Grants, InvalidCredits, clean

MOST_OF_EACH = 5
"""How many purchases, and how many cuts, at most."""

EXAMPLES = 'top-up 5000, cut 20%, cut "Code completion" 50% or recharge 10000'

_WORD = re.compile(r'"([^"]*)"|([^\s";]+)|(;)|(")')
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)%", re.ASCII).fullmatch
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII).fullmatch
_FIRST_YEAR, _LAST_YEAR = 1970, 9999
_SHOWN = 40
_NO_PERCENTAGE = "a cut needs a percentage from 0% to 100%, such as cut 20%"


class InvalidAssumption(ValueError):
    """The line is not understood, or its answer cannot be told. The message is one line."""


class _Words:
    """The words of a line, one after the other."""

    def __init__(self, text: str) -> None:
        self._words = list(_split(text))

    def peek(self) -> str | None:
        return self._words[0] if self._words else None

    def take(self, what: str) -> str:
        if not self._words:
            raise InvalidAssumption(f"{what} is missing at the end; use {EXAMPLES}")
        return self._words.pop(0)


class Assumptions:
    """Reads lines for one organization.

    Attributes:
        sources: The names of its sources, by their ids; None if unknown what each uses.
    """

    def __init__(
        self, *, sources: Mapping[str, str] | None, grants: Grants | None, calendar: Calendar, now: datetime
    ) -> None:
        """Prepare to read.

        Args:
            sources: The names of its sources, by their ids; None if unknown what each uses.
            grants: Its grants; None if they are not known.
            calendar: Its days.
            now: The present.
        """
        self.sources = sources
        self._grants, self._calendar, self._now = grants, calendar, now

    def read(self, text: str) -> WhatIf:
        """What a line assumes; nothing for an empty one.

        Raises:
            InvalidAssumption: It is not understood, or not enough is known for it.
        """
        words, found = _Words(text), NOTHING_ASSUMED
        while (verb := words.peek()) is not None:
            words.take("")
            match verb.casefold():
                case "top-up" | "topup":
                    found = replace(found, top_ups=(*found.top_ups, self._top_up(words)))
                case "cut":
                    found = replace(found, cuts=(*found.cuts, self._cut(words)))
                case "recharge":
                    found = self._with_recharge(found, words)
                case ";" | "and":
                    continue
                case _:
                    raise InvalidAssumption(f"{_shown(verb)} is not understood; use {EXAMPLES}")
        if max(len(found.top_ups), len(found.cuts)) > MOST_OF_EACH:
            raise InvalidAssumption(f"at most {MOST_OF_EACH} purchases and {MOST_OF_EACH} cuts are possible")
        return found

    def _with_recharge(self, found: WhatIf, words: _Words) -> WhatIf:
        if found.recharge is not None:
            raise InvalidAssumption("recharge can be given once only")
        threshold = _amount(words)
        if self._grants is None:
            raise InvalidAssumption(
                "without the grants it is not known what auto-recharge buys; use top-up 5000"
            )
        recharge = recharge_at(threshold, self._grants)
        if recharge is None:
            raise InvalidAssumption(
                "what auto-recharge buys is not known, as it never bought; use top-up 5000"
            )
        return replace(found, recharge=recharge)

    def _top_up(self, words: _Words) -> TopUp:
        amount = _amount(words)
        if words.peek() != "until":
            return TopUp(amount=amount)
        words.take("")
        day = _day(words)
        expires_at = self._calendar.bounds(day)[0]
        if expires_at <= self._now:
            raise InvalidAssumption(f"{day} has passed; use a later date")
        return TopUp(amount=amount, expires_at=expires_at)

    def _cut(self, words: _Words) -> Cut:
        word = words.take("what is cut")
        found, source = _PERCENT(word), None
        if found is None and _PERCENT(f"{word}%") and word not in (self.sources or {}):
            raise InvalidAssumption(_NO_PERCENTAGE)
        if found is None:
            source, found = self.source(word), _PERCENT(words.take("a percentage"))
        if found is None or (part := Fraction(found[1]) / 100) > 1:
            raise InvalidAssumption(_NO_PERCENTAGE)
        return Cut(part=part, source_id=source)

    def source(self, word: str) -> str:
        """The id of the source of that id or name, or of a part of a name that no other has.

        Raises:
            InvalidAssumption: There is none, or more than one.
        """
        sources = self.sources
        if sources is None:
            raise InvalidAssumption("what a single source uses is not known here; use cut 20%")
        if word in sources:
            return word
        wanted = word.casefold()
        named = [one for one, label in sources.items() if label.casefold() == wanted]
        found = named or [one for one, label in sources.items() if wanted in label.casefold()]
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(sources[one] for one in found[:3])
            raise InvalidAssumption(f"{_shown(word)} may mean {clean(names)}; write more of the name")
        such = next((f"; use one such as {_shown(label)}" for label in sources.values()), "")
        raise InvalidAssumption(f"no source is called {_shown(word)}{such}")


def _split(text: str) -> Iterator[str]:
    for quoted, plain, separator, stray in _WORD.findall(text):
        if stray:
            raise InvalidAssumption('a closing " is missing')
        word = separator or quoted or plain.rstrip(",")
        if word:
            yield word


def _amount(words: _Words) -> Credits:
    word = words.take("an amount")
    try:
        amount = Credits.parse(word.replace(",", ""))
    except InvalidCredits:
        raise InvalidAssumption(f"{_shown(word)} is not an amount; use one such as 5000") from None
    if amount <= Credits.ZERO:
        raise InvalidAssumption("an amount must be more than 0")
    return amount


def _day(words: _Words) -> date:
    word = words.take("a date")
    try:
        if not _DATE(word):
            raise ValueError
        day = date.fromisoformat(word)
        if not _FIRST_YEAR < day.year < _LAST_YEAR:
            raise ValueError
    except ValueError:
        raise InvalidAssumption(f"{_shown(word)} is not a date; use one such as 2027-06-01") from None
    return day


def _shown(word: str) -> str:
    return f'"{clean(word)[:_SHOWN]}"'
