"""Acme at several paces: when its credits run out, what of them lapses, and what a day was expensive for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from usage_tui.clients.demo.scenarios.acme import (
    CHAT,
    DECEMBER,
    DIGEST,
    INVOICES,
    JANUARY,
    NOVEMBER,
    OCTOBER,
    REVIEW,
    SATURDAY,
)
from usage_tui.clients.demo.scenarios.script import Run, spread, uses
from usage_tui.clients.demo.scenarios.stage import (
    ACME,
    AUTO_RECHARGE,
    NO_AUTO_RECHARGE,
    Scenario,
    Stage,
    included,
    purchased,
)
from usage_tui.ledger.ledger import Use
from usage_tui.models import AutoRecharge, Credits

SEPTEMBER = datetime(2026, 9, 1, 4, tzinfo=UTC)
AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
TODAY = date(2026, 11, 22)
EIGHT_WEEKS = 56

MONTHS = (
    ("2026-09", "September 2026", SEPTEMBER, OCTOBER),
    ("2026-10", "October 2026", OCTOBER, NOVEMBER),
    ("2026-11", "November 2026", NOVEMBER, DECEMBER),
    ("2026-12", "December 2026", DECEMBER, JANUARY),
)

Cost = Callable[[date], int]
"""What a day costs, in whole credits."""


def runway() -> Scenario:
    """Busy weeks and quiet ones: included credits end before the refresh, and the top-up does not last."""

    def cost(day: date) -> int:
        busy = day.isocalendar().week % 4 == 2
        return 40 if day.weekday() >= SATURDAY else 310 if busy else 240

    return _scenario(cost, "5000", _top_up("3000", JANUARY.replace(year=2028)))


def lapsing() -> Scenario:
    """The same every day, and so little that most of the top-up lapses unused."""
    return _scenario(lambda day: 100, "3000", _top_up("1000", datetime(2027, 6, 1, 4, tzinfo=UTC)))


def spike() -> Scenario:
    """One day that cost as much as three weeks."""
    return _scenario(
        lambda day: 2000 if day == date(2026, 11, 12) else 90,
        "5000",
        _top_up("1000", JANUARY.replace(year=2028)),
        days=30,
    )


def new_organization() -> Scenario:
    """Five days of use: too few to tell a pace."""
    return _scenario(lambda day: 120, "5000", _top_up("1000", JANUARY.replace(year=2028)), days=5)


def recharging() -> Scenario:
    """The balance falls to the threshold at which credits are bought by themselves."""
    recharge = replace(AUTO_RECHARGE, threshold=Credits.parse("1000"))
    return _scenario(lambda day: 150, "3000", _top_up("3200", JANUARY.replace(year=2028)), recharge=recharge)


def _scenario(
    cost: Cost,
    plan: str,
    top_up: Callable[[Stage], None],
    *,
    days: int = EIGHT_WEEKS,
    recharge: AutoRecharge = NO_AUTO_RECHARGE,
) -> Scenario:
    """Acme on a plan, with a top-up, after days of use."""
    stage = Stage(ACME, "2026-11", NOVEMBER, DECEMBER, AS_OF)
    for month, name, starts_at, ends_at in MONTHS:
        if starts_at < NOVEMBER:
            stage.add_former(month, starts_at, ends_at)
        terms = included(f"plan_{month}", f"Team plan, {name}", plan, starts_at, ends_at)
        stage.ledger.grant(terms)
    top_up(stage)
    stage.use(_uses(cost, days))
    return stage.scenario(auto_recharge=recharge)


def _top_up(amount: str, expires_at: datetime) -> Callable[[Stage], None]:
    terms = purchased("top_up", "Top-up", amount, SEPTEMBER, expires_at)
    return lambda stage: stage.ledger.grant(terms)


def _uses(cost: Cost, days: int) -> Iterator[Use]:
    """The complete days, and as much of today as has passed."""
    runs = (run for back in range(days, -1, -1) for run in _day(TODAY - timedelta(days=back), cost))
    return uses(run for run in runs if run.at <= AS_OF)


def _day(day: date, cost: Cost) -> Iterator[Run]:
    """Half of a day's credits by chat, a third by invoices; what is over, by a digest or a review."""
    midnight = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    total = cost(day)
    chat, invoices = total // 2, total // 3
    yield from spread(midnight, CHAT, _parts(chat, 8))
    yield from spread(midnight, INVOICES, _parts(invoices, 4))
    yield from spread(midnight, DIGEST if day.weekday() == 0 else REVIEW, [str(total - chat - invoices)])


def _parts(total: int, count: int) -> list[str]:
    """A whole number in parts that add up to it."""
    return [str(total // count + (number < total % count)) for number in range(count)]
