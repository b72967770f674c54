"""The sources against what they used at the same point of the period before."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cards.states import area, demo, shown, text_of
from tests.known import known
from usage_tui.cards.card import Placeholder
from usage_tui.cards.compared import ComparedView, percent_text, row_text
from usage_tui.cards.daily import DailyView, daily_view
from usage_tui.cards.daily import draw as draw_days
from usage_tui.cards.panel import Place
from usage_tui.cards.ranking import COMPARE, RankingCard, compares, ranking_view
from usage_tui.cards.ranking_table import RankingView
from usage_tui.cards.typeset.lines import width
from usage_tui.clients.base import Unreachable
from usage_tui.clients.demo.client import open_demo
from usage_tui.insight.compare import Change
from usage_tui.models import Credits
from usage_tui.state.comparing import load_comparison
from usage_tui.state.loading import PlainStore
from usage_tui.state.remote import Remote, Status
from usage_tui.state.usage import UsageState

CARD = RankingCard()
AT = Place(0, 0, COMPARE)


@cache
def comparing(scenario: str = "acme") -> UsageState:
    store = PlainStore(replace(demo(scenario), comparing=True))
    asyncio.run(load_comparison(store, open_demo(scenario)))
    return store.state


def changed(state: UsageState, **changes: Any) -> UsageState:
    return replace(
        state, compared=replace(state.compared, value=replace(known(state.compared.value), **changes))
    )


def view_of(state: UsageState) -> RankingView:
    view = ranking_view(state)
    assert isinstance(view, RankingView)
    return view


def compared_of(state: UsageState) -> ComparedView:
    view = view_of(state).compared
    assert isinstance(view, ComparedView)
    return view


def rows(cells: int, height: int = 12, state: UsageState | None = None, first: int = 0) -> list[str]:
    return shown(CARD.draw(view_of(state or comparing()), area(cells, height), AT._replace(first=first)))


def test_the_sources_of_acme_beside_october() -> None:
    assert rows(61) == [
        "Current-period usage ─────────── vs Oct 1 – Oct 21  6,025.175",
        "Source                   Credits   Before      Change",
        "Agent chat             2,781.250  165.000  +2,616.250  1,585%",
        "Contract review        1,190.375        —  +1,190.375     new",
        "Weekly digest            664.500  302.500    +362.000    119%",
        "Browser sessions         457.500        —    +457.500     new",
        "Invoice matching         399.850   64.500    +335.350    519%",
        "Lead enrichment          285.950        —    +285.950     new",
        "Meeting notes            180.500        —    +180.500     new",
        "Brand voice check         65.250        —     +65.250     new",
        "Total                  6,025.175  532.000  +5,493.175  1,032%",
    ]


def test_where_it_is_wide_the_trend_stays_and_all_days_are_named() -> None:
    first, heads, row, *_ = rows(78)
    assert first.endswith("to Nov 21 vs Oct 1 – Oct 21  6,025.175 credits")
    assert heads.endswith("14 days")
    assert row.endswith("▇▇▇▅▇▄▂▇▆▆█▇▆▁")
    assert "28 days" in rows(109)[1]


def test_the_trend_goes_first_then_the_percentage() -> None:
    assert "days" not in rows(75)[1]
    assert "1,585%" in rows(58)[2]
    assert "%" not in "".join(rows(42)[2:])
    for row in rows(38)[2:]:
        assert len(row.split()[-1]) > 4


@pytest.mark.parametrize("height", [5, 6, 8, 10, 11, 20])
@pytest.mark.parametrize("first", [0, 2])
def test_what_is_not_shown_is_added_up_and_the_columns_end_with_the_total(height: int, first: int) -> None:
    lines = rows(61, height, first=first)
    assert len(lines) <= height
    assert lines[-1].startswith("Total")
    body = [line.replace("—", "0").split() for line in lines[2:]]
    numbers = [[float(cell.replace(",", "")) for cell in row if "." in cell or cell == "0"] for row in body]
    assert [sum(column) for column in zip(*numbers[:-1], strict=True)] == pytest.approx(numbers[-1])


@pytest.mark.parametrize(
    ("amount", "former", "text"),
    [
        (2100, 1875, "12%"),
        (1875, 2100, "10%"),
        (1001, 1000, "<1%"),
        (1000, 1001, "<1%"),
        (5, 5, "0%"),
        (5, 0, "new"),
        (0, 0, ""),
        (-5, 0, "new"),
        (5, -1, ""),
        (40000, 20, "199,900%"),
        (0, 7, "100%"),
    ],
)
def test_a_percentage_is_the_size_of_the_change(amount: int, former: int, text: str) -> None:
    assert percent_text(Change(amount=Credits(amount), former=Credits(former))) == text


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_no_change_is_told_as_none(amount: int, former: int) -> None:
    text = percent_text(Change(amount=Credits(amount), former=Credits(former)))
    assert (text == "0%") == (amount == former)


def test_a_change_is_neither_good_nor_bad() -> None:
    for scenario in ("acme", "lapsing"):
        for line in CARD.draw(view_of(comparing(scenario)), area(78, 12), AT):
            assert {span.tone for span in line} <= {"text", "muted", "strong", "title", "rule", "included"}


def test_a_row_is_copied_exactly_and_leads_to_its_events() -> None:
    view = view_of(comparing())
    assert CARD.copy_text(view, AT) == "Agent chat\t2,781.250\t165.000\t+2,616.250\t1,585%"
    assert CARD.opens(view, AT) == view.sources[0].query
    row = compared_of(comparing("lapsing")).rows[0]
    assert row_text(compared_of(comparing("lapsing")), row) == "Agent chat\t1,050\t1,050\t0\t0%"


def test_a_source_that_is_no_longer_used_leads_to_its_events_of_before() -> None:
    found = known(comparing().compared.value)
    sources = known(found.sources)
    gone = replace(sources.items[0], amount=Credits.ZERO)
    view = compared_of(changed(comparing(), sources=replace(sources, items=(gone,))))
    assert known(view.rows[0].query).starts_at == found.former_period.starts_at


def test_without_the_days_by_source_the_total_is_told_alone() -> None:
    lines = rows(61, state=changed(comparing(), sources=None))
    assert lines[2:] == [
        "Total                  6,025.175  532.000  +5,493.175  1,032%",
        "What each source used in the period before is not known.",
    ]
    assert CARD.row_count(view_of(changed(comparing(), sources=None)), AT, 10) == 0


def test_on_the_first_day_there_is_nothing_to_compare() -> None:
    found = known(comparing().compared.value)
    first = replace(found.total, days=0, former_days=0, amount=Credits.ZERO, former=Credits.ZERO)
    lines = rows(61, state=changed(comparing(), total=first, sources=None))
    assert (
        " ".join(lines[1:]) == "No whole day of this period has passed yet, so there is nothing to compare."
    )
    assert "vs" not in lines[0]


def test_while_it_loads_and_if_it_fails_the_card_says_so() -> None:
    loading = replace(demo(), compared=Remote(status=Status.LOADING))
    assert rows(61, state=loading)[1:] == ["Loading…"]
    failed = replace(demo(), compared=Remote(status=Status.FAILED, error=Unreachable("No answer.")))
    text = "\n".join(rows(61, state=failed))
    assert "could not load" in text
    assert "No answer." in text
    assert CARD.copy_text(view_of(failed), AT) == ""
    assert CARD.opens(view_of(failed), AT) is None


def test_it_is_offered_where_there_is_a_period_before() -> None:
    assert CARD.choices(view_of(demo())) == ("sources", "categories", "compare")
    assert CARD.choices(view_of(demo("annual"))) == ("sources", "categories")
    words = [CARD.choose_word(view_of(demo()), Place(choice=one)) for one in ("", "categories", "compare")]
    assert words == ["categories", "compare", "sources"]
    assert not compares(view_of(demo("annual")), AT)


@pytest.mark.parametrize("scenario", ["acme", "lapsing", "spike", "runway", "recharging"])
@pytest.mark.parametrize("cells", [38, 42, 58, 61, 78, 109, 118])
@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
def test_every_line_fits(scenario: str, cells: int, glyphs: str) -> None:
    for height in (4, 10, 14):
        lines = CARD.draw(view_of(comparing(scenario)), area(cells, height, glyphs), AT)
        assert max(map(width, lines)) <= cells
        assert glyphs == "unicode" or all(text_of(line).isascii() for line in lines)


# The chart


def days_view(state: UsageState) -> DailyView:
    view = daily_view(state)
    assert not isinstance(view, Placeholder)
    return view


def test_each_day_has_the_one_that_it_is_compared_with() -> None:
    found = known(comparing("lapsing").compared.value)
    buckets = days_view(comparing("lapsing")).ranges[-1].buckets
    expected = [day.credits for day in found.former_days][: len(buckets)]
    assert [bucket.former for bucket in buckets] == expected
    weeks = days_view(comparing("lapsing")).ranges[0].buckets
    offset = (weeks[0].start - found.period.start_date).days
    assert [bucket.former for bucket in weeks] == expected[offset : offset + 7]


def test_lines_stand_at_the_height_of_the_days_before_while_they_are_compared() -> None:
    view, plain = days_view(comparing("lapsing")), days_view(replace(comparing("lapsing"), comparing=False))
    assert plain.former is None
    assert "─" not in "".join(shown(draw_days(plain, area(118, 8)))[1:])
    head, top, *rest = shown(draw_days(view, area(118, 8)))
    assert head.endswith("─ Oct 1 – Oct 31   7 days  14 days  Period")
    # A day of October was as high as one of November: the line shows between bars, and over days to come.
    assert top.split()[1] == "██─" * 21 + "─" * 26
    assert "─" not in "".join(row[:98] for row in rest[:-1])


def test_a_line_may_be_higher_than_every_bar() -> None:
    found = known(comparing("lapsing").compared.value)
    high = tuple(replace(day, credits=Credits.parse("400")) for day in found.former_days)
    lines = shown(draw_days(days_view(changed(comparing("lapsing"), former_days=high)), area(118, 8)))
    assert lines[1].lstrip().startswith("400 ─")
    assert "█" not in lines[1] + lines[2] + lines[3]


def test_where_bars_touch_a_higher_one_hides_the_line() -> None:
    found = known(comparing("lapsing").compared.value)
    low = tuple(replace(day, credits=Credits.parse("50")) for day in found.former_days)
    lines = shown(draw_days(days_view(changed(comparing("lapsing"), former_days=low)), area(50, 9)))
    (marked,) = [row for row in lines[1:7] if "─" in row]
    assert marked.split()[-1] == "█" * 22 + "─" * 8


def test_what_was_used_before_is_read_out() -> None:
    view = days_view(comparing())
    beside = shown(draw_days(view, area(118, 12), cursor=11))
    assert beside[3].endswith("before 17.45")
    below = shown(draw_days(view, area(78, 12), cursor=11))
    assert below[-1].startswith("Thu, Nov 12  1,404.50  before 17.45  Contract review 74%")
    assert not [
        row for row in shown(draw_days(days_view(demo()), area(118, 12), cursor=11)) if "before" in row
    ]


def test_a_shorter_period_before_has_no_line_at_its_end() -> None:
    found = known(comparing("lapsing").compared.value)
    buckets = days_view(changed(comparing("lapsing"), former_days=found.former_days[:28])).ranges[-1].buckets
    assert [bucket.former is None for bucket in buckets] == [False] * 28 + [True] * 2
    assert buckets[28].start == found.period.start_date + timedelta(days=28)
