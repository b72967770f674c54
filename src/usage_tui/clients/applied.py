"""Which conditions a service applied. One that does not know a parameter ignores it without a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from usage_tui.clients.base import CannotFilter
from usage_tui.models import EventPage

_ALWAYS = {"from", "to", "kind", "source_id", "q"}
"""Parameters that every service applies, if they have one value."""
_SEVERAL = {"kind": "categories", "source_id": "sources", "q": "words"}


def refuse_ignored(origin: str, parameters: Mapping[str, Sequence[str]], page: EventPage) -> None:
    """Refuse a page to which not all parameters were applied.

    Args:
        origin: The service, as the screen names it.
        parameters: What was asked for, as `write_parameters` gives it.
        page: The answer.

    Raises:
        CannotFilter: The service ignored one; the message says which.
    """
    for name, values in parameters.items():
        is_known = name in page.applied or (name in _ALWAYS and len(values) == 1)
        if not is_known:
            raise CannotFilter(
                f"{origin} cannot {_told(name, len(values))}.",
                advice="Leave that out, or ask whoever runs the service to update it.",
            )


def _told(name: str, values: int) -> str:
    match name.removeprefix("not_").removesuffix("_name"):
        case "sort" | "order":
            return "sort events"
        case "min_credits" | "max_credits":
            return "filter by amount"
        case "activity":
            return "filter by type"
        case "actor":
            return "filter by actor"
        case "source":
            return "filter by the name of the source"
    if name.startswith("not_"):
        return f"leave out {_SEVERAL[name.removeprefix('not_')]}"
    return f"filter by {values} {_SEVERAL[name]}"
