"""The cards as plain text end in time, whatever a service does not answer."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable

import httpx
import pytest

from tests import replies
from tests.clients.transport.service import client_of
from usage_tui.cli import loop, plain
from usage_tui.cli.ending import FAILED
from usage_tui.cli.plain import print_cards
from usage_tui.config.settings import Settings

ALL = ["/v1/me", "summary", "sources", "daily", "events", "grants", "allowances"]


class _Impatient(asyncio.SelectorEventLoop):
    """A loop on which time passes at once as soon as nothing but time is waited for."""

    def __init__(self) -> None:
        super().__init__(_NeverWaits(self._pass))
        self._passed = 0.0

    def _pass(self, seconds: float) -> None:
        self._passed += seconds

    def time(self) -> float:
        return super().time() + self._passed


class _NeverWaits(selectors.DefaultSelector):
    def __init__(self, pass_time: Callable[[float], None]) -> None:
        super().__init__()
        self._pass_time = pass_time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout:
            self._pass_time(timeout)
        return ready


def test_all_replies_together_take_half_a_minute_at_most() -> None:
    assert plain.TIMEOUT <= 30


@pytest.mark.parametrize("silent", [ALL, ALL[2:], ["grants"]], ids=["all", "all but the first", "one"])
def test_what_is_not_answered_is_said_to_be_late(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, silent: list[str]
) -> None:
    monkeypatch.setattr(loop, "_Loop", _Impatient)
    answers = {"me": replies.ME, "summary": replies.SUMMARY, "sources": replies.SOURCES}
    answers |= {"daily": replies.DAILY, "events": replies.EVENTS, "allowances": replies.ALLOWANCES}

    async def answer(request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if any(path.endswith(end) for end in silent):
            await asyncio.Event().wait()
        return httpx.Response(200, json=answers[path.rpartition("/")[2]])

    assert print_cards(client_of(answer), Settings()) == FAILED
    printed = capsys.readouterr().out
    assert "took too long to answer" in " ".join(printed.split())
    assert "oading" not in printed
    assert ("3,759.50" in printed) is ("summary" not in silent)
