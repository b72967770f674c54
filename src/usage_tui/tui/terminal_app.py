"""An app for slow connections: nothing moves by itself, and it ends with its terminal."""

from __future__ import annotations

import gc
import sys

from usage_tui.config import paths
from usage_tui.config.remembered import remember_theme
from usage_tui.config.settings import Settings
from usage_tui.config.terminal import wants_no_color
from usage_tui.tui import themes
from usage_tui.tui.display.app import CellDiffApp
from usage_tui.tui.display.shown import Shown
from usage_tui.tui.ending import end_with_terminal
from usage_tui.tui.tones import TonedApp

_NEW_OBJECTS = 10_000
"""The collector runs after so many, for about a millisecond; a page of the history leaves a hundred."""

_LONGEST_TURN = 0.0005
"""Seconds that a thread may keep others waiting: one of its own writes each frame while the app works on."""


class TerminalApp(TonedApp, CellDiffApp[None]):
    """An app with our themes and the user's keys.

    Args:
        settings: How it looks and behaves.
        shown: What is on the terminal already.

    Attributes:
        without_color: Whether the user asked for no color.
    """

    def __init__(self, settings: Settings, shown: Shown | None = None) -> None:
        self.settings = settings
        self.without_color = wants_no_color()
        # Textual chooses the filter that takes all color away here, and only for the terminal's own colors.
        super().__init__(
            stock_display=settings.stock_display,
            shown=shown,
            ansi_color=True if self.without_color else None,
        )
        self.animation_level = "none"
        for theme in (*themes.OURS, *themes.SIXTEEN_COLORS):
            self.register_theme(theme)
        wanted = themes.MONOCHROME if self.without_color else settings.theme
        self.theme = self._styled_for = wanted if wanted in self.available_themes else themes.DEFAULT
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(dict(settings.keys))

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again, but only for another theme; Textual would do so for each new screen."""
        if self.theme != self._styled_for:
            self._styled_for = self.theme
            super().refresh_css(animate)

    def on_mount(self) -> None:
        """End with the terminal."""
        # The start leaves no garbage worth collecting: see the command line.
        self.call_after_refresh(_collect_garbage_from_now_on)
        if not self.is_headless:
            end_with_terminal(self.exit)
            sys.setswitchinterval(_LONGEST_TURN)

    def keep_theme(self, theme: str) -> None:
        """Show a theme, and remember it for the next start."""
        self.theme = theme
        if not self.settings.restricted:
            remember_theme(paths.state_file(), theme)

    def _fatal_error(self) -> None:
        """Print where the program failed, without the values of variables: one of them may be a token."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()


def _collect_garbage_from_now_on() -> None:
    """Objects from the start live until the end: scanning them again and again would cost frames.

    The little garbage that later ones make waits until it is worth the pause.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.set_threshold(_NEW_OBJECTS)
        gc.enable()
