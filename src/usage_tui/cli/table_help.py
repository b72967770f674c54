"""What the help of a command says about tables of usage."""

from __future__ import annotations

from textwrap import fill

from usage_tui.importing.columns import ALIASES
from usage_tui.importing.entries import DEFAULT_KIND
from usage_tui.ledger.ranking import CATEGORIES

_COLUMNS = "\n".join(
    fill(
        ", ".join(names),
        width=78,
        initial_indent=f"  {field:12} ",
        subsequent_indent=" " * 15,
        break_long_words=False,
    )
    for field, names in ALIASES.items()
)

TABLE_HELP = f"""\
an export that is known by its header (usage-tui import --formats lists them), or any other table:
delimited text with a header, or JSON, plain or in .gz, .xz, .zst or .zip. Columns are found by these
names; case, spaces, dashes and underscores do not matter:

{_COLUMNS}

Only occurred_at and credits are required. A row without an id gets one from what it says, so that rows
of overlapping files are counted once, and equal rows of one file are all counted; without a kind it is
{DEFAULT_KIND!r}. The kinds {", ".join(CATEGORIES)}
have names and units of their own; any other word is shown as it is. A negative amount gives something
back: to the event that the column reverses names, in full, or else to what its source used last. Rows
may be in any order.
"""
"""What a table of usage is, for the help of commands that read one."""
