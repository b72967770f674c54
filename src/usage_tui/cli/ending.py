"""How a command ends: with which exit code, and what it says if it has no result."""

from __future__ import annotations

DONE, FAILED, MISUSED = 0, 1, 2
WITHHELD, UNANSWERED = 4, 5
INTERRUPTED, UNREAD = 130, 141
"""As shells have it: 128 and the number of the signal."""


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
    """The data source did not answer, and nothing is cached."""

    code = UNANSWERED
