"""A widget that shows lines of spans, and repaints only the rows that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from itertools import groupby
from operator import attrgetter

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, cell_len
from usage_tui.tui.program import Program, program_of
from usage_tui.tui.themes import OUR_NAMES


@lru_cache(maxsize=256)
def _set_on(style: Style, background: Color | None) -> Style:
    """The style on this background, unless it has one of its own."""
    return style if style.bgcolor is not None else style + Style(bgcolor=background)


class _Row(Strip):
    """A strip that Textual shows as a whole.

    It would keep the strip in a cache of the strip itself, so that only the garbage collector could free it.
    """

    __slots__ = ()

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The parts between the cuts."""
        ends = [*cuts]
        return [self] if ends == [self.cell_length] else super().divide(ends)


class Typeset(Widget):
    """Lines of spans in the tones of the styles.

    Subclasses say in `draw` what stands where, and call `redraw` when that may have changed.
    """

    _lines: Sequence[Line] = ()
    _drawn_area: Area | None = None
    _drawn_cursor: int | None = None

    def draw(self, area: Area) -> Sequence[Line]:
        """The lines of the widget in this area."""
        raise NotImplementedError

    @property
    def cursor_line(self) -> int | None:
        """The line that the row cursor is on; None if there is none."""
        return None

    @property
    def lines(self) -> Sequence[Line]:
        """What is on the screen."""
        return self._lines

    @property
    def context(self) -> Program:
        """The program around the widget."""
        return program_of(self)

    def area(self) -> Area:
        """Where the widget draws."""
        width, height = self.size
        return Area(width, height, self.has_focus, self.context.glyphs, self.context.keys)

    def redraw(self) -> None:
        """Draw again, and repaint the rows that differ."""
        if not self.is_attached or not self.size.width:
            self._drawn_area = None  # it is drawn anew once it is visible again
            return
        old, old_area, old_cursor = self._lines, self._drawn_area, self._drawn_cursor
        lines, area, cursor = self._drawn()
        if self.styles.is_auto_height and len(lines) != area.height:
            self.refresh(layout=True)
        elif old_area is not None and old_area[:2] == area[:2]:
            changed = [
                row for row in range(max(len(old), len(lines))) if old[row : row + 1] != lines[row : row + 1]
            ]
            if cursor != old_cursor:
                changed += [row for row in (cursor, old_cursor) if row is not None]
            if changed:
                self.refresh(*(Region(0, row, area.width, 1) for row in sorted(set(changed))))

    def _drawn(self) -> tuple[Sequence[Line], Area, int | None]:
        self._drawn_area, self._drawn_cursor = self.area(), self.cursor_line
        self._lines = self.draw(self._drawn_area)
        return self._lines, self._drawn_area, self._drawn_cursor

    def on_resize(self) -> None:
        """The lines depend on the size, for which the layout may have painted them already."""
        if self._drawn_area != self.area():
            self.redraw()

    def watch_has_focus(self, has_focus: bool) -> None:
        """A card shows whether the keyboard acts on it."""
        super().watch_has_focus(has_focus)
        self.redraw()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many rows as there are lines."""
        area = Area(width, 0, self.has_focus, self.context.glyphs, self.context.keys)
        return len(self.draw(area))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Rows as styled segments. Textual's own way is slower: it is made for borders and effects."""
        if self.gutter:
            return super().render_lines(crop)
        width = self._prepared().width
        strips = [self._strip(y, width) for y in crop.line_range]
        columns = crop.column_span
        return strips if columns == (0, width) else [strip.crop(*columns) for strip in strips]

    def render_line(self, y: int) -> Strip:
        """One row as styled segments."""
        return self._strip(y, self._prepared().width)

    def _prepared(self) -> Size:
        """The size, for which the lines are drawn."""
        size = self.size  # which Textual computes each time
        if self._drawn_area is None or self._drawn_area[:2] != size:
            # The layout paints a widget before it tells the widget its new size.
            self._drawn()
        return size

    def _strip(self, y: int, width: int) -> Strip:
        spans = self._lines[y] if 0 <= y < len(self._lines) else ()
        drawn = spans, y == self._drawn_cursor, width
        known = self._strips.get(y)
        if known is None or known[0] != drawn:
            known = self._strips[y] = drawn, self._styled(*drawn)
        return known[1]

    def _styled(self, spans: Line, on_cursor: bool, width: int) -> Strip:
        segments, cells = [], 0
        for tone, group in groupby(spans, attrgetter("tone")):
            text = "".join([span.text for span in group])
            cells += cell_len(text)
            segments.append(Segment(text, self._style(tone, on_cursor=on_cursor)))
        if cells < width:
            segments.append(Segment(" " * (width - cells), self._style("text", on_cursor=on_cursor)))
        return _Row(segments, max(cells, width)).crop(0, width)

    def _style(self, tone: Tone, *, on_cursor: bool) -> Style:
        style = self._styles.get((tone, on_cursor))
        if style is None:
            style = self._styles[tone, on_cursor] = self._resolve(tone, on_cursor=on_cursor)
        return style

    def _resolve(self, tone: Tone, *, on_cursor: bool) -> Style:
        style = self._chosen(tone, on_cursor=on_cursor)
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            (segment,) = line_filter.apply([Segment(" ", style)], background)
            style = segment.style or style
        return style

    def _chosen(self, tone: Tone, *, on_cursor: bool) -> Style:
        if not on_cursor:
            return _set_on(self.context.tone_style(tone), self._background)
        cursor = self.context.tone_style("cursor")
        # Only in our themes can every tone be read on the background of the cursor.
        ours = self.app.theme in OUR_NAMES
        return _set_on(self.context.tone_style(tone), cursor.bgcolor) if ours else cursor

    @cached_property
    def _strips(self) -> dict[int, tuple[tuple[Line, bool, int], Strip]]:
        """The rows that were painted, each with what was painted."""
        return {}

    @cached_property
    def _styles(self) -> dict[tuple[Tone, bool], Style]:
        """The style of each tone, off the cursor's row and on it."""
        return {}

    @cached_property
    def _background(self) -> Color | None:
        return self.rich_style.bgcolor

    def notify_style_update(self) -> None:
        """Another theme has other colors."""
        super().notify_style_update()
        self.__dict__.pop("_background", None)
        self.__dict__.pop("_styles", None)
        self.__dict__.pop("_strips", None)

    def on_click(self, event: events.Click) -> None:
        """A click on a key hint runs its command; one on a choice takes it."""
        span = self._span_at(event.x, event.y)
        if span.command:
            event.stop()
            self.run(span.command)
        elif span.choice:
            event.stop()
            self.choose(span.choice)

    def run(self, command: str) -> None:
        """Run a command that was clicked."""
        self.context.run_command(command)

    def choose(self, choice: str) -> None:
        """Take a choice that was clicked."""

    def _span_at(self, x: int, y: int) -> Span:
        for span in self._lines[y] if 0 <= y < len(self._lines) else ():
            x -= cell_len(span.text)
            if x < 0:
                return span
        return Span("")
