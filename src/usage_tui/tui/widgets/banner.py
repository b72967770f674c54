"""What the viewer must know first."""

from __future__ import annotations

from usage_tui.cards.banner import Banner, draw
from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.tui.widgets.typeset import Typeset


class Banners(Typeset):
    """Banners below the header; no rows without banners."""

    _banners: tuple[Banner, ...] = ()

    def show(self, banners: tuple[Banner, ...]) -> None:
        """Show the announcements; equal ones change nothing."""
        if banners != self._banners:
            self._banners = banners
            self.set_class(bool(banners), "-announcing")
            self.refresh(layout=True)
            self.redraw()

    def draw(self, area: Area) -> list[Line]:
        """One or two rows an announcement."""
        return draw(self._banners, area)
