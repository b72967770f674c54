"""What doctor finds out about a vendor's account: what its key sees, its newest day, and its journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

from usage_tui.clients.base import ClientError
from usage_tui.clients.check_results import CheckResult, ok, warn
from usage_tui.clients.checks import check_clock, check_latency
from usage_tui.clients.offers import Extent, account_offers, reasons
from usage_tui.clients.providers.client import AccountClient
from usage_tui.clients.providers.journal import Journal
from usage_tui.models import DailyUsage, Summary
from usage_tui.text.words import count_noun

_FEW = 0.1
"""The share of the vendor's limit below which other programs with the key may be refused."""


async def check_account(client: AccountClient) -> AsyncIterator[CheckResult]:
    """An account: who it is, what the key sees, how new the data are, the journal, and the rate that is left.

    Raises:
        ClientError: The vendor does not answer, or does not accept the key.
    """
    began = time.monotonic()
    summary = await client.summary()
    seconds = time.monotonic() - began
    yield ok("account", f"{summary.org.name}.")
    if client.service_time is not None:
        yield check_clock(client.service_time)
    yield check_latency(seconds, "the first look")
    offers = await account_offers(client, summary)
    yield ok("shows", f"{', '.join(one.title for one in offers if one.extent is Extent.ALL) or 'nothing'}.")
    for reason in reasons(offers):
        yield ok("not shown", reason)
    yield await _newest(client, summary)
    if client.journal is not None:
        yield await asyncio.to_thread(_kept, client.journal)
    if client.calls_left is not None:
        left, most = client.calls_left
        text = f"{count_noun(left, 'request')} left{f' of {most:,}' if most else ''}."
        few = most is not None and left < most * _FEW
        yield warn("rate", text, "Look less often: set refresh_seconds.") if few else ok("rate", text)


async def _newest(client: AccountClient, summary: Summary) -> CheckResult:
    try:
        daily = await client.daily()
    except ClientError as error:
        return warn("days", error.message, error.advice)
    lag = f"; the vendor's delay: {client.delay}" if client.delay else ""
    return ok("days", f"{_newest_day(daily)}, as of {_age(summary.as_of)}{lag}.")


def _newest_day(daily: DailyUsage) -> str:
    used = [day.date for day in daily.items if day.credits.micro]
    return f"the newest with use is {max(used)}" if used else "none with use this period"


def _age(at: datetime) -> str:
    minutes = max(0, int((datetime.now(UTC) - at).total_seconds() // 60))
    if minutes < 1:
        return "now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"


def _kept(journal: Journal) -> CheckResult:
    kept, files = journal.find(), journal.files()
    if journal.fault:
        return warn("journal", journal.fault, "")
    if kept is None or not kept.days:
        return ok("journal", "no days are kept yet.")
    days = sorted(kept.days)
    size = -(-sum(path.stat().st_size for path in files) // 1024)
    gaps = _gaps(days)
    missing = f", {count_noun(gaps, 'day')} missing between" if gaps else ""
    return ok("journal", f"{count_noun(len(days), 'day')} since {days[0]}{missing}; {size:,} KiB.")


def _gaps(days: list[date]) -> int:
    return (days[-1] - days[0]) // timedelta(days=1) + 1 - len(days)
