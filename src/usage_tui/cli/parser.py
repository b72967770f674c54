"""What all commands share: how a command line is read, how a command fails, and with which exit code."""

from __future__ import annotations

import argparse
from typing import NoReturn

DONE, FAILED, MISUSED = 0, 1, 2
WITHHELD, UNANSWERED = 4, 5
INTERRUPTED, UNREAD = 130, 141
"""As shells have it: 128 and the number of the signal."""

EXIT_CODES = "Exit codes: 0 done; 1 failed, and stderr says why; 2 the command was not understood."


class Refusal(Exception):
    """The command ends without its result. The message is one line: what is wrong, where, what to do."""

    code: int
    """How the program exits."""


class Misuse(Refusal):
    """The command can't be carried out as it was given."""

    code = MISUSED


class Failure(Refusal):
    """The command was understood, but did not work."""

    code = FAILED


class Withholding(Refusal):
    """The viewer may not see the answer."""

    code = WITHHELD


class NoAnswer(Refusal):
    """The source did not answer, and nothing is cached."""

    code = UNANSWERED


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")
