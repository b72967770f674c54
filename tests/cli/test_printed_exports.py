"""Exports printed as plain text: the total, every source and every day to the millionth, on any machine."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from usage_tui.cli import main

MILLIONTH = Decimal("0.000001")
SAMPLES = next(
    (
        folder / "shared" / "data" / "vendor-exports"
        for folder in Path(__file__).parents
        if (folder / "shared" / "data" / "vendor-exports").is_dir()
    ),
    None,
)
"""Samples of vendors' exports, where they are at hand beside the repository."""
_source = re.compile(r"(?P<label>\S.*?)  .*?(?P<amount>-?\$?[\d,]+(?:\.\d+)?)  +-?[\d.]+%").match
_day = re.compile(r"Nov (\d+) +(-?\$?[\d,]+(?:\.\d+)?)(?=$|  )")


class Exact(NamedTuple):
    """What a file adds up to, with all digits."""

    sources: Mapping[str, str]
    days: Mapping[int, str]


_LITELLM = Exact(
    {"claude-sonnet-4-5": "0.0183345", "gpt-4o-mini": "0.0000165", "text-embedding-3-small": "0.00000024"},
    {3: "0.00001674", 4: "0.0183345"},
)
EXACT = {
    "openai_costs.tsv": Exact(
        {
            "gpt-5-mini, input": "1.236774",
            "gpt-5-mini, output": "1.10733775",
            "text-embedding-3-small": "0.00000725",
        },
        {1: "1.45764525", 2: "0.5455665", 3: "0", 4: "0.3409", 5: "0.00000725"},
    ),
    "anthropic_cost.csv": Exact(
        {
            "Claude Sonnet 4.5": "18.71",
            "web_search": "1.20",
            "Claude Opus 4.5": "0.30",
            "Claude Haiku 4.5": "0.07",
        },
        {4: "0.07", 5: "19.01", 6: "1.20"},
    ),
    "openrouter_activity.csv": Exact(
        {
            "anthropic/claude-opus-4.7": "0.114",
            "openai/gpt-oss-120b": "0.0123",
            "google/gemma-3-4b-it": "0.000012",
            "meta-llama/llama-3.2-1b-instruct": "0.00000735",
            "meta-llama/llama-4-scout-17b-16e-instruct": "0",
        },
        {2: "0.01231935", 3: "0", 4: "0.114"},
    ),
    "github_ai_usage.csv": Exact(
        {
            "Claude Opus 4.6": "366",
            "Auto: Claude Haiku 4.5": "19.678995",
            "Claude Opus 4.5": "18.734",
            "GPT-5.4": "0",
        },
        {1: "385.678995", 2: "18.734"},
    ),
    "cursor_usage_events.csv": Exact(
        {"claude-4.6-opus": "1.20", "auto": "0.20", "composer-2-fast": "0.11", "composer-2.5": "0"},
        {14: "1.20", 15: "0.20", 16: "0.11"},
    ),
    "litellm_spend_logs.json": _LITELLM,
    "litellm_spend_logs.ndjson": _LITELLM,
    "focus_1_2.csv": Exact({"Amazon Bedrock": "0.1430000001"}, {1: "0.1430000001"}),
    "own_cloudevents.ndjson": Exact({"contract_review": "51.625", "Agent chat": "2"}, {3: "51.625", 4: "2"}),
    "ccusage_daily.json": Exact(
        {"claude-opus-4.6": "0.0033625", "gpt-5.4": "0.000661875"}, {3: "0.0033625", 4: "0.000661875"}
    ),
    "gitpod_usage.csv": Exact(
        {"https://github.com/acme/app": "11", "https://github.com/acme/lib": "0.166667"},
        {9: "11", 11: "0.166667"},
    ),
}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("COLUMNS", "120")


@pytest.fixture(params=["UTC", "America/New_York", "Pacific/Auckland"])
def _clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


def printed(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Decimal, Exact]:
    """The total, and what the tables of sources and days say."""
    assert main(["--print", str(path)]) == 0
    text = capsys.readouterr().out
    usage, _, rest = text.partition("Current-period usage ")[2].partition("Daily usage ")
    sources: defaultdict[str, Decimal] = defaultdict(Decimal)
    head, *rows = usage.splitlines()
    for found in filter(None, map(_source, rows)):
        sources[found["label"]] += _number(found["amount"])
    days = {
        int(day): amount
        for row in rest.partition("\n\nHistorical usage")[0].splitlines()
        if row.startswith("Nov ")
        for day, amount in _day.findall(row)
    }
    total = head.strip("─ ").removesuffix(" credits")
    return _number(total), Exact(
        {label: str(amount) for label, amount in sources.items()},
        {day: str(_number(amount)) for day, amount in days.items()},
    )


def _number(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


def check(path: Path, exact: Exact, capsys: pytest.CaptureFixture[str]) -> None:
    """The total is the exact one rounded once, and all that is printed adds up to it."""
    total, found = printed(path, capsys)
    assert total == sum(map(Decimal, exact.sources.values()), Decimal()).quantize(MILLIONTH, ROUND_HALF_UP)
    assert sum(map(Decimal, found.sources.values())) == total
    assert sum(map(Decimal, found.days.values())) == total
    assert found.sources.keys() == exact.sources.keys()
    for label, amount in exact.sources.items():
        assert abs(Decimal(found.sources[label]) - Decimal(amount)) < MILLIONTH
    assert found.days.keys() >= exact.days.keys()
    for day, text in found.days.items():
        assert abs(Decimal(text) - Decimal(exact.days.get(day, "0"))) < MILLIONTH


@pytest.mark.usefixtures("_clock")
@pytest.mark.skipif(SAMPLES is None, reason="the samples are not here")
@pytest.mark.parametrize("name", EXACT)
def test_samples_are_printed_to_the_millionth(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert SAMPLES is not None
    check(SAMPLES / name, EXACT[name], capsys)


@pytest.mark.skipif(SAMPLES is None, reason="the samples are not here")
def test_every_sample_is_opened_or_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert SAMPLES is not None
    refused = {path.name for path in SAMPLES.iterdir()} - set(EXACT) - {"README.md"}
    assert refused == {"openai_completions_usage.csv"}
    assert main(["--print", str(SAMPLES / "openai_completions_usage.csv")]) == 1
    assert "OpenAI costs (Usage, Export, Costs)" in capsys.readouterr().err


@pytest.mark.usefixtures("_clock")
@pytest.mark.parametrize(
    ("text", "exact"),
    [
        (
            "start_time,end_time,amount_value,amount_currency,line_item,project_id\n"
            "1793491200,1793577600,0.5617714,usd,gpt,p1\n"
            "1793491200,1793577600,12345.1,usd,other,p1\n"
            "1793577600,1793664000,0.00000725,usd,small,p1\n"
            "1793664000,1793750400,,,,\n",
            Exact(
                {"gpt": "0.5617714", "other": "12345.1", "small": "0.00000725"},
                {1: "12345.6617714", 2: "0.00000725", 3: "0"},
            ),
        ),
        (
            "generation_id,created_at,cost_total,model_permaslug,user,app_name\n"
            "a,2026-11-02 03:00:00.713,0.0000004,m/one,,\n"
            "b,2026-11-02 23:59:59.999,0.0000004,m/two,,\n"
            "c,2026-11-03 00:00:00.000,1.2e-05,m/one,,\n",
            Exact({"m/one": "0.0000124", "m/two": "0.0000004"}, {2: "0.0000008", 3: "0.000012"}),
        ),
        (
            "date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,gross_amount,"
            "discount_amount,net_amount,total_monthly_quota,organization,cost_center_name\n"
            "2026-11-01,ana,copilot,ai,Opus,19.678995,ai-credits,0.01,0.2,0,0.2,1,acme,\n"
            "2026-11-03,ana,copilot,ai,Opus,1000.5,ai-credits,0.01,10,0,10,1,acme,\n",
            Exact({"Opus": "1020.178995"}, {1: "19.678995", 2: "0", 3: "1000.5"}),
        ),
    ],
    ids=["openai", "openrouter", "github"],
)
def test_every_digit_is_printed(
    tmp_path: Path, text: str, exact: Exact, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text)
    check(path, exact, capsys)
