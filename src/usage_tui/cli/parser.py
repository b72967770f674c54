"""What all commands share: how a command line is refused, and with which exit code."""

from __future__ import annotations

import argparse
from typing import NoReturn

FAILED, MISUSED = 1, 2


class Refusal(Exception):
    """The command has come to an end without its result. The message is one line: what, where, what to do."""

    code: int
    """How the program exits."""


class Misuse(Refusal):
    """The command can't be carried out as it was given."""

    code = MISUSED


class Failure(Refusal):
    """The command was understood, but did not work."""

    code = FAILED


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")
