"""v0: a balance of what the plan includes and what was bought in blocks, the cycle, and every act of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from usage_tui.clients.base import Slice, UsageClient
from usage_tui.clients.providers import asking, base
from usage_tui.clients.providers.asking import LARGE, SMALL
from usage_tui.clients.providers.base import Account, Act, Acts, Days
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value, budget, to_credits
from usage_tui.clients.registry import VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.ledger.booked_grant import BookedGrant
from usage_tui.ledger.journal import GrantTotals
from usage_tui.ledger.ledger import Ledger, LedgerPosition
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.models import Balance, Credits, EventQuery, Me, Membership, Part, Subscription, User
from usage_tui.text.words import spoken

PROVIDER = Provider(
    name="v0",
    title="v0",
    opener="usage_tui.clients.providers.v0:open_client",
    settings=VENDOR_SETTINGS,
    key=Key("V0_API_KEY", "a v0 API key", "https://v0.dev/chat/settings/keys"),
    url="https://api.v0.dev/v1",
    unit="USD",
    time_zone="UTC",
    not_offered={Slice.ALLOWANCES: "v0 doesn't have allowances."},
    shortest_refresh=60,
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "v0 doesn't report a balance for this plan.",
            Part.INCLUDED: "v0 doesn't report an included amount for this plan.",
        },
        depends=(Part.BALANCE, Part.INCLUDED, Slice.GRANTS),
        count_unit="use",
        reaches=timedelta(0),
        delay="not known",
    ),
)
_CORRECTIONS = "manual_debit", "reverse_", "refund_"  # how types begin that correct others


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(V0(config), config)


class V0:
    """It implements `EventApi`."""

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = PROVIDER, asking.service_of(PROVIDER, config)
        self._clock, self._key_id = config.clock, asking.key_id(config)
        self._starts_at = datetime.min.replace(tzinfo=UTC)

    async def account(self) -> Account:
        """Who the viewer is, and how the plan and the blocks stand."""
        billing = await self.service.get(Value.read, "user/billing", largest=SMALL)
        user, data = await asking.told(self.service, "user") or Value({}), billing["data"]
        me = User(id=user.word("id") or self._key_id, name=user.word("name") or PROVIDER.title)
        role = data.word("role").lower()
        own = Membership(id=me.id, name=me.name, role=role, billing_access=True, time_zone="UTC")
        account = Account(
            id=me.id,
            name=me.name,
            me=Me(user=me, organizations=(own,)),
            slices_not_offered={Slice.GRANTS: "v0 doesn't report credit grants for this plan."},
        )
        if billing["billingType"].text() != "token":
            return _with_limit(account, data)
        cycle = data["billingCycle"]
        self._starts_at = cycle["start"].milliseconds()
        account = _with_balance(account, data, self._clock())
        return replace(account, period=(self._starts_at, cycle["end"].milliseconds()))

    async def days(self, first: date, last: date) -> Days:
        """What each type of act cost. A cycle may begin within a day, and counts from then on."""

        async def fetch(cursor: str | None) -> tuple[tuple[Act, ...], str | None]:
            acts, following = await self._acts(f"{first}", cursor)
            return acts, None if acts and acts[-1].at.date() < first else following

        pages = await asking.follow(PROVIDER.title, fetch)
        acts = {act.id: act for page in pages for act in page if act.at >= self._starts_at}
        return Days(tuple(cell for cell in base.cells_of(acts.values()) if first <= cell.day <= last))

    async def acts(self, query: EventQuery, cursor: str | None) -> Acts:
        """Every act of use."""
        since = f"{query.starts_at.astimezone(UTC).date()}" if query.starts_at else ""
        return Acts(*await self._acts(since, cursor))

    async def _acts(self, since: str, cursor: str | None) -> tuple[tuple[Act, ...], str | None]:
        """A page of acts since a day, the newest first, and the cursor of the next page."""
        query = {"startDate": f"{since}T00:00:00Z" if since else "", "limit": "100", "cursor": cursor or ""}
        asked = {name: value for name, value in query.items() if value}
        return await self.service.get(_page, "reports/usage", asked, largest=LARGE)


def _page(body: bytes) -> tuple[tuple[Act, ...], str | None]:
    reply = Value.read(body)
    acts, paging = tuple(map(_act, reply["data"].each())), reply["pagination"]
    return acts, paging.cursor("hasMore", "nextCursor") if acts else None


def _act(row: Value) -> Act:
    name, cost = row["type"].text(), row["totalCost"].amount()
    activity = "correction" if name.startswith(_CORRECTIONS) else "use"
    label = spoken(name).replace("Api ", "API ")
    at, actor = row["createdAt"].instant(), row.word("userId") or None
    return Act(row["id"].text(), at, name, label, activity, cost, actor=actor, kind="activity")


def _with_limit(account: Account, data: Value) -> Account:
    """Of an old plan, which has only a limit."""
    limit, left, reset = data["limit"].amount(), data.find("remaining"), data.find("reset")
    if left is None:
        return account
    return replace(account, included=budget(limit, left.amount(), reset.milliseconds() if reset else None))


def _with_balance(account: Account, data: Value, now: datetime) -> Account:
    plan, bought, blocks = data["balance"], data["onDemand"], data["onDemand"].find("blocks")
    found = [_block(block, number) for number, block in enumerate(blocks.each() if blocks else (), 1)]
    grants = Ledger.restored(LedgerPosition(now), found)
    left = max(plan["remaining"].amount(), Decimal(0))
    parts = to_credits(left), to_credits(bought["balance"].amount())
    ends = grants.balance().next_expiry
    return replace(
        account,
        balance=Balance(
            total=sum(parts, Credits.ZERO), included=parts[0], purchased=parts[1], next_expiry=ends
        ),
        included=replace(budget(plan["total"].amount(), left), kind=INCLUDED),
        grants=grants.grants(),
        plan=Subscription(status="active", plan=data.word("plan"), entitlement_active=True),
    )


def _block(block: Value, number: int) -> BookedGrant:
    """What was bought at once."""
    original, left = (to_credits(block[f"{name}Balance"].amount()) for name in ("original", "current"))
    at, end = block["effectiveDate"].milliseconds(), block.find("expirationDate")
    until = end.milliseconds() if end else None
    terms = Terms(f"block-{number}", "On-demand credits", PURCHASED, "purchase", at, at, until, original)
    totals = GrantTotals(original.micro, used=(original - left).micro, remaining=left.micro)
    return BookedGrant.restored(terms, totals, None, lapsed=False, is_voided=False)
