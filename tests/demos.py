"""Demos that are played and added up once for all tests, since they never change."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

import pytest

from usage_tui.clients.demo.client import DemoClient
from usage_tui.clients.demo.scenarios import catalog
from usage_tui.clients.demo.scenarios.stage import Scenario

Question = Callable[..., Awaitable[object]]
ADDED_UP = "periods", "days", "source_days", "events"
"""What a client works out anew each time it is asked."""


class Demos:
    """The scenarios that were played, and what their clients have replied."""

    def __init__(self) -> None:
        self._scenarios: dict[str, Scenario] = {}
        self._replies: dict[object, object] = {}

    def install(self, patch: pytest.MonkeyPatch) -> None:
        """From now on, whatever opens a demo gets these."""
        patch.setattr("usage_tui.clients.demo.client.load", self._load)
        for name in ADDED_UP:
            patch.setattr(DemoClient, name, self._asked_once(getattr(DemoClient, name)))

    def _load(self, name: str) -> Scenario:
        if name in self._scenarios:
            return self._scenarios[name]
        scenario = catalog.load(name)
        # A failure keeps what it was raised in.
        if not scenario.failures and not scenario.outage:
            self._scenarios[name] = scenario
        return scenario

    def _asked_once(self, ask: Question) -> Question:
        @wraps(ask)
        async def asked(client: DemoClient, *arguments: Any, **options: Any) -> object:
            scenario = client._scenario
            if not any(scenario is known for known in self._scenarios.values()):
                return await ask(client, *arguments, **options)
            key = ask, id(scenario), arguments, frozenset(options.items())
            if key not in self._replies:
                self._replies[key] = await ask(client, *arguments, **options)
            return self._replies[key]

        return asked
