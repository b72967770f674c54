"""The balance of past days against a ledger that was asked on each of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.insight.organization import NOW, credits_of, day, days_before, grant, grants, summary
from usage_tui.insight.past_balances import past_balances
from usage_tui.ledger.ledger import Ledger, Use
from usage_tui.ledger.spending import Terms
from usage_tui.models import Credits, Day, Grants

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAST = datetime(2026, 10, 1, tzinfo=UTC)

TERMS = st.builds(
    lambda number, bucket, micro, start, lasts: Terms(
        f"gr_{number}",
        "",
        bucket,
        "purchase",
        START + HOUR * start,
        START + HOUR * start,
        None if lasts is None else START + HOUR * (start + lasts),
        Credits(micro),
    ),
    st.integers(0, 10**6),
    st.sampled_from(["included", "purchased"]),
    st.integers(1, 400),
    st.integers(-100, 450),
    st.none() | st.integers(1, 600),
)


@given(
    st.lists(TERMS, min_size=1, max_size=5, unique_by=lambda terms: terms.id),
    st.lists(st.tuples(st.integers(0, 20 * 24), st.integers(0, 30)), min_size=1, max_size=30),
)
def test_what_is_told_of_a_past_day_is_what_its_ledger_said(
    given_terms: list[Terms], uses: list[tuple[int, int]]
) -> None:
    ledger, said, used = Ledger(), dict[date, Credits](), dict[date, int]()
    for terms in sorted(given_terms, key=lambda terms: terms.granted_at):
        if terms.granted_at < START:
            ledger.grant(terms)
    moments: list[tuple[datetime, int]] = [(START + DAY * number, -1) for number in range(21)]
    for at, micro in sorted([*moments, *((START + HOUR * hour, micro) for hour, micro in uses)]):
        for terms in given_terms:
            if START <= terms.granted_at <= at and terms.id not in {one.id for one in ledger.grants()}:
                ledger.grant(terms)
        ledger.advance(max(at, ledger.now))
        if micro < 0:
            said[at.date()] = ledger.balance().total
        else:
            event = Use(f"evt_{len(used)}_{at}_{micro}", at, "ai_tool", "tool", "Tool", "run", Credits(micro))
            ledger.use(event, arrived_at=at)
            used[at.date()] = used.get(at.date(), 0) + micro
    now = ledger.now
    days = [day(civil, Credits(micro), count=1, complete=civil < now.date()) for civil, micro in used.items()]
    known = summary(as_of=now, starts_at=START, balance=ledger.balance())
    told = past_balances(known, Grants(as_of=now, revision=1, items=ledger.grants()), days)
    assert {point.date: point.left for point in told}.items() <= said.items()
    if not ledger.balance().overage:
        assert [point.date for point in told] == [day for day in said if day >= min(used)]


ITEMS = (grant("inc", "included", 900, original=3000), grant("top", "purchased", 1000, expires_at=None))
DAYS = [*days_before(NOW.date(), [100] * 21), day(NOW.date(), Credits.ZERO, complete=False)]


def balances(*items: object, days: list[Day] = DAYS, **changes: object) -> list[str]:
    told = past_balances(summary(*ITEMS, **changes), grants(*(items or ITEMS)), days)  # type: ignore[arg-type]
    return [str(point.left) for point in told]


def test_each_day_gives_back_what_it_used() -> None:
    assert balances()[:2] == ["4000", "3900"]
    assert balances()[-1] == "1900"
    assert len(balances()) == 22


def test_nothing_is_told_where_a_grant_was_voided() -> None:
    voided = replace(
        grant("void", "purchased", 0, original=500, status="voided", starts_at=PAST, expires_at=None),
        used=Credits.ZERO,
        voided_amount=credits_of(500),
    )
    assert balances(*ITEMS, voided) == []
    # One that had begun on Nov 10 leaves the days before it uncertain, but so it does those since.
    assert balances(*ITEMS, replace(voided, expires_at=START + DAY * 9))[0] == "3100"


def test_a_locked_grant_was_locked_before_the_period() -> None:
    locked = grant("old", "purchased", 500, status="locked", starts_at=PAST, expires_at=None)
    assert balances(*ITEMS, locked) == balances()


def test_nothing_is_told_that_the_grants_contradict() -> None:
    # The balance is not that of the grants; more was used than they lost; the plan's state hides purchases.
    assert balances(ITEMS[0]) == []
    assert len(balances(days=[*days_before(NOW.date(), [900] * 21)])) < 10
    assert balances(state="locked") == []
    assert balances(period=None) == []


def test_nothing_is_told_without_grants() -> None:
    assert past_balances(summary(*ITEMS), None, DAYS) == ()
