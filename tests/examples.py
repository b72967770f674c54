"""How many examples a property is tried with: fewer in the usual run than in `make test-thorough`."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("THOROUGH") == "1"
_DEFAULT = 100
_AT_LEAST = 4


def examples(thorough: int = _DEFAULT) -> int:
    """So many in a thorough run, two of five of them in a usual one."""
    return thorough if THOROUGH else max(_AT_LEAST, thorough * 2 // 5)
