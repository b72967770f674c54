"""How every command line is read."""

from __future__ import annotations

import argparse
import sys

from usage_tui.cli.ending import Misuse
from usage_tui.help_format import HelpFormatter

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import Any, NoReturn

    from _typeshed import SupportsWrite

EXIT_CODES = "Exit codes: 0 done; 1 failed, and stderr says why; 2 the command was not understood."
_MANY = (argparse.ZERO_OR_MORE, argparse.ONE_OR_MORE)


def new_file(word: str) -> Path:
    """The path of a file that is written; for argparse.

    Raises:
        argparse.ArgumentTypeError: It is ``-``, which other programs take for standard output.
    """
    from pathlib import Path

    if word == "-":
        raise argparse.ArgumentTypeError("standard output is not supported; name a file")
    return Path(word)


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand, and takes words in any order."""

    _is_reading = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"formatter_class": HelpFormatter, **options})

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Read the words. Files may stand anywhere among the options.

        By itself, argparse gives an optional word, or a list of them, to the first place where no option
        stands, and refuses those behind the next option.
        """
        if self._is_reading:
            return super().parse_known_args(args, namespace)
        args = self._with_values(sys.argv[1:] if args is None else list(args))
        if not self._may_come_apart():
            return super().parse_known_args(args, namespace)
        exclusive = [
            (group, word)
            for group in self._mutually_exclusive_groups
            for word in self._get_positional_actions()
            if word in group._group_actions
        ]
        for group, word in exclusive:  # which argparse cannot read apart, so that it is checked here
            group._group_actions.remove(word)
        self._is_reading = True
        try:
            found, rest = self.parse_known_intermixed_args(args, namespace)
        finally:
            self._is_reading = False
            for group, word in exclusive:
                group._group_actions.insert(0, word)
        for group, word in exclusive:
            self._check_exclusive(found, word, group._group_actions)
        return found, rest

    def _with_values(self, words: list[str]) -> list[str]:
        """The words, with each value that begins with a dash joined to its option: ``--filter=-digest``."""
        joined: list[str] = []
        for place, word in enumerate(words):
            option = self._option_string_actions.get(joined[-1]) if joined else None
            if word == "--" or (option is not None and option.nargs == argparse.REMAINDER):
                return joined + words[place:]
            takes_one = option is not None and option.nargs is None and joined[-1].startswith("--")
            is_value = word.startswith("-") and word[1:2] not in ("", "-")
            if takes_one and is_value and word[:2] not in self._option_string_actions:
                joined[-1] += f"={word}"
            else:
                joined.append(word)
        return joined

    def _may_come_apart(self) -> bool:
        words = self._get_positional_actions()
        optional = [word for word in words if word.nargs == argparse.OPTIONAL]
        many = [word for word in words if word.nargs in _MANY]
        return bool(many) or (bool(optional) and len(words) > 1)

    def _check_exclusive(
        self, found: argparse.Namespace, word: argparse.Action, group: Sequence[argparse.Action]
    ) -> None:
        given = [one for one in group if one is not word and getattr(found, one.dest) is not one.default]
        if given and getattr(found, word.dest) is not word.default:
            option = "/".join(given[0].option_strings)
            self.error(f"argument {option}: not allowed with argument {word.metavar}")

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help; by itself, argparse does not tell that it cannot be written."""
        (file or sys.stdout).write(self.format_help())

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")
