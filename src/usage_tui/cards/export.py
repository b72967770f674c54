"""The form of an export: what, as what, where to, and whose names it holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rich.cells import chop_cells

from usage_tui.cards.field import Alternative, Field
from usage_tui.cards.typeset.lines import EMPTY, Area, Line, Span, cell_len, line, wrap
from usage_tui.config.started import Started
from usage_tui.config.terminal import MOST_COPIED
from usage_tui.tables import selection as tables
from usage_tui.tables.kinds import CSV, FORMATS, JSON, MARKDOWN, NDJSON, TSV
from usage_tui.tables.names import Names, file_name
from usage_tui.tables.selection import Selection
from usage_tui.text.words import count_noun

FILE, CLIPBOARD = "file", "clipboard"
"""Where an export goes."""
KEEP, REPLACE = "keep", "replace"
"""What becomes of a file that lies there."""
HTML = "html"
_GOES_ON = " \\"
_WORD = re.compile(r"""(?:-o )?(?:'[^']*'|"[^"]*"|[^ '"])+""")
"""A word of a command line, with its quotes; the name of the file stays with its option."""
_SUFFIXES = {format_: suffix for suffix, format_ in FORMATS.items()} | {HTML: HTML, TSV: "csv"}
_FORMATS = (
    Alternative(CSV, "CSV"),
    Alternative(JSON, "JSON"),
    Alternative(NDJSON, "NDJSON"),
    Alternative(MARKDOWN, "Markdown"),
)
_FOR_CLIPBOARD = (Alternative(TSV, "TSV"), Alternative(MARKDOWN, "Markdown"), *_FORMATS[:3])
_PEOPLE = Alternative(Names.WITHOUT_PEOPLE, "no people")
_NAMES = (Alternative(Names.KEPT, "as they are"), Alternative(Names.REPLACED, "pseudonyms"))
_EXISTING = (Alternative(KEEP, "keep it"), Alternative(REPLACE, "replace it"))


class Known(NamedTuple):
    """What is known of a table before it is exported.

    Attributes:
        rows: How many; None if unknown.
        size: About how many bytes it has as CSV; None if unknown.
    """

    rows: int | None = None
    size: int | None = None


class About(NamedTuple):
    """What the form is about, which no choice changes.

    Attributes:
        offers: The tables to choose from, at least one.
        known: What is known of each.
        started: How the program was started.
        organization: The name of the organization.
        day: The day of the data.
        folder: Where files go, as it is typed: ``~``.
        host: The computer that files lie on, if it is not the one in front of the viewer; else empty.
        files: Whether files may be written.
    """

    offers: tuple[Selection, ...]
    known: tuple[Known, ...]
    started: Started
    organization: str
    day: date
    folder: str
    host: str = ""
    files: bool = True


class Form(NamedTuple):
    """What is chosen; what is not chosen yet follows from the rest.

    Attributes:
        what: The index of the table.
        exists: Whether a file was found that lies there.
        overwrite: Whether it is replaced.
    """

    about: About
    what: int = 0
    chosen_format: str = ""
    chosen_place: str = ""
    typed_path: str = ""
    names: Names = Names.KEPT
    exists: bool = False
    overwrite: bool = False

    @property
    def selection(self) -> Selection:
        """The table."""
        return self.about.offers[self.what]

    @property
    def known(self) -> Known:
        """What is known of the table."""
        return self.about.known[self.what]

    @property
    def is_report(self) -> bool:
        """Whether the report is exported, which is a page and not a table."""
        return self.selection.what == tables.REPORT

    @property
    def _formats(self) -> Sequence[Alternative]:
        """The formats to choose from."""
        if self.is_report:
            return (Alternative(HTML, "HTML"),)
        if self.selection.what == tables.FOCUS:
            return _FORMATS[:1]
        return _FOR_CLIPBOARD if self.place == CLIPBOARD else _FORMATS

    @property
    def place(self) -> str:
        """Where to: over SSH to the clipboard in front of the viewer, if it can take all."""
        if not self.about.files:
            return CLIPBOARD
        if self.is_report:
            return FILE
        return self.chosen_place or (CLIPBOARD if self._fits_far_clipboard else FILE)

    @property
    def _fits_far_clipboard(self) -> bool:
        return bool(self.about.host) and self.known.size is not None and self.known.size <= MOST_COPIED

    @property
    def format(self) -> str:
        """As what."""
        keys = [one.key for one in self._formats]
        return self.chosen_format if self.chosen_format in keys else keys[0]

    @property
    def path(self) -> str:
        """The file, as it is typed."""
        return self.typed_path or self.suggested_path

    @property
    def suggested_path(self) -> str:
        """A file that is named for what it holds."""
        # What leaves out names does not say them in its own.
        organization = "" if self.names is Names.REPLACED else self.about.organization
        name = file_name(organization, self.about.day, self.selection.what, _SUFFIXES[self.format])
        return f"{self.about.folder}/{name}"

    @property
    def command(self) -> str:
        """The command line that exports the same rows to a file later; empty if there is none."""
        if self.selection.options is None:
            return ""
        if self.names is Names.REPLACED and self.selection.query.holds_names:
            return ""  # with --redact, a command takes names as it shows them
        path = self.path if self.place == FILE else self.suggested_path
        named = FORMATS.get(Path(path).suffix.removeprefix(".").lower())
        wanted = CSV if self.format == TSV else self.format
        format_ = () if self.is_report or named == wanted else ("--format", _SUFFIXES[wanted])
        words = ("export", *self.selection.command, *format_, *self.names.options)
        return self.about.started.command(words, path)

    # Fields

    @property
    def what_field(self) -> Field:
        """Which table."""
        labels = [Alternative(str(index), one.label) for index, one in enumerate(self.about.offers)]
        return Field("What", labels, str(self.what))

    @property
    def format_field(self) -> Field:
        """As what."""
        return Field("As", self._formats, self.format)

    @property
    def place_field(self) -> Field:
        """Where to."""
        file = Alternative(FILE, f"file on {self.about.host}" if self.about.host else "file")
        clipboard = Alternative(CLIPBOARD, "clipboard")
        if not self.about.files:
            places = [clipboard]
        elif self.is_report:
            places = [file]
        else:
            places = [clipboard, file] if self._fits_far_clipboard else [file, clipboard]
        return Field("Where", places, self.place)

    @property
    def names_field(self) -> Field:
        """Whose names it holds."""
        if self.about.started.redacted:
            return Field("Names", (_NAMES[1],), Names.REPLACED)
        if self.selection.what not in (tables.HISTORY, tables.FOCUS):
            names = self.names if self.names is Names.REPLACED else Names.KEPT
            return Field("Names", _NAMES, names)
        return Field("Names", (_NAMES[0], _PEOPLE, _NAMES[1]), self.names)

    @property
    def existing_field(self) -> Field:
        """What becomes of a file that lies there."""
        return Field("Exists", _EXISTING, REPLACE if self.overwrite else KEEP)


def summary(form: Form) -> str:
    """How much it is: ``676 rows, about 82 kB``."""
    rows, size = form.known
    parts = [count_noun(rows, "row")] if rows is not None else []
    if size is not None:
        parts.append(f"about {max(1, round(size / 1000)):,} kB" if size >= 1000 else f"{size} bytes")
    return ", ".join(parts)


def draw(form: Form, said: Line, area: Area) -> list[Line]:
    """What stands below the fields: how much it is or what was said, and the command that does the same.

    Args:
        form: What is chosen.
        said: How the export is going, in place of how much it is.
        area: Where.
    """
    about = line(Span(summary(form), "muted"))
    rows = [line(Span(text, span.tone)) for span in (said or about) for text in wrap(span.text, area.width)]
    if form.command:
        later = [line(Span("The same later:", "muted"))]
        command = [line(row) for row in _broken(form.command, area.width)]
    else:
        later, command = [line(Span("No command exports just this.", "muted"))], []
    return [*(rows or [EMPTY]), EMPTY, *later, *command]


def _broken(command: str, cells: int) -> list[str]:
    """The words in lines, each of which but the last ends as a shell continues it; no word is changed."""
    rows, room = [""], cells - len(_GOES_ON)
    for word in _WORD.findall(command):
        joined = f"{rows[-1]} {word}" if rows[-1] else word
        if cell_len(joined) <= room:
            rows[-1] = joined
        else:
            rows.append(word)
    shown = [*(f"{row}{_GOES_ON}" for row in rows[:-1]), rows[-1]]
    return [piece for row in shown for piece in chop_cells(row, cells)]
