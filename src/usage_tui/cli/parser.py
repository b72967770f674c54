"""What all commands share: how a command line is refused, and with which exit code."""

from __future__ import annotations

import argparse
from typing import NoReturn

FAILED, MISUSED = 1, 2


class Misuse(Exception):
    """The command can't be carried out as it was given. The message is one line."""


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")
