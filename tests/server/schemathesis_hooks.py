"""What schemathesis cannot know: two requests that differ never share an idempotency key.

And where Hypothesis keeps its tables of characters, which take two seconds to make.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis.configuration import set_hypothesis_home_dir

set_hypothesis_home_dir(Path(__file__).parents[2] / ".hypothesis")
_numbers = count()


@schemathesis.hook
def before_call(_context: object, case: schemathesis.Case[Any], _kwargs: object) -> None:
    fits = case.meta is not None and case.meta.generation.mode.is_positive
    if fits and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"case-{next(_numbers)}"
