"""Organizations by hand, as a demo plays them: what each day used, and what paid for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios.stage import (
    MARIA,
    NO_AUTO_RECHARGE,
    TEAM_PLAN,
    Scenario,
    Stage,
    included,
    purchased,
)
from usage_tui.ledger.ledger import Use
from usage_tui.ledger.spending import INCLUDED, Terms
from usage_tui.ledger.statement import Viewer
from usage_tui.models import Credits, Organization, Subscription, User

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TODAY = date(2026, 11, 22)
SEPTEMBER, OCTOBER = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
NOVEMBER, DECEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
JUNE = datetime(2027, 6, 1, tzinfo=UTC)
ORG = Organization(id="acme", name="Acme", time_zone="UTC")
SAM = Viewer(User(id="usr_02", name="Sam"), role="member", billing_access=False)

TOP_UP = purchased("topup", "Top-up", "1000", OCTOBER, JUNE)


def plan(amount: str) -> Terms:
    return included("plan", "Team plan, November 2026", amount, NOVEMBER, DECEMBER)


def welcome(amount: str, until: datetime = NOVEMBER) -> Terms:
    """What pays first, and is no part of the plan."""
    at = SEPTEMBER - timedelta(days=60)
    return Terms("welcome", "Welcome", INCLUDED, "promotion", at, at, until, Credits.parse(amount))


def played(
    amounts: Sequence[Mapping[str, str]],
    grants: Iterable[Terms],
    *,
    subscription: Subscription = TEAM_PLAN,
    viewer: Viewer = MARIA,
) -> Scenario:
    """An organization in UTC, as of midnight.

    Args:
        amounts: What each source used on the days up to yesterday, at noon and after.
        grants: What pays.
        subscription: Its plan.
        viewer: Who looks.
    """
    stage = Stage(ORG, "2026-11", NOVEMBER, DECEMBER, NOW)
    stage.add_former("2026-10", OCTOBER, NOVEMBER)
    for terms in grants:
        stage.ledger.grant(terms)
    first = NOW - timedelta(days=len(amounts))
    stage.use(
        Use(
            f"evt_{number:03}_{source}",
            first + timedelta(days=number, hours=12, minutes=place),
            "ai_tool",
            source,
            source.title(),
            "run",
            Credits.parse(amount),
        )
        for number, day in enumerate(amounts)
        for place, (source, amount) in enumerate(day.items())
    )
    return stage.scenario(subscription=subscription, auto_recharge=NO_AUTO_RECHARGE, viewer=viewer)


def even(*, viewer: Viewer = MARIA) -> Scenario:
    """56 days of 100; 900 of 3,000 are left, and 1,000 until June."""
    return played(
        [{"review": "60", "digest": "40"}] * 56, [plan("3000"), TOP_UP, welcome("3500")], viewer=viewer
    )


def term() -> Scenario:
    """The same with 5,000 purchased without end, of a plan that ends."""
    bought = purchased("topup", "Top-up", "5000", OCTOBER, None)
    return played(
        [{"review": "60", "digest": "40"}] * 56,
        [plan("3000"), bought, welcome("3500")],
        subscription=replace(TEAM_PLAN, ends_at=DECEMBER),
    )


def spike() -> Scenario:
    """30 days of 90, but 2,000 on Nov 12."""
    days = [{"review": "90"}] * 20 + [{"review": "90", "digest": "1910"}] + [{"review": "90"}] * 9
    return played(days, [plan("3000"), TOP_UP, welcome("3710", NOW)])


def client(scenario: Scenario) -> DemoClient:
    return DemoClient(scenario)
