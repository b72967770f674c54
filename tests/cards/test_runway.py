"""Runway: the words for the dates that matter, in every room, and what stands there without dates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.cards.states import area, demo, euros, put, shown, vendor
from tests.known import known
from usage_tui.cards.arrangement import Layout
from usage_tui.cards.card import LOADING, Age, Placeholder
from usage_tui.cards.panel import START
from usage_tui.cards.runway import Fact, RunwayCard, RunwayView, draw, runway_view
from usage_tui.models import Credits
from usage_tui.state.reducers import from_cache, initial
from usage_tui.state.remote import Status
from usage_tui.state.usage import UsageState

CARD = RunwayCard()


def view_of(state: UsageState) -> RunwayView:
    view = runway_view(state)
    assert isinstance(view, RunwayView)
    return view


def told(state: UsageState) -> dict[str, Fact]:
    """The facts by their labels, the first of each."""
    return {fact.label: fact for fact in reversed(view_of(state).facts)}


def with_daily_use(amount: str, **summary: Any) -> UsageState:
    """Acme with the same use on each day of the last weeks."""
    state = demo()
    days = known(state.days.value)
    items = tuple(replace(day, credits=Credits.parse(amount), count=1) for day in days.items)
    known_summary = replace(known(state.summary.value), **summary)
    return put(state, days=replace(days, items=items), summary=known_summary)


def test_acme_in_one_column() -> None:
    assert shown(draw(view_of(demo()), area(78, 4))) == [
        "Runway ───────────────────────── estimate · 220.23 a day, mean of last 28 days",
        "Runs out    not within a year                  as early as Mar 2027",
        "Lapses      ! about 2,003.43 included on Dec 1",
        "Included    lasts until the refresh on Dec 1   then 10,000",
    ]


@pytest.mark.parametrize("width", [38, 54, 58, 78, 118])
def test_no_line_is_wider_than_the_card_and_the_date_is_whole(width: int) -> None:
    lines = shown(draw(view_of(with_daily_use("1500")), area(width, 4)))
    assert all(len(row) <= width for row in lines)
    assert "on Nov 29" in lines[1]


def test_the_earliest_date_leads_where_it_comes_before_the_refresh() -> None:
    state = demo("low")
    assert told(state)["Runs out"].value == "as early as today, before Dec 1"
    assert told(state)["Runs out"].beside == "usually about Nov 23"
    assert told(state)["Runs out"].warns


def test_dates_that_agree_are_one() -> None:
    assert told(with_daily_use("1500"))["Runs out"].value == "on Nov 29"


def test_today_is_no_estimate_and_is_said_once() -> None:
    state = demo("low")
    days = known(state.days.value)
    today = days.items[-1].date
    sundays = {day.date for day in days.items if day.date.weekday() == today.weekday()} - {today}
    busy = [
        replace(day, credits=Credits.parse("1000000" if day.date in sundays else "0")) for day in days.items
    ]
    summary = replace(known(state.summary.value), subscription=None)
    found = told(put(state, days=replace(days, items=tuple(busy)), summary=summary))["Runs out"]
    assert (found.value, found.beside) == ("today", "")


def test_what_is_said_of_a_plan_that_ends() -> None:
    assert told(demo("ending"))["Stops"] == Fact(
        "Stops", "on Dec 1, when the plan ends", "5,000 purchased get locked", warns=True
    )
    assert told(demo("locked"))["Runs out"].value == "nothing is usable until the plan is reactivated"
    assert told(demo("paused"))["Runs out"].value == "nothing is left"


def test_grants_of_a_plan_that_end_together_lapse_together() -> None:
    facts = [fact for fact in view_of(demo("annual")).facts if fact.label == "Lapses"]
    assert [fact.value for fact in facts][:1] == ["about 11,340.56 included on Jan 1, 2027"]


def test_a_day_that_makes_up_a_large_part_of_the_pace_is_named() -> None:
    assert "Nov 11 alone is 30% of what it is made of" in [
        fact.value for fact in view_of(demo("annual")).facts
    ]


def test_without_billing_access_the_dates_of_expiry_are_not_known() -> None:
    state = demo("member")
    assert state.grants.status is Status.WITHHELD
    assert told(state)["Expiry"].value == "dates are not known to you"


def test_too_little_history_says_so_and_has_no_date() -> None:
    view = view_of(demo("clocks"))
    assert view.facts == ()
    assert view.notes == ("Too little history: 1 of 7 complete days.", "4.50 a day so far.")
    assert shown(draw(view, area(78, 3)))[1:] == list(view.notes)


def test_a_source_without_a_balance_says_what_is_missing() -> None:
    view = runway_view(replace(vendor(), grants=demo("not-offered").grants))
    assert isinstance(view, Placeholder)
    assert view.status is Status.NOT_OFFERED
    assert shown([view.notes[0]]) == ["OpenAI does not report a balance."]


def test_it_waits_for_the_last_weeks_and_keeps_its_room() -> None:
    state = replace(demo(), days=initial("demo", {}).days)
    view = runway_view(state)
    assert view == LOADING
    for layout in (Layout.STACKED, Layout.WIDE):
        rows = CARD.needs(LOADING, area(78), layout).usual
        assert rows == CARD.needs(view_of(demo()), area(78), layout).usual


def test_what_is_kept_from_an_earlier_run_is_shown_as_old() -> None:
    view = view_of(from_cache(demo()))
    assert view.age is Age.CACHED
    assert "as of Nov 22, 15:30" in shown(draw(view, area(100)))[0]


def test_amounts_are_in_the_unit_of_the_data() -> None:
    assert "$2.88 a day" in view_of(demo("dollars")).basis[0]
    assert "EUR" in view_of(euros(ascii_only=True)).basis[0]


def test_it_is_copied_whole_and_enter_leads_to_the_balance_over_time() -> None:
    view = view_of(demo())
    assert CARD.copy_text(view, START).startswith("Runs out\tnot within a year, as early as Mar 2027\n")
    assert CARD.opens(view, START) == "runway"
