"""Where a recording is written: it takes the place of an earlier one, and of nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from usage_tui.cli.converted import is_table
from usage_tui.cli.ending import Misuse

REPLACES = """\
The recording takes the place of an earlier one as a whole, once it is complete. Any other file is kept."""


def refuse_to_replace(output: Path, sources: Iterable[Path]) -> None:
    """Refuse to write over what is read, and over a file that is no recording and not empty.

    Raises:
        Misuse: Such a file would be replaced.
    """
    if any(output.resolve() == source.resolve() for source in sources):
        raise Misuse(f"{output} would be overwritten; choose another file with -o")
    if is_table(output) and output.stat().st_size:
        raise Misuse(f"{output} exists and is not a recording; choose another file with -o")
