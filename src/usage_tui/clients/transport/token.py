"""The token that says who asks."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import IO, TYPE_CHECKING

from usage_tui.clients.base import ClientError

if TYPE_CHECKING:
    import httpx

_USABLE = re.compile(r"[A-Za-z0-9._~+/-]+=*", re.ASCII)


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
                "The token is empty or holds characters that no token has, such as spaces or line breaks.",
                advice="Copy it again.",
            )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    @property
    def digest(self) -> str:
        """Tells the token from any other without telling the secret."""
        return sha256(self._secret.encode("ascii")).hexdigest()

    def write(self, file: IO[bytes]) -> None:
        """Write the token as a line, such as into a file that only its owner can open."""
        file.write(self._secret.encode("ascii") + b"\n")

    def __call__(self, request: httpx.Request) -> httpx.Request:
        """Sign the request, as httpx asks of an ``auth`` callable."""
        request.headers["Authorization"] = f"Bearer {self._secret}"
        return request
