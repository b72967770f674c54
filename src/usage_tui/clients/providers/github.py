"""GitHub: the AI credits of an organization or a person by model and day, their pool, and sandboxes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import quote

from usage_tui.clients.base import InvalidReply, Slice, UsageClient
from usage_tui.clients.providers import asking
from usage_tui.clients.providers.asking import SMALL
from usage_tui.clients.providers.base import Account, Cell, Days
from usage_tui.clients.providers.days import days_between
from usage_tui.clients.providers.opening import open_account
from usage_tui.clients.providers.values import Value
from usage_tui.clients.registry import ORGANIZATION, VENDOR_SETTINGS, ClientConfig, Key, Provider, Vendor
from usage_tui.clients.transport.problems import Meaning, Problem
from usage_tui.ledger.progress import meter
from usage_tui.models import Credits, Me, Membership, Meter, Part, User

PROVIDER = Provider(
    name="github",
    title="GitHub",
    opener="usage_tui.clients.providers.github:open_client",
    settings=(*VENDOR_SETTINGS, ORGANIZATION._replace(help="its login; your first one by default")),
    key=Key(
        "GITHUB_TOKEN",
        'a classic token of an owner or billing manager, or a fine-grained one with "Administration" (read)',
        "https://github.com/settings/tokens",
        prefixes=("ghp_", "github_pat_", "gho_"),
        others={"ghs_": "the token of an app", "ghu_": "the token of an app"},
    ),
    url="https://api.github.com",
    unit="credit",
    time_zone="UTC",
    not_offered={Slice.GRANTS: "GitHub doesn't report credit grants."},
    shortest_refresh=300,
    vendor=Vendor(
        not_offered={
            Part.BALANCE: "GitHub doesn't report a balance.",
            Part.INCLUDED: "GitHub doesn't report an included amount to this key.",
            Part.COUNTS: "GitHub doesn't report counts.",
            Part.EVENTS: "GitHub doesn't report single events; these are its daily totals.",
        },
        depends=(Part.INCLUDED, Slice.ALLOWANCES),
        count_unit="",
        reaches=timedelta(days=700),
        days_at_once=58,
        delay="hours",
    ),
)
_HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2026-03-10"}
_CREDITS = {"credit", "credits", "ai-credits", "ai credits", "ai_credits", "aicredits"}  # as exports write it
_OF_A_SEAT = {"business": 1900, "enterprise": 3900}  # credits that a seat adds to the pool of a month
_SANDBOX = {  # the name of each product, its unit, and how many of the vendor's units that is
    "sandbox_linux": ("Sandbox runtime", "hour", 3600),
    "sandbox_memory": ("Sandbox memory", "GiB_hour", 3600),
    "sandbox_snapshot": ("Sandbox snapshots", "GiB_month", 1),
}


async def open_client(config: ClientConfig) -> UsageClient:
    """The account of a key, as the registry calls it."""
    return open_account(GitHub(config), config)


class GitHub:
    """It implements `VendorApi`, `Selecting` and `Remembering`.

    Unless a login is set, it asks for the viewer's.
    """

    def __init__(self, config: ClientConfig) -> None:
        self.provider, self.service = (
            PROVIDER,
            asking.service_of(PROVIDER, config, headers=_HEADERS, dialect=_dialect),
        )
        self._clock, self._login = config.clock, config.organization or ""
        self._me: Me | None = None
        self._most = ("", 0)  # seats, of an organization and month
        self._of_a_seat = 0

    def select(self, organization: str) -> None:
        """From now on, ask for another of the viewer's organizations, or for the viewer."""
        self._login = organization

    async def account(self) -> Account:
        """The pool of the seats, and what sandboxes used."""
        if not self._login:
            self._me = await self._viewer()
            self._login = self._me.organizations[0].id
        account = Account(
            id=self._login,
            name=self._login,
            me=self._me,
            slices_not_offered={Slice.ALLOWANCES: "GitHub doesn't report sandbox usage to this key."},
        )
        match await asking.optional(self.service, self._sandboxes()):
            case InvalidReply(message=reason):
                account = replace(account, slices_not_offered={Slice.ALLOWANCES: reason})
            case meters:
                account = replace(account, meters=meters)
        match None if self._is_personal else await asking.optional(self.service, self._seats()):
            case InvalidReply(message=reason):
                account = replace(account, not_offered={Part.INCLUDED: reason})
            case int(seats):
                account = replace(account, seats=seats, pool=self._pool(seats))
        return account

    async def days(self, first: date, last: date) -> Days:
        """One request a day, the newest one first and alone: a key that is refused is sent once."""
        earlier = days_between(first, last - timedelta(days=1))
        parts = [await self._day(last), *await asking.at_once(self._day, earlier)]
        return Days(tuple(cell for part in parts for cell in part))

    async def _day(self, day: date) -> list[Cell]:
        query = {"year": f"{day.year}", "month": f"{day.month}", "day": f"{day.day}"}
        reply = await self.service.get(Value.read, self._billing("ai_credit/usage"), query, largest=SMALL)
        items = [*reply["usageItems"].each()]
        found = [_cell(day, item) for item in items if item.word("unitType").lower() in _CREDITS]
        other = next((item for item in items if item["grossQuantity"].amount()), None)
        if other is not None and not found:  # it would be shown as a day without use
            raise InvalidReply(f"GitHub reports {other.word('unitType')} in place of credits for {day}.")
        return found

    def remember(self, account: Account, kept: Account, told_at: datetime) -> Account:
        """With the most seats of this month, also of those that an earlier run was told."""
        if account.seats is None or kept.seats is None or _month(told_at) != self._month:
            return account
        return replace(account, seats=(most := self._most_seats(kept.seats)), pool=self._pool(most))

    async def _sandboxes(self) -> tuple[Meter, ...] | None:
        query = {**self._month, "product": "sandbox"}
        told = await asking.told(self.service, self._billing("usage/summary"), query)
        return tuple(map(_meter, told["usageItems"].each())) if told is not None else None

    async def _seats(self) -> int | None:
        """The most seats of this month: the credits of one that is removed stay until the month ends."""
        told = await asking.told(self.service, f"orgs/{quote(self._login, safe='')}/copilot/billing")
        if told is None or told.word("plan_type") not in _OF_A_SEAT:
            return None
        self._of_a_seat = _OF_A_SEAT[told.word("plan_type")]
        return self._most_seats(told["seat_breakdown"]["total"].count())

    def _most_seats(self, seats: int) -> int:
        month = f"{self._login} {self._month}"
        self._most = month, max(seats, self._most[1] if self._most[0] == month else 0)
        return self._most[1]

    def _pool(self, seats: int) -> Credits:
        return Credits.parse(f"{seats * self._of_a_seat}")

    async def _viewer(self) -> Me:
        user, orgs = (
            await self.service.get(Value.read, "user", largest=SMALL),
            await asking.told(self.service, "user/orgs"),
        )
        logins = [account["login"].text() for account in (*(orgs.each() if orgs else ()), user)]
        found = (Membership(id=x, name=x, role="", billing_access=True, time_zone="UTC") for x in logins)
        return Me(user=User(id=logins[-1], name=user.word("name") or logins[-1]), organizations=tuple(found))

    @property
    def _month(self) -> dict[str, str]:
        return _month(self._clock())

    @property
    def _is_personal(self) -> bool:
        return self._me is not None and self._login == self._me.user.id

    def _billing(self, what: str) -> str:
        root = "users" if self._is_personal else "organizations"
        return f"{root}/{quote(self._login, safe='')}/settings/billing/{what}"


def _month(at: datetime) -> dict[str, str]:
    day = at.astimezone(UTC)
    return {"year": f"{day.year}", "month": f"{day.month}"}


def _cell(day: date, item: Value) -> Cell:
    """Credits of a model. The pool pays the discount; the rest is beyond it."""
    model, beyond = item.word("model"), item.find("netQuantity")
    used = item["grossQuantity"].amount()
    return Cell(day, model, model or "Other", used, uncovered=beyond.amount() if beyond else None)


def _meter(item: Value) -> Meter:
    sku = item["sku"].text()
    label, unit, size = _SANDBOX.get(sku, (sku, item.word("unitType"), 1))
    return meter(sku, label, unit, used=round(item["grossQuantity"].amount() / size, 6), included=None)


def _dialect(_: str, status: int, problem: Problem) -> Meaning | None:
    return asking.not_allowed(PROVIDER, problem) if status == 404 else None
