"""The replies that say who used what, for members with billing access."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from usage_tui.ledger.people import rank_people
from usage_tui.models import PeriodReference, Ranking, SourceDays
from usage_tui.server.db.people import read_people, read_people_sums
from usage_tui.server.replies.slices import View, period_of, source_days_between, span_of


def people(view: View, period_id: str, limit: int) -> Ranking:
    """The people of a period, highest first, and what no event attributes to anybody.

    Raises:
        Problem: The viewer has no billing access, or the period does not exist.
    """
    view.access.require_billing()
    span = span_of(view, period_of(view, period_id))
    totals = read_people(view.connection, span)
    ranking = rank_people(totals, as_of=view.now, revision=view.organization.revision, limit=limit)
    return replace(ranking, period=PeriodReference(id=span.period.id))


def people_days_between(view: View, first: date, last: date, limit: int) -> SourceDays:
    """Every person on the same days as `daily_between`, those who used most first.

    Raises:
        Problem: The viewer has no billing access.
    """
    view.access.require_billing()
    return source_days_between(view, first, last, limit, read_people_sums)
