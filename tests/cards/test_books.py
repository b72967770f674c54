"""Whether the books agree and whether events still arrive, in sentences, and where they stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.cards.states import ALL, demo
from tests.known import known
from usage_tui.cards.books import Sentence, books, draw
from usage_tui.cards.typeset.lines import Area, plain
from usage_tui.models import Credits
from usage_tui.state.reducers import started, succeeded
from usage_tui.state.remote import Remote, Status
from usage_tui.state.replies import DAILY, DAYS, PERIODS, RECENT, SOURCES, SUMMARY, Reply
from usage_tui.state.usage import UsageState
from usage_tui.text.words import time_span

T = TypeVar("T")
UNKNOWN = ("loading", "failed")
"""The demos of which not enough is known."""


def put(state: UsageState, reply: Reply[T], value: T) -> UsageState:
    asked = started(state, reply)
    return succeeded(asked, reply, reply.of(asked).request, value)


def using(
    *, days: str = "6240.5", sources: str = "6240.5", period: str = "6240.5", opening: str | None = "7750.25"
) -> UsageState:
    """Acme, whose sides may differ."""
    state = demo("acme")
    ranking, daily = known(state.sources.value), known(state.daily.value)
    summary, periods = known(state.summary.value), known(state.periods.value)
    first, *others = ranking.items
    one, *rest = daily.items
    more = Credits.parse(sources) - Credits.parse("6240.5")
    state = put(
        state, SOURCES, replace(ranking, items=(replace(first, credits=first.credits + more), *others))
    )
    more = Credits.parse(days) - Credits.parse("6240.5")
    state = put(state, DAILY, replace(daily, items=(replace(one, credits=one.credits + more), *rest)))
    usage = replace(known(summary.usage), total=Credits.parse(period))
    state = put(state, SUMMARY, replace(summary, usage=usage))
    current, *former = periods.items
    carried = None
    if opening is not None:
        carried = replace(known(current.roll_forward), opening=Credits.parse(opening))
    return put(state, PERIODS, replace(periods, items=(replace(current, roll_forward=carried), *former)))


def told(state: UsageState) -> list[str]:
    return [sentence.text for sentence in books(state)]


@pytest.mark.parametrize("scenario", sorted(set(ALL) - set(UNKNOWN)))
def test_the_books_of_every_demo_agree(scenario: str) -> None:
    sentence, *_ = books(demo(scenario))
    assert sentence.text.startswith("The books agree: ")
    assert sentence.tone == "muted"


@pytest.mark.parametrize("scenario", UNKNOWN)
def test_nothing_is_told_of_what_is_not_known(scenario: str) -> None:
    assert books(demo(scenario)) == ()


def test_the_balance_is_carried_forward() -> None:
    assert told(using()) == [
        "The books agree: 7,750.25 at the start, 10,000.00 granted, 6,253.00 used, 12.50 given back, "
        "11,509.75 now."
    ]


def test_without_an_opening_balance_that_is_said() -> None:
    assert told(using(opening=None)) == [
        "The books agree: days, sources, and the period say 6,240.50; an opening balance is not offered."
    ]


@pytest.mark.parametrize(
    ("sides", "sentence"),
    [
        ({"sources": "6220.5"}, "Days say 6,240.50, sources 6,220.50: 20.00 differ"),
        ({"days": "6260.5"}, "Days say 6,260.50, sources 6,240.50: 20.00 differ"),
        ({"period": "6240"}, "Days and sources say 6,240.50, the period 6,240.00: 0.50 differ"),
        (
            {"sources": "6220.5", "period": "6240"},
            "Days say 6,240.50, sources 6,220.50, the period 6,240.00: 20.00 differ",
        ),
        (
            {"opening": "7750.250001"},
            "11,509.750001 should be left, 11,509.750000 is left: 0.000001 differ",
        ),
    ],
)
def test_whatever_differs_is_told_in_full(sides: dict[str, str], sentence: str) -> None:
    state = using(**sides)
    assert told(state) == [sentence]
    for width in (38, 58, 78):
        assert " ".join(plain(draw(books(state), Area(width))).split()) == sentence
    assert {one.tone for one in books(state)} == {"error"}


def test_that_all_is_well_fits_in_a_line_of_any_width() -> None:
    assert plain(draw(books(using()), Area(58))) == "The books agree."


def test_replies_of_different_states_are_not_compared() -> None:
    state = using(sources="1")
    summary = known(state.summary.value)
    newer = put(state, SUMMARY, replace(summary, revision=summary.revision + 1))
    assert books(newer) == ()


def test_events_that_stand_still_are_told() -> None:
    state = demo("acme")
    summary = known(state.summary.value)
    later = replace(summary, as_of=summary.as_of + timedelta(days=20))
    found = books(put(state, SUMMARY, later))
    assert found[-1] == Sentence("No event since Nov 22, 15:29; usual is one in 1 hour", "warning")


def test_without_events_they_are_told_by_days() -> None:
    state = demo("acme")
    summary = known(state.summary.value)
    later = replace(summary, as_of=summary.as_of + timedelta(days=20))
    withheld = RECENT.put(put(state, SUMMARY, later), Remote(status=Status.WITHHELD, reason="No."))
    assert books(withheld)[-1].text.startswith("No event since Nov 22, 15:29; usual is one in ")
    unknown = DAYS.put(DAILY.put(withheld, Remote()), Remote())
    assert books(unknown) == ()


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=3, minutes=59), "3 hours"),
        (timedelta(hours=47), "1 day"),
        (timedelta(days=9), "9 days"),
    ],
)
def test_a_length_of_time_in_its_largest_whole_unit(length: timedelta, text: str) -> None:
    assert time_span(length) == text
