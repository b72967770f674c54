"""The report of doctor: a line for each check."""

from __future__ import annotations

from collections.abc import Iterable

from usage_tui.clients.check_results import CheckResult, Mark
from usage_tui.text.clean import clean

_SIGNS = {Mark.OK: "✓", Mark.WARN: "!", Mark.FAIL: "✗"}
_ASCII_SIGNS = {Mark.OK: "+", Mark.WARN: "!", Mark.FAIL: "x"}


def report(results: Iterable[CheckResult], *, ascii_only: bool = False) -> str:
    """The results as plain text, a line each."""
    signs = _ASCII_SIGNS if ascii_only else _SIGNS
    return "".join(
        f"{signs[one.mark]} {one.mark:<4}  {one.subject:<12}  {clean(f'{one.text} {one.advice}'.rstrip())}\n"
        for one in results
    )
