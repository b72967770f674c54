"""The commands for grants, subscriptions and allowances."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from usage_tui import wire
from usage_tui.cli.admin.changed import FROM_NOW_ON, differences, print_changes
from usage_tui.cli.admin.options import Subcommands, credits_option, instant_option, settled_change
from usage_tui.cli.ending import Failure
from usage_tui.cli.output import print_line
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Grant
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

T = TypeVar("T")


def add_commands(commands: Subcommands) -> None:
    """Declare them."""
    _add_grant(commands.group("grant", "credits that an organization was given or bought"))
    _add_subscription(commands.group("subscription", "the plan"))
    _add_allowance(commands.group("allowance", "what is included besides the credits"))


def _add_grant(commands: Subcommands) -> None:
    parser = commands.add("add", _grant, "grant credits")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="the grant's id; a repeat with the same id grants nothing more")
    parser.add_argument("credits", type=credits_option, help="how many, such as 2000 or 0.5")
    parser.add_argument("--description", required=True, metavar="TEXT", help="the text that members see")
    parser.add_argument(
        "--bucket", choices=(INCLUDED, PURCHASED), default=PURCHASED, help=f"by default {PURCHASED}"
    )
    parser.add_argument("--origin", default="purchase", metavar="WORD", help="by default purchase")
    parser.add_argument("--effective-at", type=instant_option, metavar="TIME", help="by default at once")
    parser.add_argument("--expires-at", type=instant_option, metavar="TIME", help="by default never")
    parser = commands.add("void", _void, "void the rest of a grant")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="its id")


def _add_subscription(commands: Subcommands) -> None:
    parser = commands.add("set", _subscribe, "set the plan from now on; what is not named stays as it is")
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("--plan", metavar="NAME", help="what it is called; needed at first")
    parser.add_argument("--cadence", choices=tuple(MONTHS), help="how long a period is; monthly at first")
    parser.add_argument("--included", type=credits_option, metavar="CREDITS", help="per period")
    parser.add_argument("--status", metavar="WORD", help="active at first")
    parser.add_argument(
        "--ends-at",
        type=_or_none(instant_option, "never"),
        metavar="TIME|never",
        help="when the paid term ends; never at first",
    )
    parser.add_argument(
        "--entitled",
        dest="entitlement_active",
        action=argparse.BooleanOptionalAction,
        help="whether it is paid (default for a new one: yes); otherwise purchased credits are locked",
    )
    parser.add_argument(
        "--auto-recharge",
        type=_or_none(_switch, "none"),
        metavar="on|off|none",
        help="none if it is not offered (default for a new one)",
    )
    parser.add_argument(
        "--auto-recharge-threshold",
        type=_or_none(credits_option, "none"),
        metavar="CREDITS|none",
        help="buy more at this balance",
    )
    for name, text in (("buy-credits", "the page to buy more"), ("auto-recharge", "the page to change it")):
        parser.add_argument(
            f"--{name}-link", type=_or_none(str, "none"), metavar="URL|none", help=f"{text}; https"
        )


def _add_allowance(commands: Subcommands) -> None:
    parser = commands.add("set", _allow, "add an allowance, or change it; what is not named stays as it is")
    parser.argument_default = argparse.SUPPRESS
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="its id")
    parser.add_argument("--label", metavar="TEXT", help="what it is called; needed at first")
    parser.add_argument("--unit", metavar="WORD", help="credit, hour, gigabyte, ...; needed at first")
    parser.add_argument(
        "--included",
        type=_or_none(_decimal, "unlimited"),
        metavar="AMOUNT|unlimited",
        help="unlimited at first",
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

    def change(settled: OpenLedger) -> Grant | None:
        return None if _is_granted(settled, new) else add_grant(settled, new)

    grant = settled_change(database, options.org, change)
    if grant is None:
        print_line(f"{new.id} was granted to {options.org} already; nothing was changed.")
        return
    print_line(f"Granted {grant.original} credits to {options.org} as {grant.id}: {grant.status}.")


def _is_granted(settled: OpenLedger, new: NewGrant) -> bool:
    """Whether this very grant exists; one without a start began when it was created."""
    terms = next((one.terms for one in settled.books.book.accounts if one.terms.id == new.id), None)
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
    grant = settled_change(database, options.org, lambda settled: void_grant(settled, options.id))
    print_line(f"Voided {grant.voided_amount} credits of {grant.id}; {grant.used} were used before.")


def _subscribe(database: Database, options: argparse.Namespace) -> None:
    def change(settled: OpenLedger) -> list[str]:
        old, given = current_subscription(settled), _given(options, NewSubscription)
        if old.status == ENDED and given.get("entitlement_active"):
            # The service has said so when the term ended; paid again, it is not true any more.
            given.setdefault("status", "active")
        new = replace(old, **given)
        if not new.plan:
            raise Failure("the plan has no name yet: give it one with --plan")
        changes, granted = _differences(old, new), len(settled.books.book.accounts)
        if changes:
            set_subscription(settled, new)
        at_once = {"included"} if len(settled.books.book.accounts) > granted else set()
        return [f"{line}{_from_when(name, settled, at_once)}" for name, line in changes.items()]

    print_changes(f"{options.org}, subscription", settled_change(database, options.org, change))


def _from_when(name: str, settled: OpenLedger, at_once: set[str]) -> str:
    """What a period grants, and how long it is, was settled when it began, unless it begins now."""
    if name not in {"included", "cadence"} - at_once or settled.period.starts_at >= settled.now:
        return FROM_NOW_ON
    return f", from the period that begins at {wire.write_instant(settled.period.ends_at)}"


def _allow(database: Database, options: argparse.Namespace) -> None:
    def change(settled: OpenLedger) -> list[str]:
        old = current_allowance(settled, options.id)
        given = _given(options, NewAllowance)
        missing = [f"--{name}" for name in ("label", "unit") if old is None and name not in given]
        if missing:
            raise Failure(f"a new allowance needs {' and '.join(missing)}")
        new = NewAllowance(**given) if old is None else replace(old, **given)
        changes = _differences(old, new)
        if changes:
            set_allowance(settled, options.id, new)
        return [f"{line}{FROM_NOW_ON}" for line in changes.values()]

    changes = settled_change(database, options.org, change)
    print_changes(f"{options.org}, allowance {options.id}", changes)


def _given(options: argparse.Namespace, model: type[NewSubscription] | type[NewAllowance]) -> dict[str, Any]:
    """What the command line names of the model's fields."""
    names = {field.name for field in fields(model)} - {"id"}
    return {name: value for name, value in vars(options).items() if name in names}


def _differences(
    old: NewSubscription | NewAllowance | None, new: NewSubscription | NewAllowance
) -> dict[str, str]:
    names = [field.name for field in fields(new)]
    return differences({name: (getattr(old, name, None), getattr(new, name)) for name in names})


def _or_none(read: Callable[[str], T], word: str) -> Callable[[str], T | None]:
    """Reads an option, or a word that takes back what was set."""

    def read_or_none(text: str) -> T | None:
        return None if text == word else read(text)

    return read_or_none


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
