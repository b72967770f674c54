"""The cards that the client does not offer, together in one line."""

from __future__ import annotations

from collections.abc import Iterable

from usage_tui.cards.card import Placeholder, key_hint
from usage_tui.cards.panel import Explanation, Opening, Panel, Place
from usage_tui.cards.typeset.lines import (
    EMPTY,
    Area,
    Line,
    Span,
    cut_line,
    indent,
    line,
    plain,
    spread,
    width,
    wrap,
)
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.remote import Status


class NotOffered(NamedTuple):
    """What is not offered.

    Attributes:
        origin: By whom, as the header names it; empty while names are hidden.
        cards: What each card is called, and why it is not offered.
    """

    origin: str
    cards: tuple[tuple[str, str], ...]


def is_not_offered(view: object) -> bool:
    """Whether the view stands for data that the client does not offer."""
    return isinstance(view, Placeholder) and view.status is Status.NOT_OFFERED


def not_offered(origin: str, cards: Iterable[tuple[Panel[object], Placeholder]]) -> NotOffered:
    """The cards that have only a reason to show."""
    return NotOffered(origin, tuple((_name(panel, view), plain(view.notes)) for panel, view in cards))


def _name(panel: Panel[object], view: Placeholder) -> str:
    title = view.title or panel.title
    return panel.noun or title[:1].lower() + title[1:]


class NotOfferedPanel(Panel[NotOffered]):
    """One line in place of all of them; Enter shows the reasons."""

    id = "not-offered"
    title = "Not offered"

    def draw(self, view: NotOffered | Placeholder, area: Area, at: Place) -> list[Line]:
        """Who does not offer what; in plain text also why."""
        if isinstance(view, Placeholder):
            return []
        names = ", ".join(name for name, _ in view.cards)
        text = line(Span(f"{_heading(view)}: {names}", "focus" if area.focused else "muted"))
        if not area.interactive:
            reasons = (wrap(reason, area.width - 2) for reason in _reasons(view))
            below = [indent(line(Span(row, "muted")), 2) for rows in reasons for row in rows]
            return [*(line(row) for row in wrap(f"{_heading(view)}: {names}", area.width)), *below]
        why = key_hint("open", "why", area)
        if width(text) + width(why) + 2 > area.width:
            why = EMPTY
        text = cut_line(text, area.width - width(why) - 2 * bool(why), area.glyphs)
        # Focus is seen without color, as on every other card: by a heavy rule.
        room = area.width - width(text) - width(why) - 2
        rule = Span(f" {area.glyphs.rule_focused * room}", "focus") if area.focused and room > 0 else ""
        return [spread(line(*text, rule), why, area.width, area.glyphs)]

    def copy_text(self, view: NotOffered, at: Place) -> str:
        """Every name with its reason."""
        return "\n".join(f"{name}\t{reason}" for name, reason in view.cards)

    def opens(self, view: NotOffered | Placeholder, at: Place) -> Opening:
        """The reasons."""
        if isinstance(view, Placeholder):
            return None
        return Explanation(_heading(view), _reasons(view))


def _reasons(view: NotOffered) -> tuple[str, ...]:
    """Each reason once."""
    return tuple(dict.fromkeys(reason for _, reason in view.cards))


def _heading(view: NotOffered) -> str:
    return f"Not offered by {view.origin}" if view.origin else "Not offered"
