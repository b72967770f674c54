"""Sources: what spent credits in a period, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.models.credits import Credits
from usage_tui.models.period import PeriodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUsage:
    """One ranked row.

    Attributes:
        kind: The category: ``agent_chat``, ``ai_tool``, ``workflow``, ``browser_session``, or a
            word this version does not know.
        share: Part of the period's usage with 4 places; the shares of a reply add up to 1.
            None where the total is zero or less.
        count: How many of `count_unit`.
        count_unit: The singular noun: ``message``, ``run``, ``session``.
    """

    rank: int
    kind: str
    source_id: str
    label: str
    credits: Credits
    share: Decimal | None
    count: int
    count_unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSources:
    """The sum of the rows that a reply leaves out."""

    sources: int
    credits: Credits
    share: Decimal | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The period's sources, highest first. total = items + other.

    Attributes:
        period: Which one; None where the client does not know.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    total: Credits
    items: tuple[SourceUsage, ...]
    other: OtherSources | None = None
