"""Findings: what the rules of alerts found, how bad it is, and by which key it is known again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum

from usage_tui.frozen import frozen
from usage_tui.models import Credits, Grant


class Level(IntEnum):
    """How bad a finding is; the value is the exit code of a check."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3

    @property
    def severity(self) -> int:
        """Its place among the levels, from good to bad: what cannot be told is worse than a warning."""
        return (Level.OK, Level.WARNING, Level.UNKNOWN, Level.CRITICAL).index(self)


class Rule(StrEnum):
    """What is judged."""

    BELOW = "below"
    INCLUDED_USED = "included-used"
    RUNS_OUT_WITHIN = "runs-out-within"
    RUNS_OUT_BEFORE_REFRESH = "runs-out-before-refresh"
    EXPIRES_WITHIN = "expires-within"
    LAPSES = "lapses"
    STATE = "state"
    STALE = "stale"


class Reason(StrEnum):
    """Why a rule cannot tell."""

    NO_DATA = "no-data"
    NO_BALANCE = "no-balance"
    NOTHING_INCLUDED = "nothing-included"
    TOO_LITTLE_HISTORY = "too-little-history"
    UNKNOWN_STATE = "unknown-state"


Value = Credits | date | timedelta | str | None


@frozen
class Finding:
    """Something to tell.

    Attributes:
        threshold: The limit, as it was given.
        about: The id of the period or the grant that it is about; empty if no period is known.
        value: What was found: an amount, a date, an age or a state.
        limit: The limit as an amount, where a percentage was given.
        grant: The grant it is about.
        refresh_on: The refresh that comes before or on the day found.
        reason: Why the level is `UNKNOWN`; None at every other level.
    """

    rule: Rule
    threshold: str
    level: Level
    about: str
    value: Value = None
    limit: Credits | None = None
    grant: Grant | None = None
    refresh_on: date | None = None
    reason: Reason | None = None

    @property
    def key(self) -> str:
        """By which it is known again: rule, threshold, level, and what it is about."""
        return f"{self.rule}:{self.threshold}:{self.level.name.lower()}:{self.about}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A limit in percent of what the period includes."""

    value: Decimal

    def __str__(self) -> str:
        return f"{self.value.normalize():f}%"


def worst(findings: Iterable[Finding]) -> Level:
    """The level of all findings together; `OK` without any.

    That there is too little history to tell counts only where nothing else was found.
    """
    listed = list(findings)
    told = [finding.level for finding in listed if finding.reason != Reason.TOO_LITTLE_HISTORY]
    levels = told or [finding.level for finding in listed]
    return max(levels, key=lambda level: level.severity, default=Level.OK)
