"""The terminal: what it can do, and how the dashboard uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH
from usage_tui.clients.check_results import CheckResult, fail, ok, warn
from usage_tui.config.settings import Settings
from usage_tui.config.terminal import over_ssh, speaks_unicode, wants_no_color

_ROOMY = 80, 24
_COLORS = {
    None: "no color",
    "standard": "16 colors",
    "256": "256 colors",
    "truecolor": "16 million colors",
}


class Terminal(NamedTuple):
    """A terminal as a program sees it.

    Attributes:
        environ: The variables that describe it.
        has_screen: Whether it can be drawn on.
        sends_cells: Whether the display sends only the cells that changed.
        encoding: That of the output.
        columns: Its width.
        rows: Its height.
    """

    environ: Mapping[str, str]
    has_screen: bool
    sends_cells: bool
    encoding: str | None
    columns: int
    rows: int


def check_terminal(terminal: Terminal, settings: Settings) -> Iterator[CheckResult]:
    """What can be drawn, and how."""
    environ = terminal.environ
    yield _screen(terminal)
    yield _display(terminal)
    yield _colors(environ)
    yield _symbols(terminal)
    yield _size(terminal)
    yield _place(environ)
    yield from _multiplexers(environ)
    if settings.mouse:
        yield ok("mouse", "on; hold Shift to select text. --no-mouse leaves it to the terminal.")
    else:
        yield ok("mouse", "off, as set in the settings.")


def _screen(terminal: Terminal) -> CheckResult:
    term = terminal.environ.get("TERM", "")
    if term in ("", "dumb"):
        return fail("terminal", f"TERM is {term or 'not set'}, so nothing can be drawn.", "Use --print.")
    if not terminal.has_screen:
        text = f"TERM is {term}, but input or output is redirected, so nothing can be drawn."
        return warn("terminal", text, "Use --print.")
    return ok("terminal", f"TERM is {term}.")


def _display(terminal: Terminal) -> CheckResult:
    if terminal.sends_cells:
        return ok("display", "only changed cells are sent; --stock-display uses Textual's own renderer.")
    text = "Textual's own renderer, as this version of Textual or this system does not allow another."
    return warn("display", text, "Install the versions in constraints.txt to send less.")


def _colors(environ: Mapping[str, str]) -> CheckResult:
    from rich.console import Console

    if wants_no_color(environ):
        return ok("colors", "no color, because NO_COLOR is set.")
    chosen = environ.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if chosen == "auto":
        system = Console(force_terminal=True, legacy_windows=False, _environ=environ).color_system
        reason = f"COLORTERM is {environ['COLORTERM']}" if environ.get("COLORTERM") else "TERM says so"
    else:
        system, reason = chosen, "TEXTUAL_COLOR_SYSTEM says so"
    text = f"{_COLORS.get(system, system)}, because {reason}."
    if system in ("truecolor", "256"):
        return ok("colors", text)
    return warn("colors", text, "Set TEXTUAL_COLOR_SYSTEM to 256 or truecolor if the terminal supports more.")


def _symbols(terminal: Terminal) -> CheckResult:
    if speaks_unicode(terminal.encoding):
        return ok("symbols", "Unicode, because the output is UTF-8. --ascii turns them off.")
    return warn(
        "symbols",
        f"ASCII only, because the output is {terminal.encoding or 'of an unknown encoding'}.",
        "Set LANG to a UTF-8 locale, such as C.UTF-8.",
    )


def _size(terminal: Terminal) -> CheckResult:
    size = terminal.columns, terminal.rows
    text = f"{terminal.columns}x{terminal.rows}."
    if size[0] < LEAST_WIDTH or size[1] < LEAST_HEIGHT:
        return fail("size", text, f"Make it at least {LEAST_WIDTH}x{LEAST_HEIGHT}.")
    if size[0] < _ROOMY[0] or size[1] < _ROOMY[1]:
        return warn("size", text, "80x24 or more shows more.")
    return ok("size", text)


def _place(environ: Mapping[str, str]) -> CheckResult:
    if over_ssh(environ):
        return ok(
            "place", "over SSH: links are shown, not opened, and the keyboard stays in its normal mode."
        )
    return ok("place", "on this computer: links open in the browser.")


def _multiplexers(environ: Mapping[str, str]) -> Iterator[CheckResult]:
    if environ.get("TMUX"):
        yield warn(
            "tmux",
            "tmux blocks copying and delays Esc unless configured:",
            "set -s set-clipboard on; set -sg escape-time 10",
        )
    if environ.get("STY"):
        yield warn("screen", "GNU screen blocks copying, so y has no effect.", "Use tmux to copy.")
