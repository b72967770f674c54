"""The table of cards: every card is in it once, and says what it is."""

from __future__ import annotations

from itertools import groupby, product

import pytest

from tests.cards.states import ALL, GLYPHS, area, demo, shown
from usage_tui.cards.arrangement import Layout
from usage_tui.cards.card import Placeholder
from usage_tui.cards.catalog import CARDS, NOT_OFFERED
from usage_tui.cards.catalog import shown as shown_cards
from usage_tui.cards.not_offered import not_offered
from usage_tui.cards.panel import START, Explanation, Place
from usage_tui.cards.typeset.lines import width
from usage_tui.config.commands import COMMANDS
from usage_tui.state.remote import Status


def test_every_card_has_an_id_and_a_title_of_its_own() -> None:
    assert len({card.id for card in (*CARDS, NOT_OFFERED)}) == len(CARDS) + 1
    assert len({card.title for card in CARDS}) == len(CARDS)


def test_cards_of_one_part_follow_each_other_left_before_right() -> None:
    """Or Tab would jump over the screen."""
    parts = [part for part, _ in groupby(card.slot.part for card in CARDS)]
    assert len(set(parts)) == len(parts)
    for _, cards in groupby(CARDS, key=lambda card: card.slot.part):
        columns = [card.slot.column for card in cards]
        assert columns == sorted(columns)


def test_what_chooses_is_a_command_and_chooses_in_one_card() -> None:
    choosing = [card.choose for card in CARDS if card.choose]
    assert set(choosing) <= set(COMMANDS)
    assert len(set(choosing)) == len(choosing)


@pytest.mark.parametrize("scenario", ALL)
def test_every_card_needs_something_and_least_first(scenario: str) -> None:
    for (panel, view), layout in product(shown_cards(demo(scenario), CARDS), Layout):
        needs = panel.needs(view, area(60), layout)
        assert 1 <= needs.least <= needs.usual, (panel.id, layout)
        assert needs.most is None or needs.usual <= needs.most, (panel.id, layout)


@pytest.mark.parametrize("scenario", ALL)
def test_what_enter_leads_to_is_a_command_events_or_a_text(scenario: str) -> None:
    for panel, view in shown_cards(demo(scenario), CARDS):
        opening = panel.opens(view, START)
        assert not isinstance(opening, str) or opening in COMMANDS


def test_a_choice_that_the_data_do_not_have_is_the_usual_one() -> None:
    for panel, view in shown_cards(demo(), CARDS):
        choices = panel.choices(view)
        expected = choices[0] if choices else ""
        assert panel.chosen(view, Place(choice="gone")) == expected


def test_where_everything_is_offered_there_is_no_line() -> None:
    assert [panel for panel, _ in shown_cards(demo(), CARDS)] == list(CARDS)


def test_cards_that_are_not_offered_are_one_line_that_tells_why() -> None:
    *others, (panel, view) = shown_cards(demo("not-offered"), CARDS)
    assert [one.id for one, _ in others] == ["balance", "included", "runway", "ranking", "daily", "recent"]
    assert panel.id == NOT_OFFERED.id
    assert shown(list(panel.draw(view, area(80), START))) == [
        "Not offered by demo: credit grants, allowances" + " " * 25 + "Enter why"
    ]
    assert panel.opens(view, START) == Explanation(
        "Not offered by demo",
        ("This service does not offer credit grants.", "This service does not offer allowances."),
    )
    assert panel.copy_text(view, START).split("\n")[0].split("\t") == [
        "credit grants",
        "This service does not offer credit grants.",
    ]


def test_the_names_are_those_that_the_cards_have_in_this_unit() -> None:
    placeholder = Placeholder(Status.NOT_OFFERED, (), title="Grants")
    view = not_offered("OpenAI", [(CARDS[6], placeholder), (CARDS[4], placeholder._replace(title=""))])
    assert [name for name, _ in view.cards] == ["grants", "daily usage"]


@pytest.mark.parametrize("cells", [20, 38, 40, 46, 60, 118])
@pytest.mark.parametrize("glyphs", GLYPHS)
@pytest.mark.parametrize("focused", [False, True])
def test_the_line_keeps_to_its_width(cells: int, glyphs: str, focused: bool) -> None:
    panel, view = shown_cards(demo("not-offered"), CARDS)[-1]
    where = area(cells, glyphs=glyphs, focused=focused)
    (only,) = panel.draw(view, where, START)
    assert width(only) <= cells
    heavy = where.glyphs.rule_focused in "".join(span.text for span in only)
    assert heavy == (focused and cells > 46)


def test_in_plain_text_the_reasons_stand_below() -> None:
    panel, view = shown_cards(demo("not-offered"), CARDS)[-1]
    assert shown(list(panel.draw(view, area(60, interactive=False), START))) == [
        "Not offered by demo: credit grants, allowances",
        "  This service does not offer credit grants.",
        "  This service does not offer allowances.",
    ]
