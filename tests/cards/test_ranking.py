"""Current-period usage: the column adds up, categories are their sources, the bar is beside the largest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.states import area, demo, put, shown
from tests.known import known
from usage_tui.cards.card import Placeholder
from usage_tui.cards.ranking import ranking_view
from usage_tui.cards.ranking_table import RankingView, draw, visible_rows
from usage_tui.cards.typeset.lines import width
from usage_tui.ledger.ranking import SourceTotal, category_label, rank
from usage_tui.models import Credits, EventQuery, Ranking
from usage_tui.state.reducers import initial
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.usage import UsageState

AT = datetime(2026, 11, 22, tzinfo=UTC)
KINDS = st.sampled_from(["agent_chat", "ai_tool", "workflow", "browser_session", "voice_call", ""])
LABELS = st.text(alphabet="ab 日本e\u0301👍", max_size=30)


def totals(smallest: int) -> st.SearchStrategy[list[SourceTotal]]:
    amount, count = st.integers(smallest, 10**16), st.integers(0, 10**7)
    row = st.tuples(KINDS, LABELS, amount, count)
    return st.lists(row, max_size=14).map(
        lambda rows: [
            SourceTotal(kind, f"source {number}", label, micro, count)
            for number, (kind, label, micro, count) in enumerate(rows)
        ]
    )


def ranking_of(sources: list[SourceTotal], limit: int | None = None) -> Ranking:
    return rank(sources, as_of=AT, revision=1, limit=limit)


def view_of(ranking: Ranking) -> RankingView:
    view = ranking_view(put(initial("test", {}), sources=ranking))
    assert isinstance(view, RankingView)
    return view


def without_source_days() -> UsageState:
    return replace(demo(), source_days=not_offered("Not told."))


def amount_in(row: str) -> Decimal:
    """The first number of a row: its credits."""
    return Decimal(next(word for word in row.split() if word[-1].isdigit()).replace(",", ""))


@settings(max_examples=60)
@given(totals(-(10**15)), st.none() | st.integers(0, 6), st.integers(3, 16), st.booleans(), st.data())
def test_rows_and_other_add_up_to_the_total_wherever_it_is_scrolled(
    sources: list[SourceTotal], limit: int | None, height: int, rolled_up: bool, data: st.DataObject
) -> None:
    view = view_of(ranking_of([source._replace(label="x") for source in sources], limit))
    rows = view.categories if rolled_up else view.sources
    visible = visible_rows(view, height, rolled_up=rolled_up)
    first = data.draw(st.integers(0, max(0, len(rows) - visible)))
    lines = shown(draw(view, area(118, height), rolled_up=rolled_up, first=first))
    if sources:
        assert sum(map(amount_in, lines[2:])) == Decimal(view.total.micro).scaleb(-6)


@settings(max_examples=60)
@given(totals(0), st.none() | st.integers(0, 6))
def test_shares_add_up_to_100_and_a_category_is_the_sum_of_its_sources(
    sources: list[SourceTotal], limit: int | None
) -> None:
    ranking = ranking_of(sources, limit)
    view = view_of(ranking)
    if not any(source.credits for source in sources):
        assert {row.share for row in (*view.sources, *view.categories)} <= {None}
        return
    for rows in (view.sources, view.categories):
        assert sum((row.share or Decimal() for row in rows), view.unlisted[2] or Decimal()) == 1
    for category in view.categories:
        members = [
            row
            for row, item in zip(view.sources, ranking.items, strict=True)
            if category_label(item.kind) == category.label
        ]
        assert category.share == sum(row.share or Decimal() for row in members)
        assert category.credits == Credits.total(row.credits for row in members)
        assert category.uses == sum(known(row.uses) for row in members)


@settings(max_examples=60)
@given(
    totals(-(10**15)), st.none() | st.integers(0, 6), st.integers(38, 220), st.integers(3, 16), st.booleans()
)
def test_rows_of_any_data_are_exactly_as_wide_as_the_card(
    sources: list[SourceTotal], limit: int | None, cells: int, height: int, rolled_up: bool
) -> None:
    view = view_of(ranking_of(sources, limit))
    lines = draw(view, area(cells, height), rolled_up=rolled_up)
    assert all(width(line) <= cells for line in lines)
    assert len(lines) <= max(height, 5)


def test_the_rows_of_acme_as_a_table() -> None:
    assert shown(draw(ranking_view(demo()), area(78, 6))) == [
        "Current-period usage ────────────────────── Sources  People   6,240.50 credits",
        "Source                Category    Credits  Share  14 days         Count",
        "Agent chat                       2,810.25  45.0%  ▇▇▇▅▇▄▂▇▆▆█▇▆▁  412 messages",
        "Contract review       AI Tools   1,240.50  19.9%  ▁▁▁█▁  ▁▁  ▁-▁   38 runs",
        "Weekly digest         Workflows    725.00  11.6%  ██  █  ███ █ █   12 runs",
        "Other                            1,464.75  23.5%                    5 sources",
    ]


def test_the_rows_of_acme_without_days_by_source() -> None:
    assert shown(draw(ranking_view(without_source_days()), area(78, 6))) == [
        "Current-period usage ────────────────────── Sources  People   6,240.50 credits",
        "Source              Category    Credits  Share                    Count",
        "Agent chat                     2,810.25  45.0%  ━━━━━━━━━━━━━━━━  412 messages",
        "Contract review     AI Tools   1,240.50  19.9%  ━━━━━━━            38 runs",
        "Weekly digest       Workflows    725.00  11.6%  ━━━━               12 runs",
        "Other                          1,464.75  23.5%                      5 sources",
    ]


@pytest.mark.parametrize("status", [Status.IDLE, Status.LOADING])
@pytest.mark.parametrize("cells", [61, 78, 109])
def test_nothing_moves_when_the_trends_come(cells: int, status: Status) -> None:
    before = replace(demo(), source_days=Remote(status=status))
    while_loading, known = (shown(draw(ranking_view(one), area(cells, 10))) for one in (before, demo()))
    assert while_loading[:2] == known[:2]
    for empty, full in zip(while_loading[2:], known[2:], strict=True):
        assert len(empty) == len(full)
        assert all(a in (b, " ") for a, b in zip(empty, full, strict=True))


@pytest.mark.parametrize(
    ("cells", "head"), [(58, ""), (61, "14 days"), (78, "14 days"), (109, "28 days"), (118, "28 days")]
)
def test_the_trend_is_the_first_to_go_where_it_is_narrow(cells: int, head: str) -> None:
    heads = shown(draw(ranking_view(demo()), area(cells, 10)))[1]
    assert ("days" in heads) == bool(head)
    assert head in heads
    assert "Count" in heads


def test_a_trend_gives_way_to_long_amounts() -> None:
    sources = [SourceTotal("ai_tool", "a", "A source", 10**18, 10**9)]
    view = ranking_view(replace(put(demo(), sources=ranking_of(sources))))
    assert "days" not in shown(draw(view, area(61, 10)))[1]


def test_the_trend_of_a_category_is_that_of_its_sources() -> None:
    view, known_days = ranking_view(demo()), demo().source_days.value
    assert isinstance(view, RankingView)
    assert known_days is not None
    for category in view.categories:
        members = [one for one in known_days.items if category_label(one.kind) == category.label]
        expected = [Credits.total(one.credits[-day] for one in members) for day in range(28, 0, -1)]
        assert list(category.trend) == expected


def test_a_category_has_no_trend_where_some_sources_are_added_up() -> None:
    days = demo().source_days.value
    assert days is not None
    rest = tuple(Credits.ZERO for _ in days.items[0].credits)
    view = ranking_view(put(demo(), source_days=replace(days, items=days.items[:3], other=rest)))
    assert isinstance(view, RankingView)
    assert not any(category.trend for category in view.categories)
    assert [bool(source.trend) for source in view.sources] == [True] * 3 + [False] * 5


def test_a_category_is_named_once() -> None:
    view = ranking_view(demo())
    assert isinstance(view, RankingView)
    named = {row.label: row.category for row in view.sources}
    assert (named["Agent chat"], named["Browser sessions"], named["Contract review"]) == ("", "", "AI Tools")
    assert [row.category for row in view.categories] == [""] * 4


def test_categories_lead_to_all_their_events_of_the_period() -> None:
    state = demo()
    view, summary = ranking_view(state), state.summary.value
    assert isinstance(view, RankingView)
    assert summary is not None
    bounds = known(summary.period)
    period: dict[str, Any] = {"starts_at": bounds.starts_at, "ends_at": bounds.ends_at}
    assert view.sources[1].query == EventQuery(kind="ai_tool", source_id="tool_contract", **period)
    assert view.categories[1].query == EventQuery(kind="ai_tool", **period)


def test_a_category_nobody_knows_goes_by_its_own_word() -> None:
    view = view_of(ranking_of([SourceTotal("voice_call", "calls", "Calls", 10**6, 1)]))
    assert view.sources[0].category == view.categories[0].label == "Voice call"


def test_a_source_without_a_name_goes_by_its_id() -> None:
    view = view_of(ranking_of([SourceTotal("ai_tool", "tool_9", "", 10**6, 1)]))
    assert view.sources[0].label == "tool_9"


@pytest.mark.parametrize(("rolled_up", "words"), [(False, "2 sources"), (True, "2 categories")])
def test_other_says_of_what_it_is_the_sum(rolled_up: bool, words: str) -> None:
    kinds = ("agent_chat", "ai_tool", "workflow", "browser_session")
    view = view_of(ranking_of([SourceTotal(kind, kind, kind, 10**6, 1) for kind in kinds]))
    assert shown(draw(view, area(118, 5), rolled_up=rolled_up))[-1].endswith(words)


def test_use_that_no_row_tells_of_is_other_still() -> None:
    view = view_of(ranking_of([SourceTotal("ai_tool", "a", "A", 5 * 10**6, 1)], limit=0))
    assert shown(draw(view, area(58, 6)))[2:] == [
        "Other                  5 100.0%                   1 source"
    ]


def test_without_use_a_sentence_stands_instead() -> None:
    assert shown(draw(ranking_view(demo("empty")), area(78, 10)))[1:] == [
        "No credits used in this period yet.",
        "Chats, AI tools, workflows and browser sessions appear here.",
        "After the first one: r refresh",
    ]


def test_a_negative_row_is_shown_without_a_bar() -> None:
    sources = [SourceTotal("ai_tool", "a", "A", 9 * 10**6, 2), SourceTotal("ai_tool", "b", "B", -(10**6), 1)]
    lines = shown(draw(view_of(ranking_of(sources)), area(58, 10)))
    assert lines[3].split() == ["B", "-1", "-12.5%", "1", "run"]


def test_a_total_below_zero_has_no_shares() -> None:
    view = view_of(ranking_of([SourceTotal("ai_tool", "b", "B", -(10**6), 1)]))
    assert shown(draw(view, area(58, 10)))[2].split() == ["B", "-1", "1", "run"]


def test_a_ranking_that_could_not_be_loaded_is_a_placeholder() -> None:
    assert isinstance(ranking_view(demo("failed")), Placeholder)


def test_at_the_right_of_a_wide_screen_bars_tell_small_shares_apart() -> None:
    rows = shown(draw(ranking_view(without_source_days()), area(61, 10)))[2:]
    bars = {row.split("  ")[0].strip(): row.count("━") + row.count("╸") / 2 for row in rows}
    shares = sorted(bars.values(), reverse=True)
    assert list(bars.values()) == shares
    largest, *_ = shares
    assert largest >= 12
    assert bars["Invoice matching"] >= 2 * bars["Brand voice check"] > 0
