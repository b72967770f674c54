"""The daily chart in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.cards.states import area, demo, put, shown, text_of
from tests.known import known
from usage_tui.cards.card import Placeholder
from usage_tui.cards.daily import DailyView, daily_view, draw
from usage_tui.cards.days import Bucket, parts
from usage_tui.cards.readout import Reading, below, beside
from usage_tui.models import Credits, EventQuery, SourceDays
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.usage import UsageState


@pytest.mark.parametrize(
    ("rows", "average"),
    [
        (7, ["", "Average a day", "283.66 credits"]),
        (6, ["", "Average a day", "283.66 credits"]),
        (5, ["", "average 283.66"]),
        (4, []),
    ],
)
def test_the_average_stands_whole_or_not_at_all(rows: int, average: list[str]) -> None:
    lines = shown(beside(Reading([peak()], "283.66", "credit", 2), 20, area(120), rows))
    assert lines == ["Peak on Thu, Nov 12", "1,404.50 credits", "Contract review  74%", *average]


@pytest.mark.parametrize(
    ("rows", "after"), [(6, ["", "average 283.66"]), (5, ["average 283.66"]), (4, []), (3, None)]
)
def test_a_spike_is_said_with_the_key_that_explains_it(rows: int, after: list[str] | None) -> None:
    lines = shown(beside(Reading([peak(spike=True)], "283.66", "credit", 2), 20, area(120), rows))
    assert lines[3:] == ([] if after is None else ["spike  w why", *after])


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (100, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why   average 283.66 a day"),
        (80, "Peak on Thu, Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (60, "Nov 12  1,404.50  Contract review 74%  spike  w why"),
        (50, "Peak on Thu, Nov 12  1,404.50  Contract review 74%"),
        (40, "Nov 12  1,404.50  Contract review 74%"),
        (20, "Nov 12  1,404.50"),
    ],
)
def test_in_one_line_a_spike_stays_as_long_as_it_fits(cells: int, text: str) -> None:
    assert shown([below(Reading([peak(spike=True)], "283.66", "credit", 2), area(cells))]) == [text]


def test_plain_text_names_no_key() -> None:
    line = below(Reading([peak(spike=True)], "283.66", "credit", 2), area(80, interactive=False))
    assert "  spike   average" in shown([line])[0]


def peak(*, spike: bool = False) -> Bucket:
    return Bucket(
        start=date(2026, 11, 12),
        days=1,
        credits=Credits.parse("1404.5"),
        top="Contract review",
        top_percent="74%",
        today=False,
        spike=spike,
        query=EventQuery(),
    )


def view_of(state: UsageState) -> DailyView:
    view = daily_view(state)
    assert not isinstance(view, Placeholder)
    return view


def sources() -> SourceDays:
    return known(demo().source_days.value)


def bucket(number: int, choice: int = -1) -> Bucket:
    return view_of(demo()).ranges[choice].buckets[number]


def test_the_three_sources_of_a_day_are_those_that_used_most() -> None:
    found = parts(bucket(11), sources())
    assert [(one.label, one.percent, str(one.credits)) for one in found] == [
        ("Contract review", "74%", "1041.625"),
        ("Invoice matching", "9%", "129"),
        ("Agent chat", "7%", "109.25"),
    ]
    known_day = {item.label: item.credits[-11] for item in sources().items}
    assert all(one.credits == known_day[one.label] for one in found)


def test_a_day_has_no_more_sources_than_used_anything() -> None:
    assert [one.label for one in parts(bucket(14), sources())] == ["Agent chat", "Lead enrichment"]
    assert parts(bucket(6), sources()) == ()
    assert parts(bucket(29), sources()) == ()


@pytest.mark.parametrize(
    "less",
    [
        None,
        replace(sources(), items=sources().items[1:]),
        replace(sources(), items=sources().items[:3], other=tuple([Credits(1)] * 91)),
        replace(sources(), range=replace(sources().range, start_date=date(2026, 11, 20))),
    ],
)
def test_what_does_not_add_up_to_the_day_is_not_told(less: SourceDays | None) -> None:
    (only,) = parts(bucket(11), less)
    assert (only.label, only.percent, only.credits) == ("Contract review", "74%", None)


def test_a_week_has_its_sources_too() -> None:
    week = peak()._replace(start=date(2026, 11, 9), days=7, top="", top_percent="")
    used = Credits.total(one for item in sources().items for one in item.credits[-14:-7])
    found = parts(week._replace(credits=used), sources())
    assert found[0].label == "Contract review"
    assert len(found) == 3
    assert parts(week._replace(start=date(2026, 8, 20)), sources()) == ()


@pytest.mark.parametrize("status", [Status.IDLE, Status.LOADING])
@pytest.mark.parametrize("cells", [78, 98, 100, 118, 198])
def test_nothing_but_the_readout_changes_when_the_sources_come(cells: int, status: Status) -> None:
    before = view_of(replace(demo(), source_days=Remote(status=status)))
    end = cells - 34 if cells >= 100 else cells
    one, other = (
        shown(draw(view, area(cells, 9)))[: 9 if cells >= 100 else 8] for view in (before, view_of(demo()))
    )
    assert [row[:end].rstrip() for row in one] == [row[:end].rstrip() for row in other]


def test_a_client_without_days_by_source_has_a_narrow_readout() -> None:
    rows = shown(draw(view_of(replace(demo(), source_days=not_offered("Not told."))), area(198, 9)))
    assert rows[3].endswith("Contract review  74%")
    assert rows[1].index("Peak") == 178


@pytest.mark.parametrize("rows", range(4, 14))
@pytest.mark.parametrize("cursor", [None, 11])
def test_the_average_stays_where_it_is(rows: int, cursor: int | None) -> None:
    view = view_of(demo())
    places = set()
    for index in range(30):
        at = None if cursor is None else index
        reading = Reading(view.ranges[-1].buckets, "283.66", "credit", None, at, sources())
        lines = shown(beside(reading, 32, area(198), rows))
        assert len(lines) <= rows
        places.add(next((place for place, row in enumerate(lines) if "verage" in row), None))
    assert len(places) == 1
    assert (None in places) == (rows < (5 if cursor is None else 7))


@pytest.mark.parametrize(
    ("cells", "cursor", "text"),
    [
        (
            120,
            None,
            "Peak on Thu, Nov 12  1,404.50  Contract review 74%  Invoice matching 9%   average 283.66 a day",
        ),
        (78, None, "Peak on Thu, Nov 12  1,404.50  Contract review 74%   average 283.66 a day"),
        (78, 11, "Thu, Nov 12  1,404.50  Contract review 74%  Invoice matching 9%  Agent chat 7%"),
        (58, 11, "Thu, Nov 12  1,404.50  Contract review 74%"),
        (64, 11, "Thu, Nov 12  1,404.50  Contract review 74%  Invoice matching 9%"),
    ],
)
def test_the_other_sources_of_a_day_stand_in_its_line_where_they_fit(
    cells: int, cursor: int | None, text: str
) -> None:
    view = view_of(demo())
    buckets = [bucket._replace(spike=False) for bucket in view.ranges[-1].buckets]
    reading = Reading(buckets, "283.66", "credit", None, cursor, sources())
    cells = 98 if cells == 120 else cells
    assert text_of(below(reading, area(cells))) == text


def test_a_day_that_is_not_known_yet_has_no_sources() -> None:
    view = view_of(put(demo(), daily=replace(known(demo().daily.value), items=())))
    reading = Reading(view.ranges[-1].buckets, "0.00", "credit", None, 3, sources())
    assert text_of(below(reading, area(98))) == "Wed, Nov 4  upcoming   average 0.00 a day"
