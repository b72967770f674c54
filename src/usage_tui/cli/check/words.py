"""What was found, in one line."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cards.findings import finding_text
from usage_tui.insight.findings import Finding, Level, worst
from usage_tui.models import Summary
from usage_tui.text.amounts import CREDIT, spoken_amount


def verdict(findings: Sequence[Finding], summary: Summary, data_from: str) -> str:
    """Everything in one line, the worst first.

    Args:
        findings: The worst first.
        summary: How the organization stands.
        data_from: When the data were true, if they are old; else empty.
    """
    level = worst(findings)
    told = dict.fromkeys(finding_text(finding, summary) for finding in findings)  # each once, for both levels
    texts = [*told] or [_all_is_well(summary)]
    old = f" (data from {data_from})" if data_from else ""
    return f"{level_word(level)}: {'; '.join(texts)}{old}"


def level_word(level: Level) -> str:
    """``ok``, ``warning``, ``critical``, ``unknown``."""
    return level.name.lower()


def _all_is_well(summary: Summary) -> str:
    if summary.balance is not None:
        return f"{spoken_amount(summary.balance.total, summary.unit.code)} left"
    if summary.usage is not None:
        return f"{spoken_amount(summary.usage.total, summary.unit.code)} used this period"
    return "no credits are known" if summary.unit.code == CREDIT else "no amounts are known"
