"""Daily usage."""

from __future__ import annotations

from usage_tui.cards.daily import Bucket, DailyView, Range, day_text, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cards.typeset.plot import Raster, blank
from usage_tui.models import EventQuery
from usage_tui.tui.bindings import bindings
from usage_tui.tui.widgets.card import Card


class DailyCard(Card[DailyView]):
    """The amount of each day: axis, labels and readout in words, and a plot between them."""

    BINDINGS = bindings("day_before", "day_after", "first", "last")

    _chosen_name: str = ""
    """The name of the range, for another period may offer others; without one, the whole period."""

    _day: int | None = None

    _draw_plot: Raster = staticmethod(blank)

    def draw(self, area: Area) -> list[Line]:
        """Head, axis, plot, labels and readout."""
        if self.view is None:
            return []
        cursor = self.cursor if area.focused else None
        return draw(self.view, area, chosen=self.chosen, cursor=cursor, draw_plot=self._draw_plot)

    def on_mount(self) -> None:
        """Plotting is loaded once all numbers are on the screen."""
        # By way of the app, which waits for the first frame; a widget's own call would come before it.
        self.app.call_after_refresh(self._load_plotting)

    def _load_plotting(self) -> None:
        from usage_tui.tui.widgets.plotting import draw_plot

        self._draw_plot = draw_plot
        self.redraw()

    def shown(self) -> None:
        """The cursor stays on a day that is there."""
        if self.range is None:
            self._day = None
        elif self._day is not None:
            self._day = min(self._day, len(self.range.buckets) - 1)

    @property
    def chosen(self) -> int:
        """The index of the range on the screen."""
        ranges = self.content.ranges if self.content else ()
        names = [one.name for one in ranges]
        return names.index(self._chosen_name) if self._chosen_name in names else len(ranges) - 1

    @property
    def range(self) -> Range | None:
        """The days on the screen."""
        return self.content.ranges[self.chosen] if self.content else None

    @property
    def cursor(self) -> int | None:
        """The index of the day under the cursor: the peak until it is moved, else today."""
        days = self.range
        if days is None or not days.buckets:
            return None
        if self._day is not None:
            return self._day
        today = next((index for index, bucket in enumerate(days.buckets) if bucket.today), 0)
        return today if days.peak is None else days.peak

    @property
    def bucket(self) -> Bucket | None:
        """The day under the cursor."""
        return self.range.buckets[self.cursor] if self.range and self.cursor is not None else None

    @property
    def events_behind(self) -> EventQuery | None:
        """The events of the day under the cursor; a day to come has none."""
        bucket = self.bucket
        return bucket.query if bucket is not None and bucket.credits is not None else None

    @property
    def copy_text(self) -> str:
        """The day under the cursor."""
        if self.content is None or self.range is None or self.cursor is None:
            return ""
        return day_text(self.range, self.cursor, self.content.unit)

    def _move_to(self, day: int) -> None:
        if self.range is not None:
            self._day = max(0, min(day, len(self.range.buckets) - 1))
            self.redraw()

    def action_day_before(self) -> None:
        """Move the cursor to the day before."""
        self._move_to((self.cursor or 0) - 1)

    def action_day_after(self) -> None:
        """Move the cursor to the day after."""
        self._move_to((self.cursor or 0) + 1)

    def action_first(self) -> None:
        """Move the cursor to the first day."""
        self._move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last day."""
        self._move_to(len(self.range.buckets) if self.range else 0)

    def next_range(self) -> None:
        """Show the next range; after the whole period comes the shortest."""
        if self.content is not None:
            ranges = self.content.ranges
            self._chosen_name = ranges[(self.chosen + 1) % len(ranges)].name
            self._day = None
            self.redraw()
