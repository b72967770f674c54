"""The FOCUS table: exact, in money, and no more than the viewer may see."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.program import refused
from tests.clients.providers.loopback import KEY, loopback
from usage_tui.cli import main
from usage_tui.cli.ending import DONE, FAILED, WITHHELD
from usage_tui.config import paths
from usage_tui.models import Credits, Event, Organization
from usage_tui.tables.focus import Bill, FocusWriter, of_events

COSTS = ("BilledCost", "ContractedCost", "EffectiveCost", "ListCost")
DOLLARS = ("--demo", "dollars")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no cache, and no other computer."""
    for kind in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))
    monkeypatch.delenv("SSH_CONNECTION", raising=False)


def exported(capsys: pytest.CaptureFixture[str], output: Path, *words: str) -> list[dict[str, str]]:
    capsys.readouterr()
    code = main(["export", "focus", *words, "-o", str(output)])
    assert code == DONE, capsys.readouterr().err
    rows = [*csv.DictReader(io.StringIO(output.read_text(encoding="utf-8"), newline=""))]
    assert capsys.readouterr().out.endswith(f": {len(rows):,} rows\n")
    return rows


def total(rows: list[dict[str, str]]) -> Decimal:
    assert all(row[name] == row["BilledCost"] for row in rows for name in COSTS)
    return sum((Decimal(row["BilledCost"]) for row in rows), Decimal())


def printed_total(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> Decimal:
    capsys.readouterr()
    assert main([command, *words, "--json"]) == DONE
    return Decimal(json.loads(capsys.readouterr().out)["total"])


def test_a_row_an_event_adds_up_to_the_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = exported(capsys, tmp_path / "x.csv", *DOLLARS)
    assert len({row["x_EventId"] for row in rows}) == len(rows)
    assert total(rows) == printed_total(capsys, "sources", *DOLLARS)
    assert total(rows) == printed_total(capsys, "daily", *DOLLARS)
    row = rows[0]
    assert (row["BillingAccountId"], row["BillingAccountName"]) == ("northwind", "Northwind")
    assert (row["BillingCurrency"], row["ServiceCategory"]) == ("USD", "AI and Machine Learning")
    assert (row["x_SourceKind"], row["ResourceType"]) == ("ai_tool", "AI Tools")
    # The midnights of New York, whose clocks changed within the period.
    assert (row["BillingPeriodStart"], row["BillingPeriodEnd"]) == (
        "2026-11-01T04:00:00Z",
        "2026-12-01T05:00:00Z",
    )
    assert (row["ChargePeriodStart"], row["ChargePeriodEnd"]) == (
        "2026-11-22T05:00:00Z",
        "2026-11-23T05:00:00Z",
    )


def test_it_can_be_opened_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported(capsys, tmp_path / "focus.csv", *DOLLARS)
    for command in ("sources", "daily"):
        told = printed_total(capsys, command, str(tmp_path / "focus.csv"))
        assert told == printed_total(capsys, command, *DOLLARS)
    assert main(["sources", str(tmp_path / "focus.csv")]) == DONE
    assert "Contract review" in capsys.readouterr().out


def test_a_recording_and_a_table_add_up_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = str(tmp_path / "dollars.jsonl")
    assert main(["record", *DOLLARS, "-o", recording]) == DONE
    assert total(exported(capsys, tmp_path / "x.csv", recording)) == printed_total(
        capsys, "sources", recording
    )
    table = tmp_path / "costs.csv"
    table.write_text("date,cost (€),model\n2026-11-01,0.1234567,=1+1\n2026-11-02,7,b\n2026-11-02,-3,b\n")
    rows = exported(capsys, tmp_path / "y.csv", str(table), "--provider", "Our gateway")
    assert total(rows) == printed_total(capsys, "sources", str(table))
    assert {row["BillingCurrency"] for row in rows} == {"EUR"}
    assert {row["ProviderName"] for row in rows} == {"Our gateway"} == {row["Provider"] for row in rows}
    assert "'=1+1" in {row["ResourceName"] for row in rows}
    assert "-3.00" in {row["BilledCost"] for row in rows}


def test_a_vendor_has_a_row_a_day_and_source(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths.token_file("ours").parent.mkdir(parents=True)
    paths.token_file("ours").write_text(KEY)
    paths.token_file("ours").chmod(0o600)
    with loopback() as vendor:
        profile = (
            f'provider = "openrouter"\nurl = "{vendor.url}"\ntoken_file = "{paths.token_file("ours")}"\n'
        )
        paths.config_file().write_text(f"[profiles.ours]\n{profile}")
        rows = exported(capsys, tmp_path / "x.csv", "-p", "ours")
        assert total(rows) == printed_total(capsys, "sources", "-p", "ours")
        assert total(rows) == printed_total(capsys, "daily", "-p", "ours")
    assert {row["ProviderName"] for row in rows} == {"OpenRouter"}
    charged = [(row["ResourceID"], row["ChargePeriodStart"]) for row in rows]
    assert len(set(charged)) == len(charged) > 1
    for row in rows:
        starts_at, ends_at = (datetime.fromisoformat(row[f"ChargePeriod{end}"]) for end in ("Start", "End"))
        assert (ends_at - starts_at).days == 1


def test_a_member_has_a_row_a_day_and_source_and_no_event(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "member.jsonl"
    assert main(["record", "--demo", "member", "-o", str(recording)]) == DONE
    recording.write_text(recording.read_text().replace('"code":"credit"', '"code":"CHF"'))
    rows = exported(capsys, tmp_path / "x.csv", str(recording))
    assert len(rows) > 1
    assert total(rows) == printed_total(capsys, "sources", str(recording))
    assert {(row["x_EventId"], row["x_Actor"], row["BillingCurrency"]) for row in rows} == {("", "", "CHF")}
    chosen = ("export", "focus", str(recording), "--filter", "x", "-o", str(tmp_path / "y.csv"))
    assert main(chosen) == WITHHELD


def test_credits_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "x.csv"
    assert main(["export", "focus", "--demo", "-o", str(output)]) == FAILED
    said = capsys.readouterr()
    assert (said.out, said.err) == (
        "",
        "usage-tui: FOCUS is for costs in a currency, and these data are in credits\n",
    )
    assert not output.exists()


def test_a_filter_chooses_rows_as_in_the_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ("--filter", "source:contract")
    rows = exported(capsys, tmp_path / "x.csv", *DOLLARS, *chosen)
    assert {row["ResourceName"] for row in rows} == {"Contract review"}
    assert main(["history", *DOLLARS, *chosen, "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)["totals"]
    assert (len(rows), total(rows)) == (told["events"], Decimal(told["credits"]))


def test_people_are_left_out_or_have_pseudonyms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "maria@acme.example" in {row["x_Actor"] for row in exported(capsys, tmp_path / "a.csv", *DOLLARS)}
    without = exported(capsys, tmp_path / "b.csv", *DOLLARS, "--no-people")
    assert {row["x_Actor"] for row in without} == {""}
    redacted = exported(capsys, tmp_path / "c.csv", *DOLLARS, "--redact")
    assert {row["BillingAccountName"] for row in redacted} == {"Organization 1"}
    text = (tmp_path / "c.csv").read_text(encoding="utf-8")
    assert not any(name in text for name in ("@", "orthwind", "Contract review"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "json"), "--format does not go with focus, which is always CSV"),
        (("--by", "kind"), "--by goes with sources"),
        (("--limit", "3"), "--limit goes with history"),
    ],
)
def test_what_does_not_go_with_it_is_refused(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert refused(capsys, "export", "focus", *DOLLARS, *words, "-o", str(tmp_path / "x.csv")) == said


ORGANIZATION = Organization(id="o", name="O", time_zone="UTC")


def written(*events: Event) -> list[dict[str, str]]:
    """The rows of events of calendar months."""
    bill = Bill(ORGANIZATION, "USD", "P", None)
    writer = FocusWriter(bill, {one.id: one.occurred_at for one in events}, people=True)
    text = writer.head() + writer.rows(of_events(events, bill.calendar))
    return [*csv.DictReader(io.StringIO(text, newline=""))]


def test_only_what_takes_back_a_charge_of_an_earlier_period_is_a_correction() -> None:
    october = Event(
        id="october",
        occurred_at=datetime.fromisoformat("2026-10-31T12:00Z"),
        kind="ai_tool",
        source_id="tool",
        label="Tool",
        activity="run",
        quantity=1,
        credits=Credits.parse("2.5"),
    )
    november = replace(october, id="november", occurred_at=datetime.fromisoformat("2026-11-02T12:00Z"))

    def reversal(of: str) -> Event:
        return replace(
            november, id=f"r_{of}", activity="reversal", credits=-Credits.parse("2.5"), reverses=of
        )

    refund = replace(november, id="refund", activity="adjustment", credits=-Credits.parse("4"))
    rows = written(october, november, reversal("october"), reversal("november"), reversal("unknown"), refund)
    assert [(row["ChargeCategory"], row["ChargeClass"]) for row in rows] == [
        ("Usage", ""),
        ("Usage", ""),
        ("Usage", "Correction"),
        ("Usage", ""),
        ("Usage", "Correction"),
        ("Adjustment", ""),
    ]
    assert [row["BilledCost"] for row in rows[2:]] == ["-2.50", "-2.50", "-2.50", "-4.00"]
    assert rows[0]["BillingPeriodEnd"] == rows[1]["BillingPeriodStart"] == "2026-11-01T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "seller"),
    [
        (
            "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id\n"
            "1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,1.5,usd,gpt,p\n"
            "1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00,2.5,usd,gpt mini,p\n",
            "OpenAI",
        ),
        ("date,model,cost ($)\n2026-11-01,alpha,1.5\n2026-11-01,beta,1.5\n", "costs.csv"),
    ],
)
def test_an_export_of_a_vendor_is_billed_by_the_vendor(
    text: str, seller: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, made = tmp_path / "costs.csv", tmp_path / "made.jsonl"
    source.write_text(text)
    assert main(["import", str(source), "-o", str(made)]) == DONE
    direct = exported(capsys, tmp_path / "a.csv", str(source))
    assert {row["ProviderName"] for row in direct} == {seller}
    imported = exported(capsys, tmp_path / "b.csv", str(made))
    assert {row["ProviderName"] for row in imported} == {seller if seller == "OpenAI" else "made.jsonl"}
    named = exported(capsys, tmp_path / "c.csv", str(source), "--provider", "Us")
    assert {row["ProviderName"] for row in named} == {"Us"}
