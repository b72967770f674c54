"""Writes references, man page and completions from the code. `make docs` runs it; a test compares."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NoReturn
from unittest.mock import patch

from docs.completions import SHELLS, completion
from docs.man_page import man_page
from docs.vendors import providers_page
from usage_tui.cli import COMMANDS as PROGRAM_COMMANDS
from usage_tui.cli import main
from usage_tui.cli.parser import Parser
from usage_tui.clients.registry import DEMO, RECORDING, USAGE_API, Provider, Setting
from usage_tui.config.commands import COMMANDS, Command, key_name
from usage_tui.importing.formats import Format, known_formats

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
                "| `[alerts]` `bell` | `true` rings the terminal at a new alert |",
                "| `[alerts]` `notify` | `osc9` or `osc777` has the terminal show a notification; "
                "default `off` |",
                "| `[keys]` | keys by command, several separated by commas |",
                "| `[profiles.NAME]` | a data source: see below |",
            ]
        ),
        "## Profiles",
        "`provider` names where the data come from, by default `usage-api`. "
        "A provider that needs a token takes one of "
        '`token_command = ["program", "argument"]`, `token_variable = "NAME"` and `token_file = "path"`.',
    ]
    for provider in (USAGE_API, RECORDING, DEMO):
        parts += _provider(provider)
    parts += ["## `[keys]`", _keys()]
    return "\n\n".join(parts) + "\n"


def _provider(provider: Provider) -> Iterator[str]:
    yield f'### `provider = "{provider.name}"`'
    rows = [_setting(setting) for setting in provider.settings]
    yield "\n".join(["| setting | type | meaning |", "|---|---|---|", *rows])


def _setting(setting: Setting) -> str:
    needed = " (required)" if setting.required else ""
    return f"| `{setting.name}` | {_TYPES[setting.type]} | {_cell(setting.help)}{needed} |"


def _keys() -> str:
    rows = [f"| `{one.id}` | {_key_names(one)} | {_cell(one.label)} |" for one in COMMANDS.values()]
    return "\n".join(["| command | keys | what it does |", "|---|---|---|", *rows])


def _key_names(command: Command) -> str:
    return " ".join(f"`{key_name(key)}`" for key in command.keys.split(","))


_TRACE = """
28,185 requests of the LLM inference trace 2023 of the
[Azure Public Dataset](https://github.com/Azure/AzurePublicDataset) (CC BY 4.0; Patel et al., "Splitwise",
ISCA 2024), imported with the description of an organization:

![5,776.0088 credits used: Agent chat 67.0 %, Code completion 33.0 %; the included credits are used up]\
(../snapshots/tui/test_real_input/test_picture.svg)
"""


def exports_reference() -> str:
    """How tables are read, and every export that is known."""
    parts = [_NOTE, _EXPORTS.strip(), "## Known exports", _formats(cost=True), "## Exports without a cost"]
    parts += [
        "These count tokens, which are not an amount. They are refused; the message names the right export.",
        _formats(cost=False),
        "## A public trace",
        _TRACE.strip(),
    ]
    return "\n\n".join(parts) + "\n"


def _formats(*, cost: bool) -> str:
    formats = [one for one in known_formats().values() if (not one.cost_export) == cost]
    if not cost:
        rows = [f"| `{one.name}` | {_cell(one.title)} | {_cell(one.cost_export)} |" for one in formats]
        return "\n".join(["| format | export | use instead |", "|---|---|---|", *rows])
    heads = "| format | where to find it | amount | time | source, kind, person | what else |"
    return "\n".join([heads, "|---|---|---|---|---|---|", *map(_format, formats)])


def _format(one: Format) -> str:
    fields = one.fields or one.grant_fields
    amount = _columns(fields, "credits") or "computed"
    unit = one.unit or _columns(fields, "unit") or "as its columns say"
    zone = "days" if one.days else "UTC" if one.in_utc else "days or times of the organization"
    time = f"{_columns(fields, 'occurred_at') or _columns(fields, 'granted_at')} ({zone})"
    names = ", ".join(filter(None, (_columns(fields, field) for field in ("label", "kind", "actor"))))
    cells = (f"**{one.title}** `{one.name}`", one.found_at, f"{amount}, {unit}", time, names, one.trait)
    return f"| {' | '.join(map(_cell, cells))} |"


def _columns(fields: Mapping[str, tuple[str, ...]], field: str) -> str:
    return " or ".join(f"`{name}`" for name in fields.get(field, ())[:2])


_EXPORTS = """
# Exports

`usage-tui FILE` opens an export of a vendor, or any other table of usage, and says in one line how it
was read:

```sh
usage-tui costs.csv                         # recognized by its header
usage-tui import *.csv -o 2026.jsonl        # several files, overlapping or not, as one recording
usage-tui import costs.csv --org org.toml -o costs.jsonl   # booked against what was granted
usage-tui admin import costs.csv --org acme # posted to a service; each row is booked once
usage-tui costs.csv --map credits=price     # a table with columns of other names
usage-tui daily costs.csv --json            # also sources, history, status, forecast and the other answers
usage-tui import --formats                  # what is listed below
```

Files may be delimited by commas, semicolons, tabs or `|`, or JSON (a list, an object a line, or a list
within an object), in UTF-8, in Windows-1252, or with a byte order mark in UTF-16 and UTF-32, plain or in
`.gz`, `.xz`, `.zst` or `.zip`. Excel and Parquet files are to be saved as CSV first. `-` is standard input.

`import` and `record` replace an earlier recording once the new one is complete, so both can run again and
again. They overwrite no other file; `export` overwrites a file only with `--force`.

## What is shown

Without `--org`, the use alone: what was used in the month of the newest row, and no balance, no state
and no overage, for a file of usage tells none. With `--org`, the ledger books it against the grants of
`org.toml`. Grants may come from a file too: beside the use, import `stripe-grants`, `lago-wallet`, or a
table with `description`, `credits`, `granted_at`, `expires_at` and `bucket`.

## Rules

- **Each row once, and every row once.** A row without an id gets one from what it says and from which of
  its equals it is. Two exports that overlap count their rows once, in whatever order; two equal rows of
  one export stay two. A row that is the sum of a day may grow until the day is over: of two exports in
  one import, the one that reaches further counts. A service refuses the second sum, with both amounts.
  Any other difference between two exports is a bad line.
- **Every digit.** Amounts are read as decimals. Those finer than a millionth are rounded together, once,
  when all files are read: the total of the month is the exact one, rounded once, and each day, source
  and row is within a millionth of its own. A service rounds each import by itself. The commands
  and `--print` write every amount in full and name every day; only the screen and the line of `status` round
  money to cents, where that hides nothing.
- **Days and times.** A day of a vendor is that day, wherever the organization is. A time without a zone
  is in UTC where the format says so, otherwise in the zone of the organization; `--time-zone` names
  another. `03/04/2026` and `1,234` are decided by their whole column, and refused where it leaves doubt.
- **Units never add up.** A column with two units is refused, with the `--only COLUMN=VALUE` that chooses
  one. An amount in dollars is not booked for an organization that counts credits. Tokens are not an amount.
- **Refunds and adjustments** are negative amounts that name no event. They go back to the grants that
  paid for the same source, the last one first: a source that used 8 credits of the plan and then 2 of
  the plan and 2 of a top-up gets 3 back as 2 to the top-up and 1 to the plan. What it never used goes
  back to no grant.
- **Nothing is left out in silence.** Rows that are not usage, such as taxes, are named with their sum. What
  `--skip-bad-lines` left out stands on the first line of the dashboard. A line of totals is recognized
  and checked; one that has a date is refused. A time in the future is a bad line, unless `--as-of` says
  when the recording is from.
"""


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
    "docs/exports.md": exports_reference,
    "docs/providers.md": providers_page,
    "man/usage-tui.1": man_reference,
    **{f"completions/{name}": partial(completion_reference, shell) for shell, name in SHELLS.items()},
}
"""The files that are written from the code, by their place in the checkout."""


if __name__ == "__main__":
    for name, write in REFERENCES.items():
        path = HERE.parent / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(write(), encoding="utf-8")
