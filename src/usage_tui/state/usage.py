"""Everything the dashboard knows at one moment, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from usage_tui.clients.base import ClientError
from usage_tui.frozen import frozen
from usage_tui.insight.compare import PeriodComparison
from usage_tui.models import (
    Allowances,
    BillingPeriods,
    Credits,
    DailyUsage,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Membership,
    Ranking,
    SourceDays,
    Summary,
)
from usage_tui.state.history import Turn
from usage_tui.state.remote import Remote
from usage_tui.text.amounts import drawn_unit


@frozen
class PeriodReplies:
    """What is known of one earlier billing period."""

    sources: Remote[Ranking] = field(default_factory=Remote)
    daily: Remote[DailyUsage] = field(default_factory=Remote)


@frozen
class UsageState:
    """What is known of one organization.

    Attributes:
        origin: Where the data come from, as the header names it.
        recent: The newest events, for the card on the dashboard.
        events: The page of events that the history shows.
        periods: The billing periods that are known.
        days: The last weeks, in whatever period.
        source_days: The same days by source.
        by_person: Whether the viewer ranks people in place of sources.
        people: Who used what in the period that Usage shows, which is asked for when it is first wanted.
        people_days: The last days by person, beside it.
        comparing: Whether the viewer compares the period with the one before.
        compared: The two, which is asked for when it is first wanted.
        looked_at: The id of the earlier billing period that Usage shows; None for the current one.
        earlier: The earlier periods that were looked at so far, by id.
        query: What the history is filtered by.
        first_row: How many matching events lie before the history's page; None if unknown.
        turn: Which page the history asks for when it is next shown and has to ask.
        fault: What is wrong with the data as a whole, such as sums that disagree.
        ascii_only: Whether only ASCII can be drawn, which has no symbol for most currencies.
        exact: Whether no column is rounded, as in plain text.
        mixed: Whether replies are of different revisions, although they were asked for again.
        redacted: Whether names are replaced by pseudonyms.
    """

    origin: str
    me: Remote[Me] = field(default_factory=Remote)
    summary: Remote[Summary] = field(default_factory=Remote)
    sources: Remote[Ranking] = field(default_factory=Remote)
    daily: Remote[DailyUsage] = field(default_factory=Remote)
    recent: Remote[EventPage] = field(default_factory=Remote)
    events: Remote[EventPage] = field(default_factory=Remote)
    grants: Remote[Grants] = field(default_factory=Remote)
    allowances: Remote[Allowances] = field(default_factory=Remote)
    periods: Remote[BillingPeriods] = field(default_factory=Remote)
    days: Remote[DailyUsage] = field(default_factory=Remote)
    source_days: Remote[SourceDays] = field(default_factory=Remote)
    by_person: bool = False
    people: Remote[Ranking] = field(default_factory=Remote)
    people_days: Remote[SourceDays] = field(default_factory=Remote)
    comparing: bool = False
    compared: Remote[PeriodComparison] = field(default_factory=Remote)
    looked_at: str | None = None
    earlier: Mapping[str, PeriodReplies] = field(default_factory=dict)
    query: EventQuery = field(default_factory=EventQuery)
    first_row: int | None = 0
    turn: Turn = Turn.FIRST
    fault: ClientError | None = None
    ascii_only: bool = False
    exact: bool = False
    mixed: bool = False
    redacted: bool = False

    @property
    def membership(self) -> Membership | None:
        """The viewer's membership in the organization on the screen; None while unknown."""
        me, summary = self.me.value, self.summary.value
        if me is None:
            return None
        if summary is None:
            return me.organizations[0] if len(me.organizations) == 1 else None
        return next((one for one in me.organizations if one.id == summary.org.id), None)

    @property
    def billing_access(self) -> bool:
        """Whether the viewer is known to have billing access."""
        return self.membership is not None and self.membership.billing_access

    @property
    def used(self) -> Credits | None:
        """What the period used in all, as far as any reply says."""
        summary = self.summary.value
        if summary is not None and summary.usage is not None:
            return summary.usage.total
        return self.sources.value.total if self.sources.value is not None else None

    @property
    def unit(self) -> str:
        """The code of the unit of every amount: ``credit``, ``USD``; empty while unknown."""
        return self.drawn(self.summary.value.unit.code) if self.summary.value is not None else ""

    def drawn(self, unit: str) -> str:
        """The code of a unit, for amounts that this output can show."""
        return drawn_unit(unit, ascii_only=self.ascii_only, exact=self.exact)

    @property
    def time_zone(self) -> str:
        """The IANA zone in which the organization counts its days; UTC while unknown."""
        if self.summary.value is not None:
            return self.summary.value.org.time_zone
        return self.membership.time_zone if self.membership else "UTC"
