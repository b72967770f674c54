"""What the viewer must know first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usage_tui.cards.banner import MOST, Banner, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset

if TYPE_CHECKING:
    from usage_tui.cards.alert import Alert


class Banners(Typeset):
    """Banners below the header; no rows without banners."""

    _banners: tuple[Banner, ...] = ()
    _alert: Alert | None = None

    def show(self, banners: tuple[Banner, ...], alert: Alert | None = None) -> None:
        """Show the announcements, and an alert if there is room; equal ones change nothing."""
        alert = alert if len(banners) < MOST else None
        if (banners, alert) != (self._banners, self._alert):
            self._banners, self._alert = banners, alert
            self.set_class(bool(banners), "-announcing")
            self.screen.set_class(bool(alert and not banners), "-warning")
            self.refresh(layout=True)
            self.redraw()

    def draw(self, area: Area) -> list[Line]:
        """One or two rows an announcement, and one for an alert."""
        lines = draw(self._banners, area)
        if self._alert is None:
            return lines
        from usage_tui.cards.alert import draw as draw_alert

        return [*lines, draw_alert(self._alert, area)]
