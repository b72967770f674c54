"""Secrets in places where they do not belong, such as a token that was typed for a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

_HIDDEN = "***"
_TOKEN = re.compile(
    r"\b(uat_|sk-(?!(?:ant-)?admin-?…)|sk_|gh[opsru]_|github_pat_|glpat-|xox[abprs]-|eyJ|Bearer )"
    r"[\w.~+/=-]{4,}",
    re.ASCII | re.IGNORECASE,
)
"""What services begin their tokens with; ``sk-admin-…`` says only how one begins."""
_OPAQUE = re.compile(
    r"(?<![\w./+-])(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])([\w+-]{24,}|(?=[\w/-]*[+=])[\w+/-]{24,})=*(?![\w./+-])",
    re.ASCII | re.IGNORECASE,
)
"""A long word of letters and digits, as most other tokens are.

Slashes are part of it where ``+`` or ``=`` is, for then it is Base64; otherwise it is a path.
"""


def masked(text: str) -> str:
    """The text with everything hidden that looks like the token of a known service: ``uat_***``."""
    return _TOKEN.sub(lambda found: found[1] + _HIDDEN, text)


def masked_input(text: str) -> str:
    """Something that a person has typed, with everything hidden that may be a token of any kind."""
    return _OPAQUE.sub(_HIDDEN, masked(text))


def masked_words(text: str, typed: Iterable[str]) -> str:
    """A text that may repeat what was typed, with each of those words hidden that may be a token of any kind.

    Args:
        text: Such as an error message.
        typed: The words of the command line.
    """
    for word in typed:
        for value in (word.lstrip("-"), word[2:], word.partition("=")[2]):
            hidden = masked_input(value)
            if hidden != value:
                text = text.replace(value, hidden)
    return text
