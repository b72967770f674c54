"""Where a recording is written: over an earlier one, but over no other file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from usage_tui.cli.converted import is_table
from usage_tui.cli.ending import Misuse

REPLACES = """\
An earlier recording is replaced once the new one is complete. Any other file is refused."""


def refuse_to_replace(output: Path, sources: Iterable[Path]) -> None:
    """Refuse to overwrite what is read, or a file that is neither a recording nor empty.

    Raises:
        Misuse: Such a file would be replaced.
    """
    if any(output.resolve() == source.resolve() for source in sources):
        raise Misuse(f"{output} would be overwritten; choose another file with -o")
    if is_table(output) and output.stat().st_size:
        raise Misuse(f"{output} exists and is not a recording; choose another file with -o")
