"""An answer: what it is about and how old it is, as every JSON of a command begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from usage_tui.cli.answer.session import Session
from usage_tui.models import Organization


@dataclass(frozen=True, slots=True, kw_only=True)
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


class Head(TypedDict):
    """The fields of `Answer`, to make one of its kind from."""

    schema: str
    as_of: datetime
    fetched_at: datetime
    stale: bool
    origin: str
    org: Organization
    unit: str


def head(session: Session, schema: str, as_of: datetime) -> Head:
    """How an answer begins.

    Args:
        session: What is known.
        schema: The name and version of its schema.
        as_of: When its data were true.

    Raises:
        Refusal: The organization is not known.
    """
    summary = session.summary
    return Head(
        schema=schema,
        as_of=as_of,
        fetched_at=session.fetched_at,
        stale=session.stale,
        origin=session.origin,
        org=summary.org,
        unit=summary.unit.code,
    )
