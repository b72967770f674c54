"""The command line: which command is meant, and how one ends.

Every command is a module of this package with a function `run`, imported only when it is called: the
dashboard must start at once.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from usage_tui.cli.parser import FAILED, Refusal

INTERRUPTED, UNREAD = 130, 141
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What a file says that the output leads to. Commands speak for the files that they write themselves."""
_MODULES = {
    "import": "import_",
    "record": "record",
    "schema": "schema",
    "login": "login",
    "profiles": "profiles",
    "doctor": "doctor.command",
    "serve": "serve",
    "admin": "admin",
}
"""The module of each command; without a command there is the dashboard."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line without the program's name; that of the process by default.

    Returns:
        0 when it worked, 1 when it failed, 2 when it was not understood; as shells have it, 130 when it
        was interrupted and 141 when nobody read its output to the end.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        try:
            return _run(words)
        finally:
            sys.stdout.flush()
    except Refusal as error:
        from usage_tui.text.clean import clean

        sys.stderr.write(f"usage-tui: {clean(str(error))}\n")
        return error.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _forget_output()
        return UNREAD
    except OSError as error:
        if error.errno not in _FULL:
            raise
        _forget_output()
        sys.stderr.write(f"usage-tui: the output cannot be written: {error.strerror}\n")
        return FAILED


def _forget_output() -> None:
    """What is left in the buffer would be tried, and complained about, once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    module = _MODULES.get(words[0]) if words else None
    command = import_module(f"usage_tui.cli.{module or 'dashboard'}")
    code: int = command.run(words[1:] if module else words)
    return code
