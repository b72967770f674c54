"""The options that say how a table is read. Every start declares them, so that they load little."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from usage_tui.cli.ending import Misuse

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from usage_tui.importing.plan import Choices


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare how a table is read, and what becomes of bad lines."""
    group = parser.add_argument_group("tables")
    group.add_argument(
        "--as", dest="table_format", metavar="FORMAT", help="what the table is, if it is not recognized"
    )
    group.add_argument(
        "--map",
        type=_mapping,
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="the column of a field; nothing after = for none; can be repeated",
    )
    group.add_argument(
        "--time-zone",
        type=_zone,
        metavar="ZONE",
        help="the zone of times without one; without an organization, also of the days",
    )
    group.add_argument(
        "--only",
        type=_condition,
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="count only the rows with this value; can be repeated",
    )
    group.add_argument(
        "--skip-bad-lines", action="store_true", help="leave bad lines out instead of reading nothing"
    )


def recognize(parser: argparse.ArgumentParser) -> None:
    """Set the defaults of all of them without declaring any: the format is recognized."""
    parser.set_defaults(table_format=None, map=[], time_zone=None, only=[], skip_bad_lines=False)


def choices_of(options: argparse.Namespace) -> Choices:
    """What the options say of a table."""
    from usage_tui.importing.plan import Choices

    only: dict[str, tuple[str, ...]] = {}
    for column, value in options.only:
        only[column] = (*only.get(column, ()), value)
    return Choices(dict(options.map), options.table_format, options.time_zone, only)


def are_given(options: argparse.Namespace) -> bool:
    """Whether any of the options was given."""
    given = (options.map, options.table_format, options.time_zone, options.only, options.skip_bad_lines)
    return any(given)


def refuse(options: argparse.Namespace) -> None:
    """Refuse options about a table where none is opened.

    Raises:
        Misuse: One was given.
    """
    if are_given(options):
        raise Misuse("--as, --map, --time-zone, --only and --skip-bad-lines go with a table: usage-tui FILE")


def words_of(options: argparse.Namespace) -> Sequence[object]:
    """All that the options say, to tell one reading of a file from another."""
    choices = choices_of(options)
    zone = choices.time_zone.key if choices.time_zone else None
    only = sorted((column, list(values)) for column, values in choices.only.items())
    return [sorted(choices.columns.items()), choices.format, zone, only, options.skip_bad_lines]


def _mapping(text: str) -> tuple[str, str]:
    from usage_tui.importing.columns import ALIASES

    field, sign, column = text.partition("=")
    if field not in ALIASES or not sign:
        raise argparse.ArgumentTypeError(f"invalid FIELD=COLUMN {text!r}; fields are {', '.join(ALIASES)}")
    return field, column


def _condition(text: str) -> tuple[str, str]:
    column, sign, value = text.partition("=")
    if not column or not sign:
        raise argparse.ArgumentTypeError(f"invalid COLUMN=VALUE {text!r}")
    return column, value.strip().lower()


def _zone(text: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    from usage_tui.ledger.days import Calendar

    try:
        Calendar(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{error}; use one such as America/New_York or UTC") from None
    return ZoneInfo(text)
