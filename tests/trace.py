"""A public trace of real requests, imported. It is no part of the repository.

LLM inference trace 2023, https://github.com/Azure/AzurePublicDataset, as usage events.
`LLM_TRACE_EVENTS` says where it is.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from usage_tui.cli import main
from usage_tui.cli.ending import DONE

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
    assert main(["import", str(EVENTS), "--org", str(ORGANIZATION), "-o", str(path)]) == DONE
    return path
