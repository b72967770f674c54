"""What a vendor declares to offer is what its accounts turn out to offer."""

from __future__ import annotations

import pytest

from tests import toy
from tests.clients.providers.live import VENDORS, answered
from tests.clients.providers.vendor import opened
from usage_tui.clients.offers import CARDS, Extent, account_offers, declared_offers, reasons
from usage_tui.clients.registry import require_provider

AT = "2026-11-20T15:30:00Z"


@pytest.mark.parametrize("name", sorted(VENDORS))
async def test_an_account_offers_what_is_declared(name: str) -> None:
    client = await opened(name, answered(name), AT, url="https://vendor.example")
    found = await account_offers(client, await client.summary())
    await client.aclose()
    declared = declared_offers(require_provider(name))
    assert [one.title for one in found] == [one.title for one in declared] == [*CARDS.values()]
    for told, said in zip(found, declared, strict=True):
        if said.extent is not Extent.SOME:
            assert told.extent is said.extent, told
        assert (told.extent is Extent.NONE) == bool(told.reason)
        if told.extent is said.extent is Extent.NONE:
            assert told.reason == said.reason


def test_every_reason_is_one_sentence_said_once() -> None:
    for name in VENDORS:
        said = reasons(declared_offers(require_provider(name)))
        assert len(said) == len(set(said))
        assert all(reason.endswith(".") and reason.count(". ") == 0 for reason in said)


def test_another_package_s_kind_declares_its_cards_too() -> None:
    offered = [one.title for one in declared_offers(toy.PROVIDER) if one.extent is Extent.ALL]
    assert "usage by source" in offered
    assert "credit grants" not in offered
