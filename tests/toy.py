"""A whole source in one small module: it tells the cost of each model, over HTTP, to who has a key."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from usage_tui import wire
from usage_tui.clients.base import NotOffered, Slice
from usage_tui.clients.registry import ALLOW_PLAIN_HTTP, URL, ClientConfig, Key, Provider, Setting
from usage_tui.clients.transport.service import Service
from usage_tui.models import Credits, Organization, PeriodUsage, Ranking, SourceUsage, Summary, Unit

ORG = Organization(id="toy", name="Toy Ltd", time_zone="UTC")
SENTENCE = "The toy tells the cost of models only."
PARTS = dict.fromkeys(("balance", "period", "included", "plan", "counts"), SENTENCE)
PROVIDER = Provider(
    name="toy", title="Toy", opener="tests.toy:open_client", url="https://toy.example/api",
    settings=(URL._replace(required=False), ALLOW_PLAIN_HTTP, Setting("team", str)),
    key=Key(variable="TOY_KEY", words="a toy key", page="https://toy.example/keys"),
    unit="USD", time_zone="UTC", shortest_refresh=300,
    not_offered=dict.fromkeys(set(Slice) - {Slice.SUMMARY, Slice.SOURCES}, SENTENCE),
)  # fmt: skip


async def open_client(config: ClientConfig) -> ToyClient:
    return ToyClient(Service(config.url, config.signed(), config.reach), config.options.get("team", "all"))


def _ranking(body: bytes) -> Ranking:
    reply: Any = wire.parse_exactly(body)
    costs = sorted(((Credits.parse(f"{cost:f}"), one) for one, cost in reply["models"].items()), reverse=True)
    items = (SourceUsage(kind="model", source_id=one, label=one, credits=cost) for cost, one in costs)
    total = Credits.total(cost for cost, _ in costs)
    return Ranking(as_of=datetime.fromisoformat(reply["at"]), revision=1, total=total, items=tuple(items))


class ToyClient:
    not_offered = PROVIDER.not_offered

    def __init__(self, service: Service, team: str) -> None:
        self._service, self.origin, self.aclose, self._team = service, service.origin, service.aclose, team

    async def sources(self, period_id: str | None = None) -> Ranking:
        return await self._service.get(_ranking, "costs", {"team": self._team})

    async def summary(self) -> Summary:
        sources = await self.sources()
        return Summary(org=ORG, as_of=sources.as_of, revision=1, unit=Unit(code="USD"), not_offered=PARTS,
                       usage=PeriodUsage(total=sources.total))  # fmt: skip

    async def _absent(self, *_: object, **__: object) -> NoReturn:
        raise NotOffered(SENTENCE)

    async def _nothing(self, *_: object) -> bool:
        return True

    me = daily = events = grants = allowances = periods = days = source_days = _absent
    refresh = check = select = _nothing
