"""Filters as text: a line such as ``source:contract credits:>5`` read into an `EventQuery`, and back.

    filter  = term { space term }           an event meets all of them
    term    = [-]word | [-]"two words" | [-]key:value
    key     = source | source_id | kind | type | actor | on | from | to | credits
    value   = text | "text" | =text | ="text"

A word is a part of the source's label or id, or of the actor. The same key twice means either; ``-``
excludes. ``source`` and ``actor`` take a part of a name, or with ``=`` the whole name; the other keys take
whole values.
"""

from usage_tui.filtering.completion import Candidate, Completion, complete
from usage_tui.filtering.known import Known
from usage_tui.filtering.mistakes import InvalidFilter, Mistake
from usage_tui.filtering.reading import read_filter
from usage_tui.filtering.writing import write_filter

__all__ = [
    "Candidate",
    "Completion",
    "InvalidFilter",
    "Known",
    "Mistake",
    "complete",
    "read_filter",
    "write_filter",
]
