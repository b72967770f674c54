"""Banners: what is wrong, in the words that this viewer can act on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cards.states import area, demo, put, shown, text_of
from tests.known import known
from tests.named import NAMED
from usage_tui.cards.banner import Banner, banners, draw
from usage_tui.cards.typeset.lines import width
from usage_tui.clients.base import InvalidRecording, ServiceFailed, Unreachable
from usage_tui.models import AutoRecharge, Capabilities, Credits, Notice
from usage_tui.state.reducers import checked, failed, initial, refresh_failed, revisions_compared, started
from usage_tui.state.usage import UsageState

WAITS = "New AI work waits until there are credits to spend."
AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
DOWN = Unreachable("The service does not answer.", advice="Check the network.")


def seen_by(state: UsageState, role: str) -> UsageState:
    """The state as an owner, a billing admin, or someone without billing access sees it."""
    me, summary = state.me.value, state.summary.value
    assert me is not None
    assert summary is not None
    access = role != "member"
    membership = replace(me.organizations[0], role=role, billing_access=access)
    may = Capabilities(view_events=access, view_grants=access, buy_credits=access, auto_recharge=access)
    summary = replace(summary, capabilities=may, links=None)
    if not access:
        summary = replace(summary, auto_recharge=None, low_threshold=None)
    return put(state, me=replace(me, organizations=(membership,)), summary=summary)


def changed(state: UsageState, **changes: Any) -> UsageState:
    assert state.summary.value is not None
    return put(state, summary=replace(state.summary.value, **changes))


def said(state: UsageState) -> list[tuple[str, str]]:
    return [(banner.word, banner.text) for banner in banners(state)]


@pytest.mark.parametrize("scenario", ["acme", "empty", "no-included", "refund", "member"])
def test_where_all_is_well_nothing_is_announced(scenario: str) -> None:
    assert banners(demo(scenario)) == ()


def test_cards_of_different_moments_are_announced() -> None:
    state = demo()
    assert state.summary.value is not None
    older = revisions_compared(changed(state, revision=state.summary.value.revision - 1))
    assert [word for word, _ in said(older)] == ["Check"]
    assert banners(older)[0].retry
    assert said(revisions_compared(state)) == []


@pytest.mark.parametrize("role", ["owner", "billing admin"])
@pytest.mark.parametrize(
    ("scenario", "word", "text"),
    [
        ("paused", "Paused", f"{WAITS} Buy credits in Billing, turn on auto-recharge, or wait for Dec 1."),
        (
            "low",
            "Low",
            "At or below 650 credits, 10% of what the plan includes. "
            "Buy credits in Billing or turn on auto-recharge before AI work has to wait.",
        ),
        (
            "locked",
            "Locked",
            "The paid term has ended. Reactivate the plan to use the 6,250.25 purchased credits.",
        ),
    ],
)
def test_who_may_pay_is_told_how(role: str, scenario: str, word: str, text: str) -> None:
    assert said(seen_by(demo(scenario), role)) == [(word, text)]


@pytest.mark.parametrize(
    ("scenario", "word", "text"),
    [
        ("paused", "Paused", f"{WAITS} Ask an owner or a billing admin to add credits."),
        ("low", "Low", "Few credits are left. An owner or a billing admin can add credits."),
        (
            "locked",
            "Locked",
            "The paid term has ended and 6,250.25 credits are locked. Ask an owner or a billing admin.",
        ),
    ],
)
def test_who_may_not_pay_is_told_whom_to_ask(scenario: str, word: str, text: str) -> None:
    state = seen_by(demo(scenario), "member")
    assert said(state) == [(word, text)]
    assert not [span for row in draw(banners(state), area(118)) for span in row if span.command]


def test_auto_recharge_that_is_on_need_not_be_turned_on() -> None:
    on = AutoRecharge(enabled=True, threshold=Credits.parse("5000"))
    assert (
        said(changed(demo("paused"), auto_recharge=on))[0][1]
        == f"{WAITS} Buy credits in Billing, or wait for Dec 1."
    )
    assert (
        said(changed(demo("low"), auto_recharge=on))[0][1]
        == "At or below 650 credits, 10% of what the plan includes. Auto-recharge will add credits."
    )


def test_a_low_balance_is_told_whose_limit_it_is() -> None:
    low, chosen = demo("low"), Credits.parse("800")
    recharge = AutoRecharge(enabled=True, threshold=Credits.parse("650"))
    for changes, text in (
        ({}, "At or below 650 credits, 10% of what the plan includes."),
        ({"auto_recharge": recharge}, "At or below 650 credits, the threshold of auto-recharge."),
        ({"low_threshold": chosen}, "At or below 800 credits, the limit that is set for this organization."),
    ):
        assert said(changed(low, **changes))[0][1].startswith(text)


def test_a_subscription_that_ends_refreshes_nothing() -> None:
    state = demo("paused")
    summary = known(state.summary.value)
    subscription = known(summary.subscription)
    ends = replace(subscription, ends_at=known(summary.period).ends_at)
    assert "wait for" not in said(changed(state, subscription=ends))[0][1]
    ended = replace(subscription, status="ended", entitlement_active=False)
    barred = Capabilities(view_events=True, view_grants=True, buy_credits=False, auto_recharge=False)
    assert said(changed(state, subscription=ended, capabilities=barred))[0][1] == WAITS


def ending(as_of: datetime, days: float, purchased: str = "5000") -> UsageState:
    state = demo("ending")
    summary = state.summary.value
    assert summary is not None
    ends_at = as_of + timedelta(days=days)
    balance = replace(known(summary.balance), purchased=Credits.parse(purchased))
    return changed(
        state,
        as_of=as_of,
        balance=balance,
        subscription=replace(known(summary.subscription), ends_at=ends_at),
    )


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (
            9,
            "on Dec 1, 2026, in 9 days",
        ),
        (0.01, "today"),
        (
            29,
            "on Dec 21, 2026, in 29 days",
        ),
    ],
)
def test_a_subscription_that_ends_soon_is_announced(days: float, when: str) -> None:
    sentence = f"The Team subscription ends {when}. Purchased credits are locked from then on."
    assert said(ending(AS_OF, days)) == [("Ending", sentence)]


@pytest.mark.parametrize("days", [30, 400, 0, -0.1, -30])
def test_a_subscription_that_ends_later_or_has_ended_is_not(days: float) -> None:
    assert said(ending(AS_OF, days)) == []


def test_without_purchased_credits_none_are_locked() -> None:
    state = ending(AS_OF, 9, purchased="0")
    assert said(state)[0][1] == "The Team subscription ends on Dec 1, 2026, in 9 days."


def test_notices_of_the_service_are_passed_on() -> None:
    notices = (Notice(code="maintenance", text="Maintenance on Sunday."),)
    assert said(changed(demo(), notices=notices)) == [("Notice", "Maintenance on Sunday.")]


def test_old_numbers_say_of_when_they_are_and_why_until_there_are_new_ones() -> None:
    old = refresh_failed(demo(), DOWN)
    told = "Showing data from Nov 22, 15:30. The service does not answer. Check the network."
    words = [("Not refreshed", told)]
    assert said(old) == said(started(old, NAMED["summary"])) == words
    assert said(put(old, summary=demo().summary.value)) == []


def test_a_failure_of_the_service_is_told_with_the_name_of_the_request() -> None:
    error = ServiceFailed("The service failed (500).", advice="Try again later.", request_id="req_7")
    assert said(refresh_failed(demo(), error))[0][1].endswith(
        "The service failed (500). Request req_7. Try again later."
    )


def test_no_numbers_at_all_say_why_and_what_to_do() -> None:
    state = started(initial("test", {}), NAMED["summary"])
    assert said(state) == []
    state = failed(state, NAMED["summary"], 1, DOWN)
    assert said(state) == [("No data", "The service does not answer. Check the network.")]
    assert banners(state)[0].retry


def test_data_that_contradict_themselves_come_first_and_the_screen_says_how_many_more_there_are() -> None:
    state = checked(demo("paused"), InvalidRecording("The days do not add up.", advice="Record it again."))
    state = changed(state, notices=(Notice(code="n", text="Hello."),))
    assert [banner.word for banner in banners(state)] == ["Check", "Paused", "Notice"]
    assert shown(draw(banners(state), area(118)))[-1] == "1 more; usage-tui --print shows all"
    assert "Hello." in shown(draw(banners(state), area(118)._replace(interactive=False)))[-1]
    assert banners(state)[0].text == "The days do not add up. Record it again."


def test_a_banner_has_a_bar_its_word_and_the_text() -> None:
    lines = draw(banners(demo("paused")), area(78))
    assert shown(lines) == [
        f"▌ ! Paused  {WAITS} Buy credits in",
        "▌ Billing, turn on auto-recharge, or wait for Dec 1.",
    ]
    assert {span.tone for row in lines for span in row} == {"error-strong", "text"}


LONG = Banner(
    "Not refreshed",
    "Showing data from Nov 22, 15:30. 1,000 hosts do not answer, nor will 2,000 others.",
    "warning-strong",
    retry=True,
)


def test_on_the_screen_a_banner_has_two_rows_and_ends_with_a_whole_word() -> None:
    lines = draw((LONG,), area(54))
    assert shown(lines) == [
        "▌ ! Not refreshed  Showing data from Nov   r try again",
        "▌ 22, 15:30. 1,000 hosts do not answer, nor will …",
    ]
    assert all(width(row) <= 54 for row in lines)


def test_where_it_is_narrow_the_key_gives_way() -> None:
    assert shown(draw((LONG,), area(38)))[0] == "▌ ! Not refreshed  Showing data from"


def test_plain_text_has_all_of_a_banner() -> None:
    rows = [text_of(row) for row in draw((LONG,), area(38, interactive=False))]
    assert " ".join(row.removeprefix("▌ ").strip() for row in rows) == f"! Not refreshed  {LONG.text}"
