"""Amounts of every size and sign, and words that this version does not know."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from usage_tui.clients.demo.scenarios.acme import (
    BRAND,
    CHAT,
    DECEMBER,
    DIGEST,
    INVOICES,
    LEADS,
    NOVEMBER,
    REVIEW,
    november,
    november_stage,
)
from usage_tui.clients.demo.scenarios.script import Run, Source, address, uses
from usage_tui.clients.demo.scenarios.stage import (
    NO_AUTO_RECHARGE,
    Scenario,
    included,
    purchased,
    team_meters,
)
from usage_tui.ledger.progress import meter
from usage_tui.ledger.statement import Viewer
from usage_tui.models import User

TRAILERS = Source("video_render", "trailers", "Trailer cutter", "render")
CALLS = Source("phone_call", "calls", "Phone calls", "minute")


def unknown() -> Scenario:
    """A service that is ahead of this program: new categories, activities, origins, units, roles."""
    stage = november_stage()
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "10000", NOVEMBER, DECEMBER))
    stage.ledger.grant(purchased("gr_09", "Partner credits", "750", NOVEMBER, None, "partner_program"))
    news = [
        Run(NOVEMBER + timedelta(days=day, hours=12), source, price, quantity=quantity)
        for day, source, price, quantity in (
            (3, TRAILERS, "88.5", 1),
            (9, CALLS, "44.8", 14),
            (16, TRAILERS, "92.25", 1),
            (21, CALLS, "9.6", 3),
        )
    ]
    stage.use(uses([*november(), *news]))
    pages = meter("scanned_pages", "Scanned pages", "page", used=Decimal(310), included=Decimal(400))
    return stage.scenario(
        auto_recharge=NO_AUTO_RECHARGE,
        meters=(*team_meters(DECEMBER), pages),
        viewer=Viewer(User(id="usr_05", name="Kim"), role="auditor", billing_access=True),
    )


def refund() -> Scenario:
    """A run that went wrong on November 5 is given back on the 8th, a day without other use."""
    stage = november_stage(datetime(2026, 11, 10, 20, 30, tzinfo=UTC))
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "10000", NOVEMBER, DECEMBER))
    wrong = Run(datetime(2026, 11, 5, 18, 30, tzinfo=UTC), LEADS, "260.5", quantity=20)
    ordered = [use for use in uses([*november(), wrong]) if use.occurred_at < stage.as_of]
    reversed_at = datetime(2026, 11, 8, 15, 4, 5, tzinfo=UTC)
    stage.use(use for use in ordered if use.occurred_at < reversed_at)
    event = next(event for event in stage.events if event.occurred_at == wrong.at)
    stage.reverse(event, at=reversed_at, actor=address("maria"))
    stage.use(use for use in ordered if use.occurred_at >= reversed_at)
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)


def fractions() -> Scenario:
    """Thrifty use: most of it costs thousandths, some a millionth."""
    stage = november_stage()
    stage.ledger.grant(included("gr_04", "Starter plan, November 2026", "20", NOVEMBER, DECEMBER))
    stage.ledger.grant(purchased("gr_03", "Top-up", "1.5", NOVEMBER, DECEMBER + timedelta(days=90)))
    prices = "0.000001", "0.00375", "0.0125", "1.000001", "0.333333", "0.05", "0.000125"
    stage.use(uses(_in_turn((CHAT, REVIEW, DIGEST, INVOICES, BRAND), prices, runs=60)))
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)


def huge() -> Scenario:
    """As many credits as ten digits can say, and uses to match."""
    stage = november_stage()
    stage.ledger.grant(included("gr_04", "Planet plan, November 2026", "9999999999", NOVEMBER, DECEMBER))
    stage.ledger.grant(purchased("gr_03", "Top-up", "3333333333", NOVEMBER, DECEMBER + timedelta(days=300)))
    prices = "1111111111", "999999999.999999", "555555555.25", "444444444.000001", "222222222.75"
    stage.use(uses(_in_turn((CHAT, REVIEW, DIGEST, INVOICES), prices, runs=5)))
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)


def _in_turn(sources: tuple[Source, ...], prices: tuple[str, ...], *, runs: int) -> list[Run]:
    """Runs from November 1 on, eight hours apart, of each source and at each price in turn."""
    return [
        Run(
            NOVEMBER + timedelta(hours=8 * number + 6, minutes=7 * number % 60),
            sources[number % len(sources)],
            prices[number % len(prices)],
        )
        for number in range(runs)
    ]
