"""The client of a Usage API over HTTP.

The only package that knows httpx, and so the only one to know how a request fails; every failure
leaves it as a `ClientError` in words for a person.
"""

from usage_tui.clients.transport.token import BearerToken
from usage_tui.clients.usage_api import UsageApiClient

__all__ = ["BearerToken", "UsageApiClient"]
