"""How a vendor's module opens its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usage_tui.clients.providers.base import VendorApi
from usage_tui.clients.registry import ClientConfig

if TYPE_CHECKING:
    from usage_tui.clients.providers.client import AccountClient


def open_account(api: VendorApi, config: ClientConfig) -> AccountClient:
    """The client of a vendor's account. Nothing is sent yet."""
    from usage_tui.clients.providers.client import AccountClient

    return AccountClient(api, config)
