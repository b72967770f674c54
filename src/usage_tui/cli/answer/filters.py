"""Which events a command is about, and in which order: the options, and what they mean for a source."""

from __future__ import annotations

import argparse

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from usage_tui.cli.answer.session import Session
    from usage_tui.filtering import Known
    from usage_tui.models import EventQuery

LAST_PERIOD = "last-period"
FILTER_HELP = """\
A filter is a list of terms that must all hold: words, and source:, source_id:, kind:, type:, actor:, on:,
from:, to: and credits: with a value. The same key twice means either, - before a term excludes, = before a
name means the whole name: 'source:contract -actor:sam credits:>5 from:monday'. docs/filters.md has all."""
_TIME, _CREDITS = "time", "credits"


def add_filter(parser: argparse.ArgumentParser) -> None:
    """Declare them."""
    parser.add_argument(
        "--filter",
        default="",
        metavar="FILTER",
        help="only events that match, such as 'source:contract credits:>5 on:monday'",
    )
    parser.add_argument("--sort", choices=(_TIME, _CREDITS), default=_TIME, help="the order (default: time)")
    parser.add_argument(
        "--ascending", action="store_true", help="the oldest or the smallest first, not the newest or largest"
    )


def is_chosen(options: argparse.Namespace) -> bool:
    """Whether other events are wanted than the newest."""
    return bool(options.filter.strip()) or options.ascending or options.sort != _TIME


def known_of(session: Session) -> Known:
    """What the words of a filter mean for a source, as of its data.

    Raises:
        Refusal: The organization is not known.
    """
    from usage_tui.filtering import Known
    from usage_tui.state.replies import PERIODS

    summary = session.summary
    return Known.of(summary, summary.as_of, PERIODS.of(session.state).value)


def query_of(session: Session, options: argparse.Namespace) -> EventQuery:
    """The query that the options mean for a source.

    Raises:
        Misuse: The filter has mistakes.
        Refusal: The organization is not known.
    """
    from dataclasses import replace

    from usage_tui.cli.ending import Misuse
    from usage_tui.filtering import InvalidFilter, read_filter
    from usage_tui.models import SortKey

    try:
        query = read_filter(options.filter, known_of(session))
    except InvalidFilter as error:
        raise Misuse(f"--filter: {error}") from None
    sort = SortKey.CREDITS if options.sort == _CREDITS else SortKey.OCCURRED_AT
    return replace(query, sort=sort, ascending=options.ascending)


def filter_text(session: Session, query: EventQuery) -> str | None:
    """The filter that means a query; None without conditions.

    Raises:
        Refusal: The organization is not known.
    """
    from usage_tui.filtering import write_filter

    return write_filter(query, known_of(session)) if query.has_conditions else None
