"""Acme seen by someone else, or by a client whose requests go wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from usage_tui.clients.base import ServiceFailed, Slice, Unreachable
from usage_tui.clients.demo.scenarios.acme import AS_OF, CHAT, LEADS, acme, november, november_stage, play
from usage_tui.clients.demo.scenarios.script import uses
from usage_tui.clients.demo.scenarios.stage import (
    MARIA,
    NO_AUTO_RECHARGE,
    TEAM_PLAN,
    Scenario,
    Stage,
    included,
)
from usage_tui.ledger.statement import Viewer
from usage_tui.models import Organization, User

BETA_LABS = Organization(id="beta", name="Beta Labs", time_zone="Europe/Berlin")
_NOVEMBER_IN_BERLIN = datetime(2026, 10, 31, 23, tzinfo=UTC), datetime(2026, 11, 30, 23, tzinfo=UTC)


def member() -> Scenario:
    """A member without billing access: no events, no grants, no links."""
    stage = november_stage()
    play(stage)
    return stage.scenario(viewer=Viewer(User(id="usr_02", name="Dev"), role="member", billing_access=False))


def organizations() -> Scenario:
    """An owner of Acme who may also look at Beta Labs, but not at its events and grants."""
    home, other = acme(), _beta_labs()
    both = home.statement.me.organizations + other.statement.me.organizations
    home, other = (
        one._replace(statement=one.statement._replace(me=replace(one.statement.me, organizations=both)))
        for one in (home, other)
    )
    return home._replace(elsewhere={BETA_LABS.id: other})


def _beta_labs() -> Scenario:
    stage = Stage(BETA_LABS, "2026-11", *_NOVEMBER_IN_BERLIN, AS_OF)
    stage.ledger.grant(included("gr_01", "Pro plan, November 2026", "4000", *_NOVEMBER_IN_BERLIN))
    stage.use(uses(run for run in november() if run.source in (CHAT, LEADS)))
    return stage.scenario(
        subscription=replace(TEAM_PLAN, plan="Pro"),
        auto_recharge=NO_AUTO_RECHARGE,
        viewer=Viewer(MARIA.user, role="viewer", billing_access=False),
    )


def stale() -> Scenario:
    """Everything loads once; from the first refresh on nothing does."""
    outage = Unreachable(
        "The usage service does not answer: the connection timed out.", advice="Check the network."
    )
    return acme()._replace(outage=outage)


def failed() -> Scenario:
    """The ranking cannot be loaded."""
    failure = ServiceFailed("The server answered 503, database busy.", request_id="req_8f3a1c")
    return acme()._replace(failures={Slice.SOURCES: failure})


def loading() -> Scenario:
    """No answer ever comes."""
    return acme()._replace(silent=True)


def not_offered() -> Scenario:
    """A service that offers usage and balance, and nothing else."""
    scenario = acme()
    statement = scenario.statement
    balance = statement.summary.balance
    known = None if balance is None else replace(balance, next_expiry=None)
    summary = replace(statement.summary, balance=known, allowances=())
    return scenario._replace(
        statement=statement._replace(summary=summary),
        not_offered={
            Slice.GRANTS: "This service does not offer credit grants.",
            Slice.ALLOWANCES: "This service does not offer allowances.",
        },
    )
