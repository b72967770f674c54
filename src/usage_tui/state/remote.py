"""One reply of a client: its value, and how its newest request went."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Generic, TypeVar

from usage_tui.clients.base import ClientError, NotOffered, Withheld

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


@dataclass(frozen=True, slots=True)
class Remote(Generic[T_co]):
    """A value that lives elsewhere.

    Attributes:
        status: How the newest request went.
        value: The last good value. While loading or after a failure it is the previous one;
            None means unknown, never zero.
        error: Why the last request failed; reset by the next good answer.
        reason: Why the value is withheld or not offered, one sentence.
        request: The number of the newest request; answers to older ones change nothing.
        kept: Whether the value came from the cache, not from a request.
    """

    status: Status = Status.IDLE
    value: T_co | None = None
    error: ClientError | None = None
    reason: str = ""
    request: int = 0
    cached: bool = False

    def started(self) -> Remote[T_co]:
        """A new request is on its way; the old value stays until it answers."""
        if self.status is Status.NOT_OFFERED:
            return self
        return replace(self, status=Status.LOADING, request=self.request + 1)

    def succeeded(self: Remote[T], request: int, value: T) -> Remote[T]:
        """The request answered. An equal value keeps the old object, so that nothing redraws."""
        if request != self.request:
            return self
        return Remote(Status.READY, self.value if self.value == value else value, request=request)

    def failed(self, request: int, error: ClientError) -> Remote[T_co]:
        """The request failed.

        Access that is lost takes the value away, as does a reply that turns out not to be offered. Any other
        failure keeps the value.
        """
        if request != self.request or self.status is Status.NOT_OFFERED:
            return self
        if isinstance(error, Withheld):
            return Remote(Status.WITHHELD, reason=error.message, request=request)
        if isinstance(error, NotOffered):
            return self.found_not_offered(error.message)
        return replace(self, status=Status.FAILED, error=error)

    def failed_at_once(self, error: ClientError) -> Remote[T_co]:
        """A new request, which failed."""
        asked = self.started()
        return asked.failed(asked.request, error)

    def withheld(self, reason: str) -> Remote[T_co]:
        """The viewer may not see it: the value is dropped, and pending answers are ignored."""
        if self.status is Status.NOT_OFFERED:
            return self
        return Remote(Status.WITHHELD, reason=reason, request=self.request + 1)

    def found_not_offered(self, reason: str) -> Remote[T_co]:
        """It turned out that the client cannot give it. For another organization it may."""
        return Remote(Status.NOT_OFFERED, reason=reason, request=max(self.request, 1))

    def idle(self) -> Remote[T_co]:
        """Nothing known and nothing asked; pending answers are ignored."""
        if self.status is Status.NOT_OFFERED and not self.request:
            return self  # never asked for, because the client said so from the start
        return Remote(request=self.request + 1)

    def asked_again(self) -> Remote[T_co]:
        """To be asked for again by whatever shows it; until then the old value stays."""
        answered = self.status in (Status.READY, Status.FAILED)
        return replace(self, status=Status.IDLE) if answered else self

    def from_cache(self) -> Remote[T_co]:
        """A value that an earlier run cached; nothing has been asked for yet."""
        return replace(self.idle(), value=self.value, cached=self.value is not None)

    @property
    def stale(self) -> bool:
        """Whether the value is cached, or older than a failed request."""
        return self.value is not None and (self.cached or self.error is not None)


def not_offered(reason: str) -> Remote[T]:
    """A reply that this client can never give, whatever the organization."""
    return Remote(Status.NOT_OFFERED, reason=reason)
