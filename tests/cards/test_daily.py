"""Daily usage: the days of each range, their readout, and a chart for any width."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cards.states import ALL, area, demo, put, shown
from tests.known import known
from usage_tui.cards.arrangement import Needs, layout_of
from usage_tui.cards.daily import DailyCard, DailyView, daily_view, draw
from usage_tui.cards.days import Range
from usage_tui.cards.panel import Place
from usage_tui.cards.readout import day_text
from usage_tui.cards.typeset.lines import width
from usage_tui.models import Credits, DailyUsage, DateRange, Day, TopSource
from usage_tui.state.known_answers import known_answers
from usage_tui.state.reducers import initial
from usage_tui.state.usage import UsageState

START = date(2026, 11, 1)
ONE_DAY = timedelta(days=1)


def day(number: int, amount: str, **changes: Any) -> Day:
    starts_at = datetime(2026, 11, 1, tzinfo=UTC) + ONE_DAY * number
    used = Credits.parse(amount)
    made = Day(
        date=starts_at.date(),
        starts_at=starts_at,
        ends_at=starts_at + ONE_DAY,
        credits=used,
        count=1,
        complete=True,
    )
    return replace(made, **changes)


def state_of(days: list[Day], length: int, as_of: datetime | None = None) -> UsageState:
    """A period of so many days in UTC, as its last known day ends."""
    last = days[-1].date if days else START
    as_of = as_of or datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC)
    daily = DailyUsage(
        as_of=as_of,
        revision=1,
        time_zone="UTC",
        range=DateRange(start_date=START, end_date=last),
        total=Credits.total(one.credits for one in days),
        items=tuple(days),
    )
    summary = demo().summary.value
    assert summary is not None
    end = START + ONE_DAY * (length - 1)
    period = replace(known(summary.period), start_date=START, end_date=end)
    return put(initial("test", {}), summary=replace(summary, period=period), daily=daily)


def view_of(days: list[Day], length: int) -> DailyView:
    view = daily_view(state_of(days, length))
    assert isinstance(view, DailyView)
    return view


def ranges(view: DailyView) -> dict[str, Range]:
    return {one.name: one for one in view.ranges}


def test_the_short_ranges_end_today_and_the_period_with_its_last_day() -> None:
    found = ranges(view_of([day(number, "1") for number in range(22)], 30))
    assert list(found) == ["7 days", "14 days", "Period"]
    ends = {name: (one.buckets[0].start.day, one.buckets[-1].start.day) for name, one in found.items()}
    assert ends == {"7 days": (16, 22), "14 days": (9, 22), "Period": (1, 30)}


def test_a_short_range_starts_with_the_period() -> None:
    found = ranges(view_of([day(number, "1") for number in range(3)], 30))
    assert [one.start.day for one in found["7 days"].buckets] == [1, 2, 3]


@pytest.mark.parametrize(
    ("length", "names"),
    [
        (1, ["Period"]),
        (7, ["Period"]),
        (8, ["7 days", "Period"]),
        (14, ["7 days", "Period"]),
        (15, ["7 days", "14 days", "Period"]),
    ],
)
def test_a_range_as_long_as_the_period_is_hidden(length: int, names: list[str]) -> None:
    assert list(ranges(view_of([day(0, "1")], length))) == names


def test_a_day_without_use_is_zero_and_a_day_to_come_unknown() -> None:
    buckets = ranges(view_of([day(0, "5"), day(1, "0")], 3))["Period"].buckets
    assert [one.credits for one in buckets] == [Credits.parse("5"), Credits.ZERO, None]
    assert [one.today for one in buckets] == [False, True, False]
    assert buckets[1].query.starts_at == datetime(2026, 11, 2, tzinfo=UTC)
    assert buckets[2].query.starts_at is None


def test_more_than_31_days_are_weeks_and_the_last_one_may_be_short() -> None:
    assert len(ranges(view_of([day(0, "1")], 31))["Period"].buckets) == 31
    weeks = ranges(view_of([day(number, "1.5") for number in range(8)], 32))["Period"].buckets
    assert [one.days for one in weeks] == [7, 7, 7, 7, 4]
    assert [one.credits for one in weeks[:3]] == [Credits.parse("10.5"), Credits.parse("1.5"), None]
    assert weeks[0].query.ends_at == datetime(2026, 11, 8, tzinfo=UTC)


def test_an_annual_period_shows_all_its_weeks_at_any_width() -> None:
    view = daily_view(demo("annual"))
    assert isinstance(view, DailyView)
    total = Credits.total(one.credits for one in view.ranges[-1].buckets if one.credits is not None)
    daily = demo("annual").daily.value
    assert daily is not None
    assert total == daily.total
    for cells in (38, 58, 78):
        rows = shown(draw(view, area(cells, 8)))
        # From the first week to the last, which is still to come.
        assert rows[-3].lstrip()[0] in "▁▂▃▄▅▆▇█"
        assert rows[-3][-1] == "·"


def test_the_average_counts_the_days_that_have_come() -> None:
    found = ranges(view_of([day(0, "10"), day(1, "0"), day(2, "0.01")], 30))
    assert found["Period"].average == "3.34"
    assert ranges(view_of([day(0, "-10"), day(1, "0"), day(2, "0")], 30))["Period"].average == "-3.33"
    assert ranges(view_of([], 30))["Period"].average == "0.00"


def test_the_peak_is_the_highest_day_and_none_without_use() -> None:
    assert ranges(view_of([day(0, "1"), day(1, "3"), day(2, "3")], 30))["Period"].peak == 1
    assert ranges(view_of([day(0, "0"), day(1, "-3")], 30))["Period"].peak is None


def test_the_top_source_of_a_day_has_its_part_of_it() -> None:
    top = TopSource(source_id="tool", label="Contract review", credits=Credits.parse("2.999999"))
    bucket = ranges(view_of([day(0, "3", top=top)], 30))["Period"].buckets[0]
    assert (bucket.top, bucket.top_percent) == ("Contract review", "99%")


def test_a_day_below_zero_has_no_parts() -> None:
    top = TopSource(source_id="tool", label="Contract review", credits=Credits.parse("2"))
    bucket = ranges(view_of([day(0, "-3", top=top)], 30))["Period"].buckets[0]
    assert (bucket.top, bucket.top_percent) == ("Contract review", "")


def test_days_after_the_end_of_the_period_are_not_lost() -> None:
    view = view_of([day(number, "1") for number in range(5)], 3)
    assert len(view.ranges[-1].buckets) == 5


def test_the_chart_of_acme_in_words_and_bars() -> None:
    assert shown(draw(daily_view(demo()), area(100, 8))) == [
        f"Daily usage {'─' * 64} 7 days  14 days  Period",
        f"                             ▲{' ' * 38}Peak on Thu, Nov 12",
        f" 1,500                       ▅{' ' * 38}1,404.50 credits",
        f"                             █{' ' * 38}Contract review   74%  1,041.625",
        f"   750                       █{' ' * 38}spike  w why",
        f"                         ▁   █ ▁{' ' * 36}Invoice matching   9%    129.000",
        f"       █ ▇ █ ▇ ▇ ▇ 0 0 █ █ ▇ █ █ ▃ ▂ ▇ █ █ ▇ ▇ ▃ ▆ · · · · ·{' ' * 1}· · ·",
        f"       Nov 1         Nov 8         Nov 15        today{' ' * 14}average 283.66",
    ]


def test_the_day_under_the_cursor_is_read_out_and_marked() -> None:
    view = daily_view(demo())
    rows = shown(draw(view, area(118, 8), cursor=21))
    assert [row[98:] for row in rows[1:6]] == [
        "Sun, Nov 22",
        "215.325 credits",
        "Weekly digest    28%",
        "Contract review  23%",
        "Browser sessio…  19%",
    ]
    assert rows[-1][70:76] == "▲today"
    assert [row[98:] for row in shown(draw(view, area(118, 8), cursor=29))[1:3]] == [
        "Mon, Nov 30",
        "upcoming",
    ]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (98, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why   average 283.66 a day"),
        (78, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (58, "Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (42, "Nov 12  1,404.50  Contract review 74%"),
        (34, "Nov 12  1,404.50  Contract re… 74%"),
    ],
)
def test_below_the_chart_words_give_way_to_numbers(cells: int, text: str) -> None:
    assert shown(draw(daily_view(demo()), area(cells, 8)))[-1] == text


def test_an_amount_wider_than_the_readout_takes_its_room_from_the_plot() -> None:
    lines = draw(view_of([day(0, "-9999999999.999999"), day(1, "5")], 30), area(118, 8), cursor=0)
    assert max(map(width, lines)) == 118
    assert " -9,999,999,999.999999" in shown(lines)[2]
    other = draw(view_of([day(0, "-9999999999.999999"), day(1, "5")], 30), area(118, 8), cursor=1)
    assert [text.find("Average") for text in (shown(lines)[5], shown(other)[5])] == [74, 74]


def test_a_chosen_range_is_marked_and_its_days_are_shown() -> None:
    view = daily_view(demo())
    lines = draw(view, area(78, 8), chosen=0)
    assert [span.text for span in lines[0] if span.tone == "tab"] == ["7 days"]
    assert shown(lines)[-2].split("  ")[3:] == [
        " Nov 16",
        "Nov 17",
        "Nov 18",
        "Nov 19",
        "Nov 20",
        "Nov 21",
        "today",
    ]


@pytest.mark.parametrize("height", [8, 12])
def test_days_that_gave_back_more_than_they_used_are_not_called_unused(height: int) -> None:
    text = "\n".join(shown(draw(view_of([day(0, "-3.5"), day(1, "0")], 30), area(78, height))))
    assert "More was given back than used" in text
    assert "No usage yet" not in text
    assert "0.0001" not in text  # the label of an axis without a bar


def test_an_organization_without_use_has_a_zero_and_days_to_come() -> None:
    rows = shown(draw(daily_view(demo("empty")), area(78, 8)))
    assert rows[-3].split() == ["0", *"·" * 29]
    assert rows[-1] == "No usage yet"
    assert not any(row.strip() for row in rows[1:-3])


def test_a_refund_larger_than_its_day_is_a_minus_and_a_negative_number() -> None:
    view = daily_view(demo("refund"))
    assert isinstance(view, DailyView)
    index = next(
        number
        for number, one in enumerate(view.ranges[-1].buckets)
        if one.credits and one.credits < Credits.ZERO
    )
    rows = shown(draw(view, area(78, 8), cursor=index))
    assert "-" in rows[-3]
    assert rows[-1].startswith("Sun, Nov 8  -260.50")


def test_a_copied_day_is_its_date_credits_and_source() -> None:
    view = daily_view(demo())
    assert isinstance(view, DailyView)
    assert day_text(view.ranges[-1], 11, "credit") == "Thu, Nov 12, 2026\t1,404.50\tContract review"
    assert day_text(view.ranges[-1], 29, "credit") == "Mon, Nov 30, 2026\tupcoming"


@pytest.mark.parametrize(
    ("amount", "top", "middle"),
    [
        ("1404.5", "1,500", "750"),
        ("0.000001", "0.0001", "0.00005"),
        ("0.3", "0.30", "0.15"),
        ("25", "25", "12.50"),
        ("99999", "100K", "50,000"),
        ("200000", "200K", "100K"),
        ("1250001", "1.5M", "750K"),
        ("9999999999", "10B", "5B"),
    ],
)
def test_the_axis_names_its_top_and_middle_exactly(amount: str, top: str, middle: str) -> None:
    rows = shown(draw(view_of([day(0, amount)], 30), area(78, 9)))
    assert rows[1].split()[0] == top
    assert rows[4].split()[0] == middle


AMOUNTS = st.integers(-(10**16), 10**16).map(lambda micro: str(Credits(micro)))


@settings(max_examples=60)
@given(
    st.lists(AMOUNTS, max_size=40),
    st.integers(1, 400),
    st.integers(38, 220),
    st.integers(3, 20),
    st.data(),
)
def test_a_chart_of_any_days_keeps_to_its_card(
    amounts: list[str], length: int, cells: int, height: int, data: st.DataObject
) -> None:
    view = view_of([day(number, amount) for number, amount in enumerate(amounts)], length)
    chosen = data.draw(st.integers(0, len(view.ranges) - 1))
    cursor = data.draw(st.none() | st.integers(0, len(view.ranges[chosen].buckets) - 1))
    lines = draw(view, area(cells, height), chosen=chosen, cursor=cursor)
    assert max(map(width, lines)) <= cells
    assert len(lines) == max(height, 4 if cells < 100 else 3)
    index = view.ranges[chosen].peak if cursor is None else cursor
    if index is not None and view.ranges[chosen].buckets[index].credits is not None:
        assert day_text(view.ranges[chosen], index, "").split("\t")[1] in "\n".join(shown(lines))


def test_at_most_31_bars_stand_for_any_period() -> None:
    for length in (31, 32, 92, 217, 218, 365, 366):
        buckets = ranges(view_of([day(number, "1") for number in range(length)], length))["Period"].buckets
        assert len(buckets) <= 31
        assert sum(bucket.days for bucket in buckets) == length
        assert len({bucket.days for bucket in buckets[:-1]}) == 1


@pytest.mark.parametrize(
    ("elapsed", "opens"),
    [
        (1, "7 days"),
        (7, "7 days"),
        (8, "14 days"),
        (45, "14 days"),
        (46, "13 weeks"),
        (182, "13 weeks"),
        (183, "Period"),
        (365, "Period"),
    ],
)
def test_a_year_opens_on_the_longest_range_that_is_at_least_half_filled(elapsed: int, opens: str) -> None:
    view = view_of([day(number, "1") for number in range(elapsed)], 365)
    assert DailyCard().choices(view)[0] == opens
    assert set(DailyCard().choices(view)) == {"7 days", "14 days", "13 weeks", "Period"}
    (names, *_) = draw(view, area(118, 8), chosen=view.opening)
    assert [span.text for span in names if span.tone == "tab"] == [opens]


def test_a_month_always_opens_on_the_whole_period() -> None:
    for elapsed in (1, 7, 15, 30):
        view = view_of([day(number, "1") for number in range(elapsed)], 30)
        assert DailyCard().choices(view) == ("Period", "7 days", "14 days")


@pytest.mark.parametrize("cells", [*range(38, 121), 198, 218])
def test_the_bars_of_a_year_have_gaps_use_the_width_and_name_today(cells: int) -> None:
    view = view_of([day(number, "100") for number in range(330)], 365)
    rows = shown(draw(view, area(cells, 8)))
    base = next(row for row in reversed(rows) if "█" in row)
    bars = base[: cells - 22] if cells >= 100 else base
    assert "█" * 8 not in bars
    assert set(re.findall(r"█( +)█", bars)) == {" "}
    room = cells - 8 - (22 if cells >= 100 else 0)
    assert len(bars.rstrip()) - 7 > room * 0.5
    assert any("today" in row for row in rows)


@pytest.mark.parametrize("cells", [78, 98, 118, 198])
def test_the_mark_of_the_cursor_hides_no_label(cells: int) -> None:
    view = daily_view(demo())
    below = slice(0, {118: 97, 198: 165}.get(cells, cells))
    labels = shown(draw(view, area(cells, 9)))[-1 - (cells < 100)][below].split()
    for cursor in range(30):
        row = shown(draw(view, area(cells, 9), cursor=cursor))[-1 - (cells < 100)][below]
        assert "▲" in row
        assert row.replace("▲", " ").split() == labels


def test_the_label_of_the_day_under_the_cursor_stands_behind_the_mark() -> None:
    view = daily_view(demo())
    assert "▲Nov 8" in shown(draw(view, area(118, 8), cursor=7))[-1]
    assert "▲today" in shown(draw(view, area(118, 8), cursor=21))[-1]
    assert "Nov 8 ▲" in shown(draw(view, area(118, 8), cursor=8))[-1]


def test_an_unused_period_takes_few_rows() -> None:
    view = daily_view(demo("empty"))
    for cells, rows in ((78, 4), (118, 3)):
        needs = DailyCard().needs(view, area(cells), layout_of(cells + 2))
        assert needs == Needs.exactly(rows)
        assert len(draw(view, area(cells, rows))) == rows


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (78, "Daily ▂▂▂▂▁▁00▂▂▂█▂▁▁▂▂▂▂▂▁▁········  peak Nov 12  1,404.50  average 283.66"),
        (60, "Daily ▂▂▂▂▁▁00▂▂▂█▂▁▁▂▂▂▂▂▁▁········  peak Nov 12  1,404.50"),
        (40, "Daily ▂▂▂▂▁▁00▂▂▂█▂▁▁▂▂▂▂▂▁▁········"),
    ],
)
def test_at_a_glance_the_chart_is_one_row_of_bars(cells: int, text: str) -> None:
    assert shown([DailyCard().glance(daily_view(demo()), area(cells))]) == [text]


def test_a_glance_of_anything_keeps_to_its_width() -> None:
    for scenario in ALL:
        for cells in (20, 38, 58, 78, 118):
            assert width(DailyCard().glance(daily_view(demo(scenario)), area(cells))) <= cells


@pytest.mark.parametrize("cells", [38, 58, 78, 118, 198])
@pytest.mark.parametrize("scenario", ["acme", "annual"])
def test_a_click_finds_the_bar_that_stands_there(scenario: str, cells: int) -> None:
    view, card = daily_view(demo(scenario)), DailyCard()
    assert isinstance(view, DailyView)
    for choice in card.choices(view):
        at = Place(choice=choice)
        for cursor in range(card.row_count(view, at, 9)):
            marks = shown(card.draw(view, area(cells, 9, focused=True), at._replace(cursor=cursor)))
            row = len(marks) - (1 if cells >= 100 else 2)
            found = card.bar_at(view, area(cells, 9), at, marks[row].index("▲"), row)
            assert found is not None
            # Of a bar that stands for several weeks, the first is chosen.
            assert found <= cursor < found + 4
    assert card.bar_at(view, area(cells, 9), Place(), 3, 4) is None
    assert card.bar_at(view, area(cells, 9), Place(), 12, 0) is None


def spikes(view: DailyView) -> dict[str, list[int]]:
    return {one.name: [bucket.start.day for bucket in one.buckets if bucket.spike] for one in view.ranges}


def test_a_day_that_sticks_out_is_marked_above_its_bar_in_every_range_that_shows_it() -> None:
    view = daily_view(demo("spike"))
    assert isinstance(view, DailyView)
    assert spikes(view) == {"7 days": [], "14 days": [12], "Period": [12]}
    for glyphs, mark in (("unicode", "▲"), ("ascii", "^")):
        rows = shown(draw(view, area(80, 14, glyphs)))
        assert [number for number, row in enumerate(rows) if mark in row] == [1]
        column = rows[1].index(mark)
        assert rows[2][column] in "█#"
        assert rows[2].startswith(" 2,000 ")


def test_after_a_lasting_change_only_what_still_sticks_out_is_marked() -> None:
    answers = known(known_answers(demo()))
    assert len(answers.spikes) > 15
    view = daily_view(demo())
    assert isinstance(view, DailyView)
    assert spikes(view)["Period"] == [12]


@pytest.mark.parametrize("cells", [44, 60, 80, 120])
def test_the_mark_of_a_spike_hides_no_label_and_the_cursor_keeps_its_own(cells: int) -> None:
    view = daily_view(demo("spike"))
    assert isinstance(view, DailyView)
    rows = shown(draw(view, area(cells, 14), cursor=11))
    assert "Nov 1" in rows[-2] or "Nov 1" in rows[-1]
    assert "today" in "".join(rows[-2:])
    assert "".join(rows).count("▲") == 2


def test_a_chart_of_two_rows_has_no_row_for_marks() -> None:
    view = daily_view(demo("spike"))
    assert isinstance(view, DailyView)
    assert "▲" not in "".join(shown(draw(view, area(80, 5))))
