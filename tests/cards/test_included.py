"""Included credits: how far, how much, how long."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.states import area, demo, shown, with_summary
from tests.known import known
from usage_tui.cards.included import IncludedView, draw, included_view
from usage_tui.cards.typeset.lines import width
from usage_tui.models import Credits, IncludedProgress
from usage_tui.state.remote import Remote
from usage_tui.state.usage import UsageState
from usage_tui.text.words import days_left


def view_of(state: UsageState) -> IncludedView:
    view = included_view(state)
    assert isinstance(view, IncludedView)
    return view


def progress(used: Credits, remaining: Credits) -> IncludedView:
    made = IncludedProgress(granted=used + remaining, used=used, remaining=remaining, used_fraction=Decimal())
    return view_of(with_summary(included=made))


def credits_of(text: str) -> Credits:
    return Credits.parse(text)


def test_acme_has_used_62_percent() -> None:
    assert shown(draw(view_of(demo()), area(54))) == [
        "Included credits ───────────────────────── 9 days left",
        "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━───────────────────   62%",
        "6,240.50 used   3,759.50 remaining   of 10,000",
    ]


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (46, "6,240.50 used   3,759.50 remaining   of 10,000"),
        (45, "6,240.50 used  3,759.50 remaining  of 10,000"),
        (43, "6,240.50 of 10,000 used  3,759.50 left"),
        (37, "6,240.50 used  3,759.50 left"),
        (20, "3,759.50 remaining"),
    ],
)
def test_words_give_way_where_it_is_narrow(cells: int, numbers: str) -> None:
    assert shown(draw(view_of(demo()), area(cells)))[2] == numbers


@pytest.mark.parametrize(
    ("days", "text"),
    [(30, "30 days left"), (2, "2 days left"), (1, "ends today"), (0, "ended"), (-1, "ended")],
)
def test_the_last_day_is_today(days: int, text: str) -> None:
    assert days_left(days) == text


def test_a_plan_without_included_credits_says_so() -> None:
    lines = shown(draw(view_of(demo("no-included")), area(54)))
    assert lines[1:] == ["This plan has no included credits.", ""]


@pytest.mark.parametrize(
    ("used", "remaining", "percent", "full"),
    [
        ("0", "10000", "0%", False),
        ("0.000001", "10000", "<1%", False),
        ("9999.999999", "0.000001", "99%", False),
        ("10000", "0", "100%", True),
    ],
)
def test_the_bar_is_full_when_nothing_remains_and_only_then(
    used: str, remaining: str, percent: str, full: bool
) -> None:
    view = progress(credits_of(used), credits_of(remaining))
    bar = shown(draw(view, area(54)))[1]
    assert bar.split()[-1] == percent
    assert ("─" not in bar) is full
    assert ("━" in bar) is (used != "0")


def test_while_loading_the_bar_is_empty_and_the_card_as_high() -> None:
    lines = shown(draw(included_view(demo("loading")), area(54)))
    assert lines == ["Included credits " + "─" * 37, "─" * 48, "Loading…"]


AMOUNTS = st.integers(1, 10**16).map(Credits)


@settings(max_examples=80)
@given(AMOUNTS, AMOUNTS, st.integers(38, 220))
def test_any_amounts_stand_whole_in_any_width(used: Credits, remaining: Credits, cells: int) -> None:
    view = progress(used, remaining)
    lines = draw(view, area(cells))
    assert len(lines) == 3
    assert max(map(width, lines)) <= cells
    assert view.remaining in shown(lines)[2].split()


def test_the_period_that_is_over_says_so() -> None:
    summary = demo().summary.value
    assert summary is not None
    assert view_of(with_summary(period=replace(known(summary.period), days_left=0))).end == "ended"


def test_after_the_end_of_the_term_no_days_are_left_and_what_expired_is_in_the_sum() -> None:
    view = view_of(demo("locked"))
    assert shown(draw(view, area(78))) == [
        "Included credits ──────────────────────────────────────────────── ended Nov 21",
        "━" * 70 + "──   98%",
        "5,896.65 used   0.00 remaining   103.35 expired   of 6,000",
    ]
    assert view.exact == "5,896.65 used\t0.00 remaining\t103.35 expired\tof 6,000"
    assert Decimal("5896.65") + Decimal("103.35") == 6000


def test_what_expired_before_the_period_is_not_in_the_sum() -> None:
    assert any(grant.expired_amount for grant in known(demo().grants.value).items)
    assert view_of(demo()).expired == ""


def test_without_grants_nothing_is_known_to_have_expired() -> None:
    assert view_of(replace(demo("locked"), grants=Remote())).expired == ""


def test_a_plan_that_includes_nothing_has_no_days_of_it_left() -> None:
    assert "left" not in shown(draw(view_of(demo("no-included")), area(54)))[0]
