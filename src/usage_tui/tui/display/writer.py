"""What a terminal must be sent so that it shows other cells than before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, groupby, zip_longest

from usage_tui.named_tuple import NamedTuple
from usage_tui.tui.display.cells import Cells, is_agreed
from usage_tui.tui.display.looks import DEFAULT, Look
from usage_tui.tui.display.pen import AGAIN, Pen, can_repeat

_MANY_BLANKS = " " * 9
"""From so many on, erasing them and moving past them is shorter than writing them."""

_WAY_BACK = 5
"""The bytes of a move within a row."""


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
        self._right_halves: dict[int, set[int]] = {}
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
                    halves = {at for at, old in enumerate(old_texts, column) if not old}
                    self._right_halves[row] = self._right_halves.get(row, set()) | halves
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
        if not (doubtful or was_doubtful or "" in texts or row in self._right_halves):
            stretches = _by_color(stretches, pen.look)
        for stretch, following in zip_longest(stretches, stretches[1:]):
            self._write_stretch(pen, row, stretch, following)

    def _write_stretch(self, pen: Pen, row: int, stretch: _Stretch, following: _Stretch | None) -> None:
        start, end, look, is_doubtful = stretch
        line = self._rows[row]
        text = "".join(line[0][start:end])
        if look.blank is look and not text.strip(" "):
            if pen.look.blank is look:
                look = pen.look
            elif following and following.look.blank is look:
                look = following.look
        if is_doubtful:
            pen.write_doubtful(row, start, end, look, line)
        elif _MANY_BLANKS in text and look.blank is not None and self._erases_in_color:
            self._write_with_blanks(pen, row, stretch._replace(look=look))
        else:
            pen.write(row, start, end, look, line)

    def _write_with_blanks(self, pen: Pen, row: int, stretch: _Stretch) -> None:
        """Erase the blanks that are worth it, and write what is between."""
        line = texts, _ = self._rows[row]
        written = stretch.start
        for is_blank, group in groupby(range(stretch.start, stretch.end), lambda at: texts[at] == " "):
            columns = [*group]
            start, end = columns[0], columns[-1] + 1
            if is_blank and self._can_erase(row, start, end):
                if start > written:
                    pen.write(row, written, start, stretch.look, line)
                pen.erase(row, start, end, stretch.look, line)
                written = end
        if stretch.end > written:
            pen.write(row, written, stretch.end, stretch.look, line)

    def _can_erase(self, row: int, start: int, end: int) -> bool:
        """Whether to erase blanks, not to write them.

        Erasing the left half of a wide character alone leaves its right half to some terminals, such as tmux:
        what is written there later then takes the background of what was erased.
        """
        return end - start >= len(_MANY_BLANKS) and end not in self._right_halves.get(row, ())


def _differences(old: Cells, new: Cells) -> list[int]:
    """The columns in which two states of a row differ."""
    (old_texts, old_looks), (texts, looks) = old, new
    columns = range(len(texts))
    return [at for at in columns if texts[at] != old_texts[at] or looks[at] is not old_looks[at]]


class _Stretch(NamedTuple):
    """Neighbors of one look, or one character whose width is in doubt."""

    start: int
    end: int
    look: Look
    is_doubtful: bool


def _stretches(columns: Iterable[int], line: Cells, *, doubtful: bool) -> list[_Stretch]:
    """The runs of columns that are written at once, in which blanks may have the look of the text.

    Where it is no longer than a move, unchanged cells between them are written again.

    Args:
        columns: The columns in their order.
        line: All cells of the row.
        doubtful: Whether the width of any of them is in doubt.
    """
    texts, looks = line
    stretches: list[_Stretch] = []
    start = end = -1 - AGAIN  # too far off to be joined
    look, alone = DEFAULT, False
    for at in columns:
        text, own = texts[at], looks[at]
        if not text:
            continue  # the right half of a wide character comes with its left one
        is_doubtful = doubtful and not is_agreed(text)
        joins = (own is look or (own is look.blank and text == " ")) and not (alone or is_doubtful)
        if not joins or (at != end and (at > end + AGAIN or not can_repeat(line, end, at, look))):
            if end > start:
                stretches.append(_Stretch(start, end, look, alone))
            start, look, alone = at, own, is_doubtful
        end = at + 1
        while end < len(texts) and not texts[end]:
            end += 1
    if end > start:
        stretches.append(_Stretch(start, end, look, alone))
    return stretches


def _by_color(stretches: list[_Stretch], look: Look) -> list[_Stretch]:
    """The stretches of a row color by color, for a way back takes fewer bytes than another color.

    Blanks go with what is left of them.

    Args:
        stretches: From left to right.
        look: Its color comes first.
    """
    colors = _long_colors(look)
    groups: dict[tuple[str, str], list[_Stretch]] = {colors: []}
    for stretch in stretches:
        if stretch.look.blank is not stretch.look:
            colors = _long_colors(stretch.look)
        groups.setdefault(colors, []).append(stretch)
    return [*chain.from_iterable(groups.values())]


@lru_cache(maxsize=4096)
def _long_colors(look: Look) -> tuple[str, str]:
    """The codes of the colors, but for those that are shorter than a way back."""
    foreground, background = (
        code if len(code) > _WAY_BACK else "" for code in (look.foreground, look.background)
    )
    return foreground, background
