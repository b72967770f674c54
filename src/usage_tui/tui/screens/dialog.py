"""A framed window over the screen, closed by one key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen

from usage_tui.cards.typeset.lines import Area, Line, cell_len
from usage_tui.config import paths
from usage_tui.config.commands import key_of
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import program_of
from usage_tui.tui.widgets.lines import Lines

GAP = "   "
"""Between two keys of the frame."""
_FRAME = 6
"""The cells of a frame around the keys in it."""


def _plain(text: str) -> str:
    """The text as a frame takes it: names from outside stand there, and none is markup."""
    return Content(text).markup


class Dialog(ModalScreen[None]):
    """A dialog that shows lines, or a body of its own. Subclasses say which."""

    CSS_PATH = paths.styles(paths.MODALS)
    BINDINGS = bindings(
        back="dismiss",
        quit="dismiss",
        page_up="page_up",
        page_down="page_down",
        cursor_up="line_up",
        cursor_down="line_down",
        redact="redact",
    )
    FRAME_ID = "dialog"
    """The id of the frame, for its width in the styles."""
    KEYS: ClassVar[Mapping[str, str]] = {"back": "close"}
    """What the frame says of its keys: commands, each with its word."""

    _said = ""
    """What the lower frame says now."""

    @property
    def heading(self) -> str:
        """What stands in the frame."""
        raise NotImplementedError

    def draw(self, area: Area) -> list[Line]:
        """The lines inside the frame."""
        raise NotImplementedError

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """What the lower frame says: commands, each with its key and its word."""
        context = program_of(self)
        return [
            (command, f"{key_of(command, context.keys, context.glyphs)} {label}")
            for command, label in self.KEYS.items()
        ]

    def _fitting(self) -> Sequence[tuple[str, str]]:
        """The last of the hints, as many as the lower frame of a narrow screen has room for."""
        hints = list(self.hints)
        while len(hints) > 1 and cell_len(GAP.join(text for _, text in hints)) > self.app.size.width - _FRAME:
            del hints[0]
        return hints

    def on_resize(self) -> None:
        """Say what there is room for now."""
        self.note("")

    def compose(self) -> ComposeResult:
        """A frame around lines, which scroll where the terminal is small."""
        with VerticalScroll(id=self.FRAME_ID, classes="dialog", can_focus=False) as frame:
            frame.border_title = _plain(self.heading)
            self._said = GAP.join(text for _, text in self._fitting())
            frame.border_subtitle = _plain(self._said)
            yield from self.compose_body()

    def compose_body(self) -> ComposeResult:
        """What the frame is around: the lines, if nothing else."""
        lines = Lines()
        lines.show(self.draw)
        yield lines

    def set_heading(self) -> None:
        """Show the heading, which is another one now."""
        self._frame().border_title = _plain(self.heading)

    def note(self, text: str) -> None:
        """Say what has just happened, in place of the keys, until the next key."""
        text = text or GAP.join(hint for _, hint in self._fitting())
        if text != self._said:  # or Textual would paint the whole frame
            self._said = text
            self._frame().border_subtitle = _plain(text)

    async def _on_key(self, event: events.Key) -> None:
        self.note("")

    def on_click(self, event: events.Click) -> None:
        """A click on a key of the lower frame runs its command."""
        hints = self._fitting()
        frame, texts = self._frame().region, [text for _, text in hints]
        x = event.screen_x - (frame.right - 3 - cell_len(GAP.join(texts)))
        for command, text in hints if event.screen_y == frame.bottom - 1 else ():
            if 0 <= x < cell_len(text):
                self.run(command)
            x -= cell_len(text) + len(GAP)

    def run(self, command: str) -> None:
        """Run a command that was clicked."""
        program_of(self).run_command(command)

    def action_redact(self) -> None:
        """Hide names here as on every screen, or show them again."""
        program_of(self).action_redact()

    def _frame(self) -> VerticalScroll:
        return self.query_one(VerticalScroll)

    def action_page_up(self) -> None:
        """One screen up."""
        self._frame().scroll_page_up(animate=False)

    def action_page_down(self) -> None:
        """One screen down."""
        self._frame().scroll_page_down(animate=False)

    def action_line_up(self) -> None:
        """One line up."""
        self._frame().scroll_up(animate=False)

    def action_line_down(self) -> None:
        """One line down."""
        self._frame().scroll_down(animate=False)
