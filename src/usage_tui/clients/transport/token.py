"""The token that says who asks."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from usage_tui.clients.base import ClientError
from usage_tui.text.secrets import masked

if TYPE_CHECKING:
    import httpx

_USABLE = re.compile(r"[A-Za-z0-9._~+/:-]+=*", re.ASCII)
_WORD = re.compile(r"[A-Za-z0-9._~+/=*•…-]+")
_SHORTENED = re.compile(r"(?:[*•]{2,}|…|\.{3,})[A-Za-z0-9]|[A-Za-z0-9][*•]{2,}")
_HIDDEN = "***"
_PART = 4
"""So many characters of the token, in a word with a digit, are taken for a part of it."""
_PART_OF_LETTERS = 8
"""The same in a word without digits, for a token may hold a word, such as ``admin``."""


class BearerToken:
    """A token that signs requests and is never shown: its repr hides it.

    Keep no other variable that holds the secret: a traceback that prints locals would print it.
    """

    __slots__ = ("_secret",)

    def __init__(self, secret: str) -> None:
        """Keep the secret.

        Raises:
            ClientError: It is empty or cannot stand in a header.
        """
        usable = _USABLE.fullmatch(secret) is not None
        self._secret = secret
        del secret  # this frame is part of the traceback of what is raised below
        if not usable:
            raise ClientError(
                "The token is empty or has characters that no token has, such as spaces or line breaks.",
                advice="Copy it again.",
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    @property
    def digest(self) -> str:
        """Tells the token from any other without telling the secret."""
        return sha256(self._secret.encode("ascii")).hexdigest()

    def starts_with(self, prefix: str) -> bool:
        """Whether the token begins so, as keys of one kind do."""
        return self._secret.startswith(prefix)

    def hide(self, text: str) -> str:
        """The text with ``***`` in place of whatever may be the token, a part of it, or another token."""
        return _WORD.sub(lambda word: _HIDDEN if self._may_show(word[0]) else word[0], masked(text))

    def write(self, file: IO[bytes]) -> None:
        """Write the token as a line, such as into a file that only its owner can open."""
        file.write(self._secret.encode("ascii") + b"\n")

    def __call__(self, request: httpx.Request) -> httpx.Request:
        """Sign the request, as httpx asks of an ``auth`` callable."""
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request

    def _may_show(self, word: str) -> bool:
        """Whether a word may be a part of the token, or a token that somebody shortened."""
        if _SHORTENED.search(word):
            return True
        size = _PART if any(map(str.isdigit, word)) else _PART_OF_LETTERS
        return any(word[at : at + size] in self._secret for at in range(len(word) - size + 1))
