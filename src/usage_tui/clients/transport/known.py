"""The newest replies and their ETags, so that an unchanged reply is not sent again."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

import httpx

_QUERIES_KEPT = 4
"""Replies kept for each path, such as pages of events."""

Reply = TypeVar("Reply")


class Known(NamedTuple, Generic[Reply]):
    """A reply and its ETag."""

    tag: str
    reply: Reply


class KnownReplies:
    """The newest replies of a service that have an ETag."""

    def __init__(self) -> None:
        self._by_path: dict[str, dict[httpx.URL, Known[Any]]] = {}

    def get(self, request: httpx.URL) -> Known[Any] | None:
        """The newest reply to the request; None if there is none that has a tag."""
        return self._by_path.get(request.path, {}).get(request)

    def keep(self, request: httpx.URL, tag: str | None, reply: object) -> None:
        """Keep the newest reply to the request in place of an older one."""
        queries = self._by_path.setdefault(request.path, {})
        queries.pop(request, None)
        if tag is not None:
            queries[request] = Known(tag, reply)
        if len(queries) > _QUERIES_KEPT:
            del queries[next(iter(queries))]

    def forget(self) -> None:
        """Forget everything: the viewer may no longer see it."""
        self._by_path.clear()
