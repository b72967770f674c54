"""How the answer of a command begins."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict

from usage_tui.cli.answer.session import Session
from usage_tui.models import Organization
from usage_tui.state.answer import Answer

__all__ = ["Answer", "Head", "head"]


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
