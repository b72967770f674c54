"""Periods of other lengths, and days of another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from usage_tui.clients.demo.scenarios.acme import (
    AS_OF,
    CHAT,
    DECEMBER,
    DIGEST,
    INVOICES,
    MEETINGS,
    MESSAGES,
    NOVEMBER,
    OCTOBER,
    REVIEW,
    SATURDAY,
    november,
    november_stage,
    use_with_refund,
)
from usage_tui.clients.demo.scenarios.script import Run, spread, uses
from usage_tui.clients.demo.scenarios.stage import (
    ACME,
    NO_AUTO_RECHARGE,
    TEAM_PLAN,
    Scenario,
    Stage,
    included,
    purchased,
)

NEW_YEAR = datetime(2026, 1, 1, 5, tzinfo=UTC)
ANNUAL = replace(TEAM_PLAN, plan="Business", cadence="annual")


def annual() -> Scenario:
    """A year of twelve allowances, all of them usable from the first day on."""
    stage = Stage(ACME, "2026", NEW_YEAR, NEW_YEAR.replace(year=2027), AS_OF)
    for number in range(1, 13):
        description = f"Business plan 2026, allowance {number} of 12"
        stage.ledger.grant(
            included(f"gr_{number:02}", description, "2500", NEW_YEAR, NEW_YEAR.replace(year=2027))
        )
    at = NEW_YEAR + timedelta(days=160)
    stage.ledger.grant(purchased("gr_13", "Top-up", "3000", at, at.replace(year=2027)))
    runs: list[Run] = []
    for week in range(46):
        monday = NEW_YEAR + timedelta(days=7 * week + 4)
        runs += spread(monday, DIGEST, [DIGEST.price])
        runs += spread(monday + timedelta(days=2), REVIEW, ["210.5"] * (1 + week % 3 // 2))
        runs += spread(monday + timedelta(days=week % 5), CHAT, MESSAGES[: 2 + week % 4])
    stage.use(uses(runs))
    return stage.scenario(subscription=ANNUAL, auto_recharge=NO_AUTO_RECHARGE)


def switch() -> Scenario:
    """From a monthly to an annual plan on November 16: a new period, while the old grant still runs."""
    starts_at = datetime(2026, 11, 16, 5, tzinfo=UTC)
    ends_at = starts_at.replace(year=2027)
    stage = Stage(ACME, "2026-11-16", starts_at, ends_at, AS_OF)
    stage.add_former("2026-11", NOVEMBER, starts_at)
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "10000", NOVEMBER, DECEMBER))
    stage.ledger.grant(included("gr_09", "Business plan, November 2026", "30000", starts_at, ends_at))
    use_with_refund(stage, list(uses(november())))
    return stage.scenario(subscription=ANNUAL, auto_recharge=NO_AUTO_RECHARGE)


def ends_today() -> Scenario:
    """The afternoon of the last day: what is left of the included credits lapses at midnight."""
    stage = november_stage(datetime(2026, 11, 30, 20, 30, tzinfo=UTC))
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "10000", NOVEMBER, DECEMBER))
    at = datetime(2026, 10, 14, 15, 2, 11, tzinfo=UTC)
    stage.ledger.grant(purchased("gr_03", "Top-up", "5000", at, at.replace(year=2027)))
    runs = list(november())
    for number in range(23, 31):
        midnight = datetime(2026, 11, number, 5, tzinfo=UTC)
        if midnight.weekday() < SATURDAY:
            runs += spread(midnight, CHAT, MESSAGES)
            runs += spread(midnight, INVOICES, [INVOICES.price] * 4)
            runs += spread(midnight, DIGEST, [DIGEST.price])
    use_with_refund(stage, [use for use in uses(runs) if use.occurred_at < stage.as_of])
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)


def clocks() -> Scenario:
    """The night in which New York's clocks go back: 1:10 comes twice, and the day has 25 hours."""
    stage = november_stage(datetime(2026, 11, 1, 18, tzinfo=UTC))
    stage.ledger.grant(included("gr_06", "Team plan, October 2026", "10000", OCTOBER, NOVEMBER))
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "10000", NOVEMBER, DECEMBER))
    night = (
        ("03:59:59", CHAT, "4.5"),
        ("04:00:00", CHAT, "5.875"),
        ("05:10:00", CHAT, "7.125"),
        ("05:45:30", REVIEW, "50.125"),
        ("06:10:00", CHAT, "6.75"),
        ("06:45:30", MEETINGS, "6"),
        ("07:05:00", INVOICES, "6.45"),
        ("14:00:00", DIGEST, "60.5"),
    )
    stage.use(
        uses(
            Run(datetime.fromisoformat(f"2026-11-01T{clock}+00:00"), source, price, "maria")
            for clock, source, price in night
        )
    )
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)
