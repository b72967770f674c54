"""The replies about an organization: the example of the contract, and who is told what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.known import known
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.progress import meter
from usage_tui.ledger.rollup import PeriodRollup
from usage_tui.ledger.spending import Terms
from usage_tui.ledger.statement import BillingTerms, Statement, Viewer, make_statement
from usage_tui.models import (
    AutoRecharge,
    Capabilities,
    Credits,
    Links,
    MeterLine,
    Organization,
    Subscription,
    User,
)

NOVEMBER, DECEMBER = datetime(2026, 11, 1, 4, tzinfo=UTC), datetime(2026, 12, 1, 5, tzinfo=UTC)
MARCH = datetime(2026, 3, 2, 9, tzinfo=UTC)
OCTOBER = datetime(2026, 10, 14, 15, 2, 11, tzinfo=UTC)
AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
ORG = Organization(id="acme", name="Acme", time_zone="America/New_York")
CALENDAR = Calendar(ORG.time_zone)
PERIOD = CALENDAR.period("2026-11", NOVEMBER, DECEMBER, AS_OF)
LINKS = Links(buy_credits="https://billing.example/buy", auto_recharge="https://billing.example/auto")
LINES = (
    MeterLine(label="Memory upkeep", used=Decimal(700)),
    MeterLine(label="Suggestions", used=Decimal(500)),
)
ACTIVE = Subscription(status="active", plan="Team", cadence="monthly", entitlement_active=True)
CONTRACT = BillingTerms(
    org=ORG,
    period=PERIOD,
    subscription=ACTIVE,
    auto_recharge=AutoRecharge(enabled=True, threshold=Credits.parse("5000")),
    meters=(meter("ai", "Background AI", "credit", used=Decimal(1200), included=Decimal(2000), lines=LINES),),
    links=LINKS,
)
OWNER = Viewer(User(id="usr_1", name="Maria"), role="owner", billing_access=True)
MEMBER = Viewer(User(id="usr_2", name="Dev"), role="admin", billing_access=False)


def terms(grant_id: str, bucket: str, amount: str, at: datetime, expires_at: datetime) -> Terms:
    return Terms(grant_id, grant_id, bucket, "purchase", at, at, expires_at, Credits.parse(amount))


def example(billing: BillingTerms = CONTRACT, viewer: Viewer = OWNER) -> Statement:
    """The organization that the contract of the API tells of, its uses summed up by source."""
    ledger, rollup = Ledger(), PeriodRollup(PERIOD, CALENDAR)
    ledger.grant(terms("gr_02", "purchased", "2000", MARCH, MARCH.replace(year=2027)))
    ledger.grant(terms("gr_03", "purchased", "5000", OCTOBER, OCTOBER.replace(year=2027)))
    ledger.grant(terms("gr_04", "included", "10000", NOVEMBER, DECEMBER))
    for number, (kind, label, amount, quantity, at) in enumerate(
        (
            ("workflow", "Earlier digests", "749.75", 9, MARCH),
            ("agent_chat", "Agent chat", "2810.25", 412, NOVEMBER),
            ("ai_tool", "Contract review", "1905", 38, NOVEMBER),
            ("workflow", "Weekly digest", "1025.25", 12, NOVEMBER),
            ("browser_session", "Browser sessions", "500", 9, AS_OF),
        )
    ):
        use = Use(f"evt_{number}", at, kind, label, label, "run", Credits.parse(amount), quantity)
        rollup.add(ledger.use(use))
    ledger.advance(AS_OF)
    return make_statement(ledger, rollup, billing, viewer, revision=48213)


def test_the_summary_of_the_example() -> None:
    summary = example().summary
    balance, included, usage = known(summary.balance), known(summary.included), known(summary.usage)
    period = known(summary.period)
    assert [str(part) for part in (balance.total, balance.included, balance.purchased)] == [
        "10009.75",
        "3759.5",
        "6250.25",
    ]
    assert (balance.locked, balance.overage) == (Credits.ZERO, Credits.ZERO)
    expiry = known(balance.next_expiry)
    assert (expiry.at, str(expiry.amount)) == (DECEMBER, "3759.5")
    assert (summary.state, str(summary.low_threshold)) == ("normal", "5000")
    assert (period.days_total, period.days_left) == (30, 9)
    assert (str(included.granted), str(included.used), str(included.remaining)) == (
        "10000",
        "6240.5",
        "3759.5",
    )
    assert str(included.used_fraction) == "0.62405"
    assert (str(usage.total), str(usage.from_included), usage.from_purchased) == (
        "6240.5",
        "6240.5",
        Credits.ZERO,
    )
    assert (summary.as_of, summary.revision, summary.last_event_at) == (AS_OF, 48213, AS_OF)


def test_the_grants_of_the_example() -> None:
    rows = example().grants.items
    assert [(row.id, row.status, str(row.used), str(row.remaining)) for row in rows] == [
        ("gr_04", "active", "6240.5", "3759.5"),
        ("gr_02", "active", "749.75", "1250.25"),
        ("gr_03", "active", "0", "5000"),
    ]


def test_all_replies_are_of_one_moment_and_revision() -> None:
    statement = example()
    replies = statement.summary, statement.sources, statement.daily, statement.grants, statement.allowances
    assert {(reply.as_of, reply.revision) for reply in replies} == {(AS_OF, 48213)}
    assert statement.sources.total == statement.daily.total == known(statement.summary.usage).total


def test_the_summary_has_meters_without_their_lines_and_the_allowances_have_all() -> None:
    statement = example()
    assert [row.lines for row in statement.summary.allowances] == [None]
    assert [row.lines for row in statement.allowances.items] == [LINES]


def test_the_viewer_is_who_looks_through_which_membership() -> None:
    me = example(viewer=MEMBER).me
    assert me.user.name == "Dev"
    membership = me.organizations[0]
    assert (membership.id, membership.role, membership.billing_access) == ("acme", "admin", False)
    assert membership.time_zone == "America/New_York"


def test_with_billing_access_and_an_active_entitlement_everything_is_told() -> None:
    summary = example().summary
    assert summary.capabilities == Capabilities(
        view_events=True, view_grants=True, buy_credits=True, auto_recharge=True
    )
    assert (summary.links, summary.access_notice) == (LINKS, None)


def test_without_billing_access_billing_is_not_told_but_the_state_is_the_same() -> None:
    summary = example(viewer=MEMBER).summary
    balance = known(summary.balance)
    assert (summary.links, summary.auto_recharge, balance.next_expiry) == (None, None, None)
    assert summary.access_notice is not None
    told = example().summary
    assert (summary.state, summary.low_threshold) == (told.state, None)
    whole = known(told.balance)
    assert replace(balance, next_expiry=whole.next_expiry) == whole


def test_without_an_active_entitlement_there_are_no_links() -> None:
    ended = replace(ACTIVE, status="ended", entitlement_active=False)
    summary = example(CONTRACT._replace(subscription=ended)).summary
    assert summary.links is None
    assert summary.capabilities == Capabilities(
        view_events=True, view_grants=True, buy_credits=False, auto_recharge=False
    )


@pytest.mark.parametrize(("chosen", "state"), [("10009.75", "low"), ("10009.749999", "normal")])
def test_the_state_goes_by_the_threshold_that_was_chosen(chosen: str, state: str) -> None:
    summary = example(CONTRACT._replace(chosen_threshold=Credits.parse(chosen))).summary
    assert (summary.state, str(summary.low_threshold)) == (state, chosen)
