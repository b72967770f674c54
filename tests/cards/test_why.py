"""A day explained in words: what it is compared with, who rose, who fell, and that all adds up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest

from usage_tui.cards.typeset.lines import Area, Line, cell_len, plain
from usage_tui.cards.why import draw, title
from usage_tui.insight.why import explain
from usage_tui.ledger.ranking import SourceTotal
from usage_tui.models import Credits

DAY, TODAY = date(2026, 11, 12), date(2026, 11, 22)
INCLUDED = Credits.parse("10000")


def use(**amounts: str) -> list[SourceTotal]:
    return [
        SourceTotal("ai_tool", name, name.capitalize(), Credits.parse(used).micro, None)
        for name, used in amounts.items()
    ]


def days(usual: Mapping[str, str], day: Mapping[str, str], count: int = 8) -> dict[date, list[SourceTotal]]:
    return {DAY - timedelta(days=back): use(**usual) for back in range(1, count + 1)} | {DAY: use(**day)}


def lines(usual: Mapping[str, str], day: Mapping[str, str], *, complete: bool = True, width: int = 60,
          count: int = 8) -> list[Line]:  # fmt: skip
    found = explain(days(usual, day, count), DAY, complete=complete, included=INCLUDED)
    return draw(found, "credit", TODAY, Area(width, interactive=False))


def test_sources_that_fell_stand_below_a_rule_and_the_total_is_last() -> None:
    text = plain(lines({"chat": "40", "review": "10"}, {"chat": "30", "review": "500.5"}))
    assert text.splitlines() == [
        "Why Thu, Nov 12 ───────────────────────────── 530.50 credits",
        "Usually 50 credits a day, the median of the 8 days before.",
        "A spike: more than twice what is usual.",
        "",
        "Source                               Credits  Usual   Change",
        "Review                                500.50  10.00  +490.50",
        "────────────────────────────────────────────────────────────",
        "Chat                                   30.00  40.00   -10.00",
        "Total                                 530.50  50.00  +480.50",
    ]


def test_today_is_compared_as_far_as_it_goes() -> None:
    assert "So far. Usually 40 credits a day" in plain(lines({"chat": "40"}, {"chat": "9"}, complete=False))


def test_without_days_to_compare_with_the_sources_stand_alone() -> None:
    text = plain(lines({"chat": "40"}, {"chat": "9", "review": "20"}, count=4))
    assert "Nothing to compare with: too few earlier days are known." in text
    assert "Usual " not in text
    assert "Change" not in text
    assert text.index("Review") < text.index("Chat")


def test_a_day_without_use_says_so() -> None:
    assert "Nothing was used." in plain(lines({}, {}))


def test_what_the_sources_do_not_explain_has_a_row_so_that_the_changes_add_up() -> None:
    mixed = {
        DAY - timedelta(days=back): use(chat=str(back), review=str(9 * (back % 3))) for back in range(1, 9)
    }
    mixed[DAY] = use(chat="5.125", review="7")
    found = explain(mixed, DAY, complete=True, included=INCLUDED)
    rows = plain(draw(found, "credit", TODAY, Area(60, interactive=False))).splitlines()[4:]
    changes = [Decimal(row.split()[-1]) for row in rows if re.search(r"[+-]\d", row)]
    assert "Other differences" in "".join(rows)
    assert sum(changes[:-1]) == changes[-1]


@pytest.mark.parametrize("width", [24, 40, 60, 80, 200])
def test_no_line_is_wider_than_the_area_and_no_amount_is_cut(width: int) -> None:
    found = lines({"chat": "40"}, {"chat": "123456.789", "a_source_with_a_long_name": "1"}, width=width)
    text = plain(found)
    if width >= 60:
        assert all(cell_len(row) <= width for row in text.splitlines())
    assert "123,456.789" in text


def test_another_year_is_named() -> None:
    assert title(DAY, TODAY) == "Why Thu, Nov 12"
    assert title(DAY, date(2027, 1, 2)) == "Why Thu, Nov 12, 2026"
