"""Change the theme: each is tried as the cursor moves over it."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.choices import Choice, matching
from usage_tui.tui import themes
from usage_tui.tui.program import program_of
from usage_tui.tui.screens.picker import Picker
from usage_tui.tui.widgets.choices import Choices


class ThemeDialog(Picker[str]):
    """Lists the themes, ours first. Enter keeps the one that is tried, Esc goes back to the one before."""

    FRAME_ID = "theme"
    heading = "Theme"
    placeholder = "Name"
    enter = "keep"

    def __init__(self, now: str) -> None:
        """Begin at the theme that is shown now."""
        super().__init__()
        self._before = now

    def start(self, rows: Sequence[Choice[str]]) -> int:
        """The theme that is shown."""
        return next((index for index, row in enumerate(rows) if row.leads_to == self._before), 0)

    def find(self, query: str) -> Sequence[Choice[str]]:
        """The themes whose names match."""
        available = self.app.available_themes
        return matching(
            [
                Choice(group, name, "dark" if available[name].dark else "light", name)
                for group, names in themes.grouped(available).items()
                for name in names
            ],
            query,
        )

    def on_choices_moved(self, event: Choices.Moved) -> None:
        """Try the theme under the cursor."""
        row = self.choices.chosen
        if row is not None:
            self.app.theme = row.leads_to

    async def action_dismiss(self, result: None = None) -> None:
        """Go back to the theme before."""
        self.app.theme = self._before
        await super().action_dismiss(result)

    def choose(self, leads_to: str) -> None:
        """Keep the theme, also for the next start."""
        program_of(self).keep_theme(leads_to)
