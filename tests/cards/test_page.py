"""The whole dashboard as plain text."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cards.states import ALL, demo, euros, large_number
from usage_tui.cards.page import page
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME

EXPECTED = Path(__file__).with_name("acme-80.txt")
# What is left of each title where it is cut most.
TITLES = [
    "Credits",
    "Included credits",
    "Runway",
    "Current",
    "Daily",
    "Historical",
    "Credit grants",
    "Background AI &",
]
IN_MONEY = ["Balance", "Included ─", "Runway", "Current", "Daily", "Historical", "Grants", "Background AI &"]
EVERY_PAGE = """
from tests.cards.states import ALL, demo
from usage_tui.cards.typeset.glyphs import MONOCHROME
from usage_tui.cards.page import page
for name in ALL:
    print(page(demo(name), 80, MONOCHROME))
"""


def test_acme_as_plain_text() -> None:
    assert page(demo(), 80, MONOCHROME) + "\n" == EXPECTED.read_text(encoding="utf-8")


@pytest.mark.parametrize("scenario", ALL)
def test_every_card_of_every_demo_is_there_in_order_at_any_width(scenario: str) -> None:
    for cells in (40, 79, 120):
        rows = page(demo(scenario), cells, MONOCHROME).split("\n")
        titles = IN_MONEY if scenario == "dollars" else TITLES
        if scenario == "not-offered":
            titles = [*titles[:-2], "Not offered by demo"]
        heads = [title for row in rows for title in titles if row.startswith(title)]
        assert heads == titles
        assert max(map(cell_len, rows)) <= cells
        assert not [row for row in rows if row != row.rstrip()]


def test_all_sources_are_printed_and_none_is_left_to_other() -> None:
    text = page(demo("unknown"), 80, MONOCHROME)
    assert "Phone calls" in text
    assert "Other" not in text


def test_plain_text_names_no_key() -> None:
    for scenario in ("acme", "failed", "stale"):
        text = page(demo(scenario), 120, MONOCHROME)
        for key in ("Buy credits", "try again", "View allowance", "2 History"):
            assert key not in text


def test_in_ascii_every_character_is() -> None:
    assert page(demo(), 80, ASCII).isascii()


@pytest.mark.parametrize("cells", [40, 60, 80, 120])
def test_in_ascii_a_currency_is_named_by_its_code(cells: int) -> None:
    text = page(euros(ascii_only=True), cells, ASCII)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= cells
    rows = text.split("\n")
    head = next(number for number, row in enumerate(rows) if row.startswith("Balance remaining"))
    number = rows[head + 1 : head + 4]
    assert large_number(number, ASCII.digits) == "217.47"
    assert " EUR" in number[-1]
    assert {"17.47 EUR", "200.00 EUR"} <= set(re.findall(r"[\d,.]+ EUR", text))


def test_in_ascii_every_amount_of_a_currency_stands_whole() -> None:
    amounts = set(re.findall(r"€([\d,]+\.\d\d+)", page(euros(ascii_only=False), 80, MONOCHROME)))
    text = page(euros(ascii_only=True), 80, ASCII)
    assert len(amounts) > 20
    assert {amount for amount in amounts if f"{amount} EUR" not in text} == {"7.50"}  # on the axis


def test_pages_do_not_depend_on_the_order_of_sets() -> None:
    pages = {
        subprocess.check_output(
            [sys.executable, "-c", EVERY_PAGE],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        for seed in ("1", "2")
    }
    assert len(pages) == 1
