"""The service: the way there, whom it takes the viewer for, and what they may see."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

from usage_tui.cli.doctor.findings import Finding, fail, ok, warn
from usage_tui.clients.base import ClientError
from usage_tui.clients.transport.address import Address, service_address, uses_env_proxy, uses_proxy
from usage_tui.clients.transport.probe import Way, probe
from usage_tui.clients.transport.retries import RetryPolicy
from usage_tui.clients.usage_api import UsageApiClient
from usage_tui.config.profiles import Profile
from usage_tui.config.secrets import open_service
from usage_tui.models import Capabilities, Me, Membership

_SKEW = timedelta(seconds=30)
"""Clocks that differ by less do no harm."""
_CERTIFICATE = timedelta(days=14)
_SLOW = 1.0
"""Seconds for a reply, from which on the dashboard feels slow."""


async def check_service(profile: Profile) -> AsyncIterator[Finding]:
    """Go the whole way that the dashboard goes, and end where it ends."""
    try:
        address = service_address(profile.url, allow_plain_http=profile.allow_plain_http)
        yield _address(address)
        if uses_proxy(address):
            yield ok("way", "through the proxy that the environment names.")
        else:
            for finding in _way(await probe(address, profile.ca_file), address):
                yield finding
        client = open_service(profile, retries=RetryPolicy(tries=1))
    except ClientError as error:
        yield _failure(error)
        return
    try:
        async for finding in _answers(client):
            yield finding
    except ClientError as error:
        yield _failure(error)
    finally:
        await client.aclose()


def _failure(error: ClientError) -> Finding:
    request = f" Request {error.request_id}." if error.request_id else ""
    return fail("service", f"{error.message}{request}", error.advice)


def _address(address: Address) -> Finding:
    if address.scheme == "https":
        return ok("address", f"{address.origin}, over https.")
    if not uses_env_proxy(address):
        return ok("address", f"{address.origin}, on this computer.")
    return warn("address", f"{address.origin}, over http.", "The token goes there unencrypted: use https.")


def _way(way: Way, address: Address) -> list[Finding]:
    findings = [ok("name", f"{address.host} is {', '.join(way.numbers)}.")]
    reached = f"connected in {_milliseconds(way.seconds)}"
    if way.tls is None or way.certificate_ends_at is None:
        return [*findings, ok("connection", f"{reached}, without TLS.")]
    findings.append(ok("connection", f"{reached}, with {way.tls}."))
    ends_on = f"the certificate is trusted, until {way.certificate_ends_at:%Y-%m-%d}."
    if way.certificate_ends_at - datetime.now(UTC) < _CERTIFICATE:
        return [*findings, warn("certificate", ends_on, "Have it renewed.")]
    return [*findings, ok("certificate", ends_on)]


async def _answers(client: UsageApiClient) -> AsyncIterator[Finding]:
    me = await client.me()
    yield ok("token", f"that of {me.user.name}.")
    if client.service_time is not None:
        yield _clock(client.service_time)
    began = time.monotonic()
    summary = await client.summary()
    yield _latency(time.monotonic() - began)
    membership = next(one for one in me.organizations if one.id == summary.org.id)
    yield _organization(membership, me)
    if summary.capabilities is not None:
        yield _access(membership, summary.capabilities)


def _clock(service_time: datetime) -> Finding:
    skew = datetime.now(UTC) - service_time
    if abs(skew) < _SKEW:
        return ok("clock", "that of the service and that of this computer agree.")
    way = "ahead of" if skew > timedelta(0) else "behind"
    text = f"that of this computer is {round(abs(skew).total_seconds())} s {way} that of the service."
    return warn("clock", text, "Set it by the network (NTP); days and ages would be wrong.")


def _latency(seconds: float) -> Finding:
    text = f"a reply takes {_milliseconds(seconds)}."
    if seconds < _SLOW:
        return ok("latency", text)
    return warn("latency", text, "The next page is fetched ahead; the rest waits for the network.")


def _organization(membership: Membership, me: Me) -> Finding:
    others = len(me.organizations) - 1
    more = f", and {others} more to switch to with o" if others else ""
    return ok("organization", f"{membership.name}, as {membership.role}{more}.")


def _access(membership: Membership, capabilities: Capabilities) -> Finding:
    offered = {
        "history": capabilities.view_events,
        "grants": capabilities.view_grants,
        "Buy credits": capabilities.buy_credits,
        "Auto-recharge": capabilities.auto_recharge,
    }
    there = ", ".join(name for name, given in offered.items() if given)
    missing = ", ".join(name for name, given in offered.items() if not given)
    if not membership.billing_access:
        return warn(
            "access",
            f"without billing access: no {missing}.",
            "An owner can give it to you.",
        )
    if missing:
        return ok("access", f"with billing access: {there}; the service offers no {missing}.")
    return ok("access", f"with billing access: {there}.")


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)} ms"
