from __future__ import annotations

import asyncio
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.providers.fake import ALL, NOW, Fake, cell, client_of
from usage_tui.clients.base import ClientError, RateLimited, Slice, Unauthenticated, Unreachable
from usage_tui.clients.providers.base import Account, Cell
from usage_tui.clients.providers.days import KnownDay
from usage_tui.clients.providers.journal import Journal
from usage_tui.clients.providers.values import prepaid
from usage_tui.clients.transport.token import BearerToken
from usage_tui.models import Credits, Me, Membership, Part, User

MEMBERSHIP = Membership(id="a1", name="F", role="owner", billing_access=True, time_zone="UTC")
ACCOUNT = Account(
    id="a1",
    name="Fake Ltd",
    scope="p1",
    period=(datetime(2026, 11, 16, tzinfo=UTC), datetime(2026, 12, 16, tzinfo=UTC)),
    balance=prepaid(Decimal("5.25")),
    pool=Credits.parse("100"),
    grants=(),
    me=Me(user=User(id="u", name="Ana"), organizations=(MEMBERSHIP,)),
    not_offered={Part.SPLIT: "No split."},
    slices_not_offered={Slice.ALLOWANCES: "No allowances."},
)
DAY = date(2026, 11, 1)
KNOWN = KnownDay((cell("2026-11-01", "m", "1.000000000005", uncovered=Decimal("5e-324")),), NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "days"


def journal(
    folder: Path, key: str = "k1", provider: str = "fake", address: str = "https://f.example"
) -> Journal:
    return Journal(folder, [provider, address], key)


def kept(folder: Path, **changes: str) -> Journal:
    one = journal(folder, **changes)
    one.save(ACCOUNT, {DAY: KNOWN}, "USD")
    assert one.fault == ""
    return one


def damaged(folder: Path) -> Path:
    (path,) = folder.iterdir()
    path.write_bytes(b"x" * 5000)
    return path


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    (path,) = folder.iterdir()
    database = sqlite3.connect(path)
    try:
        yield database
    finally:
        database.close()


def test_what_is_kept_comes_back_to_the_last_digit(folder: Path) -> None:
    kept(folder)
    found = journal(folder).load(ACCOUNT)
    assert found == (ACCOUNT, "USD", {DAY: KNOWN})


def test_only_its_owner_can_read_it(folder: Path) -> None:
    kept(folder)
    (path,) = folder.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=18), min_size=1, max_size=5))
def test_amounts_lose_no_digit(tmp_path: Path, amounts: list[Decimal]) -> None:
    cells = tuple(Cell(DAY, f"m{number}", "M", amount) for number, amount in enumerate(amounts))
    one = journal(tmp_path / "days")
    one.save(ACCOUNT, {DAY: KnownDay(cells, NOW)}, "USD")
    assert [cell.amount for cell in one.load(ACCOUNT).days[DAY].cells] == amounts


def test_a_day_is_replaced_as_a_whole_and_other_days_stay(folder: Path) -> None:
    one = kept(folder)
    later, other = NOW + timedelta(days=1), DAY + timedelta(days=1)
    one.save(ACCOUNT, {other: KnownDay((), NOW)}, "USD")
    one.save(ACCOUNT, {DAY: KnownDay((cell("2026-11-01", "n", "2"),), later)}, "USD")
    days = one.load(ACCOUNT).days
    assert [one.source_id for one in days[DAY].cells] == ["n"]
    assert (days[DAY].told_at, days[other].told_at) == (later, NOW)


def test_what_fails_half_way_changes_nothing(folder: Path) -> None:
    one = kept(folder)
    with opened(folder) as database:
        database.execute(
            "CREATE TRIGGER full BEFORE INSERT ON cell WHEN NEW.source_id = 'z'"
            " BEGIN SELECT raise(ABORT, 'disk full'); END"
        )
        database.commit()
    cells = cell("2026-11-01", "a", "9"), cell("2026-11-01", "z", "9")
    one.save(ACCOUNT, {DAY: KnownDay(cells, NOW)}, "USD")
    assert "not used" in one.fault or "damaged" in one.fault
    assert journal(folder).load(ACCOUNT).days == {DAY: KNOWN}


def test_accounts_scopes_vendors_and_addresses_are_kept_apart(folder: Path) -> None:
    kept(folder)
    for account in (replace(ACCOUNT, id="a2"), replace(ACCOUNT, scope="p2")):
        assert journal(folder).load(account).days == {}
    for other in (journal(folder, provider="else"), journal(folder, address="https://else.example")):
        assert other.load(ACCOUNT).days == {}
        assert other.find() is None


def test_without_the_vendor_it_opens_only_with_a_key_that_was_accepted(folder: Path) -> None:
    kept(folder)
    assert journal(folder, "k2").find() is None
    found = journal(folder).find()
    assert found is not None
    assert found.account == ACCOUNT
    kept(folder, key="k2")
    assert journal(folder, "k2").find() is not None


def test_a_refused_key_opens_nothing_and_another_one_still_does(folder: Path) -> None:
    kept(folder)
    kept(folder, key="k2")
    journal(folder).refuse()
    assert journal(folder).find() is None
    assert journal(folder, "k2").find() is not None


def test_what_was_told_of_a_source_can_be_deleted_with_any_key(folder: Path) -> None:
    kept(folder)
    assert journal(folder, "").exists()
    assert journal(folder, "").delete() == 1
    assert [*folder.iterdir()] == []
    assert journal(folder, "").delete() == 0


def test_of_a_shared_source_a_key_deletes_only_what_no_other_key_opens(folder: Path) -> None:
    kept(folder)
    assert journal(folder, "k2").delete(is_shared=True) == 0
    journal(folder, "k2").save(ACCOUNT, {}, "USD")
    assert journal(folder, "k2").delete(is_shared=True) == 1
    assert journal(folder, "k2").find() is None
    assert journal(folder).find() is not None
    assert journal(folder).delete(is_shared=True) == 1
    assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    "content", [pytest.param(b"no database" * 400, id="text"), pytest.param(b"SQLite format 3\0", id="cut")]
)
def test_a_damaged_file_is_named_and_left_alone(folder: Path, content: bytes) -> None:
    kept(folder)
    (path,) = folder.iterdir()
    path.write_bytes(content)
    one = journal(folder)
    assert one.load(ACCOUNT).days == {}
    assert one.fault == f"The journal of days is damaged: delete {path}."
    one.save(ACCOUNT, {DAY: KNOWN}, "USD")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cell SET amount = 'NaN'",
        "UPDATE day SET told_at = 'soon'",
        "UPDATE about SET value = '{' WHERE name = 'account'",
        "PRAGMA user_version = 9",
        "DROP TABLE cell",
    ],
)
def test_values_that_mean_nothing_are_a_fault(folder: Path, change: str) -> None:
    kept(folder)
    with opened(folder) as database:
        database.execute(change)
        database.commit()
    one = journal(folder)
    assert one.load(ACCOUNT).days == {}
    assert one.fault.startswith("The journal of days is ")


def test_a_locked_file_is_a_fault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usage_tui.clients.providers.journal._SECONDS", 0.01)
    one = kept(folder)
    with opened(folder) as database:
        database.execute("BEGIN EXCLUSIVE")
        one.save(ACCOUNT, {DAY: KNOWN}, "USD")
    assert one.fault == "The journal of days is not used: another program holds it."


def test_a_folder_that_others_can_write_to_holds_no_journal(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    one = journal(folder)
    one.save(ACCOUNT, {DAY: KNOWN}, "USD")
    assert f"Run chmod go-w {folder}, or set XDG_STATE_HOME." in one.fault
    assert [*folder.iterdir()] == []


def test_a_link_in_place_of_a_journal_is_not_followed(folder: Path, tmp_path: Path) -> None:
    kept(folder)
    (path,) = folder.iterdir()
    path.rename(tmp_path / "elsewhere.db")
    path.symlink_to(tmp_path / "elsewhere.db")
    one = journal(folder)
    assert one.load(ACCOUNT).days == {}
    one.save(ACCOUNT, {}, "USD")
    assert "not used" in one.fault


def test_two_programs_write_the_same_journal(folder: Path) -> None:
    faults: list[str] = []

    def write(number: int) -> None:
        one = journal(folder, f"k{number}")
        one.save(ACCOUNT, {DAY + timedelta(days=number): KNOWN._replace(cells=())}, "USD")
        faults.append(one.fault)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == [""] * 6
    assert len(journal(folder).load(ACCOUNT).days) == 6


async def test_history_outlives_what_the_vendor_remembers(folder: Path) -> None:
    fake = Fake(cell("2025-11-25", "old", "1"), cell("2026-11-02", "m", "1"))
    await client_of(fake, journal_folder=folder).summary()
    later = Fake(cell("2026-12-19", "m", "1"), now=NOW + timedelta(days=30))
    page = await client_of(later, journal_folder=folder).events(ALL, limit=9)
    assert [event.source_id for event in page.items] == ["m", "m", "old"]


async def test_a_second_run_asks_only_for_days_that_may_still_change(folder: Path) -> None:
    await client_of(Fake(), journal_folder=folder).summary()
    fake = Fake()
    await client_of(fake, journal_folder=folder).summary()
    assert fake.asked == ["account", "2026-11-17 2026-11-20"]


async def test_a_start_without_a_network_shows_what_is_kept_as_of_its_time(folder: Path) -> None:
    fake = Fake(cell("2026-10-02", "old", "1"), cell("2026-11-02", "m", "2"), balance=prepaid(Decimal(5)))
    await client_of(fake, journal_folder=folder).summary()
    away = Fake(now=NOW + timedelta(days=2))
    away.fails["account"] = Unreachable("fake.example cannot be reached.")
    client = client_of(away, journal_folder=folder)
    summary = await client.summary()
    assert summary.as_of == NOW
    assert summary.notices[0].text == "fake.example cannot be reached. Showing data from Nov 20, 12:00."
    assert f"{summary.balance.total}" == "5"  # type: ignore[union-attr]
    assert f"{(await client.sources()).total}" == "2"
    assert len((await client.events(ALL, limit=9)).items) == 2
    away.fails.clear()
    away.cells = fake.cells
    assert await client.refresh()
    assert (await client.summary()).notices == ()
    assert (await client.summary()).as_of == away.now


async def test_without_a_network_another_key_sees_nothing(folder: Path) -> None:
    await client_of(Fake(cell("2026-11-02", "m", "2")), journal_folder=folder).summary()
    away = Fake()
    away.fails["account"] = Unreachable("Away.")
    with pytest.raises(Unreachable):
        await client_of(away, journal_folder=folder, token=BearerToken("sk-other")).summary()


async def test_settings_that_ask_for_something_else_have_a_journal_of_their_own(folder: Path) -> None:
    await client_of(Fake(), journal_folder=folder, options={"project": "p1"}).summary()
    away = Fake()
    away.fails["account"] = Unreachable("Away.")
    with pytest.raises(Unreachable):
        await client_of(away, journal_folder=folder, options={"project": "p2"}).summary()
    await client_of(away, journal_folder=folder, options={"project": "p1", "plan": {}}).summary()


async def test_a_refused_key_hides_the_journal_for_good(folder: Path) -> None:
    await client_of(Fake(cell("2026-11-02", "m", "2")), journal_folder=folder).summary()
    refusals: list[ClientError] = [Unauthenticated("No."), Unreachable("Away."), RateLimited("Wait.")]
    for error in refusals:
        fake = Fake()
        fake.fails["account"] = error
        with pytest.raises(type(error)):
            await client_of(fake, journal_folder=folder).summary()


async def test_a_journal_that_cannot_be_used_is_said_in_one_line(folder: Path) -> None:
    await client_of(Fake(), journal_folder=folder).summary()
    path = damaged(folder)
    fake = Fake(cell("2026-11-02", "m", "2"))
    client = client_of(fake, journal_folder=folder)
    summary = await client.summary()
    assert [notice.text for notice in summary.notices] == [f"The journal of days is damaged: delete {path}."]
    assert f"{(await client.sources()).total}" == "2"


def test_nothing_is_kept_without_a_folder(tmp_path: Path) -> None:
    asyncio.run(client_of(Fake()).summary())
    assert [*tmp_path.iterdir()] == []
