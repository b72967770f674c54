"""The lines of docs/service.md for pandas and DuckDB keep sums exact, where those libraries are installed."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "service.md").read_text(encoding="utf-8")
AMOUNTS = ["0.1"] * 10 + ["999999999.000001"]
TOTAL = sum(map(Decimal, AMOUNTS))


@pytest.mark.parametrize("library", ["pandas", "duckdb"])
def test_sums_are_exact(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(library)
    blocks: list[str] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (block,) = [one for one in blocks if f"import {library}" in one]
    rows = "".join(f"tool,{amount}\n" for amount in AMOUNTS)
    (tmp_path / "usage.csv").write_text(f"source_id,credits\n{rows}")
    monkeypatch.chdir(tmp_path)
    exec(block, {})
    assert str(TOTAL) == "1000000000.000001"
    assert str(TOTAL) in capsys.readouterr().out
