"""The parts of docs/providers.md that are written from the code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from usage_tui.cli.providers import LEGEND, describe, table_of_cards
from usage_tui.clients.registry import require_provider, vendor_names

HERE = Path(__file__).parent
_SEVENTH = HERE.parent / "tests/clients/providers/seventh.py"


def providers_page() -> str:
    """The page, with its written parts anew and the rest as it is."""
    page = (HERE / "providers.md").read_text(encoding="utf-8")
    for name, text in (("cards", _cards()), ("vendors", "\n\n".join(_vendors())), ("seventh", _seventh())):
        page = _with_part(page, name, text)
    return page


def _with_part(page: str, name: str, text: str) -> str:
    begin, end = re.compile(rf"<!-- {name}: [^\n]*-->\n"), "<!-- end -->"
    start = begin.search(page)
    if start is None:
        raise ValueError(f"docs/providers.md has no place for {name}")
    after = page.index(end, start.end())
    return f"{page[: start.end()]}\n{text}\n\n{page[after:]}"


def _cards() -> str:
    title, *rows = table_of_cards()
    lines = [_row(title), _row(["---"] * len(title)), *map(_row, rows)]
    return "\n".join([*lines, "", LEGEND])


def _vendors() -> Iterator[str]:
    for name in vendor_names():
        first, *lines = describe(require_provider(name))
        yield f"### {first.partition(' (')[0]}"
        yield "\n".join([f"`usage-tui login {name}`", "", *(_item(line) for line in lines)])


def _item(line: str) -> str:
    fact, text = line[:11].strip(), line[13:]
    return f"- {fact}: {f'`{text}`' if fact == 'variable' else text}"


def _seventh() -> str:
    code = _SEVENTH.read_text(encoding="utf-8").replace("tests.clients.providers.seventh:", "usage_tui_acme:")
    return f"```python\n{code}```"


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
