"""Credit grants: status, order, what ends soon, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cards.states import area, demo, put, shown, text_of
from usage_tui.cards.grant_details import draw_details
from usage_tui.cards.grants import GrantsView, draw, ends_soon, grants_view, row_text, totals
from usage_tui.cards.typeset.lines import EMPTY
from usage_tui.models import Credits, Grant, Grants

AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
ZONE = "America/New_York"
ZERO = Credits.ZERO
ACME = """\
Status            Description              Granted       Expires                 Original  Remaining
● Active → next   Team plan, November 20…  Nov 1, 2026   Dec 1, 2026  ! 9 days  10,000.00   3,759.50
● Active          Auto-recharge            Mar 2, 2026   Mar 2, 2027             2,000.00   1,250.25
● Active          Top-up                   Oct 14, 2026  Oct 14, 2027            5,000.00   5,000.00"""


def grant(**changes: Any) -> Grant:
    made = Grant(
        id="gr_1",
        description="Top-up",
        bucket="purchased",
        origin="purchase",
        granted_at=datetime(2026, 10, 14, 15, tzinfo=UTC),
        effective_at=datetime(2026, 10, 14, 15, tzinfo=UTC),
        expires_at=datetime(2027, 10, 14, 15, tzinfo=UTC),
        status="active",
        original=Credits.parse("5000"),
        used=ZERO,
        expired_amount=ZERO,
        voided_amount=ZERO,
        remaining=Credits.parse("5000"),
    )
    return replace(made, **changes)


def view_of(*grants: Grant) -> GrantsView:
    state = put(demo(), grants=Grants(as_of=AS_OF, revision=1, items=grants)) if grants else demo()
    view = grants_view(state)
    assert isinstance(view, GrantsView)
    return view._replace(lapsing=None) if grants else view


def test_the_grants_of_acme_in_full_width() -> None:
    assert "\n".join(shown(draw(view_of(), area(100, 5), EMPTY))[1:]) == ACME


@pytest.mark.parametrize(
    ("cells", "heads"),
    [
        (118, "Status Description Granted Expires Original Remaining"),
        (89, "Status Description Expires Original Remaining"),
        (69, "Status Description Expires Remaining"),
        (53, "Status Description Remaining"),
    ],
)
def test_columns_go_where_it_is_narrow(cells: int, heads: str) -> None:
    assert " ".join(shown(draw(view_of(), area(cells), EMPTY))[1].split()) == heads


@pytest.mark.parametrize(
    ("status", "text", "tones"),
    [
        ("active", "● Active", {"success", "text"}),
        ("scheduled", "◇ Scheduled", {"included", "text"}),
        ("locked", "■ Locked", {"warning", "text"}),
        ("used", "○ Used", {"muted"}),
        ("expired", "× Expired", {"muted"}),
        ("voided", "– Voided", {"muted"}),
        ("on_hold", "? On hold", {"muted", "text"}),
    ],
)
def test_a_status_has_a_symbol_and_a_word(status: str, text: str, tones: set[str]) -> None:
    line = draw(view_of(grant(status=status)), area(58), EMPTY)[2]
    assert text_of(line).startswith(text)
    assert {span.tone for span in line[:2]} == tones


def test_only_the_first_usable_grant_is_spent_next() -> None:
    lines = shown(draw(view_of(grant(), grant(id="gr_2")), area(118), EMPTY))
    assert ["→ next" in row for row in lines[2:]] == [True, False]
    assert "→ next" not in shown(draw(view_of(grant(status="scheduled")), area(118), EMPTY))[2]


@pytest.mark.parametrize(
    ("days", "status", "marked"),
    [
        (0.01, "active", 1),
        (13, "active", 14),
        (14, "active", None),
        (5, "locked", None),
        (-1, "expired", None),
    ],
)
def test_a_usable_grant_is_marked_from_14_days_before_its_end(
    days: float, status: str, marked: int | None
) -> None:
    one = grant(status=status, expires_at=AS_OF + timedelta(days=days))
    assert ends_soon(one, view_of(one)) == marked


def test_a_grant_without_an_end_has_a_dash() -> None:
    lines = shown(draw(view_of(grant(expires_at=None)), area(58), EMPTY))
    assert lines[2].split()[-2:] == ["—", "5,000"]
    assert shown(draw(view_of(grant(expires_at=None)), area(58, glyphs="ascii"), EMPTY))[2].split()[-2] == "-"


def test_one_day_before_the_end_is_one_day() -> None:
    one = grant(expires_at=AS_OF + timedelta(hours=1))
    assert "! 1 day " in shown(draw(view_of(one), area(118), EMPTY))[2]
    assert "Nov 22, 2026 ! " in shown(draw(view_of(one), area(88), EMPTY))[2]


def test_only_what_is_lost_at_the_usual_pace_is_said_to_lapse() -> None:
    view = view_of()
    ending = view.grants[0]
    told = "\n".join(shown(draw_details(view, ending, area(118))))
    assert "About 2,003.43 lapse unused at the usual pace." in told
    assert "3,759.50 left to use by then" not in told
    lasting = view._replace(lapsing={})
    assert ends_soon(ending, lasting) is None
    assert "!" not in "\n".join(shown(draw_details(lasting, ending, area(118))))
    assert "!" not in shown(draw(lasting, area(118), EMPTY))[2]
    unknown = view._replace(lapsing=None)
    assert "3,759.50 left to use by then." in "\n".join(shown(draw_details(unknown, ending, area(118))))


def test_rows_start_where_the_table_is_scrolled_to() -> None:
    view = view_of()
    lines = shown(draw(view, area(58, 4), EMPTY, first=6))
    assert len(lines) == 4
    assert lines[2].startswith("– Voided")


def test_an_organization_without_grants_says_so() -> None:
    state = put(demo(), grants=Grants(as_of=AS_OF, revision=1, items=()))
    assert shown(draw(grants_view(state), area(58), EMPTY))[1:] == ["No grants yet."]


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (70, ["10,009.75 usable in 3 grants    10,000.00 scheduled    1,500.00 locked"]),
        (66, ["10,009.75 usable in 3 grants  10,000.00 scheduled  1,500.00 locked"]),
        (58, ["10,009.75 usable in 3 grants  10,000.00 scheduled", "1,500.00 locked"]),
        (38, ["10,009.75 usable in 3 grants", "10,000.00 scheduled  1,500.00 locked"]),
    ],
)
def test_the_sums_stay_whole_and_those_that_do_not_fit_have_another_line(cells: int, text: list[str]) -> None:
    assert shown(totals(view_of(), area(cells))) == text


def test_a_long_name_has_lines_of_its_own_in_the_details() -> None:
    view = view_of()
    assert shown(draw_details(view, view.grants[0], area(38)))[1:3] == [
        "Team plan, November 2026",
        "included, from the subscription",
    ]


def test_the_details_add_up() -> None:
    view = view_of()
    assert shown(draw_details(view, view.grants[0], area(98))) == [
        "Grant details " + "─" * 84,
        "Team plan, November 2026   included, from the subscription",
        "━" * 61 + "─" * 37,
        "10,000.00 original  =  6,240.50 used  +  0.00 expired  +  0.00 voided  +  3,759.50 remaining",
        "! Ends Dec 1, 2026, 00:00 New York time, in 9 days. About 2,003.43 lapse unused at the usual pace.",
        "Granted Nov 1, 2026.",
    ]


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        (78, ["5,000 original  =  0 used  +  0 expired  +  0 voided  +  5,000 remaining"]),
        (60, ["0 used  0 expired  0 voided  5,000 remaining  of 5,000"]),
        (38, ["5,000 original  0 used  0 expired", "0 voided  5,000 remaining"]),
    ],
)
def test_the_equation_takes_the_room_there_is(cells: int, rows: list[str]) -> None:
    lines = shown(draw_details(view_of(grant()), grant(), area(cells)))
    assert lines[3 : 3 + len(rows)] == rows


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "Granted Oct 14, 2026. Expires Oct 14, 2027, 11:00 New York time."),
        ({"expires_at": None}, "Granted Oct 14, 2026. It does not expire."),
        (
            {"status": "expired", "expires_at": datetime(2026, 11, 1, 4, tzinfo=UTC)},
            "Granted Oct 14, 2026. Expired Nov 1, 2026, 00:00 New York time.",
        ),
        (
            {"status": "scheduled", "effective_at": datetime(2026, 12, 1, 5, tzinfo=UTC)},
            "Granted Oct 14, 2026, usable from Dec 1, 2026. Expires Oct 14, 2027, 11:00 New York time.",
        ),
    ],
)
def test_the_details_say_when_a_grant_begins_and_ends(changes: dict[str, Any], text: str) -> None:
    one = grant(**changes)
    assert shown(draw_details(view_of(one), one, area(118)))[-1] == text


def test_a_copied_grant_has_its_cells_between_tabs() -> None:
    view = view_of()
    assert row_text(view, view.grants[0]) == (
        "Active\tTeam plan, November 2026\tNov 1, 2026\tDec 1, 2026\t10,000\t3,759.50"
    )
    assert row_text(view, view.grants[-1]).split("\t")[3] == "does not expire"
