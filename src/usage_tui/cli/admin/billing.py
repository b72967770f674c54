"""The commands for grants, subscriptions and allowances."""

from __future__ import annotations

import argparse
from decimal import Decimal, InvalidOperation

from usage_tui.cli.admin.options import Subcommands, credits_option, instant_option, settled_change
from usage_tui.cli.output import print_line
from usage_tui.ledger.cadence import MONTHS
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Credits, Grant
from usage_tui.server.db.database import Database
from usage_tui.server.ledger_writer.changes import (
    NewAllowance,
    NewGrant,
    NewSubscription,
    add_grant,
    set_allowance,
    set_subscription,
    void_grant,
)
from usage_tui.server.ledger_writer.time_effects import OpenLedger


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
    parser = commands.add("set", _subscribe, "set the plan from now on")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("--plan", required=True, metavar="NAME", help="what it is called")
    parser.add_argument(
        "--cadence", choices=tuple(MONTHS), default="monthly", help="how long a period is (default monthly)"
    )
    parser.add_argument(
        "--included",
        type=credits_option,
        default=Credits.ZERO,
        metavar="CREDITS",
        help="per period (default: none)",
    )
    parser.add_argument("--status", default="active", metavar="WORD", help="by default active")
    parser.add_argument("--ends-at", type=instant_option, metavar="TIME", help="the end of the paid term")
    parser.add_argument("--not-entitled", action="store_true", help="lock the purchased credits")
    parser.add_argument("--auto-recharge", choices=("on", "off"), help="(default: not offered)")
    parser.add_argument(
        "--auto-recharge-threshold", type=credits_option, metavar="CREDITS", help="buy more at this balance"
    )
    parser.add_argument("--buy-credits-link", metavar="URL", help="the page to buy more; https")
    parser.add_argument("--auto-recharge-link", metavar="URL", help="the page to change it; https")


def _add_allowance(commands: Subcommands) -> None:
    parser = commands.add("set", _allow, "add an allowance, or change what it promises")
    parser.add_argument("org", help="the organization's id")
    parser.add_argument("id", help="its id")
    parser.add_argument("--label", required=True, metavar="TEXT", help="what it is called")
    parser.add_argument("--unit", required=True, metavar="WORD", help="credit, hour, gigabyte, ...")
    parser.add_argument("--included", type=_decimal, metavar="AMOUNT", help="the limit (default: none)")
    parser.add_argument("--never-resets", action="store_true", help="do not reset it with the billing period")


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
    new = NewSubscription(
        plan=options.plan,
        cadence=options.cadence,
        included=options.included,
        status=options.status,
        ends_at=options.ends_at,
        entitlement_active=not options.not_entitled,
        auto_recharge=None if options.auto_recharge is None else options.auto_recharge == "on",
        auto_recharge_threshold=options.auto_recharge_threshold,
        buy_credits_link=options.buy_credits_link,
        auto_recharge_link=options.auto_recharge_link,
    )
    settled_change(database, options.org, lambda settled: set_subscription(settled, new))
    print_line(f"{options.org} is on the plan {new.plan}, {new.cadence}, with {new.included} credits.")


def _allow(database: Database, options: argparse.Namespace) -> None:
    new = NewAllowance(
        label=options.label, unit=options.unit, included=options.included, resets=not options.never_resets
    )
    settled_change(database, options.org, lambda settled: set_allowance(settled, options.id, new))
    print_line(f"Set the allowance {options.id} of {options.org}.")


def _decimal(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(f"invalid amount {text!r}: use a number such as 50 or 41.2")
    return amount
