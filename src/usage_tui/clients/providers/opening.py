"""How a vendor's module opens its account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usage_tui.clients.providers.base import Provider
from usage_tui.clients.registry import SourceConfig

if TYPE_CHECKING:
    from usage_tui.clients.providers.client import ProviderClient


def open_account(provider: Provider, config: SourceConfig) -> ProviderClient:
    """The client of a vendor's account. Nothing is sent yet."""
    from usage_tui.clients.providers.client import ProviderClient

    return ProviderClient(provider, config)
