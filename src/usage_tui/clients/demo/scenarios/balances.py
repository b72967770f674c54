"""Every state that a balance can be in, mostly with the uses of Acme's November."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from usage_tui.clients.demo.scenarios.acme import (
    AS_OF,
    DECEMBER,
    NOVEMBER,
    november,
    november_stage,
    use_with_refund,
)
from usage_tui.clients.demo.scenarios.script import uses
from usage_tui.clients.demo.scenarios.stage import (
    NO_AUTO_RECHARGE,
    TEAM_PLAN,
    Scenario,
    Stage,
    included,
    purchased,
    team_meters,
)
from usage_tui.ledger.progress import meter
from usage_tui.ledger.spending import Terms

OCTOBER_14 = datetime.fromisoformat("2026-10-14T15:02:11+00:00")
TERM_END = datetime.fromisoformat("2026-11-21T05:00:00+00:00")


def empty() -> Scenario:
    """The first morning of a plan."""
    stage = november_stage(NOVEMBER + timedelta(hours=10))
    stage.ledger.grant(_plan("10000"))
    unused = tuple(
        meter(one.id, one.label, one.unit, used=Decimal(0), included=one.included, resets_at=one.resets_at)
        for one in team_meters(DECEMBER)
    )
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE, meters=unused)


def no_included() -> Scenario:
    """A plan on which every credit is bought."""
    stage = _november(_top_up("20000"))
    return stage.scenario(subscription=replace(TEAM_PLAN, plan="Pay as you go"))


def low() -> Scenario:
    """A little is left of the included credits, nothing was bought."""
    return _november(_plan("6500")).scenario(auto_recharge=NO_AUTO_RECHARGE)


def paused() -> Scenario:
    """The last use took the last credits."""
    return _november(_plan("5000"), _top_up("1240.5")).scenario(auto_recharge=NO_AUTO_RECHARGE)


def locked() -> Scenario:
    """The paid term has ended, and what was bought waits for a new one."""
    stage = november_stage()
    stage.ledger.grant(included("gr_04", "Team plan, November 2026", "6000", NOVEMBER, TERM_END))
    stage.ledger.grant(_top_up("5000"))
    stage.ledger.grant(purchased("gr_02", "Auto-recharge", "1250.25", NOVEMBER, None, "auto_recharge"))
    stage.use(use for use in uses(november()) if use.occurred_at < TERM_END)
    for grant_id in ("gr_02", "gr_03"):
        stage.ledger.lock(grant_id, at=TERM_END)
    ended = replace(TEAM_PLAN, status="ended", ends_at=TERM_END, entitlement_active=False)
    return stage.scenario(subscription=ended, auto_recharge=NO_AUTO_RECHARGE)


def ending() -> Scenario:
    """The subscription was cancelled and runs out with the period."""
    stage = _november(_plan("10000"), _top_up("5000"))
    return stage.scenario(subscription=replace(TEAM_PLAN, ends_at=DECEMBER), auto_recharge=NO_AUTO_RECHARGE)


def overage() -> Scenario:
    """Work went on after the last credit; the top-up of the last minute does not pay for it."""
    stage = _november(_plan("5000"))
    stage.ledger.grant(
        purchased("gr_03", "Top-up", "500", AS_OF - timedelta(seconds=10), AS_OF + timedelta(days=365))
    )
    return stage.scenario(auto_recharge=NO_AUTO_RECHARGE)


def _november(*grants: Terms) -> Stage:
    stage = november_stage()
    for terms in grants:
        stage.ledger.grant(terms)
    use_with_refund(stage, list(uses(november())))
    return stage


def _plan(amount: str) -> Terms:
    return included("gr_04", "Team plan, November 2026", amount, NOVEMBER, DECEMBER)


def _top_up(amount: str) -> Terms:
    return purchased("gr_03", "Top-up", amount, OCTOBER_14, OCTOBER_14.replace(year=2027))
