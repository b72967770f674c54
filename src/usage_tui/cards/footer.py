"""The last line of every screen: the keys that act now and are not shown elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line, spread, width
from usage_tui.config.commands import COMMANDS, key_of


def draw(
    commands: Sequence[str],
    note: str,
    area: Area,
    *,
    more: bool = False,
    words: Mapping[str, str] | None = None,
) -> Line:
    """The keys that fit, the most useful first; or, once, what has just happened.

    Args:
        commands: Ids of commands, the least useful last, but help and the way out stay to the end.
        note: What has just happened, instead of the keys.
        area: Where.
        more: Whether there is more below the screen.
        words: Words that differ now from those of the table.
    """
    cells = area.width - 2
    end = line(Span(f"{area.glyphs.more} more", "key", "page_down")) if more else EMPTY
    if note:
        return line(" ", *spread(line(note), end, cells, area.glyphs), " ")
    shown = list(commands)
    while True:
        hints = [_hint(one, (words or {}).get(one) or COMMANDS[one].footer, area) for one in shown]
        keys = joined(hints, "   " if area.width >= 100 else "  ")
        droppable = [one for one in shown if one not in ("help", "quit", "back")]
        if width(keys) + width(end) + bool(end) <= cells or not droppable:
            return line(" ", *spread(keys, end, cells, area.glyphs), " ")
        shown.remove(droppable[-1])


_BOTH_WAYS = {"cursor_up": "cursor_down", "day_before": "day_after", "previous_period": "next_period"}
"""Commands for moving, each with that for the other direction."""


def _hint(command: str, word: str, area: Area) -> Line:
    """One key and its word; for moving, both directions."""
    if command not in _BOTH_WAYS:
        return key_hint(command, word, area)
    other = _BOTH_WAYS[command]
    keys = [Span(key_of(one, area.keys, area.glyphs), "key", one) for one in (command, other)]
    return line(*keys, Span(f" {word}", "muted", other))
