"""The runway by brute force: day by day, grant by grant, in fractions, from the rules as they are written.

It imports nothing of the program, so that it repeats no mistake of it.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

WALKED = 366
DAY = timedelta(days=1)


@dataclass
class Grant:
    id: str
    bucket: str
    status: str
    held: int
    original: int
    starts_at: datetime
    expires_at: datetime | None
    origin: str = "purchase"


@dataclass
class World:
    """An organization; `amounts` are its complete days up to yesterday, the oldest first."""

    zone: ZoneInfo
    now: datetime
    amounts: list[int]
    used_today: int
    grants: list[Grant]
    period_starts_at: datetime
    active: bool = True
    term_ends_at: datetime | None = None
    threshold: int | None = None
    batch: int = 0

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def period_ends_at(self) -> datetime:
        return month_after(self.period_starts_at, self.zone)


@dataclass
class Found:
    included_out: date | None = None
    purchased_from: date | None = None
    runs_out: date | None = None
    recharge_on: date | None = None
    lapsed: dict[str, Fraction] = field(default_factory=dict)
    locked: Fraction = Fraction(0)
    balances: list[Fraction] = field(default_factory=list)


@dataclass
class Pot:
    """A grant that is being spent."""

    id: str
    bucket: str
    starts_at: datetime
    expires_at: datetime | None
    held: Fraction
    of_now: bool

    def lives(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.expires_at is None or at < self.expires_at)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def month_after(start: datetime, zone: ZoneInfo) -> datetime:
    """A month later by the clocks; the tests let periods begin on a day that every month has."""
    local = start.astimezone(zone)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    assert local.day <= 28 <= monthrange(year, month)[1]
    return local.replace(year=year, month=month).astimezone(UTC)


def week_and_spread(amounts: list[int]) -> tuple[list[Fraction], Fraction, Fraction]:
    """The mean of each weekday counted back from yesterday, and the slow and the fast factor."""
    known = amounts[-56:]
    if len(known) >= 28:
        week = [Fraction(sum(known[-1 - back - 7 * number] for number in range(4)), 4) for back in range(7)]
    else:
        length = len(known) // 7 * 7
        week = [Fraction(sum(known[-length:]), length)] * 7
    week = [max(mean, Fraction(0)) for mean in week]
    total = sum(week)
    if total == 0:
        return week, Fraction(1), Fraction(1)
    sums = [sum(known[start : start + 7]) for start in range(len(known) - 6)]
    slow, fast = Fraction(max(min(sums), 0)) / total, Fraction(max(*sums, 0)) / total
    if len(known) < 14:
        slow, fast = Fraction(1, 2), Fraction(2)
    elif len(known) < 28:
        slow, fast = slow * 3 / 4, fast * 4 / 3
    elif len(known) < 42:
        slow, fast = slow * 9 / 10, fast * 10 / 9
    return week, min(slow, Fraction(1)), max(fast, Fraction(1))


def pots(world: World) -> list[Pot]:
    """What can ever pay, in the order of spending."""
    found, scheduled = [], []
    for grant in world.grants:
        of_now = (
            grant.bucket == "included"
            and grant.starts_at <= world.now
            and (grant.expires_at is None or world.now < grant.expires_at)
        )
        if grant.status in ("active", "scheduled") or (grant.status == "used" and of_now):
            pot = Pot(grant.id, grant.bucket, grant.starts_at, grant.expires_at, Fraction(grant.held), of_now)
            found.append(pot)
            if grant.origin == "subscription" and grant.starts_at > world.now:
                scheduled.append(pot)
    amount = sum(
        grant.original
        for grant in world.grants
        if grant.origin == "subscription"
        and grant.status != "voided"
        and world.period_starts_at <= grant.starts_at < world.period_ends_at
    )
    if world.active and world.term_ends_at is None and amount:
        start = world.period_ends_at
        while start < world.now + DAY * 400:
            end = month_after(start, world.zone)
            if not any(pot.lives(start) for pot in scheduled):
                found.append(Pot(f"renewal {start}", "included", start, end, Fraction(amount), of_now=False))
            start = end
    far = datetime.max.replace(tzinfo=UTC)
    # Included first; what expires soonest; what began earlier; the id.
    found.sort(key=lambda pot: (pot.bucket == "purchased", pot.expires_at or far, pot.starts_at, pot.id))
    return found


def walk(world: World, factor: Fraction, week: list[Fraction]) -> Found:
    found, payers = Found(), pots(world)
    term = world.term_ends_at
    instants = {at for pot in payers for at in (pot.starts_at, pot.expires_at) if at} | (
        {term} if term else set()
    )
    rest = Fraction(world.batch)
    for number in range(WALKED):
        day = world.today + DAY * number
        start = world.now if number == 0 else midnight(day, world.zone)
        end = midnight(day + DAY, world.zone)
        # Counted back from yesterday, which is number -1.
        use = week[(-1 - number) % 7] * factor
        if number == 0:
            use = max(use - world.used_today, Fraction(0))
        bounds = sorted({start, end} | {at for at in instants if start < at < end})
        for begin, until in pairwise(bounds):
            happen(begin, payers, found, term)
            live = [pot for pot in payers if pot.lives(begin) and not (term and term <= begin)]
            if rest:
                spend(rest, live)
                rest = Fraction(0)
            if begin == start:
                found.balances.append(sum((pot.held for pot in live), Fraction(0)))
            over = bool(term and term <= begin)
            part = use * Fraction(
                (until - begin) // timedelta(microseconds=1), (end - start) // timedelta(microseconds=1)
            )
            note(found, day, world.threshold, over, part, live)
    happen(end, payers, found, term)
    return found


def happen(at: datetime, payers: list[Pot], found: Found, term: datetime | None) -> None:
    for pot in list(payers):
        if pot.expires_at and pot.expires_at <= at:
            found.lapsed[pot.id] = pot.held
            payers.remove(pot)
        elif term and term <= at and pot.bucket == "purchased":
            found.locked += pot.held
            payers.remove(pot)


def spend(need: Fraction, live: list[Pot]) -> list[tuple[Pot | None, Fraction, bool]]:
    """Pay; who gave how much, and whether the included grants of now were empty then."""
    chunks: list[tuple[Pot | None, Fraction, bool]] = []
    of_now = [pot for pot in live if pot.of_now]
    for pot in live:
        empty = bool(of_now) and not any(other.held for other in of_now)
        part = min(pot.held, need)
        pot.held -= part
        need -= part
        chunks.append((pot, part, empty))
    chunks.append((None, need, bool(of_now) and not any(other.held for other in of_now)))
    return [chunk for chunk in chunks if chunk[1]]


def note(found: Found, day: date, threshold: int | None, over: bool, need: Fraction, live: list[Pot]) -> None:
    before = sum((pot.held for pot in live), Fraction(0))
    for pot, _, empty in spend(need, live):
        if empty:
            found.included_out = found.included_out or day
        if pot is None:
            found.runs_out = found.runs_out or day
        elif pot.bucket == "purchased":
            found.purchased_from = found.purchased_from or day
    after = sum((pot.held for pot in live), Fraction(0))
    if threshold is not None and not over and (before <= threshold or before - need < threshold):
        found.recharge_on = found.recharge_on or day
    assert after >= 0
