from __future__ import annotations

import io
from collections.abc import Iterator

from usage_tui.cli.progress import Progress, Tally


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    """A second passes with every item that is made."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def items(self, count: int, *, seconds: float) -> Iterator[int]:
        for number in range(count):
            self.now += seconds
            yield number


def test_long_work_is_drawn_in_place_and_taken_away_at_its_end() -> None:
    terminal, clock = Terminal(), Clock()
    items = clock.items(10_001, seconds=1)
    assert len(list(Progress(terminal, clock).track(items, "Reading", 10_001))) == 10_001
    drawn = terminal.getvalue().split("\r")
    assert drawn[1] == f"Reading [{'':30}]   0%"
    assert drawn[2] == f"Reading [{'#' * 14:30}]  50%"
    assert drawn[-2].isspace()
    assert len(drawn[-2]) == len(drawn[2])
    assert drawn[-1] == ""
    assert "\n" not in terminal.getvalue()


def test_the_position_may_come_from_elsewhere() -> None:
    terminal, clock = Terminal(), Clock()
    items = clock.items(1, seconds=2)
    list(Progress(terminal, clock).track(items, "Reading", 200, lambda: 150))
    assert " 75%" in terminal.getvalue()


def test_work_of_unknown_length_draws_nothing() -> None:
    terminal, clock = Terminal(), Clock()
    assert list(Progress(terminal, clock).track(clock.items(3, seconds=9), "Reading", 0)) == [0, 1, 2]
    assert terminal.getvalue() == ""


def test_short_work_draws_nothing() -> None:
    terminal, clock = Terminal(), Clock()
    list(Progress(terminal, clock).track(clock.items(9_000, seconds=0.0001), "Reading", 9_000))
    assert terminal.getvalue() == ""


def test_a_file_is_drawn_on_by_nothing() -> None:
    stream, clock = io.StringIO(), Clock()
    assert list(Progress(stream, clock).track(clock.items(3, seconds=9), "Reading", 3)) == [0, 1, 2]
    assert stream.getvalue() == ""


def test_rows_are_counted_on_a_terminal_after_a_while() -> None:
    terminal, clock = Terminal(), Clock()
    tally = Tally(terminal, clock)
    tally.add(1_200, 28_185)
    assert terminal.getvalue() == ""
    clock.now = 2
    tally.add(1_200, 28_185)
    assert terminal.getvalue() == "\r2,400 of 28,185"
    tally.clear()
    assert terminal.getvalue().endswith(f"\r{'':15}\r")
    assert tally.rows == 2_400


def test_a_pipe_is_told_no_progress() -> None:
    pipe = io.StringIO()
    tally = Tally(pipe, clock=iter([0.0, 9.0]).__next__)
    tally.add(5, None)
    tally.clear()
    assert (pipe.getvalue(), tally.rows) == ("", 5)
