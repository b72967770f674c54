"""What doctor finds out by asking an open source: who the viewer is, how fast it answers, what they see."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Protocol

from usage_tui.clients.base import SLICE_NAMES, Slice, UsageClient
from usage_tui.clients.check_results import CheckResult, ok, warn
from usage_tui.models import Capabilities, Me, Membership
from usage_tui.text.words import count_noun

_SKEW = timedelta(seconds=30)
"""Clocks that differ by less do no harm."""
_SLOW = 1.0
"""Seconds for a reply, from which on the dashboard feels slow."""


class ServiceClient(UsageClient, Protocol):
    """A client of a service that tells the time."""

    @property
    def service_time(self) -> datetime | None:
        """What the service's clock said with its last answer; None if it did not say."""


async def check_client(client: UsageClient) -> AsyncIterator[CheckResult]:
    """Any source: viewer, latency, organization, access.

    Raises:
        ClientError: It does not answer.
    """
    me = None
    if Slice.ME not in client.not_offered:
        me = await client.me()
        yield _viewer(me)
    async for result in _overview(client, me):
        yield result


async def check_data(client: UsageClient) -> AsyncIterator[CheckResult]:
    """A source that needs no key: whether its data can be read, and agree with themselves.

    Raises:
        ClientError: They can't, or don't.
    """
    summary = await client.summary()
    await client.check()
    yield ok("data", f"{summary.org.name}, consistent.")
    read_as: str = getattr(client, "read_as", "")
    if read_as:
        yield ok("export", read_as)


async def check_service(client: ServiceClient) -> AsyncIterator[CheckResult]:
    """A service that tells the time: the same, and whether its clock and this computer's agree.

    Raises:
        ClientError: It does not answer.
    """
    me = await client.me()
    yield _viewer(me)
    if client.service_time is not None:
        yield check_clock(client.service_time)
    async for result in _overview(client, me):
        yield result


async def _overview(client: UsageClient, me: Me | None) -> AsyncIterator[CheckResult]:
    missing = [SLICE_NAMES[name] for name in client.not_offered if name is not Slice.ME]
    if missing:
        yield ok("not offered", f"{', '.join(missing)}.")
    began = time.monotonic()
    summary = await client.summary()
    yield check_latency(time.monotonic() - began)
    memberships = me.organizations if me is not None else ()
    membership = next((one for one in memberships if one.id == summary.org.id), None)
    if membership is None:
        yield ok("organization", f"{summary.org.name}.")
        return
    yield _organization(membership, len(memberships) - 1)
    if summary.capabilities is not None:
        yield _access(membership, summary.capabilities)


def _viewer(me: Me) -> CheckResult:
    return ok("token", f"accepted, belongs to {me.user.name}.")


def check_clock(service_time: datetime) -> CheckResult:
    """Whether the service's clock and this computer's agree."""
    skew = datetime.now(UTC) - service_time
    if abs(skew) < _SKEW:
        return ok("clock", "in sync with the service.")
    way = "ahead of" if skew > timedelta(0) else "behind"
    seconds = round(abs(skew).total_seconds())
    text = f"this computer's clock is {seconds} s {way} the service's."
    return warn("clock", text, "Turn on time synchronization (NTP); days and ages are wrong without it.")


def check_latency(seconds: float, what: str = "a reply") -> CheckResult:
    """How long it took to be answered, and whether that is slow."""
    text = f"{what} takes {round(seconds * 1000)} ms."
    if seconds < _SLOW:
        return ok("latency", text)
    return warn("latency", text, "The next page is fetched ahead; everything else waits for the network.")


def _organization(membership: Membership, others: int) -> CheckResult:
    more = f"; press o to switch to {count_noun(others, 'other')}" if others else ""
    return ok("organization", f"{membership.name}, role {membership.role}{more}.")


def _access(membership: Membership, capabilities: Capabilities) -> CheckResult:
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
            "access", f"no billing access, so no {missing}.", "Ask an owner to give you billing access."
        )
    if missing:
        return ok("access", f"billing access: {there}; the service does not offer {missing}.")
    return ok("access", f"billing access: {there}.")
