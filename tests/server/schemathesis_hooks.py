"""What schemathesis cannot know: two requests that differ never share an idempotency key."""

from __future__ import annotations

from itertools import count
from typing import Any

import schemathesis

_numbers = count()


@schemathesis.hook
def before_call(_context: object, case: schemathesis.Case[Any], _kwargs: object) -> None:
    fits = case.meta is not None and case.meta.generation.mode.is_positive
    if fits and "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"case-{next(_numbers)}"
