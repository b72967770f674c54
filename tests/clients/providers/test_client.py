from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from tests.clients.providers.fake import ALL, Fake, FakeWithEvents, cell, client_of
from usage_tui.clients.base import (
    ClientError,
    CursorExpired,
    InvalidReply,
    NotFound,
    NotOffered,
    ServiceFailed,
    Unauthenticated,
    Unreachable,
    Withheld,
)
from usage_tui.clients.providers.base import Act
from usage_tui.clients.providers.client import AccountClient
from usage_tui.clients.providers.values import prepaid
from usage_tui.models import Credits, EventQuery, Part


async def days(client: AccountClient) -> dict[str, str]:
    return {f"{day.date}": f"{day.credits}" for day in (await client.daily()).items}


async def test_all_replies_are_of_one_look() -> None:
    fake = Fake(cell("2026-11-19", "m", "1.5"))
    client = client_of(fake)
    replies = await asyncio.gather(client.summary(), client.sources(), client.daily())
    assert {reply.revision for reply in replies} == {replies[0].revision}
    page = await client.events(ALL, limit=10)
    assert page.revision == replies[0].revision
    assert fake.asked == ["account", "2026-11-01 2026-11-20", "2025-11-20 2026-10-31"]


async def test_an_empty_account_has_zeros_and_no_rows() -> None:
    client = client_of(Fake())
    summary = await client.summary()
    assert summary.usage is not None
    assert not summary.usage.total
    assert (await client.sources()).items == ()
    assert (await client.events(ALL, limit=10)).items == ()


@pytest.mark.parametrize(
    ("now", "period", "first_row"),
    [
        ("2026-11-01T00:00:01+00:00", ("2026-11-01", "2026-11-30"), "2026-11-01"),
        ("2028-02-29T23:59:59+00:00", ("2028-02-01", "2028-02-29"), "2028-02-29"),
        ("2026-12-31T23:59:59+00:00", ("2026-12-01", "2026-12-31"), "2026-12-31"),
        # It is still the day before in Los Angeles, and already the next one in Auckland.
        ("2026-11-02T07:00:00+13:00", ("2026-11-01", "2026-11-30"), "2026-11-01"),
        ("2026-10-31T18:00:00-07:00", ("2026-11-01", "2026-11-30"), "2026-11-01"),
    ],
)
async def test_days_and_months_are_those_of_utc(now: str, period: tuple[str, str], first_row: str) -> None:
    fake = Fake(cell(first_row, "m", "2"), now=datetime.fromisoformat(now))
    client = client_of(fake)
    told = (await client.summary()).period
    assert told is not None
    assert (f"{told.start_date}", f"{told.end_date}") == period
    assert [*(await days(client))][-1] == first_row
    row = (await client.events(ALL, limit=1)).items[0]
    assert row.occurred_at == datetime.fromisoformat(f"{first_row}T00:00:00+00:00")
    assert row.ends_at == row.occurred_at + timedelta(days=1)


async def test_a_cycle_from_the_16th_is_the_period() -> None:
    cycle = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 12, 16, tzinfo=UTC)
    fake = Fake(cell("2026-11-15", "m", "7"), cell("2026-11-16", "m", "1"), period=cycle)
    client = client_of(fake)
    assert [*(await days(client))] == [f"2026-11-{day}" for day in range(16, 21)]
    assert f"{(await client.sources()).total}" == "1"
    assert (await client.summary()).period.days_left == 26  # type: ignore[union-attr]


async def test_days_that_may_still_change_are_not_complete() -> None:
    daily = await client_of(Fake()).daily()
    assert [day.date.day for day in daily.items if not day.complete] == [17, 18, 19, 20]


async def test_the_vendors_own_time_is_that_of_the_data_and_later_days_are_still_to_come() -> None:
    fake = Fake(cell("2026-11-18", "m", "3"))
    fake.told = {"as_of": datetime(2026, 11, 18, 22, tzinfo=UTC)}
    client = client_of(fake)
    assert (await client.summary()).as_of == fake.told["as_of"]
    assert [*(await days(client))][-1] == "2026-11-18"


async def test_a_vendor_that_lags_over_the_end_of_a_month_shows_an_empty_first_day() -> None:
    fake = Fake(now=datetime(2026, 11, 1, 0, 10, tzinfo=UTC))
    fake.told = {"as_of": datetime(2026, 10, 31, 22, tzinfo=UTC)}
    assert await days(client_of(fake)) == {"2026-11-01": "0"}


async def test_a_refund_ranks_last_and_shares_stay_right() -> None:
    fake = Fake(cell("2026-11-02", "a", "-2"), cell("2026-11-02", "b", "6"), cell("2026-11-03", "c", "4"))
    items = (await client_of(fake).sources()).items
    assert [item.source_id for item in items] == ["b", "c", "a"]
    assert sum(item.share or 0 for item in items) == 1


async def test_a_model_that_was_renamed_is_one_source_under_its_newest_name() -> None:
    renamed = cell("2026-11-03", "m", "1")._replace(label="New")
    fake = Fake(cell("2026-11-02", "m", "1")._replace(label="Old"), renamed)
    (item,) = (await client_of(fake).sources()).items
    assert (item.label, f"{item.credits}", item.count) == ("New", "2", 2)


async def test_amounts_in_another_unit_than_before_are_refused() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"))
    client = client_of(fake)
    await client.summary()
    fake.told, fake.now = {"currency": "EUR"}, fake.now + timedelta(minutes=2)
    with pytest.raises(InvalidReply, match="Amounts in EUR cannot be added to amounts in USD"):
        await client.refresh()
    assert (await client.summary()).unit.code == "USD"


async def test_another_currency_throughout_is_the_unit() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"))
    fake.told = {"currency": "EUR"}
    assert (await client_of(fake).summary()).unit.code == "EUR"


async def test_a_refused_key_is_sent_once_until_the_next_refresh() -> None:
    fake = Fake()
    fake.fails["account"] = Unauthenticated("No.")
    client = client_of(fake)
    for ask in (client.summary, client.sources, client.daily, client.grants):
        with pytest.raises(Unauthenticated):
            await ask()
    assert fake.asked == ["account"]
    del fake.fails["account"]
    assert await client.refresh()
    await client.summary()


async def test_a_key_that_is_refused_later_hides_what_was_known() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"), balance=prepaid(Decimal(5)))
    client = client_of(fake)
    await client.summary()
    fake.fails["days"], fake.now = Unauthenticated("No."), fake.now + timedelta(minutes=2)
    with pytest.raises(Unauthenticated):
        await client.refresh()
    with pytest.raises(Unauthenticated):
        await client.summary()


async def test_a_failed_look_leaves_what_was_known() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"))
    client = client_of(fake)
    await client.summary()
    fake.fails["account"], fake.now = Unreachable("Away."), fake.now + timedelta(minutes=2)
    with pytest.raises(Unreachable):
        await client.refresh()
    assert f"{(await client.sources()).total}" == "1"


async def test_where_only_the_days_fail_the_balance_is_shown() -> None:
    fake = Fake(balance=prepaid(Decimal(5)))
    fake.fails["days"] = ServiceFailed("Broken.")
    client = client_of(fake)
    summary = await client.summary()
    assert summary.balance is not None
    assert summary.usage is None
    with pytest.raises(ServiceFailed):
        await client.daily()
    fake.fails.clear()
    assert await client.refresh()  # at once, for something had failed
    await client.daily()


async def test_where_only_the_days_could_be_told_their_failure_is_that_of_the_look() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"))
    client = client_of(fake)
    fake.fails["days"] = ServiceFailed("Broken.")
    with pytest.raises(ServiceFailed):
        await client.summary()
    fake.fails.clear()
    assert await client.refresh()
    fake.fails["days"], fake.now = ServiceFailed("Broken."), fake.now + timedelta(minutes=2)
    with pytest.raises(ServiceFailed):
        await client.refresh()
    assert f"{(await client.sources()).total}" == "1"  # what was known is still shown


@pytest.mark.parametrize("error", [Withheld("Not for you."), NotOffered("Not for you.")])
async def test_days_that_the_key_may_not_see_are_not_offered(error: ClientError) -> None:
    fake = Fake(balance=prepaid(Decimal(5)))
    fake.fails["days"] = error
    client = client_of(fake)
    assert (await client.summary()).not_offered[Part.USAGE] == "Not for you."
    for ask in (client.sources, client.daily):
        with pytest.raises(NotOffered, match="Not for you"):
            await ask()
    with pytest.raises(NotOffered):
        await client.events(ALL, limit=5)


async def test_a_key_that_sees_nothing_is_refused() -> None:
    fake = Fake()
    fake.fails["days"] = Withheld("Not for you.")
    with pytest.raises(Unauthenticated, match="Not for you"):
        await client_of(fake).summary()


async def test_earlier_days_that_fail_have_time_until_the_next_look() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"), cell("2026-10-02", "m", "1"))
    client = client_of(fake)
    original = fake.days

    async def days_of(first: object, last: object) -> object:
        if f"{last}" < "2026-11":
            raise ServiceFailed("Too heavy.")
        return await original(first, last)  # type: ignore[arg-type]

    fake.days = days_of  # type: ignore[assignment,method-assign]
    assert f"{(await client.sources()).total}" == "1"
    fake.days, fake.now = original, fake.now + timedelta(minutes=2)  # type: ignore[method-assign]
    assert await client.refresh()
    assert len((await client.events(ALL, limit=9)).items) == 2


async def test_the_history_is_filtered_and_paged_both_ways() -> None:
    fake = Fake(*(cell(f"2026-11-{day:02}", name, "1") for day in range(1, 11) for name in ("ab", "cd")))
    client = client_of(fake)
    query = EventQuery(text="CD", ends_at=datetime(2026, 11, 9, tzinfo=UTC))
    first = await client.events(query, limit=3)
    assert [event.occurred_at.day for event in first.items] == [8, 7, 6]
    assert (first.page.total, first.page.prev) == (8, None)
    second = await client.events(query, cursor=first.page.next, limit=3)
    back = await client.events(query, cursor=second.page.prev, limit=3)
    assert back.items == first.items
    last = await client.events(query, cursor=first.page.last, limit=3)
    assert [event.occurred_at.day for event in last.items] == [2, 1]
    with pytest.raises(CursorExpired):
        await client.events(EventQuery(source_id="none"), cursor=first.page.next, limit=3)


async def test_use_beyond_a_pool_shows_that_all_of_it_was_used() -> None:
    beyond = Decimal("2.5")
    fake = Fake(cell("2026-11-02", "m", "12.5", uncovered=beyond), pool=Credits.parse("100"))
    summary = await client_of(fake).summary()
    assert summary.usage is not None
    assert f"{summary.usage.uncovered}" == "2.5"
    assert summary.included is not None
    assert (f"{summary.included.granted}", f"{summary.included.remaining}") == ("10", "0")
    assert summary.included.used_fraction == 1


def act(number: int, name: str = "m") -> Act:
    at = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(minutes=number)
    return Act(f"e{number}", at, name, name, "run", Decimal("0.1"))


async def test_single_events_are_read_as_far_as_they_are_asked_for() -> None:
    fake = FakeWithEvents(*map(act, range(7)))
    fake.provider = fake.provider._replace(vendor=fake.provider.vendor._replace(not_offered={}))  # type: ignore[union-attr]
    client = client_of(fake)
    first = await client.events(ALL, limit=3)
    assert [event.id for event in first.items] == ["e0", "e1", "e2"]
    assert (fake.pages, first.page.total) == (2, None)
    second = await client.events(ALL, cursor=first.page.next, limit=3)
    assert [event.id for event in second.items] == ["e3", "e4", "e5"]
    back = await client.events(ALL, cursor=second.page.prev, limit=3)
    assert back.items == first.items
    last = await client.events(ALL, cursor=second.page.next, limit=3)
    assert ([event.id for event in last.items], last.page.total, last.page.next) == (["e6"], 7, None)


async def test_pages_of_single_events_always_end() -> None:
    fake = FakeWithEvents(*map(act, range(4)))
    fake.provider = fake.provider._replace(vendor=fake.provider.vendor._replace(not_offered={}))  # type: ignore[union-attr]
    original = fake.acts

    async def back(query: EventQuery, cursor: str | None) -> object:
        return (await original(query, cursor))._replace(next="0")

    fake.acts = back  # type: ignore[assignment,method-assign]
    with pytest.raises(InvalidReply, match="lead back"):
        await client_of(fake).events(EventQuery(text="nothing like it"), limit=3)
    assert fake.pages < 4


async def test_single_events_that_this_key_may_not_see_are_daily_totals() -> None:
    fake = FakeWithEvents(act(1), not_offered={Part.EVENTS: "Not with this key."})
    fake.cells = [cell("2026-11-02", "m", "1")]
    page = await client_of(fake).events(ALL, limit=3)
    assert [event.activity for event in page.items] == ["daily total"]


async def test_earlier_months_of_which_each_day_is_known_are_periods_too() -> None:
    fake = Fake(
        cell("2026-11-02", "m", "1"), cell("2026-10-31", "m", "2.0000004"), cell("2026-10-01", "n", "3")
    )
    client = client_of(fake)
    periods = (await client.periods()).items
    assert [one.period.id for one in periods[:3]] == ["2026-11-01", "2026-10-01", "2026-09-01"]
    assert [f"{one.usage.total}" for one in periods[:3]] == ["1", "5", "0"]
    assert periods[-1].period.id == "2025-12-01"  # of November 2025 only a part is known
    assert [item.source_id for item in (await client.sources("2026-10-01")).items] == ["n", "m"]
    assert (await client.sources("2026-10-01")).items[0].count_unit == "request"
    daily = await client.daily("2026-10-01")
    assert (len(daily.items), f"{daily.total}", daily.items[0].complete) == (31, "5", True)
    assert await client.daily("2026-11-01") == await client.daily()
    with pytest.raises(NotFound):
        await client.daily("2025-11-01")


async def test_days_are_told_as_far_as_they_are_known() -> None:
    fake = Fake(cell("2026-11-02", "m", "1"), cell("2026-10-31", "n", "2"))
    client = client_of(fake)
    told = await client.days(date(2026, 10, 30), date(2026, 12, 24))
    assert (told.range.start_date, told.range.end_date) == (date(2026, 10, 30), date(2026, 11, 20))
    assert f"{told.total}" == "3"
    sources = await client.source_days(date(2026, 10, 31), date(2026, 11, 2))
    assert [(item.source_id, [f"{one}" for one in item.credits]) for item in sources.items] == [
        ("n", ["2", "0", "0"]),
        ("m", ["0", "0", "1"]),
    ]
    unknown = await client.days(date(2020, 1, 1), date(2020, 1, 9))
    assert unknown.items == ()


async def test_a_vendor_with_its_own_cycle_has_no_earlier_periods() -> None:
    cycle = datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 12, 16, tzinfo=UTC)
    (one,) = (await client_of(Fake(period=cycle)).periods()).items
    assert one.period.id == "2026-11-16"


async def test_where_the_days_are_not_offered_the_past_is_not_either() -> None:
    fake = Fake(balance=prepaid(Decimal(5)))
    fake.fails["days"] = NotOffered("Not for you.")
    with pytest.raises(NotOffered, match="Not for you"):
        await client_of(fake).periods()
