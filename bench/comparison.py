"""The program beside others: in the same terminal and in turn, so that a busy machine meets all alike."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench import peers
from bench.session import COLUMNS, ROWS, cpu_seconds, listen_for, resident_mib, seconds_until
from bench.start import MINIMAL, NUMBERS
from tests.terminal import Terminal, environment, usage_tui

ROUNDS = 5
LONGEST = 600
"""Seconds after which no further round begins."""
IDLE_SECONDS = 4
KEYS = 5
_QUIET = 0.4
_SETTLING = 2.0
"""Seconds that a program has to come to rest; one that never does is measured as it is."""


class Program(NamedTuple):
    """What is run.

    Attributes:
        name: As it stands in the table, with its version.
        command: An absolute path and its arguments.
        variables: All of its environment.
        shows: What is on its first screen once that is complete.
        key: A key that changes what is seen; empty where there is none.
    """

    name: str
    command: list[str]
    variables: dict[str, str]
    shows: tuple[str, ...]
    key: str


class Figures(NamedTuple):
    """What one program took; medians, once they are those of several runs.

    Attributes:
        start: Milliseconds until its first screen was complete.
        paint: Bytes until it came to rest; of a program that never does, until that screen was complete.
        idle: Bytes per second while nothing happens.
        cpu: Percent of one processor while nothing happens.
        memory: Physical memory in MiB.
        key: Bytes that a key costs; None where it has none, or where they can't be told from the others.
        reaction: Milliseconds from a key to the last of them.
    """

    start: float
    paint: float
    idle: float
    cpu: float
    memory: float
    key: float | None
    reaction: float | None


class Comparison(NamedTuple):
    """All programs and their figures.

    Attributes:
        figures: By program, ours first.
        rounds: How many runs of each.
        missing: Peers that are left out, each with the reason.
    """

    figures: dict[str, Figures]
    rounds: int
    missing: dict[str, str]

    def as_dict(self) -> dict[str, object]:
        """The same for JSON."""
        figures = {name: figures._asdict() for name, figures in self.figures.items()}
        return {
            "terminal": f"{COLUMNS}x{ROWS}",
            "rounds": self.rounds,
            "figures": figures,
            "missing": self.missing,
        }


def compare(home: Path, *, with_peers: bool, tell: Callable[[str], None]) -> Comparison:
    """Run all programs in turn, several times.

    Args:
        home: An empty home for our own.
        with_peers: Whether to install and run others.
        tell: Says what is under way.
    """
    programs, missing = list(_ours(home)), {}
    if with_peers:
        peers.write_data()
        for peer in peers.PEERS:
            tell(f"installing {peer.name}, unless it is there")
            try:
                programs.append(_peer(peer))
            except peers.Missing as reason:
                missing[peer.name] = str(reason)
    runs = list(_rounds(programs, tell))
    by_program = zip(programs, zip(*runs, strict=True), strict=True)
    figures = {program.name: _medians(list(own)) for program, own in by_program}
    return Comparison(figures, len(runs), missing)


def as_table(comparison: Comparison) -> str:
    """Markdown: a row for each program, with multiples of our own figures where they say something."""
    (own, *_) = comparison.figures.values()
    heading = (
        f"{COLUMNS}x{ROWS}, median of {comparison.rounds}",
        *("first screen", "×", "its bytes", "×", "idle B/s", "idle CPU"),
        *("a key, bytes", "a key, ms", "memory", "×"),
    )
    rows = [heading, ("---", *["--:"] * (len(heading) - 1))]
    for name, figures in comparison.figures.items():
        rows.append(
            (
                name,
                *(f"{figures.start:,.0f} ms", f"{figures.start / own.start:.1f}"),
                *(f"{figures.paint:,.0f}", f"{figures.paint / own.paint:.1f}"),
                *(f"{figures.idle:,.0f}", f"{figures.cpu:.1f} %"),
                *("–" if figures.key is None else f"{figures.key:,.0f}",),
                *("–" if figures.reaction is None else f"{figures.reaction:,.0f}",),
                *(f"{figures.memory:,.0f} MiB", f"{figures.memory / own.memory:.1f}"),
            )
        )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines += [f"Left out: {name}, as {reason}" for name, reason in comparison.missing.items()]
    return "\n".join(lines)


def _ours(home: Path) -> Iterator[Program]:
    variables = environment(home, COLORTERM="truecolor")
    yield Program("usage-tui --demo", usage_tui("--demo"), variables, NUMBERS, "d")
    yield Program("minimal Textual app", MINIMAL, variables, ("minimal app",), "")


def _peer(peer: peers.Peer) -> Program:
    command = [peers.install(peer)]
    return Program(
        f"{peer.name} {peer.version}".strip(), command, peers.variables(peer), (peer.shows,), peer.key
    )


def _rounds(programs: list[Program], tell: Callable[[str], None]) -> Iterator[list[Figures]]:
    until = time.monotonic() + LONGEST
    for number in range(ROUNDS + 1):
        if number > 1 and time.monotonic() > until:
            return
        tell(f"running {len(programs)} programs, round {number} of {ROUNDS}")
        figures = [_measure(program) for program in programs]
        if number:  # the first one compiles and fills caches
            yield figures


def _measure(program: Program) -> Figures:
    with Terminal(program.command, columns=COLUMNS, rows=ROWS, environment=program.variables) as terminal:
        terminal.wait_for(*program.shows)
        rests = _settle(terminal)
        start = seconds_until(terminal, program.shows)
        painted_at = math.inf if rests else terminal.started_at + start
        paint = sum(len(output.data) for output in terminal.outputs if output.at <= painted_at)
        before, used = len(terminal.raw), cpu_seconds(terminal)
        listen_for(terminal, IDLE_SECONDS)
        idle, cpu = len(terminal.raw) - before, cpu_seconds(terminal) - used
        key, reaction = _react(terminal, program.key)
        return Figures(
            start=start * 1000,
            paint=paint,
            idle=idle / IDLE_SECONDS,
            cpu=cpu / IDLE_SECONDS * 100,
            memory=resident_mib(terminal),
            key=key,
            reaction=reaction,
        )


def _react(terminal: Terminal, key: str) -> tuple[float | None, float | None]:
    """Bytes and milliseconds that a key costs; None where there is none or the program never rests."""
    sizes, times = [], []
    for _ in range(KEYS if key else 0):
        if not _settle(terminal):
            return None, None
        count, pressed_at = len(terminal.outputs), time.monotonic()
        terminal.press(key)
        _settle(terminal)
        outputs = terminal.outputs[count:]
        if outputs:
            sizes.append(sum(len(output.data) for output in outputs))
            times.append((outputs[-1].at - pressed_at) * 1000)
    return (median(sizes), median(times)) if sizes else (None, None)


def _settle(terminal: Terminal) -> bool:
    """Take in output until none has come for a while; False where it never ends."""
    until = time.monotonic() + _SETTLING
    while time.monotonic() < until:
        if not terminal.listen(_QUIET):
            return True
    return False


def _medians(runs: list[Figures]) -> Figures:
    return Figures._make(map(_median, zip(*runs, strict=True)))


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
