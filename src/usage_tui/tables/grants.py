"""The table of grants."""

from __future__ import annotations

from usage_tui.frozen import frozen
from usage_tui.models import Grant, Grants
from usage_tui.state.answer import Answer
from usage_tui.tables.head import About

SCHEMA = "usage-tui/grants/1"


@frozen
class GrantsAnswer(Answer):
    """All grants: first the usable ones in the order they are spent, then the rest, newest first."""

    items: tuple[Grant, ...]


def grants_answer(about: About, grants: Grants) -> GrantsAnswer:
    """The table of all grants."""
    return GrantsAnswer(**about.head(SCHEMA, grants.as_of), items=grants.items)
