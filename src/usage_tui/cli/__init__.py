"""The command line: which command runs, and how it ends.

Every command is a module of this package with a function `run`, imported only when it is called: the
dashboard must start at once.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise

from usage_tui import __version__
from usage_tui.cli.ending import DONE, FAILED, INTERRUPTED, UNREAD, Misuse, Refusal
from usage_tui.cli.output import print_error, print_line

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Errors of stdout when it is a file. Commands report errors of the files that they write themselves."""
COMMANDS = {
    "status": "status.command",
    "check": "check.command",
    "forecast": "forecast",
    "plan": "plan",
    "why": "why",
    "sources": "sources",
    "daily": "daily",
    "history": "history",
    "grants": "grants",
    "allowances": "allowances",
    "periods": "periods",
    "mcp": "mcp.command",
    "export": "export.command",
    "completion": "completion",
    "man": "man",
    "import": "import_",
    "record": "record",
    "schema": "schema",
    "login": "login",
    "logout": "logout",
    "profiles": "profiles",
    "providers": "providers",
    "doctor": "doctor.command",
    "serve": "serve",
    "admin": "admin",
}
"""The module of each command; without a command, the dashboard opens."""
_WITHOUT_A_NAME = {"--demo", "--redact", "--no-cache", "--print"}
"""Options that a command may follow: it is not their value, and no demo has such a name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line without the program's name; that of the process by default.

    Returns:
        One of the codes in `usage_tui.cli.ending`: 0 when it worked, 1 when it failed, 2 when it was not
        understood, 130 when it was interrupted, 141 when nobody read its output to the end.
    """
    # Python has none where they are closed, as a shell does with >&-.
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - without pathlib, and never closed
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - without pathlib, and never closed
    words = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None and any(len(word) > 2 and "--restricted".startswith(word) for word in words):
        from usage_tui.cli.restricted import leave_python_variables

        leave_python_variables()
    try:
        try:
            return _run(words)
        finally:
            sys.stdout.flush()
    except Refusal as error:
        from usage_tui.text.secrets import masked_words

        # It may repeat what was typed, and that may be a token in the wrong place.
        print_error(masked_words(str(error), words))
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
        print_error(f"the output cannot be written: {error.strerror}")
        return FAILED
    finally:
        if arguments is None:
            gc.freeze()  # Python would search all that the process has made for garbage before it ends


def _forget_output() -> None:
    """Drop what is left in the buffer: Python would try to write it, and complain, once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    if words == ["--version"]:
        print_line(f"usage-tui {__version__}")  # a parser takes longer to make than Python to start
        return DONE
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
        _refuse_unknown(words[0])
    module = COMMANDS.get(words[0]) if words else None
    if words and module is None:
        _refuse_mistyped(words[0])
    if module is None:
        _refuse_late_command(words)
        return _open_dashboard(words)
    # Nothing that imports make becomes garbage, but looking for some takes a tenth of their time.
    gc.disable()
    try:
        command = import_module(f"usage_tui.cli.{module}")
    finally:
        gc.enable()
    code: int = command.run(words[1:])
    return code


def _open_dashboard(words: list[str]) -> int:
    from usage_tui.cli.early_frame import early_frame

    # Nothing that the start makes becomes garbage, but looking for some takes a tenth of it. The first
    # frame turns the collector on again.
    gc.disable()
    try:
        with early_frame(words) as early:
            from usage_tui.cli import dashboard

            return dashboard.run(words, early)
    finally:
        gc.enable()


def _refuse_late_command(words: list[str]) -> None:
    """Refuse a command behind the options, which would be read as the name of a file or of a demo.

    Raises:
        Misuse: There is one, and no file is called so.
    """
    for before, word in pairwise(words):
        names_it = before.startswith("-") and before not in _WITHOUT_A_NAME
        if word in COMMANDS and not names_it and not os.path.exists(word):  # noqa: PTH110 - without pathlib
            raise Misuse(f"write the command first: usage-tui {word} ..., then its options")


def _refuse_unknown(word: str) -> None:
    """Refuse a word for which there is no help.

    Raises:
        Misuse: It is not a command.
    """
    if word not in COMMANDS and not word.startswith("-"):
        _refuse_mistyped(word)
        raise Misuse(f"unknown command {word!r}; usage-tui --help lists the commands")


def _refuse_mistyped(word: str) -> None:
    """Refuse a word that is nearly a command. Any other word is the name of a file, as is one in capitals.

    Raises:
        Misuse: It is nearly one, and no file is called so.
    """
    if word.isupper() or not word.isalpha() or os.path.exists(word):  # noqa: PTH110 - without pathlib
        return
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), COMMANDS, n=1)
    if near:
        raise Misuse(f"unknown command {word!r}; did you mean usage-tui {near[0]}?")
