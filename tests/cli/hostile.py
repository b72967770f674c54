"""A recording whose names are written to do harm."""

from __future__ import annotations

import json
from pathlib import Path

from tests.clients.recordings import record_acme

NASTY = '=cmd()|`x`#{y}"; $(z) \\\\u001b[31m <b>'


def record_hostile(folder: Path) -> str:
    """Its path."""
    path = record_acme(folder)
    text = path.read_text(encoding="utf-8")
    for name in ("Contract review", "Acme", "Top-up", "Agent chat"):
        text = text.replace(f'"{name}"', json.dumps(f"{NASTY} {name}").replace("\\\\\\\\u", "\\u"))
    path.write_text(text, encoding="utf-8")
    return str(path)
