"""The script of a scenario: who uses what, when, and at what price."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Literal

from usage_tui.ledger.ledger import Use
from usage_tui.models import Credits
from usage_tui.named_tuple import NamedTuple

PEOPLE = "maria", "dev", "sam", "lin"
# When work begins, and how long it goes on, in seconds.
WORKDAY = 9 * 3600, 8 * 3600

_credits = cache(Credits.parse)


class Source(NamedTuple):
    """Something that spends credits.

    Attributes:
        price: What one run usually costs.
        started: By whom: a person, the chat before it, or a schedule, which has no actor.
    """

    kind: str
    id: str
    label: str
    activity: str
    price: str = "0"
    started: Literal["person", "chat", "schedule"] = "person"


class Run(NamedTuple):
    """A use before it has an id. Without an actor, whoever's turn it is."""

    at: datetime
    source: Source
    price: str
    actor: str = ""
    quantity: int = 1


def address(name: str) -> str:
    """The user id of a person at Acme."""
    return f"{name}@acme.example"


def spread(midnight: datetime, source: Source, prices: Sequence[str]) -> Iterator[Run]:
    """Runs at even distances over the working day, a little beside the even minute."""
    opening, length = WORKDAY
    for number, price in enumerate(prices):
        second = opening + (2 * number + 1) * length // (2 * len(prices))
        aside = (len(source.label) * 89 + number * number * 53) % 600
        yield Run(midnight + timedelta(seconds=second + aside), source, price)


def uses(runs: Iterable[Run]) -> Iterator[Use]:
    """The runs in the order of time, each with an id, an actor and the chat it was started in."""
    chat: Use | None = None
    for number, run in enumerate(sorted(runs, key=lambda run: run.at), start=1):
        at, source, price, name, quantity = run
        parent = chat if source.started == "chat" else None
        actor = parent.actor if parent else None
        if parent is None and source.started != "schedule":
            actor = address(name or PEOPLE[number % len(PEOPLE)])
        use = Use(
            f"evt_{number:05}",
            at,
            source.kind,
            source.id,
            source.label,
            source.activity,
            _credits(price),
            quantity,
            actor,
            parent.id if parent else None,
        )
        if source.kind == "agent_chat":
            chat = use
        yield use
