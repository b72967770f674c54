"""What was measured, as one table or as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from usage_tui import __version__


class Measurement(NamedTuple):
    """One number.

    Attributes:
        group: What it belongs to: ``start``, ``line``, ``bytes``, ``time``, ``memory``, ``network``, or a
            database and its size.
        name: What was done.
        value: How much it took.
        unit: ``ms``, ``B``, ``MiB`` or ``events/s``.
        reference: What it is compared with, in the same unit.
        limit: The goal: for the ratio to the reference where there is one, or else for the value.
        least: The goal where more is better.
    """

    group: str
    name: str
    value: float
    unit: str
    reference: float | None = None
    limit: float | None = None
    least: float | None = None

    @property
    def ratio(self) -> float | None:
        """The value as a multiple of the reference."""
        return self.value / self.reference if self.reference else None

    @property
    def met(self) -> bool | None:
        """Whether the goal was reached; None where there is none."""
        if self.least is not None:
            return self.value >= self.least
        measured = self.value if self.reference is None else self.ratio
        return None if self.limit is None or measured is None else measured <= self.limit


def as_table(measurements: Iterable[Measurement]) -> str:
    """A line each, in columns."""
    rows = [("", "", "measured", "reference", "ratio", "goal", "")]
    rows += [_row(measurement) for measurement in measurements]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def as_json(measurements: Iterable[Measurement], comparison: Mapping[str, object] | None) -> str:
    """An object with the machine, the versions that were measured, the measurements and the comparison."""
    return json.dumps(
        {
            "machine": {
                "platform": platform.platform(),
                "processor": _processor(),
                "processors": os.cpu_count(),
            },
            "versions": {
                "usage-tui": __version__,
                "python": platform.python_version(),
                "textual": version("textual"),
            },
            "measurements": [
                {**measurement._asdict(), "ratio": measurement.ratio, "met": measurement.met}
                for measurement in measurements
            ],
            "comparison": comparison,
        },
        indent=2,
    )


def _processor() -> str:
    """The model's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def _row(measurement: Measurement) -> tuple[str, str, str, str, str, str, str]:
    group, name, value, unit, reference, _, _ = measurement
    ratio, met = measurement.ratio, measurement.met
    return (
        group,
        name,
        _amount(value, unit),
        "" if reference is None else _amount(reference, unit),
        "" if ratio is None else f"{ratio:.2f} ×",
        _goal(measurement),
        "" if met is None else "met" if met else "missed",
    )


def _goal(measurement: Measurement) -> str:
    unit = measurement.unit if measurement.reference is None else "×"
    if measurement.least is not None:
        return f"≥ {measurement.least:,g} {unit}"
    return "" if measurement.limit is None else f"≤ {measurement.limit:g} {unit}"


def _amount(value: float, unit: str) -> str:
    places = 0 if unit in ("B", "events/s") else 1 if value >= 10 else 2
    return f"{value:,.{places}f} {unit}"


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(words + numbers).rstrip()
