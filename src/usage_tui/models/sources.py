"""Sources: what spent credits in a period, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from usage_tui.models.credits import Credits
from usage_tui.models.period import PeriodReference


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUsage:
    """What one source used in the period.

    Attributes:
        rank: Its place by credits, from 1.
        kind: The category: ``agent_chat``, ``ai_tool``, ``workflow``, ``browser_session``, or another word.
        share: Its part of the total, with 4 decimal places; all shares add up to 1. None if the total is
            zero or less.
        count: How many messages, runs or sessions.
        count_unit: What `count` counts, in the singular: ``message``, ``run``, ``session``, or another word.
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
    """The sources past `limit`, added up.

    Attributes:
        sources: How many sources they are.
    """

    sources: int
    credits: Credits
    share: Decimal | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sources of a period, highest credits first; `total` = `items` + `other`.

    Attributes:
        period: The billing period; None if it is not known.
        other: The sources past `limit`; None if all are listed.
    """

    as_of: datetime
    revision: int
    period: PeriodReference | None = None
    total: Credits
    items: tuple[SourceUsage, ...]
    other: OtherSources | None = None
