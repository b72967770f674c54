"""What a terminal must be sent so that it shows other cells than before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from usage_tui.tui.display.cells import Cells, is_agreed
from usage_tui.tui.display.looks import DEFAULT, Look
from usage_tui.tui.display.pen import Pen

_WORTH_ERASING = 9
"""From so many blanks on, erasing them and moving past them is shorter than writing them."""


class Size(NamedTuple):
    """A terminal's size in cells."""

    columns: int
    rows: int


class Patch(NamedTuple):
    """Cells that stand side by side from a place on."""

    row: int
    column: int
    cells: Cells


class Frame(NamedTuple):
    """All that a terminal shows.

    Attributes:
        size: The terminal's size.
        rows: All cells of each row.
        cursor: The row and column where the cursor rests.
    """

    size: Size
    rows: list[Cells]
    cursor: tuple[int, int]


class CellWriter:
    """Remembers what the terminal shows, and says how to get from there to what it should show.

    Args:
        erases_in_color: Whether the terminal fills what it erases with the current background.
    """

    def __init__(self, *, erases_in_color: bool) -> None:
        self._erases_in_color = erases_in_color
        self.forget()

    def forget(self) -> None:
        """Forget what the terminal shows, and where its cursor is."""
        self._size: Size | None = None
        self._rows: list[Cells] = []
        self._doubtful_rows: set[int] = set()
        self._right_halves: set[tuple[int, int]] = set()
        self._cursor: tuple[int, int] | None = None

    def knows(self, size: Size) -> bool:
        """Whether it is known what a terminal of this size shows; false after a resize."""
        return size == self._size

    @property
    def frame(self) -> Frame | None:
        """What the terminal shows; None if that is unknown."""
        if self._size is None or self._cursor is None:
            return None
        return Frame(self._size, [(texts[:], looks[:]) for texts, looks in self._rows], self._cursor)

    def adopt(self, frame: Frame) -> None:
        """Take it as known that the terminal shows a frame."""
        self.forget()
        self._size, self._rows, self._cursor = frame
        self._doubtful_rows = {
            row for row, (texts, _) in enumerate(frame.rows) if not is_agreed("".join(texts))
        }

    def write(self, size: Size, patches: Sequence[Patch], cursor: tuple[int, int]) -> str:
        """What makes the terminal show the patches, and all else as before; empty if it does already.

        Args:
            size: The terminal's size.
            patches: What to show: everything, where it is not known what is there.
            cursor: The row and column where the cursor is to rest.
        """
        pen = Pen()
        self._right_halves.clear()
        if not self.knows(size):
            self._clear(pen, size, patches)
        for row, columns in sorted(self._take(patches).items()):
            self._write_row(pen, row, columns)
        if pen.text or cursor != self._cursor:
            self._cursor = cursor
            pen.rest(*cursor)
        return pen.text

    def _clear(self, pen: Pen, size: Size, patches: Sequence[Patch]) -> None:
        """Begin with a screen in its most common background."""
        self.forget()
        background = DEFAULT
        if self._erases_in_color:
            counts = Counter(chain.from_iterable(patch.cells[1] for patch in patches))
            background = max((look for look in counts if look.blank is look), key=counts.__getitem__)
        pen.clear(background)
        self._size = size
        self._rows = [([" "] * size.columns, [background] * size.columns) for _ in range(size.rows)]

    def _take(self, patches: Iterable[Patch]) -> dict[int, Sequence[int]]:
        """Remember the patches; the columns that they change, by row."""
        before: dict[int, Cells] = {}
        for row, column, cells in patches:
            texts, looks = self._rows[row]
            # What a widget draws beyond the edge is not seen.
            room = len(texts) - column
            new_texts, new_looks = cells[0][:room], cells[1][:room]
            end = column + len(new_texts)
            old_texts = texts[column:end]
            if new_texts != old_texts or new_looks != looks[column:end]:
                before.setdefault(row, (texts[:], looks[:]))
                if "" in old_texts:
                    halves = (at for at, old in enumerate(old_texts, column) if not old)
                    self._right_halves.update((row, at) for at in halves)
                texts[column:end], looks[column:end] = new_texts, new_looks
        return {row: _differences(old, self._rows[row]) for row, old in before.items()}

    def _write_row(self, pen: Pen, row: int, columns: Sequence[int]) -> None:
        line = texts, _ = self._rows[row]
        was_doubtful = row in self._doubtful_rows
        self._doubtful_rows.discard(row)
        if doubtful := not is_agreed("".join(texts)):
            self._doubtful_rows.add(row)
        if doubtful or was_doubtful:
            # A character of unexpected width may overlap any other cell of its row, so redraw all of it.
            columns = range(len(texts))
        stretches = _stretches(columns, line, doubtful=doubtful)
        for stretch, following in zip_longest(stretches, stretches[1:]):
            self._write_stretch(pen, row, stretch, following)

    def _write_stretch(self, pen: Pen, row: int, stretch: _Stretch, following: _Stretch | None) -> None:
        start, end, look, is_doubtful = stretch
        line = self._rows[row]
        is_blank = look.blank is look and not "".join(line[0][start:end]).strip(" ")
        if is_blank and pen.look.blank is look:
            look = pen.look
        elif is_blank and following and following.look.blank is look:
            look = following.look
        if is_doubtful:
            pen.write_doubtful(row, start, end, look, line)
        elif is_blank and self._can_erase(row, start, end):
            pen.erase(row, start, end, look, line)
        else:
            pen.write(row, start, end, look, line)

    def _can_erase(self, row: int, start: int, end: int) -> bool:
        """Whether to erase blanks, not to write them.

        Erasing the left half of a wide character alone leaves its right half to some terminals, such as tmux:
        what is written there later then takes the background of what was erased.
        """
        return (
            self._erases_in_color and end - start >= _WORTH_ERASING and (row, end) not in self._right_halves
        )


def _differences(old: Cells, new: Cells) -> list[int]:
    """The columns in which two states of a row differ."""
    cells = zip(*old, *new, strict=True)
    return [
        at
        for at, (old_text, old_look, text, look) in enumerate(cells)
        if text != old_text or look is not old_look
    ]


class _Stretch(NamedTuple):
    """Neighbors of one look, or one character whose width is in doubt."""

    start: int
    end: int
    look: Look
    is_doubtful: bool


def _stretches(columns: Iterable[int], line: Cells, *, doubtful: bool) -> list[_Stretch]:
    """The runs of adjacent columns.

    Args:
        columns: The columns in their order.
        line: All cells of the row.
        doubtful: Whether the width of any of them is in doubt.
    """
    texts, looks = line
    stretches: list[_Stretch] = []
    start = end = -1
    look, alone = DEFAULT, False
    for at in columns:
        if not texts[at]:
            continue  # the right half of a wide character comes with its left one
        is_doubtful = doubtful and not is_agreed(texts[at])
        if at != end or looks[at] is not look or alone or is_doubtful:
            if end > start:
                stretches.append(_Stretch(start, end, look, alone))
            start, look, alone = at, looks[at], is_doubtful
        end = at + 1
        while end < len(texts) and not texts[end]:
            end += 1
    if end > start:
        stretches.append(_Stretch(start, end, look, alone))
    return stretches
