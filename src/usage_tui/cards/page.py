"""Every card below the other, as plain text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from usage_tui.cards import banner, header
from usage_tui.cards.arrangement import Layout
from usage_tui.cards.catalog import CARDS, shown
from usage_tui.cards.panel import START, Card
from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, plain
from usage_tui.state.usage import UsageState


def page(state: UsageState, width: int, glyphs: Glyphs, cards: Sequence[Card[Any]] = CARDS) -> str:
    """All cards in the order of the dashboard, at most `width` cells wide."""
    area = Area(width, glyphs=glyphs, interactive=False)
    blocks: list[Sequence[Line]] = [
        [header.draw(header.header_view(state), "", area)],
        banner.draw(banner.banners(state), area),
    ]
    for panel, view in shown(state, cards):
        rows = panel.needs(view, area, Layout.TEXT).usual
        blocks.append(panel.draw(view, area._replace(height=rows), START))
    lines: list[Line] = []
    for block in filter(None, blocks):
        lines += [*([EMPTY] if lines else []), *block]
    return plain(lines)
