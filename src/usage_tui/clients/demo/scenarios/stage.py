"""The stage of a scenario: an organization's ledger, and the replies made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from usage_tui.clients.base import ClientError, Slice
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.journal import Entry
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.progress import meter
from usage_tui.ledger.roll_forward import MovesTally, roll_forwards
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.ledger.statement import BillingTerms, Statement, Viewer, make_statement
from usage_tui.models import (
    CREDITS,
    AutoRecharge,
    Credits,
    Event,
    Links,
    Meter,
    MeterLine,
    Notice,
    Organization,
    Period,
    RollForward,
    Subscription,
    Unit,
    User,
)
from usage_tui.named_tuple import NamedTuple

REVISION = 48213

ACME = Organization(id="acme", name="Acme", time_zone="America/New_York")
MARIA = Viewer(User(id="usr_01", name="Maria"), role="owner", billing_access=True)
TEAM_PLAN = Subscription(status="active", plan="Team", cadence="monthly", entitlement_active=True)
AUTO_RECHARGE = AutoRecharge(enabled=True, threshold=Credits.parse("5000"))
NO_AUTO_RECHARGE = AutoRecharge(enabled=False)
LINKS = Links(buy_credits="https://billing.example/buy", auto_recharge="https://billing.example/auto")


class Scenario(NamedTuple):
    """An organization as one viewer sees it at one moment, and how the client behaves.

    Attributes:
        events: Newest first.
        former: The billing periods before the current one, newest first.
        roll_forwards: The balance carried forward through each period, newest first; empty if not reported.
        not_offered: The slices that the client could never provide, each with the reason.
        failures: The slices whose requests fail, each with the failure.
        outage: How every request fails after the first refresh; None if refreshing is harmless.
        silent: Whether no request is ever answered.
        elsewhere: The viewer's other organizations by id.
    """

    statement: Statement
    events: Sequence[Event]
    former: tuple[Period, ...] = ()
    roll_forwards: tuple[RollForward, ...] = ()
    not_offered: Mapping[Slice, str] = {}
    failures: Mapping[Slice, ClientError] = {}
    outage: ClientError | None = None
    silent: bool = False
    elsewhere: Mapping[str, Scenario] = {}


class Stage:
    """A ledger and a rollup that see the same events."""

    def __init__(
        self,
        org: Organization,
        period_id: str,
        starts_at: datetime,
        ends_at: datetime,
        as_of: datetime,
        *,
        unit: Unit = CREDITS,
    ) -> None:
        calendar = Calendar(org.time_zone)
        self.org = org
        self.unit = unit
        self.as_of = as_of
        self.period: Period = calendar.period(period_id, starts_at, ends_at, as_of)
        self.former: tuple[Period, ...] = ()
        self._journal: list[Entry] = []
        self.ledger = Ledger(self._journal.append)
        self.events: list[Event] = []
        self._rollup = PeriodRollup(self.period, calendar)

    def add_former(self, period_id: str, starts_at: datetime, ends_at: datetime) -> None:
        """Add a billing period before the current one; the newest comes last."""
        period = Calendar(self.org.time_zone).period(period_id, starts_at, ends_at, self.as_of)
        self.former = (period, *self.former)

    def use(self, uses: Iterable[Use]) -> None:
        """Book uses, each at its own time."""
        for use in uses:
            self._add(self.ledger.use(use))

    def reverse(self, event: Event, *, at: datetime, actor: str) -> None:
        """Give an event's credits back."""
        self._add(self.ledger.reverse(event, reversal_id=f"{event.id}_back", at=at, actor=actor))

    def scenario(
        self,
        *,
        subscription: Subscription = TEAM_PLAN,
        auto_recharge: AutoRecharge | None = AUTO_RECHARGE,
        meters: tuple[Meter, ...] | None = None,
        notices: tuple[Notice, ...] = (),
        viewer: Viewer = MARIA,
    ) -> Scenario:
        """The scenario as it stands at `as_of`; without `meters` with those of the Team plan."""
        self.ledger.advance(self.as_of)
        billing = BillingTerms(
            org=self.org,
            period=self.period,
            subscription=subscription,
            auto_recharge=auto_recharge,
            meters=meters if meters is not None else team_meters(self.period.ends_at),
            links=LINKS,
            notices=notices,
            unit=self.unit,
        )
        statement = make_statement(self.ledger, self._rollup, billing, viewer, revision=REVISION)
        newest_first = sorted(self.events, key=lambda event: event.occurred_at)[::-1]
        carried = self._roll_forwards() if viewer.billing_access else ()
        return Scenario(statement, newest_first, self.former, carried)

    def _roll_forwards(self) -> tuple[RollForward, ...]:
        starts = [period.starts_at for period in (*reversed(self.former), self.period)]
        tally = MovesTally.of_periods(starts)
        for entry in self._journal:
            tally.add(entry)
        return roll_forwards(starts, self.ledger.booked_grants, tally.moves, self.as_of)

    def _add(self, event: Event) -> None:
        self.events.append(event)
        self._rollup.add(event)


def team_meters(resets_at: datetime) -> tuple[Meter, ...]:
    """The allowances of the Team plan, partly used."""
    lines = (
        MeterLine(label="Memory upkeep", used=Decimal(700)),
        MeterLine(label="Suggestions", used=Decimal(500)),
    )
    return (
        meter(
            "background_ai",
            "Background AI",
            "credit",
            used=Decimal(1200),
            included=Decimal(2000),
            resets_at=resets_at,
            lines=lines,
        ),
        meter(
            "sandbox_runtime",
            "Sandbox runtime",
            "hour",
            used=Decimal(15),
            included=Decimal(50),
            resets_at=resets_at,
        ),
        meter("sandbox_storage", "Storage", "gigabyte", used=Decimal("41.2"), included=Decimal(100)),
    )


def included(grant_id: str, description: str, amount: str, starts_at: datetime, ends_at: datetime) -> Terms:
    """The terms of a plan's included credits, granted when they become effective."""
    return Terms(
        grant_id, description, INCLUDED, "subscription", starts_at, starts_at, ends_at, Credits.parse(amount)
    )


def purchased(
    grant_id: str,
    description: str,
    amount: str,
    at: datetime,
    expires_at: datetime | None,
    origin: str = "purchase",
) -> Terms:
    """The terms of bought credits, usable at once."""
    return Terms(grant_id, description, PURCHASED, origin, at, at, expires_at, Credits.parse(amount))
