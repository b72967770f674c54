"""Every command of the program: its key, its words, its place in footer, palette and help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from usage_tui.named_tuple import NamedTuple

Section = Literal["Go to", "Move", "Usage", "History", "Data"]


class Arrows(Protocol):
    """The symbols of the arrow keys."""

    @property
    def up(self) -> str:
        """Up."""

    @property
    def down(self) -> str:
        """Down."""

    @property
    def previous(self) -> str:
        """Left."""

    @property
    def next(self) -> str:
        """Right."""


class _UnicodeArrows(NamedTuple):
    up: str = "↑"
    down: str = "↓"
    previous: str = "←"
    next: str = "→"


_ARROWS = _UnicodeArrows()


class Command(NamedTuple):
    """One command.

    Attributes:
        id: Its name in the settings; ``action_<id>`` runs it.
        keys: Textual's names of its keys, separated by commas; the first is the one shown.
        label: What it does, for the palette.
        help: The same in few words, for the help; empty if the text of the command before covers it.
        section: The heading it stands under.
        footer: Its word in the footer; empty if its key is shown elsewhere.
    """

    id: str
    keys: str
    label: str
    help: str
    section: Section
    footer: str = ""


_ALL = (
    Command("usage", "1", "Show Usage", "the screens", "Go to"),
    Command("history", "2", "Show Historical usage", "", "Go to"),
    Command("grants", "3", "Show Credit grants", "", "Go to"),
    Command("runway", "4", "Show the runway", "", "Go to"),
    Command("next_card", "tab", "Next card or link", "next card or link", "Go to", "next card"),
    Command("previous_card", "shift+tab", "Previous card or link", "", "Go to"),
    Command("organization", "o", "Switch organization", "switch organization", "Go to"),
    Command("overview", "0", "Show all organizations", "", "Go to"),
    Command("palette", "ctrl+p", "Command palette", "command palette", "Go to"),
    Command("help", "question_mark,f1", "Keys and marks", "this help", "Go to", "help"),
    Command("back", "escape", "One step back", "one step back, quit", "Go to", "back"),
    Command("quit", "q", "Quit", "", "Go to", "quit"),
    Command("cursor_up", "up,k", "Row above", "rows", "Move", "move"),
    Command("cursor_down", "down,j", "Row below", "", "Move"),
    Command("day_before", "left,h", "Day before", "days in the chart", "Move", "day"),
    Command("day_after", "right,l", "Day after", "", "Move"),
    Command("page_up", "pageup", "One screen up", "one screen or page", "Move"),
    Command("page_down", "pagedown", "One screen down", "", "Move"),
    Command("first", "g,home", "First row or page", "first, last", "Move"),
    Command("last", "G,end", "Last row or page", "", "Move"),
    Command("open", "enter", "Open what is under the cursor", "events behind a row", "Usage", "open"),
    Command(
        "roll_up", "c", "Rank, group or compare sources", "rank, group or compare", "Usage", "categories"
    ),
    Command("people", "u", "Rank people or sources", "people or sources", "Usage", "people"),
    Command("next_range", "d", "Next range of days", "range of days, what if", "Usage", "range"),
    Command("what_if", "i", "Ask what if", "", "Usage", "what if"),
    Command(
        "previous_period",
        "left_square_bracket",
        "Previous billing period",
        "billing periods",
        "Usage",
        "period",
    ),
    Command("next_period", "right_square_bracket", "Next billing period", "", "Usage"),
    Command("why", "w", "Explain the day of the chart", "why a day, plan a batch", "Usage", "why"),
    Command("plan", "P", "Plan a batch", "", "Usage"),
    Command("allowance", "v", "View allowance details", "allowance, buy, recharge", "Usage"),
    Command("buy_credits", "b", "Buy credits in Billing", "", "Usage"),
    Command("auto_recharge", "a", "Adjust auto-recharge in Billing", "", "Usage"),
    Command("next_page", "n", "Next page", "Next, Previous page", "History"),
    Command("previous_page", "p", "Previous page", "", "History"),
    Command("newer", "N", "Show newer events", "show newer events", "History"),
    Command("filter", "slash", "Filter events", "filter, sort, clear", "History", "filter"),
    Command("sort", "s", "Sort by time or credits", "", "History", "sort"),
    Command("clear_filter", "x", "Clear the filter", "", "History"),
    Command("copy", "y", "Copy the row or number", "copy row or number", "Data", "copy"),
    Command("copy_command", "Y", "Copy as command", "copy as command", "Data"),
    Command("export", "e", "Export", "export to a file", "Data", "export"),
    Command("redact", "R", "Hide or show names", "hide names, show them", "Data"),
    Command("refresh", "r", "Refresh", "refresh", "Data", "refresh"),
    Command("theme", "t", "Change the theme", "change the theme", "Data"),
    Command("redraw", "ctrl+l", "Redraw the screen", "redraw the screen", "Data"),
    Command("suspend", "ctrl+z", "Suspend", "suspend, back with fg", "Data"),
    Command("traffic", "ctrl+t", "Bytes sent to the terminal", "bytes sent, frames", "Data"),
)
COMMANDS: Mapping[str, Command] = {command.id: command for command in _ALL}
"""All commands by id, in the order of the help."""

_NAMES = {
    "question_mark": "?",
    "escape": "Esc",
    "enter": "Enter",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "colon": ":",
    "space": "Space",
    "slash": "/",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}


def key_name(key: str, arrows: Arrows = _ARROWS) -> str:
    """One of Textual's key names as people write it: ``ctrl+p`` → ``Ctrl+P``, ``up`` → ``↑``."""
    symbols = {"up": arrows.up, "down": arrows.down, "left": arrows.previous, "right": arrows.next}
    *modifiers, last = key.split("+")
    name = symbols.get(last) or _NAMES.get(last) or (last if len(key) == 1 else last.upper())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), name])


def keys_of(command: str, keys: Mapping[str, str]) -> list[str]:
    """All keys of a command in Textual's names: those set by the user, or else the defaults."""
    return [key.strip() for key in (keys.get(command) or COMMANDS[command].keys).split(",")]


def key_of(command: str, keys: Mapping[str, str], arrows: Arrows = _ARROWS) -> str:
    """The key to show for a command, as people write it."""
    return key_name(keys_of(command, keys)[0], arrows)


def group(command: str) -> list[Command]:
    """The command and those that follow it without help of their own: ``n`` and ``p``."""
    ids = list(COMMANDS)
    members = [COMMANDS[command]]
    for following in ids[ids.index(command) + 1 :]:
        if COMMANDS[following].help:
            break
        members.append(COMMANDS[following])
    return members
