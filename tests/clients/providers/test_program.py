"""A vendor in the real program: the screen, its text, a recording of it, and a start without the vendor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.clients.providers.loopback import KEY, MODELS, Loopback, cost, loopback
from tests.forked import ForkedTerminal, run
from tests.terminal import environment
from usage_tui.cli import main
from usage_tui.clients.providers import openrouter


@pytest.fixture
def vendor() -> Iterator[Loopback]:
    with loopback() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path, vendor: Loopback) -> Path:
    """The home of somebody with one profile, whose key is in a variable."""
    config = tmp_path / "home/.config/usage-tui/config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        f'[profiles.ours]\nprovider = "openrouter"\nurl = "{vendor.url}"\ntoken_variable = "OUR_KEY"\n'
    )
    return tmp_path / "home"


def printed(home: Path, *words: str, key: str = KEY) -> subprocess.CompletedProcess[str]:
    return run(words, environment=environment(home, OUR_KEY=key, COLUMNS="120"), folder=home)


def this_months_cost() -> str:
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=number) for number in range(today.day)]
    total = sum((Decimal(cost(day, model)) for day in days for model in MODELS), Decimal(0))
    return f"{total:,.2f}"


def test_the_screen_shows_balance_models_days_and_history(home: Path) -> None:
    with ForkedTerminal(["-p", "ours"], environment=environment(home, OUR_KEY=KEY)) as terminal:
        used = f"${this_months_cost()}"
        screen = terminal.wait_for("Balance remaining", used, "north/large", "requests", "daily totals")
        assert "Credits" not in screen
        terminal.press("2")
        terminal.wait_for("daily totals")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0


def test_a_recording_of_it_is_consistent_and_shows_the_same_cards(home: Path) -> None:
    live = printed(home, "-p", "ours", "--print")
    assert live.returncode == 0, live.stderr
    recorded = printed(home, "record", "-p", "ours", "-o", "ours.jsonl")
    assert recorded.returncode == 0, recorded.stderr
    again = printed(home, "ours.jsonl", "--print")
    assert (again.returncode, again.stderr) == (0, "")

    def words(text: str) -> list[str]:
        return [word for word in text.split() if ":" not in word]

    host = next(word for word in live.stdout.split() if word.startswith("127.0.0.1"))
    assert words(again.stdout.replace("ours.jsonl", host)) == words(live.stdout)
    header = json.loads((home / "ours.jsonl").read_text().splitlines()[0])
    total = Decimal(header["summary"]["usage"]["total"])
    assert total == sum(Decimal(item["credits"]) for item in header["sources"]["items"])
    assert total == sum(Decimal(day["credits"]) for day in header["daily"]["items"])
    assert f"{total:,.2f}" == this_months_cost()


def test_the_second_run_asks_for_four_days_and_one_without_the_vendor_shows_what_is_kept(
    home: Path, vendor: Loopback
) -> None:
    first = printed(home, "-p", "ours", "--print")
    vendor.asked.clear()
    printed(home, "-p", "ours", "--print")
    assert vendor.asked == ["/key", "/credits", "/analytics/query"]
    vendor.status = 503
    away = printed(home, "-p", "ours", "--print")
    assert "Showing data from" in away.stdout
    assert f"${this_months_cost()}" in away.stdout
    assert first.stdout.count("north/large") == away.stdout.count("north/large")
    refused = printed(home, "-p", "ours", "--print", key="sk-or-v1-another0ne")
    assert "north/large" not in refused.stdout
    assert "doesn't accept the key" in refused.stdout
    assert not any(part in refused.stdout + refused.stderr for part in ("another0ne", "0ne", KEY[-6:]))


def test_nothing_is_kept_where_that_is_not_wanted(home: Path) -> None:
    for option in ("--no-cache", "--restricted"):
        assert printed(home, "-p", "ours", "--print", option).returncode == 0
    assert not (home / ".local").exists()


def test_by_its_name_alone_it_takes_its_usual_address_and_variable(
    vendor: Loopback, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openrouter, "PROVIDER", openrouter.PROVIDER._replace(url=vendor.url))
    monkeypatch.setenv("OPENROUTER_API_KEY", KEY)
    assert main(["-p", "openrouter", "--print"]) == 0
    out, err = capsys.readouterr()
    assert "OpenRouter" in out
    assert err == ""


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('[profiles.ours.plan]\ninclded = "5"', "plan: unknown key inclded; the keys are included, low."),
        ('[[profiles.ours.grants]]\namount = "5"', "grants[1].granted: is missing."),
        ('[[profiles.ours.grants]]\namount = "x"\ngranted = 2026-10-02', "grants[1].amount: must be an"),
    ],
)
def test_what_is_typed_in_wrongly_is_named(home: Path, lines: str, fault: str) -> None:
    config = home / ".config/usage-tui/config.toml"
    config.write_text(f"{config.read_text()}{lines}\n")
    refused = printed(home, "-p", "ours", "--print")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"usage-tui: {config}: profiles.ours: {fault}")
    assert refused.stderr.count("\n") == 1


def imported(home: Path) -> set[str]:
    """What the start of the demo imports of vendors, and what only vendors need."""
    code = "import sys; from usage_tui.cli import main; main(['--demo', '--print']); print(*sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environment(home), capture_output=True, text=True, check=True
    )
    modules = ended.stdout.splitlines()[-1].split()
    return {name for name in modules if ".providers" in name or name in ("sqlite3", "httpx", "pydantic_core")}


def test_the_start_of_any_other_source_imports_no_vendor(home: Path, tmp_path: Path) -> None:
    assert imported(tmp_path / "nobody") == set()
    # A profile is checked by what its vendor declares, and by nothing else.
    package = "usage_tui.clients.providers"
    modules = {f"{package}.{name}" for name in ("asking", "base", "opening", "values", "openrouter")}
    assert imported(home) == {package, *modules}
