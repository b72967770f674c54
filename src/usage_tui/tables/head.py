"""What an answer is about, and how its JSON begins."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypedDict

from usage_tui.models import Organization, Summary
from usage_tui.named_tuple import NamedTuple

OLD = timedelta(minutes=10)
"""From which age on data are said to be old."""


class Head(TypedDict):
    """The fields of `Answer`, to make one of its kind from."""

    schema: str
    as_of: datetime
    fetched_at: datetime
    stale: bool
    origin: str
    org: Organization
    unit: str


class About(NamedTuple):
    """What answers are about.

    Attributes:
        summary: How the organization stands.
        origin: Where the data come from: a host, a file, ``demo``.
        fetched_at: When the source told them.
        stale: Whether that is more than ten minutes ago.
    """

    summary: Summary
    origin: str
    fetched_at: datetime
    stale: bool

    @property
    def unit(self) -> str:
        """The code of the unit of every amount."""
        return self.summary.unit.code

    def head(self, schema: str, as_of: datetime) -> Head:
        """How an answer begins.

        Args:
            schema: The name and version of its schema.
            as_of: When its data were true.
        """
        return Head(
            schema=schema,
            as_of=as_of,
            fetched_at=self.fetched_at,
            stale=self.stale,
            origin=self.origin,
            org=self.summary.org,
            unit=self.unit,
        )
