"""Sources: where the usage of a period went, ranked."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits
from usage_tui.models.period import PeriodReference


@frozen
class SourceUsage:
    """One ranked row.

    Attributes:
        kind: The category: ``agent_chat``, ``ai_tool``, ``workflow``, ``browser_session``, or a
            word this version does not know.
        rank: The place in the order, from 1; None if the client does not number its rows.
        share: Part of the period's usage with 4 decimal places; the shares of a reply add up to 1.
            None if the total is zero or less, or if the client does not report any.
        count: How many of `count_unit`; None if the client does not report counts.
        count_unit: The singular noun: ``message``, ``run``, ``session``.
    """

    rank: int | None = None
    kind: str
    source_id: str
    label: str
    credits: Credits
    share: Decimal | None = None
    count: int | None = None
    count_unit: str = "use"


@frozen
class OtherSources:
    """The sum of the rows that a reply leaves out."""

    sources: int
    credits: Credits
    share: Decimal | None = None
    count: int | None = None


@frozen
class Ranking:
    """The period's sources, highest first. total = items + other.

    Attributes:
        period: Which one; None if the client does not know.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    total: Credits
    items: tuple[SourceUsage, ...]
    other: OtherSources | None = None
