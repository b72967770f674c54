"""What a process tells that shares its alert state with others."""

from __future__ import annotations

from datetime import UTC, datetime
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from usage_tui.insight.findings import Finding, Level, Rule
from usage_tui.models import Credits
from usage_tui.state.reported_alerts import ReportedAlerts, beginning

NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
BELOW = beginning(Rule.BELOW, "2000", Level.WARNING)


def finding(about: str = "2026-11", threshold: str = "2000") -> Finding:
    return Finding(
        rule=Rule.BELOW, threshold=threshold, level=Level.WARNING, about=about, value=Credits.parse("1900")
    )


def news(
    path: Path, *findings: Finding, back: bool = True, now: datetime = NOW, prefix: str = ""
) -> list[Finding]:
    return ReportedAlerts(path).news(findings, judged={BELOW}, back={BELOW: back}, now=now, prefix=prefix)


def tell(path: Path, start: Barrier, told: SimpleQueue[int]) -> None:
    """Begin when all the processes are there, and say how much was news to this one."""
    start.wait()
    told.put(len(news(path, finding())))
