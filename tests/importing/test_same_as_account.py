"""An account of a vendor and its export tell the same of the same rows."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import NamedTuple

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients.providers.vendor import OURS, Vendor, opened
from tests.examples import examples
from tests.importing.tables import sums
from tests.known import known

MILLIONTH = Decimal("0.000001")
_DAY = 86400
_NOV_1 = 1793491200


class Row(NamedTuple):
    """What one model cost on one of the first days of November."""

    day: int
    model: str
    cost: str


class Told(NamedTuple):
    """What an account or a file says."""

    total: Decimal
    days: Mapping[str, Decimal]
    sources: Mapping[str, Decimal]


ROWS = [
    Row(1, "gpt-6, input", "0.5617712500000000"),
    Row(1, "gpt-6, output", "0.0000072500000000"),
    Row(1, "small", "1.25e-06"),
    Row(2, "gpt-6, input", "1234.000000499"),
    Row(2, "small", "0.0000004"),
    Row(3, "web search", "0.1"),
    Row(3, "gpt-6, output", "0.0000004"),
]
rows = st.lists(
    st.builds(
        Row,
        st.integers(1, 3),
        st.sampled_from(["gpt-6, input", "gpt-6, output", "small", "web search"]),
        st.decimals(0, 9999, places=9).map(lambda cost: f"{cost:f}"),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row.day, row.model),
)


async def told_by_openai(found: list[Row]) -> Told:
    """What the account says, where the vendor replies with the rows."""
    buckets = [
        {
            "start_time": _NOV_1 + (day - 1) * _DAY,
            "end_time": _NOV_1 + day * _DAY,
            "results": [
                {"amount": {"value": row.cost, "currency": "usd"}, "line_item": row.model}
                for row in found
                if row.day == day
            ],
        }
        for day in (1, 2, 3)
    ]

    def answer(request: httpx.Request) -> httpx.Response:
        is_november = int(request.url.params["start_time"]) == _NOV_1
        data = buckets if is_november else []
        return httpx.Response(200, json={"data": data, "has_more": False, "next_page": None})

    vendor = Vendor(OURS / "openai")
    vendor.instead["/costs"] = answer
    return await told_by("openai", vendor)


async def told_by_openrouter(found: list[Row]) -> Told:
    """What the account says, where the vendor replies with the rows."""
    data = [
        {
            "date__day": f"2026-11-{row.day:02}",
            "model": row.model,
            "request_count": "1",
            "credits_usage": row.cost,
        }
        for row in found
    ]
    vendor = Vendor(OURS / "openrouter")

    def answer(request: httpx.Request) -> httpx.Response:
        is_november = b'"start": "2026-11-01' in request.content
        reply = {"data": data if is_november else [], "metadata": {"truncated": False}}
        return httpx.Response(200, json={"data": reply})

    vendor.instead["/query"] = answer
    return await told_by("openrouter", vendor)


async def told_by(name: str, vendor: Vendor) -> Told:
    """What an account says."""
    client = await opened(name, vendor)
    ranking, daily = await client.sources(), await client.daily()
    total = known((await client.summary()).usage).total
    assert total == ranking.total == daily.total
    return Told(
        Decimal(f"{total}"),
        {f"{day.date:%m-%d}": Decimal(f"{day.credits}") for day in daily.items if day.credits},
        {item.label: Decimal(f"{item.credits}") for item in ranking.items if item.credits},
    )


def told_by_export(path: Path, header: list[str], lines: list[list[str]]) -> Told:
    """What the vendor's export of the rows says."""
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    found = sums(path)
    assert not found.bad_lines
    by_model: defaultdict[str, Decimal] = defaultdict(Decimal)
    for label, amount in found.sources.items():
        by_model[label] += Decimal(amount)
    days = {day: Decimal(amount) for day, amount in found.days.items() if Decimal(amount)}
    return Told(Decimal(found.total), days, {name: cost for name, cost in by_model.items() if cost})


def openai_export(path: Path, found: list[Row]) -> Told:
    """The export of costs."""
    header = "start_time,end_time,amount_value,amount_currency,line_item,project_id"
    times = [(_NOV_1 + (row.day - 1) * _DAY, _NOV_1 + row.day * _DAY) for row in found]
    lines = [
        [f"{start}", f"{end}", row.cost, "usd", row.model, "p"]
        for row, (start, end) in zip(found, times, strict=True)
    ]
    return told_by_export(path, header.split(","), lines)


def openrouter_export(path: Path, found: list[Row]) -> Told:
    """The export of single generations."""
    header = "generation_id,created_at,cost_total,model_permaslug,user,app_name"
    lines = [
        [f"gen-{number}", f"2026-11-{row.day:02} 23:59:59.9", row.cost, row.model, "", ""]
        for number, row in enumerate(found)
    ]
    return told_by_export(path, header.split(","), lines)


def check(account: Told, export: Told, found: list[Row], *, model_of: Mapping[str, str]) -> None:
    """The totals are the exact one rounded once; each day and source is within a millionth of its own."""
    exact = sum((Decimal(row.cost) for row in found), Decimal())
    assert account.total == export.total == exact.quantize(MILLIONTH, ROUND_HALF_EVEN)
    for day in {1, 2, 3}:
        cost = sum((Decimal(row.cost) for row in found if row.day == day), Decimal())
        for told in (account, export):
            assert abs(told.days.get(f"11-{day:02}", Decimal()) - cost) < MILLIONTH
    for model in {row.model for row in found}:
        cost = sum((Decimal(row.cost) for row in found if row.model == model), Decimal())
        assert abs(export.sources.get(model, Decimal()) - cost) < MILLIONTH
    for source in {model_of.get(row.model, row.model) for row in found}:
        costs = [Decimal(row.cost) for row in found if model_of.get(row.model, row.model) == source]
        assert abs(account.sources.get(source, Decimal()) - sum(costs, Decimal())) < MILLIONTH


ITEMS = {"gpt-6, input": "gpt-6", "gpt-6, output": "gpt-6"}
"""The account adds up what the export lists by line item."""


async def test_openai_costs_are_those_of_the_account(tmp_path: Path) -> None:
    account, export = await told_by_openai(ROWS), openai_export(tmp_path / "costs.csv", ROWS)
    check(account, export, ROWS, model_of=ITEMS)


async def test_openrouter_activity_is_that_of_the_account(tmp_path: Path) -> None:
    account, export = await told_by_openrouter(ROWS), openrouter_export(tmp_path / "activity.csv", ROWS)
    assert account == export
    check(account, export, ROWS, model_of={})


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(found=rows)
async def test_they_agree_on_any_rows(found: list[Row], tmp_path: Path) -> None:
    check(await told_by_openai(found), openai_export(tmp_path / "c.csv", found), found, model_of=ITEMS)
    account, export = await told_by_openrouter(found), openrouter_export(tmp_path / "a.csv", found)
    assert account == export
    check(account, export, found, model_of={})
