"""Every export that is declared, in a table of our own making: what it adds up to, and by which days."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.importing.tables import Sums, read_files, sums, write
from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.formats import known_formats

SAMPLES = Path(__file__).parents[2] / os.environ.get("VENDOR_EXPORTS", "../shared/data/vendor-exports")


class Case(NamedTuple):
    format: str
    name: str
    text: str
    total: str
    unit: str
    sources: dict[str, str]
    days: dict[str, str]


OPENAI = (
    "start_time,end_time,start_time_iso,end_time_iso,amount_value,amount_currency,line_item,project_id,"
    "organization_id,organization_name\n"
)
ANTHROPIC = "usage_date_utc,model,workspace,api_key,usage_type,token_type,cost_usd,list_price_usd,cost_type\n"
CURSOR_1 = (
    "Date,Model,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,Total Tokens,"
    "Cost,Cost to you\n"
)
FOCUS = (
    "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,ServiceName\n"
)
AWS = (
    "identity/LineItemId,identity/TimeInterval,lineItem/UsageAccountId,lineItem/LineItemType,"
    "lineItem/UsageStartDate,lineItem/UsageEndDate,lineItem/ProductCode,lineItem/UsageType,"
    "lineItem/CurrencyCode,lineItem/UnblendedCost\n"
)
GITHUB = (
    "date,username,product,sku,model,quantity,unit_type,applied_cost_per_quantity,gross_amount,"
    "discount_amount,net_amount,total_monthly_quota,organization,cost_center_name,aic_quantity,aic_gross_amount\n"
)
CASES = [
    Case(
        "openai-costs",
        "costs.csv",
        OPENAI + "1793491200,1793577600,,,0.00000025,usd,small,p1,o,Org\n"
        "1793491200,1793577600,,,0.00000025,usd,small,p1,o,Org\n"
        "1793577600,1793664000,,,,,,,,\n"
        "1793664000,1793750400,,,1.25e-02,usd,,p2,o,Org\n",
        "0.0125",
        "USD",
        {"small": "0", "p2": "0.0125"},
        {"11-01": "0", "11-03": "0.0125"},
    ),
    Case(
        "anthropic-cost",
        "cost.csv",
        ANTHROPIC + "2026-11-01,Claude Sonnet 4.5,W,k,message,output,1.25,9,token\n"
        "2026-11-02,,W,,,,0.4,0.4,web_search\n",
        "1.65",
        "USD",
        {"Claude Sonnet 4.5": "1.25", "web_search": "0.4"},
        {"11-01": "1.25", "11-02": "0.4"},
    ),
    Case(
        "openrouter",
        "activity.csv",
        "generation_id,created_at,cost_total,cost_cache,model_permaslug,user,api_key_name,app_name\n"
        "g1,2026-11-02 03:00:00.713,1.2e-05,-9,a/b,,prod,Chat\n"
        "g2,2026-11-02 23:59:59.9,0.5,0,c/d,ana,prod,\n",
        "0.500012",
        "USD",
        {"a/b": "0.000012", "c/d": "0.5"},
        {"11-02": "0.500012"},
    ),
    Case(
        "openrouter-daily",
        "daily.csv",
        "Date,Slug,Usage,BYOK Usage,Requests,Prompt Tokens,Completion Tokens,Reasoning Tokens\n"
        "2026-11-01,a/b,0.25,0,10,1,1,0\n2026-11-02,a/b,1,0,2.0,1,1,0\n",
        "1.25",
        "USD",
        {"a/b": "1.25"},
        {"11-01": "0.25", "11-02": "1"},
    ),
    Case(
        "github-ai",
        "ai.csv",
        GITHUB + "2026-11-01,mona,copilot,s,Opus,3.5,ai-credits,0.01,0.035,0,0.035,100,o,,3.5,0.035\n"
        "2026-11-02,mona,copilot,s,GPT,4,requests,0.04,0.16,0,0.16,100,o,,16,0.16\n",
        "19.5",
        "credit",
        {"Opus": "3.5", "GPT": "16"},
        {"11-01": "3.5", "11-02": "16"},
    ),
    Case(
        "github-metered",
        "usage.csv",
        "date,product,sku,quantity,unit_type,applied_cost_per_quantity,gross_amount,discount_amount,net_amount,"
        "organization,repository,cost_center_name\n"
        "2026-11-01,actions,Linux,100,minutes,0.008,0.8,0.3,0.5,o,r,\n"
        "2026-11-01,git_lfs,Storage,2,gigabyte-hours,0.07,0.14,0,0.14,o,r,\n",
        "0.64",
        "USD",
        {"Linux": "0.5", "Storage": "0.14"},
        {"11-01": "0.64"},
    ),
    Case(
        "github-premium",
        "premium.csv",
        "Timestamp,User,Model,Requests Used,Exceeds Monthly Quota,Total Monthly Quota\n"
        "2026-11-01T10:00:00.1234567Z,mona,GPT,1.5,False,Unlimited\n",
        "1.5",
        "request",
        {"GPT": "1.5"},
        {"11-01": "1.5"},
    ),
    Case(
        "cursor",
        "v1.csv",
        CURSOR_1 + '"2026-11-02T03:00:00.000Z",auto,0,0,0,1,1,9.99,"$1,234.50"\n'
        '"2026-11-01T03:00:00.000Z",opus,0,0,0,1,1,0.49,0.49\n',
        "1234.99",
        "USD",
        {"auto": "1234.5", "opus": "0.49"},
        {"11-02": "1234.5", "11-01": "0.49"},
    ),
    Case(
        "cursor",
        "v2.csv",
        "Date,Kind,Model,Max Mode,Input (w/ Cache Write),Input (w/o Cache Write),Cache Read,Output Tokens,"
        "Total Tokens,Cost\n"
        "2026-11-02T03:00:00.000Z,On-Demand,auto,No,0,0,0,1,1,0.2\n"
        "2026-11-02T03:00:00.000Z,On-Demand,auto,No,0,0,0,1,1,0.2\n"
        "2026-11-02T02:00:00.000Z,Included,auto,No,0,0,0,1,1,Included in Pro\n"
        '2026-11-02T01:00:00.000Z,"Errored, No Charge",auto,No,0,0,0,1,1,-\n',
        "0.4",
        "USD",
        {"auto": "0.4"},
        {"11-02": "0.4"},
    ),
    Case(
        "cursor-requests",
        "requests.csv",
        "Date,User,Kind,Model,Max Mode,Input (w/ Cache Write),Output Tokens,Total Tokens,Requests\n"
        "2026-11-02T03:00:00.000Z,ana,Included,auto,No,0,1,1,2.4\n",
        "2.4",
        "request",
        {"auto": "2.4"},
        {"11-02": "2.4"},
    ),
    Case(
        "litellm",
        "logs.csv",
        "request_id,call_type,api_key,spend,total_tokens,startTime,endTime,model,user,metadata\n"
        'r1,acompletion,k,2.5e-07,1,2026-11-02 10:00:00.5,,gpt,ana,"{""a"": 1}"\n'
        "r2,acompletion,k,0.5,1,1793700000.25,,gpt,,{}\n"
        "r3,acompletion,k,,1,2026-11-03T10:00:00Z,,gpt,,{}\n",
        "0.5",
        "USD",
        {"gpt": "0.5"},
        {"11-02": "0", "11-03": "0.5"},
    ),
    Case(
        "langfuse",
        "traces.csv",
        'id,timestamp,name,userId,inputCost,outputCost,totalCost\nt1,2026-11-02T10:00:00.000Z,"an\nswer",u,1,1,'
        "0.00000012\nt2,2026-11-02T11:00:00.000Z,chat,u,,,\nt3,2026-11-03T11:00:00.000Z,chat,u,1,1,2\n",
        "2",
        "USD",
        {"an�swer": "0", "chat": "2"},
        {"11-02": "0", "11-03": "2"},
    ),
    Case(
        "helicone",
        "requests.csv",
        "response_id,response_created_at,response_status,request_created_at,request_body,request_user_id,model,cost\n"
        'h1,2026-11-02T10:00:01Z,200,2026-11-02T10:00:00Z,"{""text"": ""long""}",ana,gpt,0.125\n',
        "0.125",
        "USD",
        {"gpt": "0.125"},
        {"11-02": "0.125"},
    ),
    Case(
        "focus",
        "focus.csv",
        FOCUS + "0.2,0.2000000001,USD,Usage,2026-11-01 00:00:00,2026-11-02 00:00:00,Bedrock\n"
        "-0.05,-0.05,USD,Credit,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Bedrock\n"
        "500,0,USD,Purchase,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Bedrock\n"
        "0.1,0.1,USD,Tax,2026-11-01T00:00:00Z,2026-12-01T00:00:00Z,Tax\n",
        "0.15",
        "USD",
        {"Bedrock": "0.15"},
        {"11-01": "0.15"},
    ),
    Case(
        "deepseek-cost",
        "cost.csv",
        "user_id,utc_date,model,wallet_type,cost,currency\nu,20261102,chat,Paid,0.1234567890123456,CNY\n",
        "0.123457",
        "CNY",
        {"chat": "0.123457"},
        {"11-02": "0.123457"},
    ),
    Case(
        "deepseek-cost",
        "cost-iso.csv",
        "\ufeffuser_id,start_time_iso,end_time_iso,model,wallet_type,cost,currency\r\n"
        "u,2026-11-02T00:00:00+08:00,2026-11-03T00:00:00+08:00,chat,Granted,0.5,CNY\r\n",
        "0.5",
        "CNY",
        {"chat": "0.5"},
        {"11-02": "0.5"},
    ),
    Case(
        "aws-cur",
        "cur.csv",
        AWS + "a,i1,1,Usage,2026-11-01T05:00:00Z,2026-11-01T06:00:00Z,AmazonBedrock,Tokens,USD,0.0000000012\n"
        "a,i2,1,Usage,2026-11-02T05:00:00Z,2026-11-02T06:00:00Z,AmazonBedrock,Tokens,USD,3\n"
        "b,i1,1,Credit,2026-11-02T05:00:00Z,2026-11-02T06:00:00Z,AmazonBedrock,Tokens,USD,-1\n"
        "c,i1,1,Tax,2026-11-02T05:00:00Z,2026-11-02T06:00:00Z,AmazonBedrock,,USD,0.5\n",
        "2",
        "USD",
        {"Tokens": "2"},
        {"11-01": "0", "11-02": "2"},
    ),
    Case(
        "aws-cur",
        "cur2.csv",
        "line_item_line_item_id,line_item_line_item_type,line_item_usage_start_date,line_item_usage_end_date,"
        "line_item_usage_type,line_item_product_code,line_item_currency_code,line_item_unblended_cost\n"
        "a,Usage,2026-11-02 05:00:00.000,2026-11-02 06:00:00.000,Tokens,AmazonBedrock,USD,0.75\n",
        "0.75",
        "USD",
        {"Tokens": "0.75"},
        {"11-02": "0.75"},
    ),
    Case(
        "azure",
        "azure.csv",
        "\ufeffDate,MeterCategory,MeterName,Quantity,CostInBillingCurrency,ChargeType,BillingCurrency,ResourceGroup\n"
        "11/03/2026,AI,gpt,1,0.5,Usage,EUR,rg\n11/25/2026,AI,gpt,1,-0.2,Refund,EUR,rg\n",
        "0.3",
        "EUR",
        {"gpt": "0.3"},
        {"11-03": "0.5", "11-25": "-0.2"},
    ),
    Case(
        "ccusage",
        "daily.json",
        json.dumps(
            {
                "daily": [
                    {
                        "date": "2026-11-03",
                        "totalCost": 0.75,
                        "modelBreakdowns": [
                            {"modelName": "opus", "cost": 0.5},
                            {"modelName": "haiku", "cost": 0.25},
                        ],
                    }
                ],
                "totals": {"totalCost": 0.75},
            }
        ),
        "0.75",
        "USD",
        {"opus": "0.5", "haiku": "0.25"},
        {"11-03": "0.75"},
    ),
    Case(
        "gitpod",
        "gitpod.csv",
        "id,credits,startTime,endTime,kind,userName,contextURL\n"
        "1,2.5,2026-11-09T09:00:00.000Z,,workspaceinstance,ana,https://example.com/app\n"
        "2,-9,2026-11-09T09:00:00.000Z,,invoice,,\n",
        "2.5",
        "credit",
        {"https://example.com/app": "2.5"},
        {"11-09": "2.5"},
    ),
    Case(
        "cloudevents",
        "events.ndjson",
        "\n".join(
            json.dumps(
                {
                    "specversion": "1.0",
                    "type": "usage.ai_tool",
                    "source": source,
                    "id": "run-1",
                    "subject": "review",
                    "time": "2026-11-03T10:00:00Z",
                    "data": {"credits": "1.5"},
                }
            )
            for source in ("//a", "//b", "//a")
        ),
        "3",
        "",
        {"review": "3"},
        {"11-03": "3"},
    ),
    Case(
        "lago-wallet",
        "wallet.json",
        json.dumps(
            {
                "wallet_transactions": [
                    {
                        "lago_id": f"l{number}",
                        "transaction_type": kind,
                        "transaction_status": "invoiced" if kind == "outbound" else "purchased",
                        "status": status,
                        "credit_amount": amount,
                        "settled_at": "2026-11-04T10:00:00Z",
                    }
                    for number, (kind, status, amount) in enumerate(
                        [
                            ("inbound", "settled", "100.0"),
                            ("outbound", "settled", "2.5"),
                            ("inbound", "pending", "7"),
                        ]
                    )
                ]
            }
        ),
        "2.5",
        "credit",
        {"invoiced": "2.5"},
        {"11-04": "2.5"},
    ),
]
REFUSED = {
    "openai-usage": "start_time,end_time,start_time_iso,project_id,num_model_requests,model\n1,2,,p,1.0,m\n",
    "anthropic-tokens": "usage_date_utc,model_version,usage_input_tokens_no_cache\n2026-11-01,m,5\n",
    "deepseek-amount": "user_id,utc_date,model,type,price,amount\nu,20261101,m,input,1,5\n",
}
GRANTS_ALONE = {"stripe-grants", "grants"}


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def _clocks_of_the_computer(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("_clocks_of_the_computer")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.format}-{case.name}")
def test_an_export_adds_up_whatever_the_clocks_say(tmp_path: Path, case: Case) -> None:
    found = sums(write(tmp_path, case.text, case.name))
    assert found.bad_lines == []
    assert found.reading.files[0].plan.format.name == case.format
    assert (found.total, found.reading.unit) == (case.total, case.unit)
    assert found.sources == case.sources
    assert found.days == case.days


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if not case.text.startswith(("{", "["))],
    ids=lambda case: f"{case.format}-{case.name}",
)
@pytest.mark.parametrize("spelled", [str.upper, str.lower])
def test_a_database_may_have_changed_the_capitals_of_the_columns(
    tmp_path: Path, case: Case, spelled: Callable[[str], str]
) -> None:
    header, _, rows = case.text.partition("\n")
    found = sums(write(tmp_path, f"{spelled(header)}\n{rows}", case.name))
    assert found.reading.files[0].plan.format.name == case.format
    assert (found.total, found.reading.unit) == (case.total, case.unit)
    assert (found.sources, found.days) == (case.sources, case.days)


def test_every_format_that_has_an_amount_is_tested_and_every_other_one_refused() -> None:
    assert {case.format for case in CASES} | set(REFUSED) | GRANTS_ALONE == set(known_formats())


@pytest.mark.parametrize("name", REFUSED)
def test_tokens_are_refused_with_the_export_that_has_the_cost(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportFailed) as caught:
        read_files(write(tmp_path, REFUSED[name]))
    one = known_formats()[name]
    assert str(caught.value) == (
        f"costs.csv: is {one.title}, which has no cost; export {one.cost_export} instead."
    )


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_a_day_of_a_vendor_is_that_day_wherever_the_organization_is(tmp_path: Path, zone: str) -> None:
    days = [case for case in CASES if known_formats()[case.format].days or case.format == "openai-costs"]
    for case in days:
        assert sums(write(tmp_path, case.text, case.name), zone=zone).days == case.days


def test_a_time_of_a_vendor_is_in_utc_so_that_it_may_be_of_the_day_before(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.format == "openrouter")
    path = write(tmp_path, case.text)
    assert sums(path, zone="America/New_York").days == {"11-01": "0.000012", "11-02": "0.5"}


def test_an_export_of_openai_without_any_use_has_no_amounts(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "start_time,end_time,start_time_iso,end_time_iso\n"
        "1793491200,1793577600,2026-11-01T00:00:00+00:00,2026-11-02T00:00:00+00:00\n",
    )
    found = read_files(path)
    assert (list(found.entries), found.bad_lines, found.files[0].tally.no_use_days) == ([], [], 1)


def test_a_total_of_ccusage_that_differs_from_its_rows_is_refused(tmp_path: Path) -> None:
    case = next(case for case in CASES if case.format == "ccusage")
    text = case.text.replace('"totals": {"totalCost": 0.75}', '"totals": {"totalCost": 0.8}')
    with pytest.raises(ImportFailed, match=r"its rows add up to 0\.75, but totals\.totalCost is 0\.8"):
        read_files(write(tmp_path, text, case.name))


def test_a_day_of_ccusage_without_its_models_counts_with_its_total(tmp_path: Path) -> None:
    text = """{"daily": [
        {"date": "2026-11-01", "totalCost": 1.5, "modelBreakdowns": []},
        {"date": "2026-11-02", "totalCost": 0, "modelBreakdowns": []},
        {"date": "2026-11-03", "totalCost": 2, "modelBreakdowns": [{"modelName": "m", "cost": 2}]}
    ], "totals": {"totalCost": 3.5}}"""
    found = sums(write(tmp_path, text, "daily.json"))
    assert found.bad_lines == []
    assert found.total == "3.5"
    assert found.sources["m"] == "2"


SAMPLE_SUMS = {
    "openai_costs.tsv": (
        "2.344119",
        {
            "gpt-5-mini, input": "1.236774",
            "gpt-5-mini, output": "1.107338",
            "text-embedding-3-small": "0.000007",
        },
    ),
    "anthropic_cost.csv": (
        "20.28",
        {
            "Claude Sonnet 4.5": "18.71",
            "web_search": "1.2",
            "Claude Opus 4.5": "0.3",
            "Claude Haiku 4.5": "0.07",
        },
    ),
    "openrouter_activity.csv": ("0.126319", {"anthropic/claude-opus-4.7": "0.114"}),
    "github_ai_usage.csv": ("404.412995", {"Claude Opus 4.6": "366", "Auto: Claude Haiku 4.5": "19.678995"}),
    "cursor_usage_events.csv": ("1.51", {"claude-4.6-opus": "1.2", "auto": "0.2", "composer-2-fast": "0.11"}),
    "litellm_spend_logs.json": ("0.018351", {"gpt-4o-mini": "0.000016"}),
    "litellm_spend_logs.ndjson": ("0.018351", {"gpt-4o-mini": "0.000016"}),
    "focus_1_2.csv": ("0.143", {"Amazon Bedrock": "0.143"}),
    "own_cloudevents.ndjson": ("53.625", {"contract_review": "51.625", "Agent chat": "2"}),
    "ccusage_daily.json": ("0.004024", {}),
    "gitpod_usage.csv": ("11.166667", {}),
}


@pytest.mark.skipif(not SAMPLES.exists(), reason="the sample exports are not here; VENDOR_EXPORTS says where")
@pytest.mark.usefixtures("_clocks_of_the_computer")
@pytest.mark.parametrize("name", SAMPLE_SUMS)
def test_a_sample_adds_up_to_what_it_is_known_to(name: str) -> None:
    found: Sums = sums(SAMPLES / name)
    total, sources = SAMPLE_SUMS[name]
    assert (found.total, found.bad_lines) == (total, [])
    for source, amount in sources.items():
        micro = round(float(found.sources[source]) * 1e6) - round(float(amount) * 1e6)
        assert abs(micro) <= 1


def test_an_amount_that_is_empty_is_not_filled_in_from_another_column(tmp_path: Path) -> None:
    path = write(tmp_path, CURSOR_1 + "2026-11-02T03:00:00.000Z,auto,0,0,0,1,1,9.99,\n")
    assert sums(path).total == "0"
