"""Secrets in places where they do not belong, such as a token that was typed for a name."""

from __future__ import annotations

import re

_HIDDEN = "***"
_TOKEN = re.compile(
    r"\b(uat_|sk-|sk_|gh[opsru]_|github_pat_|glpat-|xox[abprs]-|Bearer )[\w.~+/=-]{4,}",
    re.ASCII | re.IGNORECASE,
)
"""What services begin their tokens with."""
_OPAQUE = re.compile(
    r"(?<![\w./-])(?=[\w+-]*\d)(?=[\w+-]*[a-z])[\w+-]{24,}(?![\w./-])", re.ASCII | re.IGNORECASE
)
"""A long word of letters and digits, as most other tokens are."""


def masked(text: str) -> str:
    """The text with everything hidden that looks like the token of a known service: ``uat_***``."""
    return _TOKEN.sub(lambda found: found[1] + _HIDDEN, text)


def masked_input(text: str) -> str:
    """Something that a person has typed, with everything hidden that may be a token of any kind."""
    return _OPAQUE.sub(_HIDDEN, masked(text))
