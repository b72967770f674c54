"""The table of commands: one place for keys, footer, palette and help."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.cards.states import area, shown, text_of
from usage_tui.cards import footer
from usage_tui.cards import help as help_text
from usage_tui.cards.typeset.glyphs import ASCII
from usage_tui.cards.typeset.lines import width
from usage_tui.config.commands import COMMANDS, group, key_name, key_of, keys_of
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.history import HistoryScreen

FOOTERS = {screen.NAME: screen.FOOTER for screen in (Dashboard, HistoryScreen, GrantsScreen)}


def test_every_command_goes_by_its_id_and_says_what_it_does() -> None:
    for name, command in COMMANDS.items():
        assert command.id == name
        assert name.isidentifier()
        assert command.label
        assert command.keys


def test_no_key_runs_two_commands() -> None:
    counts = Counter(key for name in COMMANDS for key in keys_of(name, {}))
    assert [key for key, count in counts.items() if count > 1] == []


def test_every_command_is_in_the_help_exactly_once() -> None:
    heads = [name for name, command in COMMANDS.items() if command.help]
    grouped = [member.id for name in heads for member in group(name)]
    assert grouped == list(COMMANDS)


def test_commands_that_share_a_line_of_the_help_share_its_section() -> None:
    for name, command in COMMANDS.items():
        if command.help:
            assert {member.section for member in group(name)} == {command.section}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("question_mark", "?"),
        ("ctrl+p", "Ctrl+P"),
        ("shift+tab", "Shift+Tab"),
        ("ctrl+shift+f5", "Ctrl+Shift+F5"),
        ("G", "G"),
        ("g", "g"),
        ("f1", "F1"),
        ("pageup", "PgUp"),
        ("up", "↑"),
        ("ctrl+left", "Ctrl+←"),
        ("escape", "Esc"),
    ],
)
def test_keys_are_named_as_people_write_them(key: str, name: str) -> None:
    assert key_name(key) == name


def test_arrows_are_named_in_the_symbols_of_the_terminal() -> None:
    assert [key_name(key, ASCII) for key in ("up", "down", "left", "right")] == ["^", "v", "<", ">"]


def test_the_first_key_is_shown_and_the_user_decides_which_that_is() -> None:
    assert key_of("help", {}) == "?"
    assert key_of("help", {"help": "f1, question_mark"}) == "F1"
    assert keys_of("help", {"help": "f1, question_mark"}) == ["f1", "question_mark"]


def test_the_help_names_all_keys_and_the_marks() -> None:
    text = "\n".join(shown(help_text.draw(area(78))))
    for line in (
        "1 2 3",
        "n p",
        "Next, Previous page",
        "? F1",
        "Ctrl+P",
        "Included",
        "Active, Scheduled, Locked",
    ):
        assert line.lower() in text.lower()


def test_the_help_shows_the_keys_that_were_set() -> None:
    lines = shown(help_text.draw(area(78, keys={"next_page": "f8"})))
    assert any("F8 p" in row for row in lines)


def test_the_help_has_two_columns_where_they_fit() -> None:
    wide, narrow = help_text.draw(area(78)), help_text.draw(area(38))
    assert len(wide) < len(narrow)
    assert max(map(width, narrow)) <= 38
    assert len(wide) <= 22


def test_every_command_of_a_footer_has_a_word_there() -> None:
    for commands in FOOTERS.values():
        assert all(COMMANDS[name].footer for name in commands)


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (
            120,
            " Tab next card   Enter open   c categories   d range   y copy   e export   r refresh"
            "   ? help   q quit",
        ),
        (80, " Tab next card  Enter open  c categories  d range  y copy  ? help  q quit"),
        (60, " Tab next card  Enter open  c categories  ? help  q quit"),
        (40, " Tab next card  ? help  q quit"),
    ],
)
def test_the_least_useful_keys_leave_the_footer_first_but_help_and_the_way_out_stay(
    cells: int, text: str
) -> None:
    assert text_of(footer.draw(FOOTERS["usage"], "", area(cells))).rstrip() == text


def test_the_footer_says_that_there_is_more_below() -> None:
    line = footer.draw(FOOTERS["usage"], "", area(80), more=True)
    assert text_of(line).endswith("▼ more ")
    assert line[-2].command == "page_down"


def test_moving_is_one_word_for_both_keys() -> None:
    text = text_of(footer.draw(FOOTERS["history"], "", area(80)))
    assert text.rstrip() == " ↑↓ move  Enter open  / filter  s sort  y copy  e export  ? help  Esc back"


def test_words_can_differ_for_a_while() -> None:
    assert "c sources" in text_of(footer.draw(FOOTERS["usage"], "", area(120), words={"roll_up": "sources"}))


def test_what_has_just_happened_stands_in_the_place_of_the_keys() -> None:
    line = footer.draw(FOOTERS["usage"], "Sent to your terminal's clipboard: 10,009.75", area(40))
    assert text_of(line) == " Sent to your terminal's clipboard: 10… "
    assert width(line) == 40
