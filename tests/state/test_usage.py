"""The whole state: whose it is, what may be seen, and what a change of access does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from tests.known import known
from tests.named import NAMED
from usage_tui.clients.base import ClientError, NotFound, Slice, Unauthenticated, Unreachable, Withheld
from usage_tui.clients.demo.client import open_demo
from usage_tui.ledger.statement import Statement
from usage_tui.models import (
    NO_BILLING_ACCESS,
    EventPage,
    EventQuery,
    Grants,
    Me,
    Membership,
    Organization,
    Page,
    Summary,
    User,
)
from usage_tui.state.access import allowed, is_not_member, may_pay
from usage_tui.state.freshness import incomplete
from usage_tui.state.history import Turn
from usage_tui.state.reducers import (
    checked,
    failed,
    filtered,
    from_cache,
    initial,
    moved_to_row,
    page_outdated,
    refresh_failed,
    started,
    succeeded,
)
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState

BILLING = ("recent", "events", "grants", "people")
FAILURE = Unreachable("No answer.")
GRANTS = Grants(as_of=datetime(2026, 11, 22, tzinfo=UTC), revision=1, items=())


@cache
def acme() -> Statement:
    return open_demo("acme")._scenario.statement


def acme_page() -> EventPage:
    """A page in the midst of the history."""
    event = open_demo("acme")._scenario.events[0]
    place = Page(size=1, here="here", next="next", prev="previous")
    return EventPage(as_of=event.occurred_at, revision=1, items=(event,), page=place)


def me(*organizations: str, billing_access: bool = True) -> Me:
    return Me(
        user=User(id="usr_01", name="Maria"),
        organizations=tuple(
            Membership(
                id=name, name=name, role="admin", billing_access=billing_access, time_zone="Europe/Berlin"
            )
            for name in organizations
        ),
    )


def summary(*, view: bool = True, org: str = "acme", notice: str | None = None) -> Summary:
    whole: Summary = acme().summary
    return replace(
        whole,
        org=Organization(id=org, name=org, time_zone="Asia/Tokyo"),
        capabilities=replace(known(whole.capabilities), view_events=view, view_grants=view),
        access_notice=notice,
    )


def given(state: UsageState | None = None, **replies: Any) -> UsageState:
    """The state after these replies have come, in this order."""
    state = state or initial("test", {})
    for name, value in replies.items():
        state = started(state, NAMED[name])
        number = getattr(state, name).request
        if isinstance(value, ClientError):
            state = failed(state, NAMED[name], number, value)
        else:
            state = succeeded(state, NAMED[name], number, value)
    return state


def test_at_first_nothing_is_known_but_what_is_not_offered() -> None:
    state = initial("file.jsonl", {Slice.EVENTS: "No events."})
    assert state.origin == "file.jsonl"
    absent = {name for name in NAMED if getattr(state, name).status is Status.NOT_OFFERED}
    assert absent == {"recent", "events"}
    assert state.recent.reason == "No events."
    assert state.time_zone == "UTC"


def test_the_membership_is_that_of_the_organization_on_the_screen() -> None:
    assert given(me=me("other", "acme"), summary=summary()).membership == me("acme").organizations[0]


def test_of_several_organizations_none_is_assumed() -> None:
    assert given(me=me("other", "acme")).membership is None
    assert given(me=me("acme")).membership == me("acme").organizations[0]
    assert given(me=me("other"), summary=summary()).membership is None


def test_the_zone_is_that_of_the_organization() -> None:
    assert given(me=me("acme")).time_zone == "Europe/Berlin"
    assert given(me=me("acme"), summary=summary()).time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("name", BILLING)
@pytest.mark.parametrize(
    ("replies", "may"),
    [
        ({}, False),
        ({"me": me("acme")}, True),
        ({"me": me("acme", "other")}, False),
        ({"me": me("acme", billing_access=False)}, False),
        ({"summary": summary()}, True),
        ({"summary": summary(view=False)}, False),
        ({"me": me("acme"), "summary": summary()}, True),
        ({"me": me("acme", billing_access=False), "summary": summary()}, False),
        ({"me": me("acme"), "summary": summary(view=False)}, False),
        ({"me": FAILURE, "summary": summary()}, True),
        ({"me": me("acme"), "summary": FAILURE}, True),
    ],
)
def test_what_needs_billing_access_is_allowed_once_it_is_known(
    name: str, replies: dict[str, Any], may: bool
) -> None:
    assert allowed(given(**replies), NAMED[name]) is may


@pytest.mark.parametrize("name", sorted(set(NAMED) - set(BILLING)))
def test_what_everyone_may_see_is_always_allowed(name: str) -> None:
    assert allowed(initial("test", {}), NAMED[name])


def test_what_is_not_offered_is_not_allowed() -> None:
    state = given(initial("test", {Slice.DAILY: "No days."}), me=me("acme"), summary=summary())
    assert not allowed(state, NAMED["daily"])


def test_lost_access_deletes_what_was_shown_and_says_why() -> None:
    state = given(me=me("acme"), summary=summary(), grants=GRANTS)
    lost = given(state, me=me("acme", billing_access=False))
    for name in BILLING:
        remote = getattr(lost, name)
        assert remote.status is Status.WITHHELD
        assert remote.value is None
        assert remote.reason == NO_BILLING_ACCESS


def test_lost_access_takes_the_filter_of_the_history_along() -> None:
    state = moved_to_row(filtered(given(me=me("acme"), summary=summary()), EventQuery(kind="agent_chat")), 40)
    lost = given(state, me=me("acme", billing_access=False))
    assert (lost.query, lost.first_row) == (EventQuery(), 0)


@pytest.mark.parametrize("what", ["buy_credits", "auto_recharge"])
def test_what_costs_money_takes_access_and_an_active_entitlement(what: Any) -> None:
    whole = summary()
    ended = replace(whole, subscription=replace(known(whole.subscription), entitlement_active=False))
    refused = replace(whole, capabilities=replace(known(whole.capabilities), **{what: False}))
    assert may_pay(given(me=me("acme"), summary=whole), what)
    for other in (ended, refused):
        assert not may_pay(given(me=me("acme"), summary=other), what)
    assert not may_pay(given(me=me("acme", billing_access=False), summary=whole), what)
    assert not may_pay(given(me=me("acme")), what)


def test_a_page_without_a_cursor_to_it_is_not_asked_for_again() -> None:
    page = acme_page()
    shown = given(me=me("acme"), summary=summary(), events=replace(page, page=replace(page.page, here=None)))
    assert page_outdated(shown, newest=False) is shown
    again = page_outdated(given(me=me("acme"), summary=summary(), events=page), newest=False)
    assert (again.events.status, again.turn) == (Status.IDLE, Turn.SAME)


def test_the_service_may_say_itself_why_something_is_withheld() -> None:
    state = given(summary=summary(view=False, notice="Ask Maria."))
    assert state.grants.reason == "Ask Maria."


def test_access_that_is_lost_on_the_way_bars_the_answer() -> None:
    state = started(given(me=me("acme"), summary=summary()), NAMED["grants"])
    number = state.grants.request
    lost = given(state, me=me("acme", billing_access=False))
    assert succeeded(lost, NAMED["grants"], number, GRANTS).grants.value is None


def test_access_that_is_regained_can_be_asked_for_again() -> None:
    state = given(me=me("acme", billing_access=False), summary=summary())
    regained = given(state, me=me("acme"))
    assert regained.grants.status is Status.IDLE
    assert given(regained, grants=GRANTS).grants.value == GRANTS


def test_a_client_without_grants_has_none_with_any_access() -> None:
    state = initial("test", {Slice.GRANTS: "No grants."})
    state = given(state, me=me("acme", billing_access=False))
    state = given(state, me=me("acme"), summary=summary())
    assert state.grants.status is Status.NOT_OFFERED
    assert state.grants.reason == "No grants."


def test_while_access_may_yet_be_told_nothing_fails_with_it() -> None:
    state = started(given(me=FAILURE), NAMED["summary"])
    assert state.grants.status is Status.IDLE


@pytest.mark.parametrize("order", [("me", "summary"), ("summary", "me")])
def test_when_access_cannot_be_told_what_depends_on_it_fails(order: tuple[str, str]) -> None:
    unreachable: dict[str, Any] = dict.fromkeys(order, FAILURE)
    state = given(**unreachable)
    assert {getattr(state, name).status for name in BILLING} == {Status.FAILED}
    ambiguous: dict[str, Any] = {"me": me("acme", "other"), "summary": FAILURE}
    state = given(**{name: ambiguous[name] for name in order})
    assert {getattr(state, name).status for name in BILLING} == {Status.FAILED}


def test_where_the_whole_organization_is_withheld_so_is_what_depends_on_it() -> None:
    state = given(me=Withheld("No access."), summary=Withheld("No access to Acme."))
    assert {getattr(state, name).status for name in BILLING} == {Status.WITHHELD}
    assert state.grants.reason == "No access to Acme."


@pytest.mark.parametrize("name", NAMED)
def test_a_token_that_is_not_accepted_takes_everything_away_whatever_was_asked_for(name: str) -> None:
    state = given(me=me("acme"), summary=summary(), grants=GRANTS)
    lost = given(state, **{name: Unauthenticated("Not accepted.")})
    assert {getattr(lost, reply).value for reply in NAMED} == {None}
    assert is_not_member(lost)


@pytest.mark.parametrize("name", ["sources", "daily", "recent", "grants", "allowances"])
def test_a_reply_that_the_service_does_not_know_is_missing_alone(name: str) -> None:
    state = given(given(me=me("acme"), summary=summary()), **{name: NotFound("No such thing.")})
    assert state.summary.value is not None
    assert not is_not_member(state)


@pytest.mark.parametrize("replies", [{"me": me("other")}, {"summary": summary(org="other")}])
def test_what_was_kept_of_one_organization_goes_with_the_first_word_of_another(
    replies: dict[str, Any],
) -> None:
    kept = from_cache(given(me=me("acme", "other"), summary=summary(), grants=GRANTS))
    state = given(kept, **replies)
    assert state.grants.value is None
    assert not any(getattr(state, name).cached for name in NAMED)


def test_what_was_kept_stays_until_its_own_organization_answers_anew() -> None:
    kept = from_cache(given(me=me("acme", "other"), summary=summary(), grants=GRANTS))
    assert given(kept, me=me("other", "acme"), summary=summary()).grants.value == GRANTS


def test_a_filter_starts_the_history_over() -> None:
    query = EventQuery(kind="workflow")
    state = filtered(moved_to_row(given(me=me("acme"), summary=summary()), 60), query)
    assert (state.query, state.first_row, state.events.status) == (query, 0, Status.IDLE)


def test_an_origin_that_cannot_be_read_again_leaves_all_that_is_known() -> None:
    state = given(me=me("acme"), summary=summary(), grants=GRANTS)
    old = refresh_failed(state, FAILURE)
    assert old.summary.stale
    assert old.summary.value == state.summary.value
    assert old.grants == state.grants
    assert not given(old, summary=summary()).summary.stale


def test_a_fault_of_the_data_can_be_taken_back() -> None:
    state = checked(initial("test", {}), FAILURE)
    assert state.fault is FAILURE
    assert checked(state, None).fault is None


def test_an_equal_reply_leaves_the_state_as_it_is() -> None:
    state = given(me=me("acme"), summary=summary(), grants=GRANTS)
    assert succeeded(state, NAMED["grants"], state.grants.request, replace(GRANTS)) is state


def test_incomplete_is_what_was_asked_for_and_has_not_come() -> None:
    complete = given(me=me("acme"), summary=summary())
    assert not incomplete(complete)
    assert incomplete(started(complete, NAMED["daily"]))
    assert incomplete(given(complete, daily=FAILURE))
    assert incomplete(checked(complete, FAILURE))
    assert not incomplete(given(summary=summary(view=False)))
