"""The first screen of a dashboard, drawn without Textual, whose import takes longer than all the rest.

The app draws it once more, takes over what is shown, and sends only what differs. The last line is left to
it: that names keys, and none acts before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from usage_tui.cards import banner, header
from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH, LOW, MARGIN, Box, arrange, glance_of
from usage_tui.cards.catalog import CARDS, shown
from usage_tui.cards.panel import START, Card, item
from usage_tui.cards.typeset.glyphs import ASCII, UNICODE
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cut_line, line
from usage_tui.config import paths
from usage_tui.config.settings import Settings
from usage_tui.state.usage import UsageState
from usage_tui.tui.colors import COLORS, DEFAULT
from usage_tui.tui.display.canvas import Canvas
from usage_tui.tui.display.writer import Frame, Size

_TRUE_COLOR = ("truecolor", "24bit")
_OTHER_LOOKS = (
    *("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"),
    *("TEXTUAL_COLOR_SYSTEM", "TEXTUAL_DRIVER", "TEXTUAL_FILTERS"),
)
"""Variables with which Rich or Textual may draw otherwise than on any other terminal."""
_tones = re.compile(r"^    & > \.tone--([\w-]+) \{([^}]*)\}", re.MULTILINE).findall
_rules = re.compile(r"([\w-]+): \$?([^;]+);").findall


def first_frame(
    state: UsageState, settings: Settings, size: Size, *, hint: str, overview: bool
) -> Frame | None:
    """The first screen, if it is in one of our themes.

    Args:
        state: What is known.
        settings: How the app looks.
        size: The terminal's.
        hint: One quiet line below the header.
        overview: Whether there is a screen of several organizations or profiles.

    Returns:
        None for a screen that looks otherwise: without numbers, too small, in another theme or in few colors.
    """
    colors, variables = _color_system(os.environ), COLORS.get(settings.theme or DEFAULT)
    is_too_small = size.columns < LEAST_WIDTH or size.rows < LEAST_HEIGHT
    if colors is None or variables is None or is_too_small or state.summary.value is None:
        return None
    background, surface = (Style(bgcolor=variables[name]) for name in ("background", "surface"))
    canvas = Canvas(size, background, colors)
    styles = {tone: _style(rules, variables) for tone, rules in _tones(_stylesheet())}

    def draw(box: Box, lines: Sequence[Line], below: Style) -> None:
        for row, spans in enumerate(lines[: box.height], box.y):
            segments = [Segment(span.text, below + styles[span.tone]) for span in spans]
            canvas.write(row, box.x, [*segments, Segment(" " * box.width, below)], box.width)

    area = Area(size.columns, glyphs=ASCII if settings.ascii else UNICODE, keys=settings.keys)
    view = header.header_view(state, overview=overview)
    draw(Box(0, 0, size.columns, 1), [header.draw(view, header.USAGE, area)], surface)
    for box, lines in _body(state, area, size, hint):
        draw(box, lines, background)
    draw(Box(0, size.rows - 1, size.columns, 1), [EMPTY], surface)
    return canvas.frame


def _body(state: UsageState, area: Area, size: Size, hint: str) -> Iterator[tuple[Box, Sequence[Line]]]:
    """What stands where between the first line and the last, as the styles and the screen have it."""
    columns, rows = size
    is_high, inner, top = rows >= LOW, columns - 2 * MARGIN, 1
    if found := banner.banners(state):
        announced = banner.draw(found, area._replace(width=inner))
        yield Box(MARGIN, top + is_high, inner, len(announced)), announced
        top += is_high + len(announced)
    if is_high and hint:
        yield Box(MARGIN, top, inner, 1), [cut_line(line(Span(hint, "muted")), inner, area.glyphs)]
        top += 1
    top += is_high
    for box, lines in _cards(state, area, inner, rows - top - 1):
        yield box._replace(x=box.x + MARGIN, y=box.y + top), lines


def _cards(state: UsageState, area: Area, columns: int, rows: int) -> Iterator[tuple[Box, Sequence[Line]]]:
    """The cards of the first page; the first one has the focus."""
    views = shown(state, CARDS)
    boxes = arrange(columns, rows, [item(panel, view, area) for panel, view in views])
    focused = True
    for panel, view in views:
        box, glance = boxes[panel.id], boxes.get(glance_of(panel.id))
        if box.y < rows:
            within = area._replace(width=box.width, height=box.height, focused=focused)
            yield box, panel.draw(view, within, START)[: rows - box.y]
        focused = False
        if glance is not None and glance.y < rows and isinstance(panel, Card):
            yield glance, [panel.glance(view, area._replace(width=glance.width, height=1))]


def _style(rules: str, variables: Mapping[str, str]) -> Style:
    """The look of a tone, as the rules of the stylesheet have it."""
    found = dict(_rules(rules))
    words = found.get("text-style", "").split()
    background = found.get("background")
    return Style(
        color=variables[found["color"]],
        bgcolor=variables[background] if background else None,
        bold="bold" in words or None,
        underline="underline" in words or None,
    )


def _stylesheet() -> str:
    """The styles of the tones."""
    (place,) = paths.styles(paths.TONES)
    return Path(place).read_text(encoding="utf-8")


def _color_system(environment: Mapping[str, str]) -> ColorSystem | None:
    """How many colors the terminal has, as Rich finds out; None if that depends on more."""
    if any(name in environment for name in _OTHER_LOOKS):
        return None
    if environment.get("COLORTERM", "").strip().lower() in _TRUE_COLOR:
        return ColorSystem.TRUECOLOR
    return ColorSystem.EIGHT_BIT if environment.get("TERM", "").endswith("-256color") else None
