"""The data source of a profile: the way to it, and what it says when it is asked."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from usage_tui.cli.opening import client_config
from usage_tui.clients.base import ClientError
from usage_tui.clients.check_results import CheckResult, fail, ok, warn
from usage_tui.clients.keys import Key
from usage_tui.clients.registry import USAGE_API, Provider
from usage_tui.clients.transport.address import Address, service_address, uses_env_proxy, uses_proxy
from usage_tui.clients.transport.probe import Way, probe
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.transport.token import BearerToken
from usage_tui.config.profiles import Profile

_CERTIFICATE = timedelta(days=14)
"""A certificate that expires sooner should be renewed."""


async def check_profile(profile: Profile) -> AsyncIterator[CheckResult]:
    """Follow the whole way that the dashboard takes, up to where it ends."""
    provider = profile.provider
    try:
        if provider is not USAGE_API:
            yield _provider(provider)
        if provider.is_remote:
            async for result in _way_to(profile):
                yield result
        config = client_config(profile, retries=RetryPolicy(tries=1), keeps_days=True)
        if provider.key is not None and config.token is not None and provider is not USAGE_API:
            yield _key(provider.key, config.token)
        client = await provider.open(config)
    except ClientError as error:
        yield _failure(error)
        return
    try:
        async for result in provider.check(client):
            yield result
    except ClientError as error:
        yield _failure(error)
    finally:
        await client.aclose()


def _failure(error: ClientError) -> CheckResult:
    request = f" Request {error.request_id}." if error.request_id else ""
    return fail("service", f"{error.message}{request}", error.advice)


def _provider(provider: Provider) -> CheckResult:
    unit = f"; amounts in {provider.unit}" if provider.unit else ""
    zone = f"; days in {provider.time_zone}" if provider.time_zone else ""
    return ok("provider", f"{provider.title}{unit}{zone}.")


def _key(key: Key, token: BearerToken) -> CheckResult:
    if looks := key.mistaken(token):
        return warn(
            "key", f"it looks like {looks}.", f"Use {key.words}{f': {key.page}' if key.page else '.'}"
        )
    if key.is_usual(token):
        return ok("key", f"it begins as {key.words} does.")
    return ok("key", f"it must be {key.words}.")


async def _way_to(profile: Profile) -> AsyncIterator[CheckResult]:
    address = service_address(profile.url, allow_plain_http=profile.allow_plain_http)
    yield _address(address)
    if uses_proxy(address):
        yield ok("connection", "through the proxy set in the environment.")
        return
    for result in _way(await probe(address, profile.ca_file), address):
        yield result


def _address(address: Address) -> CheckResult:
    if address.scheme == "https":
        return ok("address", f"{address.origin}, over https.")
    if not uses_env_proxy(address):
        return ok("address", f"{address.origin}, on this computer.")
    return warn("address", f"{address.origin}, over http.", "The token is sent unencrypted: use https.")


def _way(way: Way, address: Address) -> list[CheckResult]:
    results = [ok("name", f"{address.host} is {', '.join(way.numbers)}.")]
    reached = f"connected in {round(way.seconds * 1000)} ms"
    if way.tls is None or way.certificate_ends_at is None:
        return [*results, ok("connection", f"{reached}, without TLS.")]
    results.append(ok("connection", f"{reached}, with {way.tls}."))
    text = f"trusted, expires on {way.certificate_ends_at:%Y-%m-%d}."
    if way.certificate_ends_at - datetime.now(UTC) < _CERTIFICATE:
        return [*results, warn("certificate", text, "Ask the service's operator to renew it.")]
    return [*results, ok("certificate", text)]
