"""What monitoring reads: the line of a Nagios plugin, and the metrics of Prometheus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

from usage_tui.cli.check.rules import ChosenRule, Known
from usage_tui.insight.findings import Level, Rule
from usage_tui.insight.runway import Lapse, Likelihood
from usage_tui.ledger.days import Calendar
from usage_tui.models import Credits

_WORDS = {Level.OK: "OK", Level.WARNING: "WARNING", Level.CRITICAL: "CRITICAL", Level.UNKNOWN: "UNKNOWN"}


def nagios_line(level: Level, text: str, known: Known | None, rules: Sequence[ChosenRule]) -> str:
    """One line: the level, the text, and after a bar the numbers with their ranges."""
    # Old versions of Nagios cut at a semicolon in a command and at a bar in a text.
    words = " ".join(text.replace("|", "/").split())
    numbers = " ".join(_performance(known, rules)) if known is not None else ""
    return f"USAGE {_WORDS[level]} - {words}{f' | {numbers}' if numbers else ''}"


def _performance(known: Known, rules: Sequence[ChosenRule]) -> Iterator[str]:
    summary, runway = known.summary, known.runway
    if summary.balance is not None:
        limits = [_range(rules, Rule.BELOW, level) for level in (Level.WARNING, Level.CRITICAL)]
        yield f"credits={summary.balance.total};{';'.join(limits)};0;"
        if summary.balance.included is not None:
            granted = summary.included.granted if summary.included is not None else ""
            yield f"included={summary.balance.included};;;0;{granted}"
    if runway is not None and runway.runs_out is not None:
        limits = [_range(rules, Rule.RUNS_OUT_WITHIN, level) for level in (Level.WARNING, Level.CRITICAL)]
        yield f"days_to_empty={(runway.runs_out - runway.today).days};{';'.join(limits)};0;"


def _range(rules: Sequence[ChosenRule], rule: Rule, level: Level) -> str:
    """``2000:`` says that less is bad; empty without a limit, or where it is a percentage."""
    limits = (one.limit for one in rules if (one.rule, one.level) == (rule, level))
    limit = next((limit for limit in limits if isinstance(limit, Credits | int)), None)
    # A date so many days ahead is told already; an amount only where less is left.
    return "" if limit is None else f"{limit + 1}:" if isinstance(limit, int) else f"{limit}:"


class _Gauge(NamedTuple):
    name: str
    help: str
    samples: list[tuple[dict[str, str], str]]


def metrics(known: Known | None) -> str:
    """Gauges in Prometheus' text format. They name no people and no sources."""
    gauges = [*(_gauges(known) if known is not None else ())]
    gauges.append(
        _Gauge("up", "Whether the data source answered.", [({}, "1" if known is not None else "0")])
    )
    return "".join(_lines(gauges))


def _gauges(known: Known) -> Iterator[_Gauge]:
    summary, runway = known.summary, known.runway
    org = {"org": summary.org.id}
    if (balance := summary.balance) is not None:
        parts = {"included": balance.included, "purchased": balance.purchased, "locked": balance.locked}
        told = [({**org, "bucket": name}, str(part)) for name, part in parts.items() if part is not None]
        samples = told or [({**org, "bucket": "all"}, str(balance.total))]
        yield _Gauge("credits", "What is left, in the unit of the organization.", samples)
    if summary.included is not None:
        granted = [(org, str(summary.included.granted))]
        yield _Gauge("included_granted_credits", "What the period includes.", granted)
    if summary.period is not None:
        ends = [(org, _seconds(summary.period.ends_at))]
        yield _Gauge("period_end_timestamp_seconds", "When the billing period ends.", ends)
    if runway is not None and runway.runs_out is not None:
        start = [(org, _seconds(_midnight(runway.runs_out, summary.org.time_zone)))]
        yield _Gauge(
            "runs_out_timestamp_seconds", "The day on which nothing is left at the usual pace.", start
        )
    if runway is not None and runway.pace is not None:
        lost = [({**org, "likelihood": name}, str(_lost(runway.lapses, name))) for name in Likelihood]
        yield _Gauge("lapse_credits", "What present grants lose when they expire.", lost)
    taken = [(org, _seconds(summary.as_of))]
    yield _Gauge("data_timestamp_seconds", "When the data were true.", taken)


def _lost(lapses: Iterable[Lapse], likelihood: Likelihood) -> Credits:
    return Credits.total(
        lapse.most if likelihood is Likelihood.POSSIBLE else lapse.usual
        for lapse in lapses
        if lapse.likelihood == likelihood
    )


def _lines(gauges: Iterable[_Gauge]) -> Iterator[str]:
    for gauge in gauges:
        name = f"usage_tui_{gauge.name}"
        yield f"# HELP {name} {gauge.help}\n# TYPE {name} gauge\n"
        for labels, value in gauge.samples:
            shown = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
            yield f"{name}{f'{{{shown}}}' if shown else ''} {value}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _seconds(at: datetime) -> str:
    return str(int(at.timestamp()))


def _midnight(day: date, time_zone: str) -> datetime:
    return Calendar(time_zone).bounds(day)[0]
