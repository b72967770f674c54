"""A public trace of real requests, imported. It is no part of the repository.

LLM inference trace 2023, https://github.com/Azure/AzurePublicDataset, as usage events.
`LLM_TRACE_EVENTS` says where it is.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from usage_tui.cli import import_ as command

ROOT = Path(__file__).parents[1]
EVENTS = ROOT / os.environ.get("LLM_TRACE_EVENTS", "../shared/data/llm-trace/events.csv")
ORGANIZATION = ROOT / "examples" / "org.toml"


def import_trace(folder: Path) -> Path:
    """Make a recording of the trace, as the README does.

    Where the trace is missing, the test is skipped, but fails in continuous integration.
    """
    if not EVENTS.exists():
        reason = "the public trace is not here; LLM_TRACE_EVENTS says where it is"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    path = folder / "llm-trace.jsonl"
    parser = argparse.ArgumentParser("usage-tui import")
    command.add_arguments(parser)
    arguments = parser.parse_args([str(EVENTS), "--org", str(ORGANIZATION), "-o", str(path)])
    assert command.run(arguments) == command.WRITTEN
    return path
