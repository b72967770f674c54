"""LiteLLM: what a gateway spent by model and day, its single requests, and the budget of a user or a key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from typing import NamedTuple

from usage_tui.clients.base import ClientError, InvalidReply, NotFound, ServiceFailed, Slice, UsageClient
from usage_tui.clients.providers import asking
from usage_tui.clients.providers.asking import LARGE, RangeTooLarge
from usage_tui.clients.providers.base import Account, Act, Acts, Cell, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value, add, budget, subtract
from usage_tui.clients.providers.windows import Window
from usage_tui.clients.registry import URL, VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.clients.transport.problems import Meaning, Problem, sentence
from usage_tui.models import EventQuery, IncludedProgress, Part

PROVIDER = Provider(
    name="litellm",
    title="LiteLLM",
    opener="usage_tui.clients.providers.litellm:open_client",
    settings=(URL, *VENDOR_SETTINGS[1:]),
    key=Key("LITELLM_API_KEY", "a virtual key of the gateway"),
    url_variable="LITELLM_PROXY_URL",
    unit="USD",
    time_zone="UTC",
    not_offered={
        Slice.ME: "LiteLLM doesn't report who the viewer is.",
        Slice.GRANTS: "LiteLLM doesn't have credit grants.",
        Slice.ALLOWANCES: "LiteLLM doesn't have allowances.",
    },
    shortest_refresh=60,
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "LiteLLM has budgets, but no balance.",
            Part.INCLUDED: "No budget is set for the user, the team, or the key.",
        },
        depends=(Part.INCLUDED, Part.EVENTS),
        delay="about a minute",
    ),
)
_NO_EVENTS = "LiteLLM doesn't report single requests to this key; these are its daily totals."
_DAYS, _TIME = 31, "%Y-%m-%d %H:%M:%S"
_ASYNC = {"acompletion", "atext_completion", "aembedding", "aimage_generation", "aresponses", "arerank"}
_NOISE = Decimal("0.000001")  # the gateway's own sums are of floats


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(LiteLLM(config), config)


class _Owner(NamedTuple):
    """What is said of the user or team of a key."""

    name: str
    budget: IncludedProgress | None


class LiteLLM:
    """It implements `EventApi`."""

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = PROVIDER, asking.service_of(PROVIDER, config, dialect=_dialect)
        self._clock, self._key_id = config.clock, asking.key_id(config)
        self._has_sums = True
        self._no_events: bool | None = None

    async def account(self) -> Account:
        """The key, its user and its team; the first of them that has a budget says how far it is used."""
        key = await self._info("key", NotFound)  # the master key is not found
        user, team = [await asking.optional(self.service, self._owner(of, key)) for of in ("user", "team")]
        if self._no_events is None:
            self._no_events = await asking.is_refused(self.acts(EventQuery(starts_at=self._clock()), None))
        missing = {Part.EVENTS: _NO_EVENTS} if self._no_events else {}
        # After a reply that is invalid, nobody knows whether its budget would come first.
        included = _budget_of(user) or _budget_of(team) or _budget(key)
        if isinstance(included, InvalidReply):
            missing[Part.INCLUDED], included = included.message, None
        return Account(
            id=key.word("user_id") or key.word("team_id") or self._key_id,
            name=_name_of(user) or _name_of(team) or key.word("user_id") or PROVIDER.title,
            included=included,
            not_offered=missing,
        )

    async def days(self, first: date, last: date) -> Days:
        """What each model cost."""
        return Days(tuple(await asking.in_ranges(self._cells, first, last, _DAYS)))

    async def acts(self, query: EventQuery, cursor: str | None) -> Acts:
        """Single requests."""
        window: Window | None = Window.of(query, cursor, self._clock())
        while window is not None:
            try:
                return await self._acts_of(window, query)
            except RangeTooLarge as error:
                window, refused = window.halved(), error
        raise ServiceFailed(refused.message, advice=refused.advice)

    async def _acts_of(self, window: Window, query: EventQuery) -> Acts:
        asked = {"start_date": f"{window.start:{_TIME}}", "end_date": f"{window.end:{_TIME}}"}
        asked |= {"page": f"{window.page}", "page_size": "100"}
        if query.source_id:
            asked["model"] = query.source_id
        found, has_more = await self.service.get(_logs, "spend/logs/v2", asked, largest=LARGE)
        return Acts(found, window.cursor_after(found, has_more=has_more))

    async def _owner(self, of: str, key: Value) -> _Owner:
        """The user or team of a key."""
        said = await self._info(of, *asking.REFUSED, **{f"{of}_id": key.word(f"{of}_id")})
        return _Owner(said.word(f"{of}_alias"), _budget(said))

    async def _info(self, of: str, *refused: type[ClientError], **query: str) -> Value:
        """What is said of a key, user or team; nothing if there is none, or if that is refused."""
        if not all(query.values()):
            return Value({})
        said = await asking.told(self.service, f"{of}/info", query, refused=refused)
        return (said and (said.find("info") or said.find(f"{of}_info"))) or Value({})

    async def _cells(self, first: date, last: date) -> list[Cell]:
        query, path = {"start_date": f"{first}", "end_date": f"{last}"}, "user/daily/activity"
        if self._has_sums:
            try:
                return (await self.service.get(_page, f"{path}/aggregated", query))[0]
            except NotFound:
                self._has_sums = False  # an older gateway, whose pages cut days in two

        async def fetch(cursor: str | None) -> tuple[list[Cell], str | None]:
            page = {"page": cursor or "1", "page_size": "1000"}
            cells, has_more = await self.service.get(_page, path, query | page, largest=LARGE)
            return cells, f"{int(page['page']) + 1}" if has_more else None

        return [cell for cells in await asking.follow(PROVIDER.title, fetch) for cell in cells]


def _dialect(_: str, status: int, problem: Problem) -> Meaning | None:
    """It answers so where it cannot find all requests of the time that it was asked for."""
    if status != HTTPStatus.SERVICE_UNAVAILABLE or "range" not in problem.detail.lower():
        return None
    return Meaning(RangeTooLarge, sentence("LiteLLM can't tell so many requests at once", problem))


def _page(body: bytes) -> tuple[list[Cell], bool]:
    reply = Value.read(body)
    more = reply["metadata"].find("has_more")
    return [cell for day in reply["results"].each() for cell in _day(day)], bool(more and more.flag())


def _day(result: Value) -> Iterator[Cell]:
    """The cells of a day, the last one of what it cost beside its models, such as tools."""
    day, whole = result["date"].day(), result["metrics"]
    models = [(name, model["metrics"]) for name, model in result["breakdown"]["models"].members()]
    cells = [Cell(day, name, name, of["spend"].amount(), of["api_requests"].count()) for name, of in models]
    yield from cells
    rest = subtract(whole["spend"].amount(), add(cell.amount for cell in cells))
    if abs(rest) >= _NOISE:
        counted = sum(cell.quantity or 0 for cell in cells)
        yield Cell(day, "", "Other", rest, max(0, whole["api_requests"].count() - counted), kind="tool")


def _logs(body: bytes) -> tuple[tuple[Act, ...], bool]:
    reply = Value.read(body)
    acts, capped = tuple(map(_act, reply["data"].each())), reply.find("total_is_capped")
    more = reply["page"].count() < reply["total_pages"].count() or bool(capped and capped.flag())
    return acts, bool(acts) and more


def _act(row: Value) -> Act:
    request, at, model = row["request_id"].text(), row["startTime"].instant(), row.word("model")
    cost, actor, call = row["spend"].amount(), row.word("user") or None, row.word("call_type")
    activity = call[1:] if call in _ASYNC else call  # whether a caller waits is no matter here
    return Act(request, at, model, model or "Other", activity, cost, actor=actor)


def _name_of(owner: _Owner | InvalidReply) -> str:
    return owner.name if isinstance(owner, _Owner) else ""


def _budget_of(owner: _Owner | InvalidReply) -> IncludedProgress | InvalidReply | None:
    return owner.budget if isinstance(owner, _Owner) else owner


def _budget(of: Value) -> IncludedProgress | None:
    """How far a budget is used. What is spent resets at its own reset."""
    if (limit := of.find("max_budget")) is None:
        return None
    left = subtract(limit.amount(), of["spend"].amount())
    return budget(limit.amount(), left, of.moment("budget_reset_at"))
