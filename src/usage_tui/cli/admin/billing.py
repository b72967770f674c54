"""The commands for grants, subscriptions and allowances."""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from usage_tui import wire
from usage_tui.cli.admin import corrections
from usage_tui.cli.admin.changed import FROM_NOW_ON, differences, print_changes
from usage_tui.cli.admin.listing import add_json_option, owners_view, print_rows
from usage_tui.cli.admin.options import (
    Subcommands,
    always,
    amount_option,
    change_ledger,
    instant_option,
    or_none,
    trusted_now,
)
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import CREDITS, Grant, Unit
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.changes import (
    NewAllowance,
    NewGrant,
    NewSubscription,
    add_grant,
    current_allowance,
    current_subscription,
    set_allowance,
    set_subscription,
    void_grant,
)
from usage_tui.server.ledger_writer.time_effects import ENDED, OpenLedger
from usage_tui.server.replies import slices
from usage_tui.text.amounts import spoken_amount


def add_commands(commands: Subcommands) -> None:
    """Add the commands."""
    _add_grant(commands.group("grant", "credits that an organization was given or bought"))
    _add_subscription(commands.group("subscription", "the plan"))
    allowances = commands.group("allowance", "what is included besides credits")
    _add_allowance(allowances)
    corrections.add_use(allowances)


def _add_grant(commands: Subcommands) -> None:
    parser = commands.add("add", _grant, "grant credits")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="the grant's id; a repeat with the same id grants nothing more")
    parser.add_argument("credits", type=amount_option, help="the amount, such as 2000 or 0.5")
    parser.add_argument("--description", required=True, metavar="TEXT", help="the text that members see")
    parser.add_argument(
        "--bucket", choices=(INCLUDED, PURCHASED), default=PURCHASED, help=f"(default: {PURCHASED})"
    )
    parser.add_argument(
        "--origin", default="purchase", metavar="WORD", help="where it comes from (default: purchase)"
    )
    parser.add_argument(
        "--effective-at",
        type=instant_option,
        metavar="TIME",
        help="when it can first be spent (default: now)",
    )
    parser.add_argument(
        "--expires-at", type=instant_option, metavar="TIME", help="when it expires (default: never)"
    )
    parser = commands.add("void", _void, "void the rest of a grant")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="its id")
    parser = commands.add("list", _list_grants, "list the grants, in the order they are spent", reads=always)
    parser.add_argument("org", help="the organization's id")
    add_json_option(parser)


def _add_subscription(commands: Subcommands) -> None:
    parser = commands.add(
        "set", _subscribe, "set the plan from now on; options that are not given stay unchanged"
    )
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("--plan", metavar="NAME", help="its name (required for a new one)")
    parser.add_argument(
        "--cadence",
        choices=tuple(MONTHS),
        help="the length of a billing period (default for a new one: monthly)",
    )
    parser.add_argument(
        "--included", type=amount_option, metavar="AMOUNT", help="the amount granted in each billing period"
    )
    parser.add_argument("--status", metavar="WORD", help="its status (default for a new one: active)")
    parser.add_argument(
        "--ends-at",
        type=or_none(instant_option, "never"),
        metavar="TIME|never",
        help="when the paid term ends (default for a new one: never)",
    )
    parser.add_argument(
        "--entitled",
        dest="entitlement_active",
        action=argparse.BooleanOptionalAction,
        help="whether it is paid (default for a new one: yes); otherwise purchased credits are locked",
    )
    parser.add_argument(
        "--auto-recharge",
        type=or_none(_switch, "none"),
        metavar="on|off|none",
        help="none if it is not offered (default for a new one)",
    )
    parser.add_argument(
        "--auto-recharge-threshold",
        type=or_none(amount_option, "none"),
        metavar="AMOUNT|none",
        help="the balance at which to buy more",
    )
    for name, text in (("buy-credits", "the page to buy more"), ("auto-recharge", "the page to set it up")):
        parser.add_argument(
            f"--{name}-link", type=or_none(str, "none"), metavar="URL|none", help=f"{text}, an https:// URL"
        )


def _add_allowance(commands: Subcommands) -> None:
    parser = commands.add(
        "set", _allow, "add or change an allowance; options that are not given stay unchanged"
    )
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="its id")
    parser.add_argument("--label", metavar="TEXT", help="its name (required for a new one)")
    parser.add_argument("--unit", metavar="WORD", help="credit, hour, gigabyte, ... (required for a new one)")
    parser.add_argument(
        "--included",
        type=or_none(_decimal, "unlimited"),
        metavar="AMOUNT|unlimited",
        help="how much is included (default for a new one: unlimited)",
    )
    parser.add_argument(
        "--resets",
        action=argparse.BooleanOptionalAction,
        help="whether it resets with the billing period (default for a new one: yes)",
    )


def _grant(database: Database, options: argparse.Namespace) -> None:
    new = NewGrant(
        id=options.id,
        description=options.description,
        bucket=options.bucket,
        credits=options.credits,
        origin=options.origin,
        effective_at=options.effective_at,
        expires_at=options.expires_at,
    )

    def change(opened: OpenLedger) -> tuple[Grant | None, str]:
        return None if _is_granted(opened, new) else add_grant(opened, new), opened.organization.unit.code

    grant, unit = change_ledger(database, options.org, change)
    if grant is None:
        print_line(f"{new.id} was already granted to {options.org}; nothing was changed.")
        return
    amount = spoken_amount(grant.original, unit)
    print_line(f"Granted {amount} to {options.org} as {grant.id}: {grant.status}.")


def _list_grants(database: Database, options: argparse.Namespace) -> None:
    now = trusted_now(database)
    with database.reading() as connection:
        view = owners_view(connection, options.org, now)
        grants, unit = slices.grants(view, None).items, view.unit.code

    def columns(grant: Grant) -> tuple[str, ...]:
        left = f"{spoken_amount(grant.remaining, unit)} of {spoken_amount(grant.original, unit)} left"
        expiry = f"expires {wire.write_instant(grant.expires_at)}" if grant.expires_at else "does not expire"
        return grant.id, grant.bucket, grant.status, left, expiry, grant.description

    print_rows(options, grants, columns)


def _is_granted(opened: OpenLedger, new: NewGrant) -> bool:
    """Whether exactly this grant exists. Without a start, it began when it was created."""
    terms = next((one.terms for one in opened.writer.ledger.booked_grants if one.terms.id == new.id), None)
    return terms is not None and terms == Terms(
        id=new.id,
        description=new.description,
        bucket=new.bucket,
        origin=new.origin,
        granted_at=terms.granted_at,
        effective_at=new.effective_at or terms.granted_at,
        expires_at=new.expires_at,
        original=new.credits,
    )


def _void(database: Database, options: argparse.Namespace) -> None:
    def change(opened: OpenLedger) -> tuple[Grant, str]:
        return void_grant(opened, options.id), opened.organization.unit.code

    grant, unit = change_ledger(database, options.org, change)
    voided, used = (spoken_amount(amount, unit) for amount in (grant.voided_amount, grant.used))
    print_line(f"Voided {voided} of {grant.id}; {used} had been used.")


def _subscribe(database: Database, options: argparse.Namespace) -> None:
    def change(opened: OpenLedger) -> list[str]:
        old, given = current_subscription(opened), _given(options, NewSubscription)
        if old.status == ENDED and given.get("entitlement_active"):
            # The service set this status when the term ended. Paid again, it no longer holds.
            given.setdefault("status", "active")
        new = replace(old, **given)
        if not new.plan:
            raise Failure("the plan has no name yet: give it one with --plan")
        changes = _differences(old, new, opened.organization.unit)
        grants = opened.writer.ledger.booked_grants
        before = len(grants)
        if changes:
            set_subscription(opened, new)
        at_once = {"included"} if len(grants) > before else set()
        return [f"{line}{_from_when(name, opened, at_once)}" for name, line in changes.items()]

    print_changes(f"{options.org}, subscription", change_ledger(database, options.org, change))


def _from_when(name: str, opened: OpenLedger, at_once: set[str]) -> str:
    """When a change takes effect: the included amount and the length of a period are fixed at its start."""
    if name not in {"included", "cadence"} - at_once or opened.period.starts_at >= opened.now:
        return FROM_NOW_ON
    return f", from the period that begins at {wire.write_instant(opened.period.ends_at)}"


def _allow(database: Database, options: argparse.Namespace) -> None:
    def change(opened: OpenLedger) -> list[str]:
        old = current_allowance(opened, options.id)
        given = _given(options, NewAllowance)
        missing = [f"--{name}" for name in ("label", "unit") if old is None and name not in given]
        if missing:
            raise Failure(f"a new allowance needs {' and '.join(missing)}")
        new = NewAllowance(**given) if old is None else replace(old, **given)
        changes = _differences(old, new)
        if changes:
            set_allowance(opened, options.id, new)
        return [f"{line}{FROM_NOW_ON}" for line in changes.values()]

    changes = change_ledger(database, options.org, change)
    print_changes(f"{options.org}, allowance {options.id}", changes)


def _given(options: argparse.Namespace, model: type[NewSubscription] | type[NewAllowance]) -> dict[str, Any]:
    """The fields of the model that the command line gives."""
    names = {field.name for field in fields(model)} - {"id"}
    return {name: value for name, value in vars(options).items() if name in names}


def _differences(
    old: NewSubscription | NewAllowance | None,
    new: NewSubscription | NewAllowance,
    unit: Unit = CREDITS,
) -> dict[str, str]:
    names = [field.name for field in fields(new)]
    return differences({name: (getattr(old, name, None), getattr(new, name)) for name in names}, unit)


def _switch(text: str) -> bool:
    if text not in ("on", "off"):
        raise argparse.ArgumentTypeError(f"invalid value {text!r}: use on, off or none")
    return text == "on"


def _decimal(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"invalid amount {text!r}: use a number such as 50 or 41.2")
    return amount
