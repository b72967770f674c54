"""Export: tables and the report, as a file or for the clipboard."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.widgets import Input

from usage_tui.cards.export import FILE, REPLACE, About, Form, Known, draw
from usage_tui.cards.field import Field
from usage_tui.cards.field import label as draw_label
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, line
from usage_tui.config.commands import key_of
from usage_tui.config.terminal import over_ssh
from usage_tui.tables import selection as tables
from usage_tui.tables.kinds import CSV
from usage_tui.tables.names import Names
from usage_tui.tables.offers import total_of
from usage_tui.tables.selection import Selection
from usage_tui.text import dates
from usage_tui.tui.bindings import bindings
from usage_tui.tui.exporting import Export, Look, NotExported, table
from usage_tui.tui.program import Program, program_of
from usage_tui.tui.screens.dialog import Dialog
from usage_tui.tui.widgets.field import FieldWidget
from usage_tui.tui.widgets.lines import Lines
from usage_tui.tui.widgets.query import Query

_CANCELED = "Canceled. Nothing was written."


class ExportDialog(Dialog):
    """Says what is exported, as what and where to; Enter does it."""

    FRAME_ID = "export"
    heading = "Export"
    # The letters of other keys may be typed as part of a path, so these always work.
    BINDINGS: ClassVar = [
        Binding("up", "line_up", show=False),
        Binding("down", "line_down", show=False),
        Binding("escape", "dismiss", show=False),
        Binding("p", "next_names", show=False),
        *bindings("copy_command", open="export"),
    ]
    AUTO_FOCUS = "#what"

    def __init__(self, offers: Callable[[], Sequence[Selection]]) -> None:
        """Offer the tables that there are now."""
        super().__init__()
        self._offers = offers
        self._told: Line = EMPTY
        self._exporting = False
        self.rows = 0
        """How many rows are done."""

    def compose(self) -> ComposeResult:
        """Begin with what is on the screen now."""
        self._form = self._begun()
        yield from super().compose()

    def compose_body(self) -> ComposeResult:
        """A field for each choice, and what they amount to."""
        for name, field in self._fields():
            yield FieldWidget(field, name)
            if name == "place":
                with Horizontal(id="path-line"):
                    yield Lines(id="path-label")
                    yield Query("")
        yield Lines(id="export-about")

    def _begun(self) -> Form:
        """The form as it is at first."""
        program = program_of(self)
        names = Names.REPLACED if program.state.redacted else Names.KEPT
        return Form(_about(program, tuple(self._offers())), names=names)

    def _fields(self) -> Iterator[tuple[str, Field]]:
        form = self._form
        yield "what", form.what_field
        yield "format", form.format_field
        yield "place", form.place_field
        yield "existing", form.existing_field
        yield "names", form.names_field

    def on_mount(self) -> None:
        """Show what is suggested."""
        self.query_one("#path-label", Lines).show(self._path_label)
        self.query_one("#export-about", Lines).show(lambda area: draw(self._form, self._told, area))
        self._show(self._form)

    def _path_label(self, area: Area) -> list[Line]:
        return [draw_label("File", area._replace(focused=self._path.has_focus))]

    @property
    def _path(self) -> Query:
        return self.query_one(Query)

    def _show(self, form: Form) -> None:
        """Show another form."""
        self._form = form
        for name, field in self._fields():
            self.query_one(f"#{name}", FieldWidget).show(field)
        self.query_one("#path-line").display = form.place == FILE
        self.query_one("#existing").display = form.exists and form.place == FILE
        if not self._path.has_focus:
            with self._path.prevent(Input.Changed):
                self._path.value = form.path
        self.note("")
        self._redraw()

    def _redraw(self) -> None:
        self.query_one("#path-label", Lines).redraw()
        self.query_one("#export-about", Lines).redraw()

    def _tell(self, text: str, tone: Any = "text") -> None:
        """Say how it is going."""
        self._told = line(Span(text, tone))
        self._redraw()

    # Choices

    @on(FieldWidget.Chosen)
    def _chosen(self, event: FieldWidget.Chosen) -> None:
        if self._exporting:
            return
        form, key = self._form, event.key
        match event.field.id:
            case "what":
                form = form._replace(what=int(key), exists=False, overwrite=False)
            case "format":
                form = form._replace(chosen_format=key, exists=False, overwrite=False)
            case "place":
                form = form._replace(chosen_place=key)
            case "names":
                form = form._replace(names=Names(key), exists=False, overwrite=False)
            case _:
                form = form._replace(overwrite=key == REPLACE)
        self._told = EMPTY
        self._show(form)

    def action_next_names(self) -> None:
        """Leave people out, or all names, or nobody."""
        self.query_one("#names", FieldWidget).action_step(1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self._told = EMPTY
        self._show(self._form._replace(typed_path=event.value, exists=False, overwrite=False))

    def on_descendant_focus(self) -> None:
        """The label of the path shows whether it is typed in."""
        self._redraw()

    def on_descendant_blur(self) -> None:
        """An empty path is none: the suggested one returns."""
        self.call_next(self._show, self._form)

    def action_line_up(self) -> None:
        """The field above."""
        self.focus_previous()

    def action_line_down(self) -> None:
        """The field below."""
        self.focus_next()

    # The export

    @on(Input.Submitted)
    def action_export(self) -> None:
        """Export, unless that is under way."""
        if self._exporting:
            return
        form, program = self._form, program_of(self)
        path = Path(form.path).expanduser() if form.place == FILE else None
        source = program.started.file
        if path is not None and source is not None and path.resolve() == source.resolve():
            self._tell("The data on the screen come from this file. Choose another one.", "warning")
            return
        self._exporting, self.rows = True, 0
        self._tell("Exporting.")
        self.note("")
        wanted = Export(form.selection, form.format, form.names)
        program.export(wanted, path, self, exclusive=not form.overwrite)

    def action_copy_command(self) -> None:
        """Copy the command that exports the same later."""
        if self._form.command:
            self.app.copy_to_clipboard(self._form.command)
            self.note("Sent to your terminal's clipboard.")

    def action_redact(self) -> None:
        """Hide or show names, and offer the same with them; not while something is exported."""
        if not self._exporting:
            super().action_redact()
            begun = self._begun()
            what = min(self._form.what, len(begun.about.offers) - 1)
            self._show(self._form._replace(about=begun.about, what=what, names=begun.names, exists=False))

    async def action_dismiss(self, result: None = None) -> None:
        """Cancel the export; without one, close."""
        if not self._exporting:
            await super().action_dismiss(result)
            return
        program_of(self).cancel_export()
        self._ended(_CANCELED, "warning")

    @property
    def hints(self) -> Sequence[tuple[str, str]]:
        """The keys that are not typed."""
        if self._exporting:
            return [("back", "Esc cancel")]
        program = program_of(self)
        copy = f"{key_of('copy_command', program.keys, program.glyphs)} copy command"
        copies = [("copy_command", copy)] if self._form.command else []
        names = [] if program.state.redacted else [("names", "p names")]
        return [*names, *copies, ("open", "Enter export"), ("back", "Esc close")]

    def run(self, command: str) -> None:
        """Run a command that was clicked."""
        if command == "open":
            self.action_export()
        elif command == "names":
            self.action_next_names()
        elif command == "copy_command":
            self.action_copy_command()
        else:
            self.call_next(self.action_dismiss)

    def tell(self, rows: int, total: int | None) -> None:
        """How many rows are done, and of how many."""
        self.rows = rows
        self._tell(f"{rows:,}" if total is None else f"{rows:,} of {total:,}")

    def done(self, said: str) -> None:
        """It is where it should be: close, and say so."""
        self._exporting = False
        self.dismiss()
        self.app.call_next(program_of(self).note, said)

    def failed(self, said: str) -> None:
        """It has ended, and nothing has changed."""
        self._ended(said, "error")

    def exists(self) -> None:
        """A file lies there: ask whether to keep it."""
        self._ended("This file exists. Enter does not replace it.", "warning")
        self._show(self._form._replace(exists=True))

    def _ended(self, said: str, tone: str) -> None:
        self._exporting = False
        self._tell(said, tone)
        self.note("")


def _about(program: Program, offers: tuple[Selection, ...]) -> About:
    """What the form is about, as of now."""
    state = program.state
    summary = state.summary.value
    look = Look(state, program.fetched_at, program.started.title)
    as_of = summary.as_of if summary is not None else program.fetched_at
    files = not program.settings.restricted
    return About(
        offers,
        tuple(_known(look, one) for one in offers),
        program.known.started(program.started),
        summary.org.name if summary is not None else "",
        dates.local(as_of, state.time_zone).date(),
        _folder() if files else "",
        _host(program) if over_ssh() else "",
        files,
    )


def _host(program: Program) -> str:
    return "the other computer" if program.state.redacted else socket.gethostname()


def _known(look: Look, selection: Selection) -> Known:
    """How large a table is; of all events, as large as those are that are known."""
    if selection.what in (tables.REPORT, tables.FOCUS):
        return Known()
    if selection.what != tables.HISTORY or selection.page is not None:
        return _measured(look, selection)
    page = look.state.events.value or look.state.recent.value
    total = total_of(look.state)
    if page is None or total is None:
        return Known(total)
    sample = _measured(look, selection._replace(page=page))
    return Known(total, sample.size * total // sample.rows if sample.size and sample.rows else None)


def _measured(look: Look, selection: Selection) -> Known:
    try:
        text, rows = table(look, Export(selection, CSV))
    except NotExported:
        return Known()
    return Known(rows, len(text.encode()))


def _folder() -> str:
    """Where files go: home, or without one the folder that the program runs in."""
    try:
        return "~" if Path.home().is_dir() else "."
    except RuntimeError:
        return "."
