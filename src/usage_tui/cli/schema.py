"""`usage-tui schema`: what a recording must look like, and the JSON that a command prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from usage_tui.cli.ending import DONE
from usage_tui.cli.output import print_line
from usage_tui.cli.parser import Parser

RECORDING = "recording"
ANSWERS: Mapping[str, str] = {
    "status": "usage_tui.state.digest:StatusAnswer",
    "check": "usage_tui.cli.check.answer:CheckAnswer",
    "forecast": "usage_tui.cli.forecast:ForecastAnswer",
    "plan": "usage_tui.cli.plan:PlanAnswer",
    "why": "usage_tui.cli.why:WhyAnswer",
    "sources": "usage_tui.tables.sources:SourcesAnswer",
    "daily": "usage_tui.tables.daily:DailyAnswer",
    "history": "usage_tui.tables.history:HistoryAnswer",
    "grants": "usage_tui.tables.grants:GrantsAnswer",
    "allowances": "usage_tui.tables.allowances:AllowancesAnswer",
    "periods": "usage_tui.tables.periods:PeriodsAnswer",
}
"""The dataclass of what each command prints with ``--json``, as ``module:name``."""


def run(words: Sequence[str]) -> int:
    """Print a JSON Schema: of a recording, or of what a command prints with --json."""
    parser = Parser("usage-tui schema", description=run.__doc__)
    parser.add_argument(
        "what",
        nargs="?",
        choices=(RECORDING, *ANSWERS),
        default=RECORDING,
        metavar="WHAT",
        help=f"recording (default), or a command: {', '.join(ANSWERS)}",
    )
    options = parser.parse_args(words)
    print_line(json.dumps(_schema(options.what), indent=2))
    return DONE


def _schema(what: str) -> dict[str, Any]:
    if what == RECORDING:
        from usage_tui.clients.recording.header import recording_schema

        return recording_schema()
    return answer_schema(what)


def answer_schema(command: str) -> dict[str, Any]:
    """The JSON Schema of what a command prints with ``--json``."""
    from usage_tui import wire

    module, _, name = ANSWERS[command].partition(":")
    model = getattr(import_module(module), name)
    definitions = wire.json_schema(model)
    version: str = import_module(module).SCHEMA
    definitions[name]["properties"]["schema"] = {"const": version, "type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": f"#/$defs/{name}",
        "$defs": definitions,
    }
