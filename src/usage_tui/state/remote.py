"""One reply of a client: its value, and how its newest request went."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Generic, TypeVar

from usage_tui.clients.base import ClientError, NotOffered, Withheld
from usage_tui.frozen import frozen

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Status(Enum):
    """How the newest request of a reply went."""

    IDLE = "idle"
    LOADING = "loading"
    READY = "ready"
    FAILED = "failed"
    WITHHELD = "withheld"
    NOT_OFFERED = "not offered"


@frozen
class Remote(Generic[T_co]):
    """A value that lives elsewhere.

    Attributes:
        status: How the newest request went.
        value: The last good value. While loading or after a failure it is the previous one;
            None means unknown, never zero.
        error: Why the last request failed; reset by the next good answer.
        reason: Why the value is withheld or not offered, one sentence.
        request: The number of the newest request; answers to older ones change nothing.
        cached: Whether the value came from the cache, not from a request.
    """

    status: Status = Status.IDLE
    value: T_co | None = None
    error: ClientError | None = None
    reason: str = ""
    request: int = 0
    cached: bool = False

    def started(self) -> Remote[T_co]:
        """A new request was sent; the old value stays until it is answered."""
        if self.status is Status.NOT_OFFERED:
            return self
        return replace(self, status=Status.LOADING, request=self.request + 1)

    def succeeded(self: Remote[T], request: int, value: T) -> Remote[T]:
        """The request answered. An equal value keeps the old object, so that nothing redraws."""
        if request != self.request:
            return self
        return Remote(
            status=Status.READY, value=self.value if self.value == value else value, request=request
        )

    def failed(self, request: int, error: ClientError) -> Remote[T_co]:
        """The request failed.

        Losing access drops the value, and so does learning that the reply is not offered. Any other
        failure keeps the value.
        """
        if request != self.request or self.status is Status.NOT_OFFERED:
            return self
        if isinstance(error, Withheld):
            return Remote(status=Status.WITHHELD, reason=error.message, request=request)
        if isinstance(error, NotOffered):
            return self.found_not_offered(error.message)
        return replace(self, status=Status.FAILED, error=error)

    def failed_now(self, error: ClientError) -> Remote[T_co]:
        """A new request, which failed."""
        asked = self.started()
        return asked.failed(asked.request, error)

    def withheld(self, reason: str) -> Remote[T_co]:
        """The viewer may not see it: drop the value and ignore pending answers."""
        if self.status is Status.NOT_OFFERED:
            return self
        return Remote(status=Status.WITHHELD, reason=reason, request=self.request + 1)

    def found_not_offered(self, reason: str) -> Remote[T_co]:
        """The client cannot give it for this organization. For another organization it may."""
        return Remote(status=Status.NOT_OFFERED, reason=reason, request=max(self.request, 1))

    def idle(self) -> Remote[T_co]:
        """Drop the value and ignore pending answers; nothing is requested yet."""
        if self.status is Status.NOT_OFFERED and not self.request:
            return self  # never asked for, because the client said so from the start
        return Remote(request=self.request + 1)

    def invalidated(self) -> Remote[T_co]:
        """Request it again when it is next shown; until then the old value stays."""
        answered = self.status in (Status.READY, Status.FAILED)
        return replace(self, status=Status.IDLE) if answered else self

    def from_cache(self) -> Remote[T_co]:
        """The value was cached by an earlier run; nothing has been requested yet."""
        return replace(self.idle(), value=self.value, cached=self.value is not None)

    @property
    def is_pending(self) -> bool:
        """Whether its newest request is yet to be sent or answered."""
        return self.status in (Status.IDLE, Status.LOADING)

    @property
    def is_unavailable(self) -> bool:
        """Whether it is withheld or not offered, so that there is no value to wait for."""
        return self.status in (Status.WITHHELD, Status.NOT_OFFERED)

    @property
    def stale(self) -> bool:
        """Whether the value is cached, or older than a failed request."""
        return self.value is not None and (self.cached or self.error is not None)


def not_offered(reason: str) -> Remote[T]:
    """A reply that this client can never give, whatever the organization."""
    return Remote(status=Status.NOT_OFFERED, reason=reason)
