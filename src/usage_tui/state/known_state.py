"""What is known, and what the screens may show of it: everything, or everything but names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from usage_tui.clients.base import ClientError, UsageClient
from usage_tui.models import EventQuery
from usage_tui.state.usage import UsageState

if TYPE_CHECKING:  # a start that shows names does not wait for what hides them
    from usage_tui.config.started import Started
    from usage_tui.state.redacted import Redacted

T = TypeVar("T")


class KnownState:
    """The store that loaders fill and the cache follows. Names in it are real, whatever is shown.

    Args:
        state: What is known.
        show: Called with what may be shown whenever that changes.
        provider: What people call the provider.
        hides_names: Whether names are hidden from the start.

    Attributes:
        provider: What people call the provider, shown in place of its name while names are hidden.
    """

    def __init__(
        self,
        state: UsageState,
        show: Callable[[UsageState], None],
        provider: str,
        *,
        hides_names: bool = False,
    ) -> None:
        self.provider = provider
        self._state = state
        self._show = show
        self._redacted: Redacted | None = None
        self._hides_names = False
        self._hide(hides_names)

    @property
    def state(self) -> UsageState:
        """What is known."""
        return self._state

    @state.setter
    def state(self, state: UsageState) -> None:
        self._state = state
        self._show(self.shown)

    @property
    def shown(self) -> UsageState:
        """What may be shown of it."""
        hiding = self._hiding
        return self._state if hiding is None else hiding.state(self._state, self.provider)

    @property
    def hides_names(self) -> bool:
        """Whether names are hidden. A name that was hidden before gets the same pseudonym again."""
        return self._hides_names

    @hides_names.setter
    def hides_names(self, hides: bool) -> None:
        self._hide(hides)
        self._show(self.shown)

    def _hide(self, hides: bool) -> None:
        if hides and self._redacted is None:
            from usage_tui.state.redacted import Redacted

            self._redacted = Redacted()
        self._hides_names = hides

    @property
    def _hiding(self) -> Redacted | None:
        return self._redacted if self._hides_names else None

    def seen(self, value: T) -> T:
        """A value as it may be shown."""
        return value if self._hiding is None else self._hiding.value(value)

    def sentence(self, error: ClientError) -> str:
        """A failure as it may be shown."""
        return (error if self._hiding is None else self._hiding.error(error)).full_text

    def client(self, client: UsageClient) -> UsageClient:
        """A client whose replies may be shown, and which takes queries as they are shown."""
        return client if self._hiding is None else self._hiding.client(client, self.provider)

    def started(self, started: Started) -> Started:
        """How the program was started, for a command that may be shown."""
        return started if self._hiding is None else started.without_names()

    def meant(self, query: EventQuery) -> EventQuery:
        """The query that is meant by one as it is shown.

        Raises:
            CannotFilter: Names are hidden, and it contains a name that is not a pseudonym.
        """
        return query if self._hiding is None else self._hiding.meant(query)

    def organization(self, shown: str) -> str:
        """The id of an organization whose id is shown like this."""
        return shown if self._hiding is None else self._hiding.organization(shown)
