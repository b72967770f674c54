"""`usage-tui schema`: what a recording must look like."""

from __future__ import annotations

import json
from collections.abc import Sequence

from usage_tui.cli.output import print_line
from usage_tui.cli.parser import DONE, Parser
from usage_tui.clients.recording.header import recording_schema


def run(words: Sequence[str]) -> int:
    """Print the JSON Schema of a recording."""
    Parser("usage-tui schema", description=run.__doc__).parse_args(words)
    print_line(json.dumps(recording_schema(), indent=2))
    return DONE
