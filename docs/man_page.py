"""Writes the man page from the parsers, in the macros of man(7)."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator

_FILES = (
    ("~/.config/usage-tui/config.toml", "settings and profiles"),
    ("~/.cache/usage-tui/", "what was known when the program ended, and the digests that status reads"),
    ("~/.local/state/usage-tui/", "what was chosen and what check has told"),
)
_ENVIRONMENT = (
    ("USAGE_TUI_TOKEN", "the token for --url"),
    ("XDG_CONFIG_HOME, XDG_CACHE_HOME, XDG_STATE_HOME", "other places for these files"),
    ("NO_COLOR", "no color in the dashboard; the commands never print any"),
)


def man_page(dashboard: argparse.ArgumentParser, commands: Iterable[argparse.ArgumentParser]) -> str:
    """The page of the whole program.

    Args:
        dashboard: The parser without a command.
        commands: Those of all commands.
    """
    return "\n".join(_page(dashboard, [*commands])) + "\n"


def _page(dashboard: argparse.ArgumentParser, commands: list[argparse.ArgumentParser]) -> Iterator[str]:
    yield '.\\" Written by `make docs` from the parsers: change them.'
    yield '.TH USAGE\\-TUI 1 "" "usage\\-tui" "User Commands"'
    yield ".SH NAME"
    yield "usage\\-tui \\- how much is left of an AI workspace's credits, where it went, what expires unused"
    yield ".SH SYNOPSIS"
    yield ".B usage\\-tui"
    yield "[\\fIFILE.jsonl\\fR | \\-\\-demo | \\-p \\fINAME\\fR | \\-\\-url \\fIURL\\fR] [\\fIOPTION\\fR]..."
    yield ".br"
    yield ".B usage\\-tui"
    yield "\\fICOMMAND\\fR [\\fIOPTION\\fR]..."
    yield ".SH DESCRIPTION"
    yield _text(dashboard.description or "")
    yield from _options(dashboard)
    yield ".SH COMMANDS"
    for command in commands:
        yield f".SS {_text(command.prog)}"
        yield _text(command.description or "")
        yield from _options(command)
        codes = [part for part in (command.epilog or "").split("\n\n") if part.startswith("Exit codes")]
        for part in codes:
            yield ".PP"
            yield _text(part)
    yield from _section("FILES", _FILES)
    yield from _section("ENVIRONMENT", _ENVIRONMENT)


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help == argparse.SUPPRESS or isinstance(action, argparse._HelpAction):
            continue
        yield ".TP"
        yield _names(action)
        yield _text((action.help or "").replace("%%", "%")) or "\\&"


def _names(action: argparse.Action) -> str:
    value = action.metavar or (
        "|".join(map(str, action.choices)) if action.choices else action.dest.upper().replace("_", "-")
    )
    shown = value if isinstance(value, str) else " ".join(value)
    if not action.option_strings:
        return f"\\fI{_text(shown)}\\fR"
    names = ", ".join(f"\\fB{_text(name)}\\fR" for name in action.option_strings)
    return names if action.nargs == 0 else f"{names} \\fI{_text(shown)}\\fR"


def _section(title: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {title}"
    for name, text in rows:
        yield ".TP"
        yield f"\\fI{_text(name)}\\fR"
        yield _text(text)


def _text(text: str) -> str:
    """Prose in one line, with nothing in it that roff would take for its own."""
    shown = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown
