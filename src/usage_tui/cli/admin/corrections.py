"""The commands that book one event by hand: a reversal, an adjustment, the use of an allowance."""

from __future__ import annotations

import argparse
import json
from typing import Any

from usage_tui.cli.admin.options import Subcommands, amount_option, change_ledger, trusted_now
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.models import Event
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.audit import operator
from usage_tui.server.ledger_writer.changes import reverse_event
from usage_tui.server.ledger_writer.cloudevents import ONE, Form, read_reports
from usage_tui.server.ledger_writer.ingest import Result, ingest
from usage_tui.server.ledger_writer.time_effects import OpenLedger
from usage_tui.text.amounts import spoken_amount

_SOURCE = "usage-tui-admin"
"""The sender of these events, so that a repeat with the same id books nothing."""


def add_commands(commands: Subcommands) -> None:
    """Add the commands for events."""
    events = commands.group("event", "corrections of what was used")
    parser = events.add("reverse", _reverse, "give back the credits of an event to the grants that paid")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="the event's id, such as evt_379d12299e8a4c476ce81dfc")
    parser.add_argument("--actor", metavar="NAME", help="who reverses it, as members see it")
    text = "correct what a source has used; a negative amount gives credits back"
    parser = events.add("adjust", _adjust, text)
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="an id that you choose; a repeat with the same id changes nothing")
    parser.add_argument("amount", type=amount_option, help="the correction, such as -8 or 0.5")
    parser.add_argument("--source", dest="subject", metavar="ID", help="the source that it corrects")
    parser.add_argument("--kind", metavar="WORD", help="the category of the source, such as ai_tool")
    parser.add_argument("--label", metavar="TEXT", help="the name of the source, if it has none yet")
    parser.add_argument("--activity", metavar="WORD", help="what it is, such as refund")
    parser.add_argument("--actor", metavar="NAME", help="who made it, as members see it")


def add_use(allowances: Subcommands) -> None:
    """Add the command that counts the use of an allowance."""
    parser = allowances.add("use", _use, "count a use of an allowance")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("allowance", help="the allowance's id")
    parser.add_argument("id", help="an id that you choose; a repeat with the same id counts nothing")
    parser.add_argument("amount", help="how much was used, in the allowance's unit, such as 1.5")
    parser.add_argument("--line", metavar="TEXT", help="the line of the allowance to add it to")


def _reverse(database: Database, options: argparse.Namespace) -> None:
    def change(opened: OpenLedger) -> tuple[Event, str]:
        return reverse_event(opened, options.id, options.actor), opened.organization.unit.code

    reversal, unit = change_ledger(database, options.org, change)
    returned = spoken_amount(-reversal.credits, unit)
    print_line(f"Reversed {options.id}: {returned} given back, as {reversal.id}.")


def _adjust(database: Database, options: argparse.Namespace) -> None:
    names = "kind", "label", "activity", "actor"
    data = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    told = {"type": "usage.adjustment", "data": {**data, "credits": str(options.amount)}}
    if options.subject is not None:
        told["subject"] = options.subject
    result, unit = _book(database, options, "event.adjust", told)
    if result.status == "duplicate":
        print_line(f"{options.id} was already booked; nothing was changed.")
        return
    print_line(f"Adjusted {options.org} by {spoken_amount(options.amount, unit)}, as {result.event_id}.")


def _use(database: Database, options: argparse.Namespace) -> None:
    data = {"amount": options.amount, **({"line": options.line} if options.line else {})}
    told = {"type": f"usage.allowance.{options.allowance}", "data": data}
    result, _ = _book(database, options, "allowance.use", told)
    if result.status == "duplicate":
        print_line(f"{options.id} was already counted; nothing was changed.")
        return
    print_line(f"Counted {options.amount} of {options.allowance} for {options.org}.")


def _book(
    database: Database, options: argparse.Namespace, action: str, told: dict[str, Any]
) -> tuple[Result, str]:
    """Book one event as if a service had posted it.

    Returns:
        Its result, and the unit of the organization.

    Raises:
        Failure: It is refused.
    """
    event = {"specversion": "1.0", "source": _SOURCE, "id": options.id, **told}
    reports = read_reports(json.dumps(event).encode(), Form(ONE))
    now = trusted_now(database)
    with database.writing() as connection:
        opened = OpenLedger(connection, options.org, now, operator())
        (result,) = ingest(opened, reports).results
        if result.status == "accepted":
            data = {name: (None, value) for name, value in told["data"].items()}
            opened.record(action, options.id, data)
    if result.status not in ("accepted", "duplicate"):
        raise Failure(f"{options.id}: {result.reason}")
    return result, opened.organization.unit.code
