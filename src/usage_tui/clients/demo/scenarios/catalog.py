"""Every demo by name: where it is written down, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from usage_tui.clients.demo.scenarios.stage import Scenario

DEFAULT_SCENARIO = "acme"


class _Listed(NamedTuple):
    """Where a scenario is written down, and what it shows."""

    module: str
    description: str


_SCENARIOS = {
    "acme": _Listed("acme", "a team in the middle of its month"),
    "empty": _Listed("balances", "a new organization without any use"),
    "no-included": _Listed("balances", "a plan without included credits"),
    "low": _Listed("balances", "less left than the low threshold"),
    "paused": _Listed("balances", "nothing left to spend"),
    "locked": _Listed("balances", "purchased credits locked because the paid term ended"),
    "ending": _Listed("balances", "a subscription that is about to end"),
    "overage": _Listed("balances", "use that no grant covered"),
    "member": _Listed("access", "seen without billing access"),
    "organizations": _Listed("access", "a viewer of two organizations"),
    "stale": _Listed("access", "every refresh fails"),
    "failed": _Listed("access", "one card cannot be loaded"),
    "loading": _Listed("access", "no answer ever comes"),
    "not-offered": _Listed("access", "a service without grants and allowances"),
    "dollars": _Listed("dollars", "an organization that pays in US dollars"),
    "runway": _Listed("runways", "credits that run out, with busy weeks and quiet ones"),
    "lapsing": _Listed("runways", "bought credits that lapse unused"),
    "recharging": _Listed("runways", "a balance that falls to the auto-recharge threshold"),
    "spike": _Listed("runways", "a day far more expensive than usual"),
    "new-organization": _Listed("runways", "too little history to tell a pace"),
    "unknown": _Listed("amounts", "categories and words that this version does not know"),
    "refund": _Listed("amounts", "a refund larger than the use of its day"),
    "fractions": _Listed("amounts", "amounts down to a millionth of a credit"),
    "huge": _Listed("amounts", "amounts up to 9,999,999,999"),
    "labels": _Listed("labels", "long, wide, right-to-left and hostile text"),
    "annual": _Listed("periods", "a period of a year with twelve allowances at once"),
    "switch": _Listed("periods", "a change of cadence with two live included grants"),
    "ends-today": _Listed("periods", "the last day of the period"),
    "clocks": _Listed("periods", "the hour that happens twice when clocks go back"),
}

SCENARIOS: Mapping[str, str] = {name: entry.description for name, entry in _SCENARIOS.items()}
"""Every demo by name, with what it shows."""


def load(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        ValueError: There is no scenario with that name; the message lists them.
    """
    if name not in _SCENARIOS:
        raise ValueError(f"unknown demo scenario {name[:40]!r}; the scenarios are {', '.join(_SCENARIOS)}")
    module = import_module(f"usage_tui.clients.demo.scenarios.{_SCENARIOS[name].module}")
    scenario: Scenario = getattr(module, name.replace("-", "_"))()
    return scenario
