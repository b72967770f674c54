"""Every card of every demo at every width: nothing overflows, no number is cut, nothing harmful is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from rich.cells import cell_len

from tests.cards.states import ALL, ANSWERING, GLYPHS, area, demo, large_number, shown, text_of
from usage_tui.cards import (
    allowance,
    balance,
    banner,
    daily,
    event,
    footer,
    grant_details,
    grants,
    header,
    history,
    included,
    ranking,
    ranking_table,
)
from usage_tui.cards import help as help_text
from usage_tui.cards.card import Placeholder
from usage_tui.cards.typeset.lines import Area, Line, line, width
from usage_tui.config.commands import COMMANDS
from usage_tui.models import Credits
from usage_tui.state.usage import UsageState
from usage_tui.text.amounts import amount_text, number_in_unit, places
from usage_tui.text.numbers import share_text

# Every width at which something changes, the one before it, and a few between.
WIDTHS = [
    38,
    39,
    40,
    43,
    47,
    50,
    51,
    53,
    54,
    55,
    56,
    58,
    59,
    60,
    61,
    69,
    70,
    75,
    76,
    89,
    90,
    99,
    100,
    118,
    168,
    220,
]
OFTEN = {"acme", "labels", "huge"}
END = line("newest first")

Draw = Callable[[UsageState, Area], list[Line]]


def _details(state: UsageState, area: Area) -> list[Line]:
    page = state.events.value
    return [
        row
        for one in (page.items if page else ())
        for row in event.draw_details(event.details(state, one), area)
    ]


def _grant_details(state: UsageState, area: Area) -> list[Line]:
    view = grants.grants_view(state)
    if isinstance(view, Placeholder):
        return []
    lines = grants.totals(view, area)
    return lines + [row for grant in view.grants for row in grant_details.draw_details(view, grant, area)]


def _every_day(state: UsageState, area: Area) -> list[Line]:
    view = daily.daily_view(state)
    if isinstance(view, Placeholder):
        return daily.draw(view, area)
    return [
        row
        for chosen, days in enumerate(view.ranges)
        for cursor in (None, 0, len(days.buckets) // 2, len(days.buckets) - 1)
        for row in daily.draw(view, area, chosen=chosen, cursor=cursor)
    ]


CARDS: dict[str, Draw] = {
    "header": lambda state, area: [header.draw(header.header_view(state), "usage", area)],
    "banner": lambda state, area: banner.draw(banner.banners(state), area),
    "balance": lambda state, area: balance.draw(balance.balance_view(state), area),
    "included": lambda state, area: included.draw(included.included_view(state), area),
    "sources": lambda state, area: ranking_table.draw(ranking.ranking_view(state), area._replace(height=6)),
    "categories": lambda state, area: ranking_table.draw(
        ranking.ranking_view(state), area._replace(height=9), rolled_up=True
    ),
    "daily": lambda state, area: _every_day(state, area._replace(height=8)),
    "recent": lambda state, area: history.draw(
        history.history_view(state, "recent"), area._replace(height=20), END
    ),
    "grants": lambda state, area: grants.draw(grants.grants_view(state), area, END),
    "grant details": _grant_details,
    "pager": lambda state, area: [history.pager(state, area)],
    "event details": lambda state, area: _details(state, area._replace(height=5)),
    "allowance": lambda state, area: allowance.draw(allowance.allowance_view(state), area),
    "allowance details": lambda state, area: allowance.draw_details(allowance.details_view(state), area),
    "help": lambda state, area: help_text.draw(area),
    "footer": lambda state, area: [footer.draw(list(COMMANDS), "", area, more=True)],
}


def drawings(scenario: str, widths: list[int], **options: Any) -> Iterator[tuple[str, int, list[Line]]]:
    for name, draw in CARDS.items():
        # What depends on no data is drawn once.
        for cells in widths if scenario == "acme" or name not in ("help", "footer") else ():
            yield f"{name} at {cells}", cells, draw(demo(scenario), area(cells, **options))


def widths_of(scenario: str) -> list[int]:
    """Every width for the demos with the longest texts and amounts; of the others each has every third."""
    return WIDTHS if scenario in OFTEN else WIDTHS[ALL.index(scenario) % 3 :: 3]


HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("scenario", ALL)
def test_every_line_fits_its_card_and_steers_no_terminal(scenario: str) -> None:
    for name, cells, lines in drawings(scenario, widths_of(scenario)):
        texts = [text_of(row) for row in lines]
        assert not [text for text in texts if cell_len(text) > cells], name
        assert not [one for one in set("".join(texts)) if unicodedata.category(one) in HARMFUL], name


@pytest.mark.parametrize("scenario", ["acme", "failed", "labels", "member", "stale"])
def test_every_line_fits_without_keys_and_with_the_focus(scenario: str) -> None:
    for options in ({"interactive": False}, {"focused": True}):
        for name, cells, lines in drawings(scenario, WIDTHS[::3], **options):
            assert not [text_of(row) for row in lines if width(row) > cells], name


@pytest.mark.parametrize("scenario", sorted(set(ALL) - {"labels"}))
def test_ascii_glyphs_draw_ascii(scenario: str) -> None:
    for name, _, lines in drawings(scenario, [38, 58, 78, 118, 220], glyphs="ascii"):
        assert not [text_of(row) for row in lines if not text_of(row).isascii()], name


def numbers_in(lines: list[str]) -> set[str]:
    """Every number that stands whole in the lines."""
    return {number for row in lines for number in re.findall(r"-?\$?[\d,]*\d(?:\.\d+)?%?", row)}


def numbers_of(state: UsageState) -> dict[str, set[str]]:
    """The numbers that a card must show, whatever its width."""
    numbers: dict[str, set[str]] = {}
    summary, ranked, events, unit = state.summary.value, state.sources.value, state.recent.value, state.unit

    def texts(shown: Iterable[Credits | None], column: Iterable[Credits | None]) -> set[str]:
        decimals = places([amount for amount in column if amount is not None], unit)
        return {amount_text(amount, unit, decimals) for amount in shown if amount is not None}

    if summary is not None:
        if summary.balance is not None:
            parts = [summary.balance.included, summary.balance.purchased]
            beyond = [summary.balance.locked, summary.balance.overage]
            column = [summary.balance.total, *parts, *beyond]
            numbers["balance"] = texts([*parts, *filter(None, beyond)], column)
        if summary.included is not None and summary.included.granted:
            both = (summary.included.used, summary.included.remaining)
            numbers["included"] = texts(both, both)
        numbers["allowance"] = {number_in_unit(meter.used, meter.unit) for meter in summary.allowances}
    if ranked is not None and ranked.items:
        view = ranking.ranking_view(state)
        assert isinstance(view, ranking_table.RankingView)
        rows = view.sources[:3]
        numbers["sources"] = {amount_text(row.credits, unit, view.decimals) for row in rows}
        numbers["sources"] |= {share_text(row.share) for row in rows if row.share is not None}
        if not state.sources.stale:
            numbers["sources"].add(amount_text(view.total, unit, view.decimals))
    if events is not None:
        amounts = [event.credits for event in events.items[:18]]
        numbers["recent"] = texts(amounts, amounts)
    if state.grants.value is not None:
        every = [amount for grant in state.grants.value.items for amount in (grant.original, grant.remaining)]
        numbers["grants"] = texts([grant.remaining for grant in state.grants.value.items], every)
    return numbers


@pytest.mark.parametrize("scenario", ANSWERING)
def test_numbers_stand_whole_at_every_width(scenario: str) -> None:
    state = demo(scenario)
    for card, numbers in numbers_of(state).items():
        for cells in WIDTHS[::2]:
            lines = shown(CARDS[card](state, area(cells, glyphs="ascii")))
            missing = numbers - numbers_in(lines)
            assert not missing, f"{card} at {cells}: {missing} in {lines}"


@pytest.mark.parametrize("scenario", ANSWERING)
def test_the_credits_remaining_are_whole_at_every_width(scenario: str) -> None:
    view = balance.balance_view(demo(scenario))
    assert isinstance(view, balance.BalanceView)
    for cells in WIDTHS:
        for glyphs in ("unicode", "ascii"):
            lines = shown(balance.draw(view, area(cells, glyphs=glyphs)))
            large = large_number(lines[1:4], GLYPHS[glyphs].digits)
            assert view.total in (large, lines[1].split(" ")[0])
