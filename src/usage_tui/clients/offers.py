"""What a source offers, card by card: as its provider declares it, and as one account turns out."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from usage_tui.clients.base import ClientError, Slice, UsageClient
from usage_tui.clients.registry import Provider, Vendor
from usage_tui.models import Part, Summary

CARDS: dict[str, str] = {
    Part.BALANCE: "balance",
    Part.SPLIT: "included and purchased",
    Part.INCLUDED: "included or budget",
    Slice.SOURCES: "usage by source",
    Part.COUNTS: "counts",
    Slice.DAILY: "daily usage",
    Part.EVENTS: "single events",
    Slice.GRANTS: "credit grants",
    Slice.ALLOWANCES: "allowances",
}
"""What people call each part or reply that a vendor may offer, in the order of the dashboard."""


class Extent(StrEnum):
    """To whom something is offered."""

    ALL = "yes"
    SOME = "some"
    """It depends on the plan, the account or the key."""
    NONE = "-"


class Offer(NamedTuple):
    """A card.

    Attributes:
        title: What people call it.
        extent: To whom it is offered.
        reason: Why it is missing, one sentence; empty if nothing is known to be missing.
    """

    title: str
    extent: Extent
    reason: str = ""


def reasons(offers: Iterable[Offer]) -> list[str]:
    """Why cards are missing, each sentence once."""
    return list(dict.fromkeys(one.reason for one in offers if one.extent is Extent.NONE))


def declared_offers(provider: Provider) -> list[Offer]:
    """What a provider declares of every card."""
    vendor = provider.vendor or Vendor()
    declared = (*provider.not_offered.items(), *vendor.not_offered.items())
    said = {str(card): reason for card, reason in declared}
    depends: set[str] = {*vendor.depends}
    if Part.BALANCE in said and Part.SPLIT not in said:
        said[Part.SPLIT] = said[Part.BALANCE]
        depends |= {Part.SPLIT} if Part.BALANCE in depends else set()
    return [
        Offer(
            title,
            Extent.SOME if card in depends else Extent.NONE if card in said else Extent.ALL,
            said.get(card, ""),
        )
        for card, title in CARDS.items()
    ]


async def account_offers(client: UsageClient, summary: Summary) -> list[Offer]:
    """What an account offers of every card. A reply that fails for another reason counts as missing.

    Args:
        client: The account.
        summary: Its overview.
    """
    said = {**summary.not_offered}
    for name, ask in (
        (Slice.SOURCES, client.sources),
        (Slice.DAILY, client.daily),
        (Slice.GRANTS, client.grants),
        (Slice.ALLOWANCES, client.allowances),
    ):
        if name in client.not_offered:
            said[name] = client.not_offered[name]
            continue
        try:
            await ask()
        except ClientError as error:
            said[name] = error.message
    if Slice.EVENTS in client.not_offered:
        said[Slice.EVENTS] = client.not_offered[Slice.EVENTS]
    for missing, implied in (
        (Part.BALANCE, (Part.SPLIT,)),
        (Slice.SOURCES, (Part.COUNTS, Part.EVENTS)),
    ):
        for card in implied:
            if missing in said:
                said.setdefault(card, said[missing])
    return [
        Offer(title, Extent.NONE if card in said else Extent.ALL, said.get(card, ""))
        for card, title in CARDS.items()
    ]
