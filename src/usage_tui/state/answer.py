"""An answer: what it is about and how old it is, as the JSON of every command begins."""

from __future__ import annotations

from datetime import datetime

from usage_tui.frozen import frozen
from usage_tui.models import Organization


@frozen
class Answer:
    """What every answer says. Within a version of its schema fields are only added.

    Attributes:
        schema: Its name and version, such as ``usage-tui/sources/1``.
        as_of: When the data were true.
        fetched_at: When the source told them.
        stale: Whether that is more than ten minutes ago.
        origin: Where they come from: a host, a file, ``demo``.
        unit: The code of the unit of every amount: ``credit``, ``USD``.
    """

    schema: str
    as_of: datetime
    fetched_at: datetime
    stale: bool
    origin: str
    org: Organization
    unit: str
