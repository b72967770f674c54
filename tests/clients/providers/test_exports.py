"""A vendor's account and its export of the same use give the same figures."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from tests.clients.providers import live
from tests.clients.providers.vendor import opened
from usage_tui.cli import main
from usage_tui.clients.base import UsageClient
from usage_tui.clients.recording.client import RecordingClient

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 20)
AT = "2026-11-20T15:30:00Z"
Figures = tuple[str, dict[str, str], dict[str, str]]


def cells(first: date, last: date) -> list[live.Cell]:
    """Costs with more digits than are kept: each of them has to be rounded."""
    days = (first + timedelta(days=number) for number in range((min(last, LAST) - first).days + 1))
    return [
        live.Cell(day, name, (day.day * 7919 + place) / 9.7, day.day % 5 + 1)  # type: ignore[arg-type]
        for day in days
        if day >= FIRST
        for place, name in enumerate(("nimbus", "basalt", "quill"))
    ]


def openai_export() -> str:
    rows = ["start_time,end_time,amount_value,amount_currency,line_item"]
    for cell in cells(FIRST, LAST):
        start = int(datetime.combine(cell.day, time(), UTC).timestamp())
        rows.append(f'{start},{start + 86400},{cell.cost / 10_000},usd,"{cell.name}, output"')
    return "\n".join(rows) + "\n"


def openrouter_export() -> str:
    rows = [f"{cell.day},{cell.name},{cell.cost / 10_000},{cell.uses}" for cell in cells(FIRST, LAST)]
    return "\n".join(["Date,Slug,Usage,Requests", *rows]) + "\n"


async def figures(client: UsageClient) -> Figures:
    sources, daily = await client.sources(), await client.daily()
    by_source = {item.label.partition(",")[0]: f"{item.credits}" for item in sources.items}
    by_day = {f"{day.date}": f"{day.credits}" for day in daily.items if day.credits.micro}
    return f"{sources.total}", by_source, by_day


@pytest.mark.parametrize(("vendor", "export"), [("openai", openai_export), ("openrouter", openrouter_export)])
def test_total_sources_and_days(
    vendor: str,
    export: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert callable(export)
    monkeypatch.setattr(live, "cells", cells)
    file, recording = tmp_path / "export.csv", tmp_path / "export.jsonl"
    file.write_text(export())
    assert main(["import", str(file), "-o", str(recording)]) == 0, capsys.readouterr().err

    async def both() -> tuple[Figures, Figures]:
        account, imported = (
            await opened(vendor, live.answered(vendor), AT),
            await RecordingClient.open(recording),
        )
        try:
            return await figures(account), await figures(imported)
        finally:
            await account.aclose()
            await imported.aclose()

    told, read = asyncio.run(both())
    assert len(told[2]) == LAST.day
    assert read == told
