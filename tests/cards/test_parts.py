"""Cards of a client that does not tell everything: a sentence for what is missing, and never a zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.cards.states import (
    area,
    daily_total,
    demo,
    large_number,
    put,
    shown,
    text_of,
    vendor,
    with_summary,
)
from usage_tui.cards import (
    allowance,
    balance,
    banner,
    daily,
    event,
    grants,
    history,
    included,
    ranking,
    ranking_table,
)
from usage_tui.cards.card import Placeholder
from usage_tui.cards.page import page
from usage_tui.cards.typeset.digits import HEAVY, SEGMENTS
from usage_tui.cards.typeset.glyphs import ASCII
from usage_tui.cards.typeset.lines import width
from usage_tui.models import Balance, Credits, EventQuery, IncludedProgress, Summary, Unit
from usage_tui.state.remote import Status, not_offered
from usage_tui.state.usage import UsageState

WIDTHS = (38, 54, 78, 118, 220)


def summary_of(state: UsageState) -> Summary:
    assert state.summary.value is not None
    return state.summary.value


def balance_rows(state: UsageState, cells: int = 78, **options: Any) -> list[str]:
    return shown(balance.draw(balance.balance_view(state), area(cells, interactive=False, **options)))


def included_rows(state: UsageState, cells: int = 78) -> list[str]:
    return shown(included.draw(included.included_view(state), area(cells)))


def test_without_a_balance_the_card_tells_what_was_used_and_why() -> None:
    rows = balance_rows(vendor(), glyphs="ascii")
    assert rows[0] == "Used this period " + "-" * 61
    assert large_number(rows[1:4], SEGMENTS) == "$62.53"
    assert rows[4:] == ["OpenAI does not report a balance."]


def test_without_a_balance_the_number_is_large_where_there_is_room() -> None:
    rows = balance_rows(vendor())
    assert rows[0].startswith("Used this period ")
    assert rows[1:4] == ["┏╋╸ ┏━╸ ╺━┓ .53", "┗╋┓ ┣━┓ ┏━┛", "╺╋┛ ┗━┛ ┗━╸"]
    assert rows[4:] == ["OpenAI does not report a balance."]


def test_a_reason_that_is_not_told_names_the_origin() -> None:
    state = replace(with_summary(balance=None, included=None), origin="usage.example.com")
    assert balance_rows(state)[-1] == "Not offered by usage.example.com."
    assert included_rows(state)[-1] == "Not offered by usage.example.com."


def test_while_names_are_hidden_no_reason_names_the_provider() -> None:
    state = replace(with_summary(balance=None, included=None), origin="recording", redacted=True)
    assert balance_rows(state)[-1] == "The data source does not offer this."
    shown_page = page(state, 78, ASCII)
    assert "recording" not in shown_page.split("\n", 1)[1]
    assert "Not offered: included credits" in shown_page
    assert shown_page.count("  The data source does not offer this.") == 1  # once for all of them


def test_without_balance_and_use_the_ranking_tells_the_total_or_else_the_reason_stands_alone() -> None:
    state = put(vendor(), summary=replace(summary_of(vendor()), usage=None))
    assert large_number(balance_rows(state)[1:4], HEAVY) == "$62.53"
    unknown = replace(state, sources=not_offered("OpenAI does not report sources."))
    assert balance_rows(unknown)[1:] == ["OpenAI does not report a balance."]


def test_the_number_that_is_copied_is_exact() -> None:
    view = balance.balance_view(vendor())
    assert isinstance(view, balance.BalanceView)
    assert (view.total, view.exact) == ("$62.53", "$62.53275")


def test_a_balance_without_a_split_has_no_legend_for_it() -> None:
    state = with_summary(balance=Balance(total=Credits.parse("10009.75")))
    rows = balance_rows(state, glyphs="ascii")
    assert large_number(rows[1:4], SEGMENTS) == "10,009.75"
    assert not [row for row in rows if "Included" in row or "Purchased" in row or "Locked" in row]
    assert rows[-1] == "=" * 78
    part = with_summary(balance=Balance(total=Credits.parse("5"), purchased=Credits.parse("5")))
    assert [row.label for row in balance_view_of(part).parts] == ["Purchased"]


def balance_view_of(state: UsageState) -> balance.BalanceView:
    view = balance.balance_view(state)
    assert isinstance(view, balance.BalanceView)
    return view


def test_without_a_period_no_head_names_one() -> None:
    state = with_summary(period=None)
    assert "Nov 1 – Nov 30" not in "\n".join(balance_rows(state))
    assert included_rows(state)[0].endswith("─")
    days = daily.daily_view(state)
    assert isinstance(days, daily.DailyView)
    assert [one.name for one in days.ranges] == ["7 days", "14 days", "All days"]
    assert days.ranges[-1].buckets[-1].today


def test_without_a_period_a_row_still_leads_to_its_events() -> None:
    view = ranking.ranking_view(vendor())
    assert isinstance(view, ranking_table.RankingView)
    assert view.sources[0].query == EventQuery(kind="agent_chat", source_id="agent_chat")
    assert view.categories[0].query == EventQuery(kind="agent_chat")


def test_what_is_included_is_a_sentence_where_it_is_not_told() -> None:
    assert included_rows(vendor()) == ["Included " + "─" * 69, "OpenAI does not report an included amount."]


def test_a_budget_has_a_reset_of_its_own_and_is_called_so() -> None:
    budget = IncludedProgress(
        kind="budget",
        granted=Credits.parse("100"),
        used=Credits.parse("62.5"),
        remaining=Credits.parse("37.5"),
        resets_at=datetime(2026, 11, 24, 5, tzinfo=UTC),
    )
    state = put(vendor(), summary=replace(summary_of(vendor()), included=budget))
    rows = included_rows(state, 54)
    assert rows[0].startswith("Budget ─")
    assert rows[0].endswith("resets Nov 24")
    assert rows[2] == "$62.50 used   $37.50 remaining   of $100.00"
    monthly = put(state, summary=replace(summary_of(state), included=replace(budget, resets_at=None)))
    assert included_rows(monthly, 54)[0].endswith("─")


def test_a_ranking_without_counts_has_no_column_for_them() -> None:
    view = ranking.ranking_view(vendor())
    assert isinstance(view, ranking_table.RankingView)
    rows = shown(ranking_table.draw(view, area(100, 20)))
    assert "Count" not in rows[1]
    assert "Cost" in rows[1]
    assert not [row for row in rows if "messages" in row or " 0 " in row]
    assert rows[2].split()[3] == "44.9%"
    assert ranking_table.row_text(view, view.sources[0]) == "Agent chat\t$28.1025\t44.9%"


def test_a_category_has_a_count_only_where_all_its_sources_have_one() -> None:
    sources = demo().sources.value
    assert sources is not None
    items = tuple(replace(one, count=None) if one.label == "Meeting notes" else one for one in sources.items)
    view = ranking.ranking_view(put(demo(), sources=replace(sources, items=items)))
    assert isinstance(view, ranking_table.RankingView)
    counts = {row.label: row.uses for row in view.categories}
    assert counts["AI Tools"] is None
    assert counts["Agent chat"] == 412
    rows = shown(ranking_table.draw(view, area(100, 20), rolled_up=True))
    assert next(row for row in rows if row.startswith("Agent chat")).endswith("412 messages")
    assert next(row for row in rows if row.startswith("AI Tools"))[-1] in "▁▂▃▄▅▆▇█"


def test_without_a_plan_nothing_is_said_of_its_end_or_of_a_refresh() -> None:
    paused = with_summary(state="paused", subscription=None, links=None, capabilities=None)
    (said,) = banner.banners(paused)
    assert said.text == "New AI work waits until there are credits to spend."
    assert not banner.banners(with_summary(subscription=None))


def test_without_a_state_nothing_is_announced() -> None:
    assert banner.banners(with_summary(state=None)) == ()
    assert balance_view_of(with_summary(state=None)).tone == "strong"


@pytest.mark.parametrize("state", ["locked", "paused", "low"])
def test_a_state_can_be_told_without_anything_else(state: str) -> None:
    bare = put(vendor(), summary=replace(summary_of(vendor()), state=state))
    (said,) = banner.banners(bare)
    assert "credit" not in said.text
    assert said.text.endswith(".")


def test_history_of_daily_totals_has_dates_and_no_times() -> None:
    view = history.history_view(vendor(), "recent")
    assert isinstance(view, history.HistoryView)
    assert view.order == "daily totals"
    heads, first, *_ = shown(history.draw(view, area(78), ()))[1:]
    assert heads.split() == ["When", "Source", "Count", "Cost"]
    assert first.startswith("Nov 22            Contract review")
    assert ":" not in first
    assert history.row_text(view, view.events[0]) == "Nov 22, 2026\tContract review\tDaily total\t$0.50125"


def test_single_events_are_said_to_be_the_newest_first() -> None:
    view = history.history_view(demo(), "recent")
    assert isinstance(view, history.HistoryView)
    assert view.order == "newest first"
    some = put(demo(), recent=replace_first_by_a_total(demo()))
    mixed = history.history_view(some, "recent")
    assert isinstance(mixed, history.HistoryView)
    assert mixed.order == "newest first"


def replace_first_by_a_total(state: UsageState) -> object:
    found = state.recent.value
    assert found is not None
    return replace(found, items=(daily_total(found.items[0], 0), *found.items[1:]))


def test_details_of_a_daily_total_say_what_it_is_and_why() -> None:
    state = vendor()
    assert state.recent.value is not None
    said = {row.label: row.value for row in event.details(state, state.recent.value.items[0])}
    assert said["When"] == "Sun, Nov 22, whole day, New York time"
    assert said["Single events"] == "OpenAI does not report single events; these are its daily totals."
    assert said["Cost"] == "$0.50125"
    assert "Paid from" not in said or said["Paid from"]


def test_a_span_of_days_names_both_ends() -> None:
    state = vendor()
    assert state.recent.value is not None
    week = replace(state.recent.value.items[0], ends_at=datetime(2026, 11, 29, 5, tzinfo=UTC))
    said = {row.label: row.value for row in event.details(state, week)}
    assert said["When"] == "Sun, Nov 22 to Sat, Nov 28, New York time"


@pytest.mark.parametrize("cells", WIDTHS)
@pytest.mark.parametrize("unit", ["USD", "CHF", "token", "credit " + "�" * 90])
def test_every_card_of_a_vendor_keeps_to_its_width_and_says_nothing_of_credits(cells: int, unit: str) -> None:
    state = vendor()
    state = put(state, summary=replace(summary_of(state), unit=Unit(code=unit)))
    cards = (
        balance.draw(balance.balance_view(state), area(cells)),
        included.draw(included.included_view(state), area(cells)),
        ranking_table.draw(ranking.ranking_view(state), area(cells, 12)),
        daily.draw(daily.daily_view(state), area(cells, 12)),
        history.draw(history.history_view(state, "recent"), area(cells, 12), ()),
        grants.draw(grants.grants_view(state), area(cells, 12), ()),
        allowance.draw(allowance.allowance_view(state), area(cells, 12)),
    )
    for lines in cards:
        assert not [text_of(row) for row in lines if width(row) > cells]
        assert not [text_of(row) for row in lines if "redit" in text_of(row)]


@pytest.mark.parametrize("cells", WIDTHS)
def test_a_whole_page_of_a_vendor_invents_no_amount(cells: int) -> None:
    text = page(vendor(), cells, ASCII)
    assert "$0.00 " not in text
    assert "0 runs" not in text


def test_a_card_that_is_not_offered_has_the_title_of_its_unit() -> None:
    state = replace(vendor(), grants=not_offered("OpenAI does not report grants."))
    view = grants.grants_view(state)
    assert isinstance(view, Placeholder)
    assert view.status is Status.NOT_OFFERED
    assert shown(grants.draw(view, area(40), ())) == ["Grants " + "─" * 33, "OpenAI does not report grants."]


def test_the_average_of_money_is_never_rounded_to_nothing() -> None:
    days = demo("dollars").daily.value
    assert days is not None
    tiny = tuple(replace(day, credits=Credits(0), top=None) for day in days.items[1:])
    first = replace(days.items[0], credits=Credits(1_100))
    view = daily.daily_view(put(demo("dollars"), daily=replace(days, items=(first, *tiny))))
    assert isinstance(view, daily.DailyView)
    assert view.ranges[-1].average == "$0.0001"


def test_a_meter_of_the_balance_names_the_balance() -> None:
    lines = shown(allowance.draw_details(allowance.details_view(demo("dollars")), area(60)))
    assert lines[-1] == "Not part of Balance remaining."
    assert lines[0].endswith("$12.25 of $20.00")
    assert lines[2].startswith("$7.75 left")
    assert any(row.endswith("$5.25") for row in lines)
    assert Decimal("5.25") + Decimal(7) == Decimal("12.25")
