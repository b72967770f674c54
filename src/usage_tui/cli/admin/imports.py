"""The command that imports a recording or a table of events."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from usage_tui.cli import table_options
from usage_tui.cli.admin.audit import record_by_operator
from usage_tui.cli.admin.options import Subcommands, trusted_now
from usage_tui.cli.ending import Failure, Misuse
from usage_tui.cli.output import print_error, print_line, print_note
from usage_tui.cli.parser import EXIT_CODES
from usage_tui.cli.progress import Progress
from usage_tui.cli.recorded_organization import read_recorded
from usage_tui.cli.table_help import TABLE_HELP
from usage_tui.clients.base import InvalidRecording, Withheld
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.help_format import HelpFormatter
from usage_tui.importing import reading
from usage_tui.importing.exactness import rounded
from usage_tui.importing.explanation import read_as
from usage_tui.importing.organization import Description, read_description
from usage_tui.importing.reading import Reading
from usage_tui.ledger.days import Calendar
from usage_tui.models import clean
from usage_tui.server.db.database import Database
from usage_tui.server.db.instants import BEGINNING
from usage_tui.server.db.reads import UnknownOrganization, read_meters, read_organization, read_plan
from usage_tui.server.ledger_writer.create_organization import create_with_grants
from usage_tui.server.ledger_writer.import_events import booked_ids, replay
from usage_tui.server.ledger_writer.import_recording import (
    RecordedOrganization,
    import_recording,
    is_imported,
)
from usage_tui.server.ledger_writer.organizations import has_members
from usage_tui.text.words import count_noun

_EPILOG = f"""\
Without --org, FILE is a recording, and its organization is imported with its whole history: all
of it, or nothing if something fails.

With --org, each FILE is an export or another table of events, and each event is booked at its own
time. They are written in batches: run an interrupted import again, and it continues where it stopped.
Events with known IDs are not booked twice. An organization that ORG.toml describes is created, with its
grants, plan and allowances; if its id exists already, only events are added.

A table of events is {TABLE_HELP}
{EXIT_CODES}
"""


def add_command(commands: Subcommands) -> None:
    """Add the command."""
    parser = commands.add(
        "import",
        _import,
        "import a recording, or events from a table",
        creates=lambda options: options.org is None or _is_description(options.org),
    )
    parser.formatter_class = HelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a recording, or tables")
    parser.add_argument(
        "--org",
        metavar="ID|ORG.toml",
        help="the organization of the events: an id, or a description as for usage-tui import",
    )
    table_options.add_arguments(parser)


def _import(database: Database, options: argparse.Namespace) -> None:
    if options.org is None:
        if len(options.files) > 1:
            raise Misuse("one recording at a time; tables of events need --org")
        return _import_recording(database, options.files[0])
    return _import_events(database, options)


def _import_recording(database: Database, path: Path) -> None:
    try:
        kept = asyncio.run(_read(path))
    except InvalidRecording as error:
        raise Failure(f"{error} A table of events needs --org.") from None
    except Withheld:
        raise Failure(
            f"{clean(path.name)} was recorded without billing access, so it has neither events nor grants; "
            "record it as an owner or a billing admin"
        ) from None
    org_id = kept.summary.org.id
    count = f"{count_noun(len(kept.events), 'event')} and {count_noun(len(kept.grants), 'grant')}"
    with database.reading() as connection:
        if is_imported(connection, kept):
            print_line(f"{org_id} already has all {count}; nothing was changed.")
            return
    events = Progress(sys.stderr).track(kept.events, "Booking", len(kept.events))
    with database.writing() as connection:
        import_recording(connection, kept, events)
        record_by_operator(connection, org_id, "org.import", org_id, {"events": (None, len(kept.events))})
    print_line(f"Imported {org_id} with {count}.")
    _print_what_is_missing(database, org_id)


async def _read(path: Path) -> RecordedOrganization:
    client = await RecordingClient.open(path)
    try:
        await client.check()
        return await read_recorded(client)
    finally:
        await client.aclose()


def _import_events(database: Database, options: argparse.Namespace) -> None:
    track = Progress(sys.stderr).track
    target = _target(database, options.org)
    choices = table_options.choices_of(options)
    table = reading.read(options.files, choices, target.zone, track, latest=None)
    reading.report_bad_lines(table.bad_lines, print_error, skip=options.skip_bad_lines)
    _check_unit(table, target)
    print_note(read_as(table, target.unit))
    if target.new is not None:
        _create(database, target.new.with_grants(tuple(grant.terms for grant in table.grants)))
    elif table.grants:
        raise Failure("grants from a file go with a new organization, which ORG.toml describes")
    table = _rounded(database, target, table)
    entries = track(iter(table.entries), "Booking", len(table.entries))
    what = {
        "files": (None, ", ".join(clean(path.name) for path in options.files)),
        "rows": (None, len(table.entries)),
    }

    def begun(connection: Connection) -> None:
        record_by_operator(connection, target.org_id, "events.import", target.org_id, what)

    done = replay(
        database, target.org_id, entries, table.entries.reversed_ids, trusted_now(database), begun=begun
    )
    reading.print_bad_lines(done.bad_lines, print_error)
    changed = "" if done.booked else "; nothing was changed"
    booked = count_noun(done.booked, "event")
    print_line(f"{target.org_id}: {booked} booked, {done.known:,} already known{changed}.")
    if done.bad_lines:
        lines = count_noun(len(done.bad_lines), "bad line")
        raise Failure(f"{lines} not booked; correct the table and import it again")


def _check_unit(table: Reading, target: _Target) -> None:
    if table.unit and table.unit != target.unit:
        raise Failure(
            f"{table.files[0].name} is in {table.unit}, but {target.org_id} counts {target.unit}; "
            "amounts are never converted"
        )


def _rounded(database: Database, target: _Target, table: Reading) -> Reading:
    """The table with amounts of whole millionths; what is booked already keeps what was booked."""
    entries = table.entries
    if not entries.is_fine:
        return table
    known = booked_ids(database, target.org_id, entries.ids)
    places = [place for place, event_id in enumerate(entries.ids) if event_id not in known]
    new = rounded(entries.select(places), Calendar(target.zone.key), lambda day: (day.year, day.month))
    if 0 < len(new) < len(entries):
        print_note("What is new is rounded by itself, so that the total may differ by less than a millionth.")
    for place, entry in zip(places, new, strict=True):
        entries.put(place, entry)
    return table


class _Target(NamedTuple):
    """Where events go.

    Attributes:
        zone: The time zone of times without one.
        unit: The code of its unit.
        new: The organization to create first; None if it exists.
    """

    org_id: str
    zone: ZoneInfo
    unit: str
    new: Description | None = None


def _target(database: Database, org: str) -> _Target:
    description = read_description(Path(org)) if _is_description(org) else None
    org_id = org if description is None else description.org.id
    with database.reading() as connection:
        organization = read_organization(connection, org_id)
    if organization is not None:
        if description is not None and description.unit.code != organization.unit.code:
            raise Failure(
                f"{org} says {description.unit.code}, but {org_id} counts in {organization.unit.code}; "
                "amounts are never converted"
            )
        return _Target(org_id, ZoneInfo(organization.org.time_zone), organization.unit.code)
    if description is None:
        raise UnknownOrganization(org_id)
    return _Target(org_id, description.zone, description.unit.code, description)


def _create(database: Database, description: Description) -> None:
    billing = description.billing(Calendar(description.org.time_zone), description.bounds.starts_at)
    with database.writing() as connection:
        writer = create_with_grants(connection, billing, description.terms)
        writer.save(BEGINNING, writer.revision + 1)
        made = {"name": (None, description.org.name), "unit": (None, description.unit)}
        record_by_operator(connection, description.org.id, "org.create", description.org.id, made)
    grants = count_noun(len(description.terms), "grant")
    print_line(f"Created the organization {description.org.id} with {grants}.")
    _print_what_is_missing(database, description.org.id)


def _print_what_is_missing(database: Database, org_id: str) -> None:
    """Print what is still missing. Neither recordings nor tables have members."""
    with database.reading() as connection:
        plan, meters = read_plan(connection, org_id), read_meters(connection, org_id)
        is_visible = has_members(connection, org_id)
    settings = {
        "plan": plan.subscription.plan,
        "included credits": plan.included,
        "auto-recharge": plan.auto_recharge,
        "links": plan.links.buy_credits or plan.links.auto_recharge,
        "allowances": meters,
    }
    missing = [name for name, value in settings.items() if not value]
    if missing:
        print_line(f"{org_id} has no {', no '.join(missing)}: see usage-tui admin --help")
    if not is_visible:
        print_line(f"Nobody can see {org_id} yet: usage-tui admin member add {org_id} PERSON --role owner")


def _is_description(org: str | None) -> bool:
    return (org or "").endswith(".toml")
