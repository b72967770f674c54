"""Every reply about a vendor's account, made of the account and its days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from usage_tui.clients.base import ClientError, NotOffered, Slice
from usage_tui.clients.providers.base import Account
from usage_tui.clients.providers.cells import RoundedCell, as_events
from usage_tui.clients.providers.days import KnownDays
from usage_tui.clients.providers.past import KnownPast
from usage_tui.clients.registry import Provider, Vendor
from usage_tui.ledger.balance_state import balance_state, low_threshold
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.progress import fraction
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import INCLUDED
from usage_tui.models import (
    Allowances,
    Capabilities,
    Credits,
    DailyUsage,
    Event,
    Grants,
    IncludedProgress,
    Notice,
    Organization,
    Page,
    Part,
    PeriodReference,
    PeriodUsage,
    Ranking,
    Summary,
    Unit,
)

_INSTANT = timedelta.resolution
_NEVER = datetime.min.replace(tzinfo=UTC)
_ACCESS = Capabilities(view_events=True, view_grants=True, buy_credits=False, auto_recharge=False)


class Statement(NamedTuple):
    """Every reply, of one revision; in place of one that cannot be given, the error that says why."""

    summary: Summary
    sources: Ranking | ClientError
    daily: DailyUsage | ClientError
    grants: Grants | ClientError
    allowances: Allowances | ClientError
    events: Sequence[Event] | ClientError
    past: KnownPast | ClientError

    @property
    def has_failed(self) -> bool:
        """Whether a reply is missing that another look may give."""
        return any(isinstance(reply, ClientError) and not isinstance(reply, NotOffered) for reply in self)

    def is_same(self, other: Statement) -> bool:
        """Whether two looks say the same, apart from their time."""
        return self._timeless() == other._timeless()

    def _timeless(self) -> tuple[object, ...]:
        replies = (self.sources, self.daily, self.grants, self.allowances)
        said = (reply.message if isinstance(reply, ClientError) else reply.items for reply in replies)
        rows = self.events.message if isinstance(self.events, ClientError) else tuple(self.events)
        return replace(self.summary, as_of=_NEVER, revision=0), *said, rows


def billing_period(account: Account, now: datetime) -> tuple[datetime, datetime]:
    """The account's period; the calendar month in UTC where the vendor tells none."""
    if account.period is not None:
        starts_at, ends_at = account.period
        return starts_at, ends_at
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + timedelta(days=32)).replace(day=1)


def make_statement(
    provider: Provider,
    account: Account,
    days: KnownDays | ClientError,
    now: datetime,
    notices: tuple[Notice, ...] = (),
) -> Statement:
    """Everything that is said of an account.

    Args:
        provider: The vendor.
        account: What it tells of the account.
        days: What it tells of the days, or why it does not.
        now: The time of the look.
        notices: Sentences to show.
    """
    return _Making(provider, account, days, now, notices).statement()


class _Making:
    def __init__(
        self,
        provider: Provider,
        account: Account,
        days: KnownDays | ClientError,
        now: datetime,
        notices: tuple[Notice, ...],
    ) -> None:
        self._provider, self._account, self._days, self._notices = provider, account, days, notices
        self._vendor = provider.vendor or Vendor()
        self._as_of = now if isinstance(days, ClientError) else min(days.as_of or now, now)
        self._revision = int(now.timestamp())
        self._calendar = Calendar(provider.time_zone or "UTC")
        starts_at, ends_at = billing_period(account, now)
        self._period = self._calendar.period(starts_at.date().isoformat(), starts_at, ends_at, now)

    def statement(self) -> Statement:
        """Every reply."""
        days, account = self._days, self._account
        if isinstance(days, ClientError):
            sources: Ranking | ClientError = days
            daily: DailyUsage | ClientError = days
            events: Sequence[Event] | ClientError = days
            past: KnownPast | ClientError = days
            summary = self._summary(None)
        else:
            rows, earlier = days.rounded(self._period.start_date, self._period.end_date)
            summary = self._summary(rows)
            events = as_events([*rows, *earlier], self._calendar, self._period.starts_at)
            rollup = PeriodRollup(self._period, self._calendar)
            for event in events:
                rollup.add(event)
            finish = _Finish(self._vendor, days)
            sources = finish.ranking(rollup.ranking(as_of=self._as_of, revision=self._revision))
            daily = finish.daily(self._daily(rollup, days))
            past = KnownPast(summary, events, days, finish)
        return Statement(
            summary=summary,
            sources=sources,
            daily=daily,
            grants=self._absent(Slice.GRANTS) if account.grants is None else self._grants(),
            allowances=self._absent(Slice.ALLOWANCES) if account.meters is None else self._allowances(),
            events=events,
            past=past,
        )

    def _daily(self, rollup: PeriodRollup, days: KnownDays) -> DailyUsage:
        # A vendor that lags may not have got to this period yet; its first day is still open then.
        ends_at = self._calendar.bounds(days.newest or self._period.start_date)[1]
        known = max(min(self._as_of, ends_at - _INSTANT), self._period.starts_at)
        return replace(rollup.daily(as_of=known, revision=self._revision), as_of=self._as_of)

    def _summary(self, rows: Sequence[RoundedCell] | None) -> Summary:
        account = self._account
        usage = None if rows is None else _usage(rows)
        included = account.included
        if included is None and usage is not None and account.pool is not None:
            included = _of_pool(account.pool, usage)
        threshold = low_threshold(
            included if included and included.kind == INCLUDED else None, None, account.low
        )
        balance = account.balance
        days = self._days
        summary = Summary(
            org=Organization(id=account.id, name=account.name, time_zone=self._calendar.time_zone),
            as_of=self._as_of,
            revision=self._revision,
            unit=Unit(code=self._provider.unit if isinstance(days, ClientError) else days.unit),
            balance=balance,
            state=balance_state(balance, threshold) if balance is not None else None,
            low_threshold=threshold if balance is not None else None,
            period=self._period,
            included=included,
            usage=usage,
            subscription=account.plan,
            allowances=tuple(replace(meter, lines=None) for meter in account.meters or ()),
            capabilities=_ACCESS,
            notices=self._notices,
            entered=tuple(map(str, account.entered)),
        )
        return replace(summary, not_offered=self._reasons(summary, rows))

    def _reasons(self, summary: Summary, rows: Sequence[RoundedCell] | None) -> dict[str, str]:
        """Why each missing part is missing; nothing is said of one that is there."""
        said: dict[Part, str] = {**self._vendor.not_offered, **self._account.not_offered}
        if isinstance(self._days, NotOffered):
            said.setdefault(Part.USAGE, self._days.message)
        told = {
            Part.BALANCE: summary.balance is not None,
            Part.SPLIT: summary.balance is not None and summary.balance.included is not None,
            Part.INCLUDED: summary.included is not None,
            Part.USAGE: summary.usage is not None,
            Part.PLAN: summary.subscription is not None,
            Part.STATE: summary.state is not None,
            Part.COUNTS: bool(rows) and all(row.total.quantity is not None for row in rows or ()),
        }
        if Part.BALANCE in said:
            said.setdefault(Part.STATE, said[Part.BALANCE])
        said.setdefault(Part.PLAN, f"{self._provider.title} doesn't report a plan.")
        return {str(part): why for part, why in said.items() if not told.get(part, False)}

    def _absent(self, name: Slice) -> NotOffered:
        said = {**self._provider.not_offered, **self._account.slices_not_offered}
        return NotOffered(said.get(name) or f"Not offered by {self._provider.title}.")

    def _grants(self) -> Grants:
        items = self._account.grants or ()
        page = Page(size=len(items))
        return Grants(as_of=self._as_of, revision=self._revision, items=items, page=page)

    def _allowances(self) -> Allowances:
        return Allowances(
            as_of=self._as_of,
            revision=self._revision,
            period=PeriodReference(id=self._period.id),
            items=self._account.meters or (),
        )


class _Finish(NamedTuple):
    """It implements `Finish`."""

    vendor: Vendor
    days: KnownDays

    def ranking(self, ranking: Ranking) -> Ranking:
        """With the noun of what the vendor counts."""
        unit = self.vendor.count_unit
        return replace(ranking, items=tuple(replace(item, count_unit=unit) for item in ranking.items))

    def daily(self, daily: DailyUsage) -> DailyUsage:
        """With the days that may still change, and without counts where the vendor has none."""
        items = tuple(
            replace(
                day,
                complete=self.days.is_final(day.date),
                count=day.count if self.vendor.count_unit else None,
            )
            for day in daily.items
        )
        return replace(daily, items=items)


def _usage(rows: Sequence[RoundedCell]) -> PeriodUsage:
    told = [row.uncovered for row in rows if row.uncovered is not None]
    total = sum(row.total.credits for row in rows)
    return PeriodUsage(total=Credits(total), uncovered=Credits(sum(told)) if told else None)


def _of_pool(pool: Credits, usage: PeriodUsage) -> IncludedProgress:
    """How far a pool is used; where use went beyond it, what was covered is all that it had."""
    beyond = usage.uncovered or Credits.ZERO
    used = usage.total - beyond
    granted = used if beyond > Credits.ZERO else pool
    used = min(used, granted)
    return IncludedProgress(
        granted=granted,
        used=used,
        remaining=granted - used,
        used_fraction=fraction(Decimal(used.micro), Decimal(granted.micro)),
    )
