"""Background AI & sandbox usage: the headline at any width, and every meter with its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.cards.states import area, demo, shown, with_summary
from usage_tui.cards.allowance import (
    AllowanceCard,
    AllowanceView,
    allowance_view,
    details_view,
    draw,
    draw_details,
    headline_text,
)
from usage_tui.cards.arrangement import Layout
from usage_tui.cards.typeset.lines import width
from usage_tui.models import Meter, MeterLine
from usage_tui.state.usage import UsageState


def meter(**changes: Any) -> Meter:
    made = Meter(
        id="storage",
        label="Storage",
        unit="gigabyte",
        included=Decimal(100),
        used=Decimal("41.2"),
        remaining=Decimal("58.8"),
        used_fraction=Decimal("0.412"),
    )
    return replace(made, **changes)


UNLIMITED = meter(label="Sandbox runtime", unit="hour", included=None, used=Decimal(1), remaining=None)


def view_of(state: UsageState) -> AllowanceView:
    view = allowance_view(state)
    assert isinstance(view, AllowanceView)
    return view


def with_meters(*meters: Meter) -> AllowanceView:
    return view_of(with_summary(allowances=meters))


def test_meters_stand_side_by_side_where_they_fit() -> None:
    assert shown(draw(view_of(demo()), area(118, 3)))[1:] == [
        "Background AI 1,200 of 2,000 credits    Sandbox runtime       15 of 50 hours"
        "    Storage                 41.2 of 100 GB",
        "━━━━━━━━━━━━━━━━━━────────────   60%    ━━━━━━━━━─────────────────────   30%"
        "    ━━━━━━━━━━━━━───────────────────   41%",
    ]


def test_meters_stand_one_below_the_other_where_they_do_not_fit() -> None:
    assert shown(draw(view_of(demo()), area(58, interactive=False))) == [
        "Background AI & sandbox usage ─────────────── resets Dec 1",
        "Background AI   ━━━━━━━─────   60%  1,200 of 2,000 credits",
        "Sandbox runtime ━━━─────────   30%     15 of 50 hours",
        "Storage         ━━━━────────   41%   41.2 of 100 GB",
    ]


def test_where_there_is_no_room_for_bars_the_numbers_stay() -> None:
    assert shown(draw(view_of(demo()), area(38, interactive=False)))[1:] == [
        "Background AI   1,200 of 2,000 credits",
        "Sandbox runt…      15 of 50 hours",
        "Storage          41.2 of 100 GB",
    ]


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        (78, "resets Dec 1  v View allowance details"),
        (58, "── v View allowance details"),
        (44, "── v details"),
        (38, "sandbox usage ────── v"),
    ],
)
def test_the_way_to_the_details_stays_and_the_title_is_read(cells: int, end: str) -> None:
    head = shown(draw(view_of(demo()), area(cells)))[0]
    assert head.startswith("Background AI &")
    assert head.endswith(end)


def test_a_day_is_named_only_where_all_reset_on_it() -> None:
    one, other = datetime(2026, 12, 1, 5, tzinfo=UTC), datetime(2026, 12, 2, 5, tzinfo=UTC)
    assert "resets" not in shown(draw(with_meters(meter(resets_at=one), meter(resets_at=other)), area(78)))[0]
    assert "resets Dec 1 " in shown(draw(with_meters(meter(resets_at=one), meter()), area(78)))[0]
    assert "resets" not in shown(draw(with_meters(meter()), area(78)))[0]


def test_without_a_limit_there_is_no_bar() -> None:
    rows = shown(draw(with_meters(UNLIMITED), area(58)))
    assert rows[1].split() == ["Sandbox", "runtime", "1", "hour", "used,", "no", "limit"]
    assert shown(draw_details(with_meters(UNLIMITED), area(40)))[:2] == [
        "Sandbox runtime    1 hour used, no limit",
        " " * 26 + "does not reset",
    ]


def test_what_is_used_beyond_the_allowance_is_said() -> None:
    over = meter(used=Decimal("120.5"), remaining=Decimal("-20.5"))
    lines = shown(draw_details(with_meters(over), area(40)))
    assert lines[1].endswith("120%")
    assert lines[2].startswith("20.5 over ")


def test_an_allowance_is_used_up_only_when_nothing_remains() -> None:
    nearly = meter(used=Decimal("99.999999999999999999"), remaining=Decimal("0.000000000000000001"))
    assert shown(draw_details(with_meters(nearly), area(40)))[1] == "━" * 33 + "─" + "   99%"


def test_the_details_show_what_makes_up_a_meter_in_its_unit() -> None:
    view = details_view(demo())
    assert isinstance(view, AllowanceView)
    lines = shown(draw_details(view, area(62)))
    assert lines[:6] == [
        "Background AI                           1,200 of 2,000 credits",
        "━" * 33 + "─" * 23 + "   60%",
        "800 left                                    resets Dec 1, 2026",
        "  Memory upkeep                                    700 credits",
        "  Suggestions                                      500 credits",
        "",
    ]
    assert lines[-1] == "Not part of Credits remaining."


def test_lines_of_a_meter_are_whole_at_any_width() -> None:
    lines = (MeterLine(label="A long name of something that is metered", used=Decimal("1234567.25")),)
    view = with_meters(meter(lines=lines))
    for cells in range(30, 90):
        drawn = draw_details(view, area(cells))
        assert max(map(width, drawn)) <= cells
        assert "1,234,567.25 GB" in "\n".join(shown(drawn))


def test_a_plan_without_allowances_says_so() -> None:
    assert shown(draw(with_meters(), area(58)))[1:] == ["This plan has no allowances."]


def test_a_service_that_offers_none_says_why() -> None:
    assert shown(draw(allowance_view(demo("not-offered")), area(58)))[1:] == [
        "This service does not offer allowances."
    ]
    assert shown(draw_details(details_view(demo("not-offered")), area(58))) == [
        "This service does not offer allowances."
    ]


def test_copied_meters_have_a_line_each() -> None:
    assert headline_text(view_of(demo())).split("\n") == [
        "Background AI\t1,200 of 2,000 credits",
        "Sandbox runtime\t15 of 50 hours",
        "Storage\t41.2 of 100 GB",
    ]


def test_with_room_each_meter_has_a_name_a_bar_and_a_blank_line() -> None:
    view = allowance_view(demo())
    needs = AllowanceCard().needs(view, area(108), Layout.HALVES)
    assert (needs.least, needs.usual) == (4, 9)
    lines = shown(draw(view, area(58, 9)))
    assert len(lines) == 9
    assert lines[1:4] == [
        "Background AI                       1,200 of 2,000 credits",
        "━" * 31 + "─" * 21 + "   60%",
        "",
    ]
