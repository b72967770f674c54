from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clients.providers.fake import ALL, Fake, cell, client_of, grant
from usage_tui.clients.base import ClientError, NotOffered, Slice
from usage_tui.clients.providers.client import AccountClient
from usage_tui.clients.providers.typed_in import read_typed_in
from usage_tui.clients.providers.values import budget, prepaid
from usage_tui.models import Part, Summary


def with_(fake: Fake, *grants: dict[str, Any], **plan: Any) -> AccountClient:
    options = {"grants": [*grants]} if grants else {}
    return client_of(fake, options=options | ({"plan": plan} if plan else {}))


def balance(summary: Summary) -> str:
    assert summary.balance is not None
    return f"{summary.balance.total}"


async def test_prepaid_grants_and_days_give_the_balance_and_say_that_they_were_typed_in() -> None:
    fake = Fake(cell("2026-10-05", "m", "30"), cell("2026-11-19", "m", "25.5"))
    client = with_(fake, grant("100", "2026-10-02", "2027-10-02", description="Invoice 118"))
    summary = await client.summary()
    assert balance(summary) == "44.5"
    assert summary.balance is not None
    assert (summary.balance.included, summary.balance.purchased) == (None, summary.balance.total)
    assert summary.entered == (Part.BALANCE,)
    assert Part.BALANCE not in summary.not_offered
    (item,) = (await client.grants()).items
    assert (item.description, item.origin, f"{item.used}") == ("Invoice 118", "entered", "55.5")
    assert item.expires_at == datetime(2027, 10, 2, tzinfo=UTC)
    assert Slice.GRANTS not in client.not_offered


async def test_the_grant_that_ends_first_pays_first_and_what_it_still_held_expires() -> None:
    fake = Fake(cell("2026-11-05", "m", "30"), cell("2026-11-19", "m", "10"))
    late, soon = grant("100", "2026-11-01", "2027-11-01"), grant("50", "2026-11-01", "2026-11-10")
    client = with_(fake, late, soon)
    summary = await client.summary()
    assert balance(summary) == "90"
    items = {f"{item.original}": item for item in (await client.grants()).items}
    assert (items["50"].status, f"{items['50'].expired_amount}") == ("expired", "20")
    assert f"{items['100'].remaining}" == "90"


async def test_use_beyond_the_grants_is_overage() -> None:
    summary = await with_(Fake(cell("2026-11-05", "m", "30")), grant("20", "2026-11-01")).summary()
    assert summary.balance is not None
    assert (balance(summary), f"{summary.balance.overage}", summary.state) == ("0", "10", "paused")


async def test_a_plan_is_spent_first_and_starts_anew_each_month() -> None:
    fake = Fake(cell("2026-10-20", "m", "70"), cell("2026-11-05", "m", "30"))
    client = with_(fake, grant("100", "2026-10-02"), included="50", low="80")
    summary = await client.summary()
    assert summary.balance is not None
    assert (f"{summary.balance.included}", f"{summary.balance.purchased}") == ("20", "80")
    assert summary.included is not None
    assert (f"{summary.included.used}", f"{summary.included.granted}") == ("30", "50")
    assert summary.entered == (Part.BALANCE, Part.INCLUDED)
    assert summary.state == "normal"
    fake.cells = [*fake.cells, cell("2026-11-19", "m", "45")]
    assert (await with_(fake, grant("100", "2026-10-02"), included="50", low="80").summary()).state == "low"


async def test_a_plan_alone_shows_how_far_it_is_used() -> None:
    summary = await with_(Fake(cell("2026-11-05", "m", "30")), included="500").summary()
    assert summary.included is not None
    assert (f"{summary.included.remaining}", summary.entered) == ("470", (Part.INCLUDED,))
    assert summary.balance is None


async def test_nothing_is_guessed_where_days_are_missing() -> None:
    client = with_(Fake(), grant("100", "2025-10-30"))
    summary = await client.summary()
    reason = "Days before Nov 20, 2025 are unknown, so the balance is too."
    assert summary.balance is None
    assert summary.not_offered[Part.BALANCE] == reason
    with pytest.raises(NotOffered) as caught:
        await client.grants()
    assert caught.value.message == reason


async def test_a_day_on_which_more_was_given_back_than_used_leaves_the_balance_unknown() -> None:
    fake = Fake(cell("2026-11-05", "m", "30"), cell("2026-11-06", "m", "-5"))
    summary = await with_(fake, grant("100", "2026-11-01")).summary()
    assert summary.not_offered[Part.BALANCE].startswith("More was given back than used on Nov 6,")


async def test_what_the_vendor_tells_is_never_mixed_with_what_was_typed_in() -> None:
    fake = Fake(balance=prepaid(Decimal("7")), included=budget(Decimal(9), Decimal(8)))
    summary = await with_(fake, grant("100", "2026-11-01"), included="500").summary()
    assert balance(summary) == "7"
    assert f"{summary.included.granted}" == "9"  # type: ignore[union-attr]
    assert summary.entered == ()


@given(
    st.lists(st.integers(0, 10**9), min_size=20, max_size=20),
    st.lists(
        st.tuples(st.integers(1, 10**10), st.integers(0, 19), st.integers(1, 90)), min_size=1, max_size=4
    ),
)
async def test_grants_balance_and_days_agree(used: list[int], given: list[tuple[int, int, int]]) -> None:
    start = date(2026, 11, 1)
    fake = Fake(*(cell(f"{start.replace(day=n)}", "m", f"{amount}e-6") for n, amount in enumerate(used, 1)))
    grants = [
        grant(f"{amount / 10**6:.6f}", f"{start.replace(day=day + 1)}")
        | {"expires": date.fromordinal(start.toordinal() + day + lasts)}
        for amount, day, lasts in given
    ]
    client = with_(fake, *grants)
    summary = await client.summary()
    items = (await client.grants()).items
    active = sum(item.remaining.micro for item in items if item.status == "active")
    assert summary.balance is not None
    assert summary.balance.total.micro == active
    begins = min(day for _, day, _ in given)
    paid = sum(item.used.micro for item in items) + summary.balance.overage.micro  # type: ignore[union-attr]
    assert paid == sum(used[begins:])
    for item in items:
        assert item.original == item.used + item.remaining + item.expired_amount


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"plan": {"inclded": "5"}}, "plan: unknown key inclded; the keys are included, low."),
        ({"plan": {"included": "much"}}, 'plan.included: must be an amount such as "500" or "41.2".'),
        ({"plan": {"included": True}}, 'plan.included: must be an amount such as "500" or "41.2".'),
        ({"plan": {"low": "-5"}}, "plan.low: must not be negative."),
        ({"grants": ["100"]}, "grants[1]: must be a table."),
        ({"grants": [{"amount": "5"}]}, "grants[1].granted: is missing."),
        ({"grants": [grant("0", "2026-01-01")]}, "grants[1].amount: must be more than 0."),
        (
            {"grants": [{"amount": "5", "granted": "2026-01-01"}]},
            "grants[1].granted: must be a date such as 2026-10-02, without quotes.",
        ),
        (
            {"grants": [grant("5", "2026-01-02", "2026-01-02")]},
            "grants[1].expires: must be later than granted.",
        ),
        (
            {"grants": [grant("5", "2026-01-02", description=5)]},
            "grants[1].description: must be text in quotes.",
        ),
    ],
)
def test_what_means_nothing_is_refused_by_its_key(options: dict[str, Any], fault: str) -> None:
    with pytest.raises(ClientError) as caught:
        read_typed_in(options)
    assert caught.value.message == fault


@pytest.mark.parametrize("value", ["500", 500, Decimal("500.0")])
def test_an_amount_is_a_text_or_a_number(value: object) -> None:
    included = read_typed_in({"plan": {"included": value}}).included
    assert f"{included}" == "500"


async def test_rows_of_the_history_stay_daily_totals() -> None:
    fake = Fake(cell("2026-11-05", "m", "30"))
    page = await with_(fake, grant("100", "2026-11-01")).events(ALL, limit=5)
    assert [event.allocations for event in page.items] == [()]
