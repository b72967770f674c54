"""Acme seen by someone else, or by a client whose requests go wrong."""

from __future__ import annotations

from dataclasses import replace

from usage_tui.clients.base import ServiceFailed, Slice, Unreachable
from usage_tui.clients.scenarios.acme import acme, november_stage, play
from usage_tui.clients.scenarios.stage import Scenario
from usage_tui.ledger.statement import Viewer
from usage_tui.models import User


def member() -> Scenario:
    """A member without billing access: no events, no grants, no links."""
    stage = november_stage()
    play(stage)
    return stage.scenario(viewer=Viewer(User(id="usr_02", name="Dev"), role="member", billing_access=False))


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
    """A service that tells use and balance, and nothing else."""
    scenario = acme()
    statement = scenario.statement
    balance = replace(statement.summary.balance, next_expiry=None)
    summary = replace(statement.summary, balance=balance, allowances=())
    return scenario._replace(
        statement=statement._replace(summary=summary),
        not_offered={
            Slice.GRANTS: "This service does not tell credit grants.",
            Slice.ALLOWANCES: "This service does not tell allowances.",
        },
    )
