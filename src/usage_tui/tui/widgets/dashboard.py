"""All cards of the dashboard, each in the place that the arrangement gives it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import NULL_OFFSET, NULL_SPACING, Offset, Region, Size, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from usage_tui.cards.arrangement import Box, arrange
from usage_tui.cards.panel import Cursor, Panel, has_glance, item
from usage_tui.cards.typeset.lines import Area
from usage_tui.tui.program import program_of
from usage_tui.tui.widgets.card import CardWidget
from usage_tui.tui.widgets.chart import ChartWidget
from usage_tui.tui.widgets.glance import Glance
from usage_tui.tui.widgets.table import TableWidget

_WIDGETS = {Cursor.NONE: CardWidget, Cursor.ROWS: TableWidget, Cursor.BARS: ChartWidget}


class Cards(Container):
    """All cards. They are laid out again when a card's height or the available space changes."""

    class Resized(Message):
        """There is another room for cards."""

    class Wheeled(Message):
        """The wheel of the mouse has scrolled the cards."""

    def __init__(self, panels: Sequence[Panel[Any]]) -> None:
        """Show these panels, in this order."""
        super().__init__(id="cards")
        self._widgets = [_WIDGETS[panel.cursor](panel) for panel in panels]
        self._glances = [Glance(card, card.panel) for card in self._widgets if has_glance(card.panel)]
        self._placed = _Placed()
        self._boxes: dict[str, Box] = {}

    def compose(self) -> ComposeResult:
        """A widget for each panel, and one for each card that has a line in its place."""
        yield from self._widgets
        yield from self._glances

    def on_resize(self) -> None:
        """Tell the screen."""
        self.post_message(self.Resized())

    def on_mouse_scroll_down(self) -> None:
        """Tell the screen, once the cards have moved."""
        self.call_after_refresh(self.post_message, self.Wheeled())

    on_mouse_scroll_up = on_mouse_scroll_down

    @property
    def layout(self) -> Layout:
        """The arrangement, in place of a layout of the styles."""
        return self._placed

    @property
    def cards(self) -> list[CardWidget[Any]]:
        """The widgets that are shown, in reading order."""
        return [card for card in self._widgets if card.display]

    def chosen_by(self, command: str) -> CardWidget[Any] | None:
        """The widget whose next choice a command shows; None if it is not on the dashboard, or has none."""
        return next((card for card in self.cards if card.panel.choose == command and card.has_choice), None)

    def show(self, views: Sequence[tuple[Panel[Any], object]]) -> None:
        """Show these panels with these views, and no others."""
        shown = {panel.id: view for panel, view in views}
        for card in self._widgets:
            card.display = card.panel.id in shown
            if card.display:
                card.show(shown[card.panel.id])
        for glance in self._glances:
            glance.display = glance.card.display
            glance.redraw()
        if self._boxes and self.arranged(self.size) != self._boxes:
            self._placed_anew()

    def arranged(self, size: Size) -> dict[str, Box]:
        """Where each card would be in a room of this size."""
        program = program_of(self)
        area = Area(size.width, glyphs=program.glyphs, keys=program.keys)
        return arrange(size.width, size.height, [item(card.panel, card.view, area) for card in self.cards])

    def place(self, size: Size) -> dict[str, Box]:
        """Where each card is in a room of this size, from now on."""
        self._boxes = self.arranged(size)
        return self._boxes

    def scroll_to_region(self, region: Region, **options: Any) -> Offset:
        """Show the page that the region is on, so that no card is cut."""
        width, rows = self.size
        page = Region(0, region.y // rows * rows, width, rows) if rows else region
        return super().scroll_to_region(page, **options)

    def _placed_anew(self) -> None:
        # When one child refreshes its layout, Textual lays out its siblings too.
        self.cards[0].refresh(layout=True)


class _Placed(Layout):
    """Every card in its box."""

    name = "cards"

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> list[WidgetPlacement]:
        """Place the cards that are shown."""
        boxes = parent.place(size) if isinstance(parent, Cards) else {}
        end = max((box.y + box.height for box in boxes.values()), default=0)
        # The last page is as high as the others, or it could not be scrolled to its first row.
        below = Spacing(0, 0, -end % size.height, 0) if end > size.height > 0 else NULL_SPACING
        return [
            WidgetPlacement(
                Region(*boxes[child.id]),
                NULL_OFFSET,
                below if boxes[child.id].y + boxes[child.id].height == end else NULL_SPACING,
                child,
            )
            for child in children
            if child.id in boxes
        ]
