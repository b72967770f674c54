"""Accounts of vendors on the screen: what a vendor does not tell looks left out, not broken."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.clients.providers import live
from tests.clients.providers.fake import grant
from tests.clients.providers.month import NOW, month
from tests.clients.providers.vendor import opened
from tests.tui.session import NARROW, NORMAL, WIDE, make_app, settled

SIZES = {"wide": WIDE, "normal": NORMAL, "narrow": NARROW}
TYPED_IN: dict[str, Any] = {
    "plan": {"low": "400"},
    "grants": [
        grant("1500", "2026-11-02", "2027-11-02", description="Invoice 118"),
        grant("250", "2026-11-01", "2026-12-05", description="Start-up credit"),
    ],
}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("vendor", ["openrouter", "openai"])
def test_a_vendor(vendor: str, size: str, snap_compare: Callable[..., bool]) -> None:
    app = make_app(month(vendor))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=settled)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("vendor", ["github", "v0"])
def test_a_vendor_that_reports_more(
    vendor: str, size: str, snap_compare: Callable[..., bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "today", lambda: date.fromisoformat(NOW[:10]))
    app = make_app(asyncio.run(opened(vendor, live.answered(vendor), NOW)))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=settled)


def test_the_history_of_daily_totals(snap_compare: Callable[..., bool]) -> None:
    app = make_app(month("openrouter"))

    async def open_details(pilot: Any) -> None:
        await settled(pilot)
        await pilot.press("2", "down", "enter")
        await settled(pilot)

    assert snap_compare(app, terminal_size=WIDE, run_before=open_details)


@pytest.mark.parametrize("size", SIZES)
def test_grants_that_were_typed_in(size: str, snap_compare: Callable[..., bool]) -> None:
    app = make_app(month("openai", options=TYPED_IN))
    assert snap_compare(app, terminal_size=SIZES[size], run_before=settled)
