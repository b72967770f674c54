"""A status line whose data come from a source, and not from the digest beside the cache."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from usage_tui import wire
from usage_tui.cli.answer.session import Session, answered
from usage_tui.cli.status.values import Digest
from usage_tui.state.digest import digest_of
from usage_tui.state.replies import OF_DASHBOARD, OF_PAST, SUMMARY

if TYPE_CHECKING:
    from usage_tui.cli.opening import ReadyProfile


def ask(options: argparse.Namespace, ready: ReadyProfile) -> Digest:
    """The digest of what the source tells, or of what is cached; it is written for the next line.

    Raises:
        Refusal: Nothing is known.
    """

    async def asked(session: Session) -> Digest:
        # All of it, so that the cache and the digest beside it stay of one moment.
        await session.load((*OF_DASHBOARD, *OF_PAST))
        session.require(SUMMARY)
        return wire.plain(digest_of(session.state, fetched_at=session.fetched_at, stale=session.stale))

    return answered(options, asked, ready)
