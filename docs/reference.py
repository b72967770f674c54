"""Writes references, man page and completions from the code. `make docs` runs it; a test compares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

from docs.completions import SHELLS, completion
from docs.man_page import man_page
from usage_tui.cli import COMMANDS as PROGRAM_COMMANDS
from usage_tui.cli import main
from usage_tui.cli.parser import Parser
from usage_tui.clients.registry import DEMO, RECORDING, USAGE_API, Setting, SourceKind
from usage_tui.config.commands import COMMANDS, Command, key_name

HERE = Path(__file__).parent
_NOTE = "<!-- Written by `make docs` from the code: change it there. -->"
_TYPES = {str: "text", bool: "true or false", int: "whole number", Path: "path", list: "list", dict: "table"}


class _Found(BaseException):
    """A command has reached its parser."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def _parser_of(*words: str) -> argparse.ArgumentParser:
    def found(parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        raise _Found(parser)

    with patch.object(Parser, "parse_args", found):
        try:
            main(words)
        except _Found as caught:
            return caught.parser
    raise ValueError(f"{words} has no parser")


def commands_reference() -> str:
    """Every command with what it takes."""
    parts = [
        _NOTE,
        "# Commands",
        "Every command has `--help`. Results go to stdout, everything else to stderr. Exit codes: 0 done, "
        "1 failed, 2 not understood, 4 withheld, 5 no answer, 130 interrupted, 141 nobody read the output to "
        "its end; `check` and `plan` have some of their own.",
    ]
    parts += _command(_parser_of())
    for name in PROGRAM_COMMANDS:
        for parser in _leaves(_parser_of(name)):
            parts += _command(parser)
    return "\n\n".join(parts) + "\n"


def _command(parser: argparse.ArgumentParser) -> Iterator[str]:
    yield f"## `{parser.prog}`"
    if parser.description:
        yield _prose(parser.description)
    rows = [_row(action) for action in parser._actions if action.help != argparse.SUPPRESS]
    yield "\n".join(["| argument | meaning |", "|---|---|", *rows])


def _row(action: argparse.Action) -> str:
    name = action.metavar or action.dest.upper().replace("_", "-")
    text = name if isinstance(name, str) else " ".join(name)
    if action.choices is not None and action.metavar is None:
        text = "|".join(map(str, action.choices))
    value = f" {text}" if action.nargs != 0 else ""
    shown = ", ".join(f"{option}{value}" for option in action.option_strings) or text
    return f"| `{_cell(shown)}` | {_cell((action.help or '').replace('%%', '%'))} |"


def settings_reference() -> str:
    """Every setting with its type and default."""
    parts = [
        _NOTE,
        "# Settings",
        "`~/.config/usage-tui/config.toml`, or below `XDG_CONFIG_HOME`. Everything in it is optional; an "
        "unknown key is refused, with the one that was probably meant.",
        "\n".join(
            [
                "| setting | meaning |",
                "|---|---|",
                "| `theme` | `usage-dark` (default), `usage-light`, or the name of one of Textual's themes |",
                "| `mouse` | `false` leaves the mouse to the terminal |",
                "| `profile` | the profile that plain `usage-tui` opens, in place of the demo |",
                "| `[keys]` | keys by command, several separated by commas |",
                "| `[profiles.NAME]` | a source: see below |",
            ]
        ),
        "## Profiles",
        "`provider` names the kind of source, by default `usage-api`. A kind that needs a token takes one of "
        '`token_command = ["program", "argument"]`, `token_variable = "NAME"` and `token_file = "path"`.',
    ]
    for kind in (USAGE_API, RECORDING, DEMO):
        parts += _kind(kind)
    parts += ["## `[keys]`", _keys()]
    return "\n\n".join(parts) + "\n"


def _kind(kind: SourceKind) -> Iterator[str]:
    yield f'### `provider = "{kind.name}"`'
    rows = [_setting(setting) for setting in kind.settings]
    yield "\n".join(["| setting | type | meaning |", "|---|---|---|", *rows])


def _setting(setting: Setting) -> str:
    needed = " (required)" if setting.required else ""
    return f"| `{setting.name}` | {_TYPES[setting.type]} | {_cell(setting.help)}{needed} |"


def _keys() -> str:
    rows = [f"| `{one.id}` | {_key_names(one)} | {_cell(one.label)} |" for one in COMMANDS.values()]
    return "\n".join(["| command | keys | what it does |", "|---|---|---|", *rows])


def _key_names(command: Command) -> str:
    return " ".join(f"`{key_name(key)}`" for key in command.keys.split(","))


def _prose(text: str) -> str:
    return " ".join(text.split())


def _cell(text: str) -> str:
    return _prose(text).replace("|", "\\|")


def man_reference() -> str:
    """The man page."""
    groups = (_leaves(_parser_of(name)) for name in PROGRAM_COMMANDS)
    return man_page(_parser_of(), [parser for group in groups for parser in group])


def _leaves(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A command, or those of its group."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for sub in group.choices.values():
            yield from _leaves(sub)


def completion_reference(shell: str) -> str:
    """The completion of a shell."""
    whole = _parser_of()
    # The first word is a file or a command; a shell completes files where no command fits.
    whole._actions[:] = [action for action in whole._actions if action.dest != "file"]
    commands = whole.add_subparsers()
    for name in PROGRAM_COMMANDS:
        parser = _parser_of(name)
        summary = _prose(parser.description or "").partition(". ")[0].rstrip(".")
        commands.add_parser(name, parents=[parser], add_help=False, help=summary)
    return completion(shell, whole)


REFERENCES: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands_reference,
    "docs/configuration.md": settings_reference,
    "man/usage-tui.1": man_reference,
    **{f"completions/{name}": partial(completion_reference, shell) for shell, name in SHELLS.items()},
}
"""The files that are written from the code, by their place in the checkout."""


if __name__ == "__main__":
    for name, write in REFERENCES.items():
        path = HERE.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(write(), encoding="utf-8")
