"""How every command line is read."""

from __future__ import annotations

import argparse

from usage_tui.cli.ending import Misuse
from usage_tui.help_format import HelpFormatter

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from typing import Any, NoReturn

EXIT_CODES = "Exit codes: 0 done; 1 failed, and stderr says why; 2 the command was not understood."


class Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"formatter_class": HelpFormatter, **options})

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")
