"""Any export in one command: opened, imported, kept for the next start, and never wrong in silence."""

from __future__ import annotations

import asyncio
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.known import known
from usage_tui.cli import converted, main
from usage_tui.clients.base import NotOffered
from usage_tui.clients.recording.client import RecordingClient
from usage_tui.clients.recording.header import Header
from usage_tui.models import Event, EventQuery, Grants

COSTS = (
    "start_time,end_time,amount_value,amount_currency,line_item,project_id\n"
    "1793491200,1793577600,0.5617712500000000,usd,gpt,p1\n"
    "1793577600,1793664000,0.0000072500000000,usd,small,p1\n"
    "1793664000,1793750400,,,,\n"
)
SAID = (
    "Read as OpenAI costs: 2 rows, UTC days, USD, $0.5617785. Amounts finer than a millionth are rounded "
    "together, so that their total is rounded once."
)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def costs(tmp_path: Path) -> Path:
    path = tmp_path / "costs.csv"
    path.write_text(COSTS)
    return path


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "usage-tui" / "exports").glob("*"))


def opened(path: Path) -> tuple[Header, list[Event]]:
    async def read() -> tuple[Header, list[Event]]:
        client = await RecordingClient.open(path)
        await client.check()
        events = (await client.events(EventQuery(), limit=1000)).items
        header = client._recording.header
        await client.aclose()
        return header, list(events)

    return asyncio.run(read())


def test_an_export_is_printed_without_any_option(costs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--print", str(costs)]) == 0
    said = capsys.readouterr()
    assert said.err == f"{SAID}\n"
    assert "Used this period" in said.out
    assert "This file doesn't report a balance. Read as OpenAI costs" in said.out
    assert "costs.csv" in said.out.splitlines()[0]
    for word in ("Credits remaining", "Paused", "Overage", "Locked"):
        assert word not in said.out


@pytest.mark.parametrize("arguments", [["--print"], ["daily"], ["sources", "--json"], ["history", "--csv"]])
def test_the_name_of_a_file_cannot_steer_the_terminal(
    costs: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    hostile = costs.rename(costs.with_name("\x1b[31mcosts\u202e.csv"))
    assert main([*arguments, str(hostile)]) == 0
    said = "".join(capsys.readouterr())
    assert "\x1b" not in said.replace("\\u001b", "\x1b")
    assert "\u202e" not in said


def test_a_recording_of_use_alone_claims_nothing_else(tmp_path: Path, costs: Path) -> None:
    assert main(["import", str(costs), "-o", str(tmp_path / "c.jsonl")]) == 0
    header, events = opened(tmp_path / "c.jsonl")
    summary = header.summary
    assert (summary.balance, summary.state, summary.included, summary.subscription) == (None,) * 4
    usage = known(summary.usage)
    assert (str(usage.total), usage.from_included, usage.uncovered) == ("0.561778", None, None)
    assert [str(day.credits) for day in header.daily.items] == ["0.561771", "0.000007", "0"]  # type: ignore[union-attr]
    assert [(event.label, event.quantity) for event in events] == [("small", None), ("gpt", None)]
    assert header.read_as == SAID
    assert "costs" in summary.org.name
    assert known(summary.period).end_date.isoformat() == "2026-11-30"

    async def look() -> None:
        client = await RecordingClient.open(tmp_path / "c.jsonl")
        with pytest.raises(NotOffered):
            await client.grants()
        await client.aclose()

    asyncio.run(look())


def test_the_second_start_reads_what_the_first_one_kept(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["--print", str(costs)])
    first = capsys.readouterr()
    assert len(kept(tmp_path)) == 1
    with monkeypatch.context() as patch:
        patch.setattr(converted, "_make", lambda *_: pytest.fail("it was read again"))
        assert main(["--print", str(costs)]) == 0
    assert capsys.readouterr() == first
    costs.write_text(COSTS.replace("0.5617712500000000", "0.25"))
    main(["--print", str(costs)])
    assert "$0.25000725" in capsys.readouterr().err
    main(["--print", str(costs), "--only", "line_item=gpt"])
    assert "$0.25. --only left out 2 rows." in capsys.readouterr().err
    assert len(kept(tmp_path)) == 3


def test_nothing_is_kept_where_that_is_not_wanted(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--print", "--no-cache", str(costs)]) == 0
    assert kept(tmp_path) == []
    folder = tmp_path / "cache"
    folder.mkdir()
    folder.chmod(0o777)
    assert main(["--print", str(costs)]) == 0
    assert kept(tmp_path) == []
    assert SAID in capsys.readouterr().err


def test_only_so_many_are_kept(tmp_path: Path, costs: Path) -> None:
    for number in range(converted._MOST_FILES + 3):
        costs.write_text(COSTS + "\n" * number)
        main(["--print", str(costs)])
    assert len(kept(tmp_path)) == converted._MOST_FILES


def test_standard_input_is_a_file_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    reader, writer = os.pipe()
    os.write(writer, COSTS.encode())
    os.close(writer)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(os.fdopen(reader, "rb")))
    assert main(["import", "-", "-o", str(tmp_path / "x.jsonl")]) == 0
    assert capsys.readouterr().err == f"{SAID}\n"


def test_bad_lines_are_on_the_first_line_of_the_dashboard(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    costs.write_text(COSTS + "yesterday,1793577600,1,usd,gpt,p1\n")
    assert main(["--print", str(costs)]) == 1
    assert "costs.csv, line 5: occurred_at: invalid time 'yesterday'" in capsys.readouterr().err
    assert main(["--print", "--skip-bad-lines", str(costs)]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[2].endswith("1 bad line of costs.csv was left out; the numbers lack them.")
    assert main(["import", "--skip-bad-lines", str(costs), "-o", str(tmp_path / "c.jsonl")]) == 0
    capsys.readouterr()
    # Also where only a few numbers are shown, and where the table was read before.
    for answer in ("status", "daily"):
        assert main([answer, "--skip-bad-lines", str(costs)]) == 0
        assert capsys.readouterr().err.endswith(" 1 bad line was left out.\n")
    assert opened(tmp_path / "c.jsonl")[0].summary.notices[0].code == "lines_left_out"


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", [], "is empty."),
        (" \n\n", [], "is empty."),
        (
            COSTS.splitlines(keepends=True)[0],
            [],
            "has no row of usage; to make a recording without usage, give its time with usage-tui import "
            "--as-of TIME.",
        ),
        (COSTS, ["--only", "line_item=other"], "--only leaves no row; check its value."),
    ],
)
def test_a_table_without_usage_says_so(
    costs: Path, capsys: pytest.CaptureFixture[str], content: str, options: list[str], message: str
) -> None:
    costs.write_text(content)
    assert main(["--print", str(costs), *options]) == 1
    assert capsys.readouterr().err == f"usage-tui: costs.csv: {message}\n"


def test_an_amount_of_many_digits_is_told_with_all_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("time,credits\n2026-11-01T00:00:00Z,0.1000000000000000055511151231257827\n")
    assert main(["--print", str(path)]) == 0
    assert ": 1 row, times with their zone, 0.1000000000000000055511151231257827 credits. Amounts" in (
        capsys.readouterr().err
    )


@pytest.mark.parametrize("command", ["daily", "sources", "history", "periods"])
def test_a_command_rounds_no_amount_of_money_for_people_either(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("time,cost_usd\n2026-11-01T00:00:00Z,0.012319\n2026-10-01T00:00:00Z,0.114\n")
    assert main([command, str(path)]) == 0
    below_the_title = capsys.readouterr().out.splitlines()[3:]
    assert any("$0.012319" in line for line in below_the_title)


def test_the_periods_of_a_file_of_usage_have_no_column_for_who_paid(
    costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["periods", str(costs)]) == 0
    assert capsys.readouterr().out.splitlines()[3].split() == ["Period", "Id", "Cost"]


def test_of_several_files_it_is_said_once_how_amounts_are_rounded(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more.csv").write_text(COSTS)
    words = [str(costs), str(tmp_path / "more.csv"), "-o", str(tmp_path / "x.jsonl")]
    assert main(["import", *words]) == 0
    assert capsys.readouterr().err.count("rounded once") == 1


def test_an_unknown_table_needs_one_option_at_most(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("date,price\n2026-11-01,1.5\n")
    assert main(["--print", str(path)]) == 1
    assert capsys.readouterr().err == (
        "usage-tui: own.csv: no column for the amount; choose with --map credits=COLUMN from: date, price\n"
    )
    assert main(["--print", str(path), "--map", "credits=price"]) == 0
    assert (
        "Read as a table (time=date, amount=price): 1 row, days, unknown unit, 1.5."
        in capsys.readouterr().err
    )


def test_options_about_tables_go_with_a_table(tmp_path: Path, costs: Path) -> None:
    assert main(["--demo", "acme", "--print", "--map", "credits=x"]) == 2
    main(["import", str(costs), "-o", str(tmp_path / "c.jsonl")])
    assert main(["--print", str(tmp_path / "c.jsonl"), "--as", "focus"]) == 2
    assert main(["--watch", str(costs)]) == 2
    assert main(["import", str(costs)]) == 2


def test_without_the_right_unit_nothing_is_booked(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    org = tmp_path / "org.toml"
    described = (
        '[organization]\nname = "Acme"\ntime_zone = "America/New_York"\n'
        "[period]\nstarts_at = 2026-11-01\nends_at = 2026-12-01\n"
        '[[grants]]\ndescription = "Plan"\nbucket = "included"\ncredits = 5\n'
    )
    org.write_text(described)
    command = ["import", str(costs), "--org", str(org), "-o", str(tmp_path / "c.jsonl")]
    assert main(command) == 1
    assert (
        'costs.csv is in USD, but the organization counts credit; set unit = "USD"' in capsys.readouterr().err
    )
    org.write_text(described.replace("[period]", 'unit = "USD"\n[period]'))
    assert main(command) == 0
    header, _ = opened(tmp_path / "c.jsonl")
    assert str(known(header.summary.balance).total) == "4.438222"
    # A day of the vendor is that day, also where the organization is hours behind.
    assert [str(day.credits) for day in header.daily.items][:2] == ["0.561771", "0.000007"]  # type: ignore[union-attr]


def test_adjustments_go_back_to_the_grant_that_paid_last(tmp_path: Path) -> None:
    (tmp_path / "org.toml").write_text(
        '[organization]\nname = "Acme"\ntime_zone = "UTC"\n'
        "[period]\nstarts_at = 2026-11-01\nends_at = 2026-12-01\n"
        '[[grants]]\nid = "plan"\ndescription = "Plan"\nbucket = "included"\ncredits = 10\n'
        '[[grants]]\nid = "top"\ndescription = "Top-up"\nbucket = "purchased"\ncredits = 5\n'
        "granted_at = 2026-11-01\n"
    )
    rows = [
        "2026-11-02T00:00Z,a,8",
        "2026-11-03T00:00Z,a,4",
        "2026-11-04T00:00Z,b,1",
        "2026-11-05T00:00Z,a,-3",
    ]
    for order in (rows, rows[::-1]):
        (tmp_path / "u.csv").write_text("\n".join(["time,source,credits", *order]) + "\n")
        words = ["import", str(tmp_path / "u.csv"), "--org", str(tmp_path / "org.toml")]
        assert main([*words, "-o", str(tmp_path / "c.jsonl")]) == 0
        header, events = opened(tmp_path / "c.jsonl")
        assert isinstance(header.grants, Grants)
        assert {grant.id: str(grant.remaining) for grant in header.grants.items} == {"plan": "1", "top": "4"}
        newest = events[0]
        assert (newest.activity, newest.reverses, newest.label, newest.quantity) == (
            "adjustment",
            None,
            "a",
            0,
        )
        assert [(part.grant_id, str(part.credits)) for part in newest.allocations] == [
            ("top", "-2"),
            ("plan", "-1"),
        ]


STRIPE = {
    "object": "list",
    "has_more": False,
    "data": [
        {
            "id": "credgr_1",
            "name": "Welcome",
            "category": "promotional",
            "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": 1000}},
            "effective_at": 1793491200,
            "expires_at": None,
            "voided_at": None,
        },
        {
            "id": "credgr_2",
            "name": "Bought",
            "category": "paid",
            "amount": {"type": "monetary", "monetary": {"currency": "usd", "value": 2550}},
            "effective_at": 1793491200,
            "expires_at": 1893491200,
            "voided_at": 1793664000,
        },
    ],
}


def test_grants_come_from_a_file_beside_the_use(tmp_path: Path, costs: Path) -> None:
    grants = tmp_path / "grants.json"
    grants.write_text(json.dumps(STRIPE))
    assert main(["import", str(grants), str(costs), "-o", str(tmp_path / "c.jsonl")]) == 0
    header, _ = opened(tmp_path / "c.jsonl")
    assert isinstance(header.grants, Grants)
    found = {
        grant.id: (str(grant.original), str(grant.remaining), grant.status) for grant in header.grants.items
    }
    assert found == {"credgr_1": ("10", "10", "active"), "credgr_2": ("25.5", "0", "voided")}
    assert str(known(header.summary.balance).total) == "10"
    assert header.summary.unit.code == "USD"


@pytest.mark.parametrize(
    ("currency", "value", "original"), [("jpy", 1000, "1000"), ("eur", 5, "0.05"), ("usd", 100, "1")]
)
def test_minor_units_are_those_of_the_currency(
    tmp_path: Path, currency: str, value: int, original: str
) -> None:
    one = {**STRIPE["data"][0], "amount": {"monetary": {"currency": currency, "value": value}}}  # type: ignore[index]
    (tmp_path / "g.json").write_text(json.dumps({"data": [one]}))
    assert main(["import", str(tmp_path / "g.json"), "-o", str(tmp_path / "c.jsonl")]) == 0
    header, _ = opened(tmp_path / "c.jsonl")
    assert isinstance(header.grants, Grants)
    assert [str(grant.original) for grant in header.grants.items] == [original]


def test_a_table_of_grants_and_a_wallet_are_grants(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(
        "id,description,bucket,credits,granted_at,expires_at\n"
        "g1,Plan,included,10,2026-11-01,2026-12-01\ng2,Top-up,,5,2026-11-02,\n"
    )
    (tmp_path / "u.csv").write_text("time,credits\n2026-11-03T10:00Z,12\n")
    words = ["import", str(tmp_path / "u.csv"), str(tmp_path / "g.csv"), "-o", str(tmp_path / "c.jsonl")]
    assert main(words) == 0
    header, _ = opened(tmp_path / "c.jsonl")
    balance = known(header.summary.balance)
    assert (str(balance.total), str(balance.purchased)) == ("3", "3")
    wallet = [
        {
            "lago_id": name,
            "transaction_type": kind,
            "transaction_status": status,
            "credit_amount": amount,
            "settled_at": f"2026-11-0{day}T10:00:00Z",
        }
        for name, kind, status, amount, day in (
            ("a", "inbound", "purchased", "100.5", 1),
            ("b", "outbound", "invoiced", "40.25", 2),
        )
    ]
    (tmp_path / "w.json").write_text(json.dumps({"wallet_transactions": wallet}))
    assert main(["import", str(tmp_path / "w.json"), "-o", str(tmp_path / "c.jsonl")]) == 0
    assert str(known(opened(tmp_path / "c.jsonl")[0].summary.balance).total) == "60.25"


def test_use_from_before_any_grant_is_told_and_no_overage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "g.csv").write_text("description,credits,granted_at\nTop-up,5,2026-11-10\n")
    (tmp_path / "u.csv").write_text("time,credits\n2026-11-03T10:00Z,12\n2026-11-11T10:00Z,1\n")
    words = ["import", str(tmp_path / "u.csv"), str(tmp_path / "g.csv"), "-o", str(tmp_path / "c.jsonl")]
    assert main(words) == 0
    summary = opened(tmp_path / "c.jsonl")[0].summary
    balance = known(summary.balance)
    assert (str(balance.total), str(balance.overage)) == ("4", "0")
    assert summary.notices[0].text == (
        "1 event (12 credits) is older than the first grant; no grant paid, and it is not counted as overage."
    )


def test_the_known_exports_are_listed_with_where_to_find_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--formats"]) == 0
    text = capsys.readouterr().out
    for word in ("openai-costs", "platform.openai.com", "cloudevents", "stripe-grants", "has no cost"):
        assert word in text


def test_a_recording_made_from_an_export_says_so_to_doctor(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", str(costs), "-o", str(tmp_path / "c.jsonl")])
    config = tmp_path / "config" / "usage-tui"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        f'[profiles.costs]\nprovider = "recording"\nfile = "{tmp_path / "c.jsonl"}"\n'
    )
    capsys.readouterr()
    main(["doctor", "-p", "costs"])
    assert "Read as OpenAI costs" in capsys.readouterr().out


def test_rows_from_before_the_month_that_is_shown_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "u.csv").write_text("date,cost ($)\n2026-09-30,1.5\n2026-10-31,2\n2026-11-02,4\n")
    assert main(["--print", str(tmp_path / "u.csv")]) == 0
    said = capsys.readouterr()
    assert said.err == (
        "Read as a table (time=date, amount=cost ($)): 3 rows, days, USD, $7.50. "
        "2 rows ($3.50) are from before November 2026, which is shown.\n"
    )
    assert "$4.00" in said.out


def test_commands_that_answer_open_a_table_too(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(command: str, *words: str) -> dict[str, Any]:
        assert main([command, str(costs), "--json", *words]) == 0
        said = capsys.readouterr()
        assert said.err.startswith("Read as OpenAI costs")
        answer: dict[str, Any] = json.loads(said.out)
        return answer

    assert [row["credits"] for row in told("daily")["items"]] == ["0.561771", "0.000007", "0"]
    assert len(kept(tmp_path)) == 1
    sources = told("sources")
    assert (sources["origin"], sources["unit"], sources["total"]) == ("costs.csv", "USD", "0.561778")
    assert {row["label"]: row["credits"] for row in sources["items"]} == {
        "gpt": "0.561771",
        "small": "0.000007",
    }
    assert [event["label"] for event in told("history")["items"]] == ["small", "gpt"]
    assert told("status")["used"] == "0.561778"
    assert len(kept(tmp_path)) == 1
    assert told("sources", "--only", "line_item=small")["total"] == "0.000007"
    assert main(["forecast", str(costs)]) == 1
    assert "neither grants nor a balance" in capsys.readouterr().err
    assert main(["daily", str(costs), "--map", "credits=price"]) == 1
    assert "price" in capsys.readouterr().err
    assert main(["daily", "--demo", "acme", "--as", "focus"]) == 2


def test_an_amount_that_is_not_there_is_no_zero(
    tmp_path: Path, costs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    costs.write_text(COSTS.replace("amount_value", "value"))
    assert main(["--print", str(costs)]) == 1
    assert "no column for the amount" in capsys.readouterr().err
    costs.write_text("start_time,end_time,start_time_iso,end_time_iso\n1793491200,1793577600,,\n")
    assert main(["--print", str(costs)]) == 0


def test_a_dated_line_that_calls_itself_a_total_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "u.csv"
    path.write_text("date,source,cost\n2026-11-02,A,1\n2026-11-03,B,2\n2026-11-03,Total,3\n")
    assert main(["--print", str(path)]) == 1
    assert "line 4: equals the sum of all rows above" in capsys.readouterr().err
