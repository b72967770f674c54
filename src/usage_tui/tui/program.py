"""The interface of the app that its screens and widgets depend on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast, runtime_checkable

from rich.style import Style
from textual.app import App
from textual.message_pump import MessagePump

from usage_tui.cards.typeset.glyphs import Glyphs
from usage_tui.clients.base import ClientError
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.models import Event, EventQuery
from usage_tui.state.history import Turn
from usage_tui.state.known_state import KnownState
from usage_tui.state.looking_back import LookingBack
from usage_tui.state.turning import Turning
from usage_tui.state.usage import UsageState
from usage_tui.tui.tones import Toned

if TYPE_CHECKING:
    from usage_tui.cards.alert import Alert
    from usage_tui.state.answers import Answers
    from usage_tui.state.overview import Overview, Target  # not imported before its screen is opened
    from usage_tui.tui.delivery import Listener
    from usage_tui.tui.exporting import Export

T = TypeVar("T")


@runtime_checkable
class TakesNotes(Protocol):
    """A screen that can say what has just happened."""

    def note(self, text: str) -> None:
        """Say it until the next key."""


class Program(Protocol):
    """What the app offers to its screens and widgets.

    Attributes:
        known: What is known, as of now, with all names.
        state: What is shown of it; screens follow it with `watch(self.app, "state", ...)`.
        settings: How the program looks and behaves.
        hint: One quiet line below the header; empty if there is none.
        glyphs: The symbols to draw with.
        keys: Keys that the user has set, by command.
        turning: The pages of the history that were asked for.
        started: How the program was started, with the organization that is shown now.
        looking_back: The earlier billing period that was asked for.
        alert: What the dashboard warns of now; None for nothing.
    """

    known: KnownState
    state: UsageState
    settings: Settings
    hint: str
    glyphs: Glyphs
    keys: Mapping[str, str]
    turning: Turning
    started: Started
    looking_back: LookingBack
    alert: Alert | None

    def tone_style(self, tone: Toned) -> Style:
        """How a tone looks; without a background unless the tone has its own."""

    def note(self, text: str) -> None:
        """Say what has just happened, until the next key."""

    def run_command(self, command: str) -> None:
        """Run a command of the table as if its key had been pressed."""

    def action_redact(self) -> None:
        """Hide names on every screen, or show them again."""

    def show_events(self, query: EventQuery) -> None:
        """Go to the history with this filter."""

    def show_grant(self, grant_id: str) -> None:
        """Go to a grant, named by its id."""

    def keep_theme(self, theme: str) -> None:
        """Show a theme, and remember it for the next start."""

    def turn_page(self, turn: Turn, limit: int) -> None:
        """Load another page of the history, with so many rows."""

    def compare(self, *, on: bool) -> None:
        """Compare the current billing period with the one before, or no longer."""

    def rank_people(self, *, on: bool) -> None:
        """Rank people in place of sources, or no longer."""

    def look_back(self, *, back: bool) -> None:
        """Show the billing period before, or the one after."""

    def show_period(self, period_id: str) -> None:
        """Go to a billing period on Usage, named by its id."""

    def look_at_now(self) -> None:
        """Show the current billing period."""

    def find_event(self, event_id: str, until: datetime, found: Callable[[Event], None]) -> object:
        """Look for an event that happened until an instant, and hand it on; say so if it is not found."""

    def answer(
        self,
        question: Callable[[Answers], Awaitable[T]],
        answered: Callable[[T], None],
        failed: Callable[[ClientError], None],
    ) -> object:
        """Ask a question, in place of the one before, and hand its answer on, or why there is none."""

    def dismiss_alert(self) -> None:
        """Show what the dashboard warns of no more."""

    @property
    def overview(self) -> Overview:
        """Every organization of every profile."""

    @property
    def has_overview(self) -> bool:
        """Whether there are several organizations or profiles."""

    def reload(self, *, force: bool) -> object:
        """Check the origin and load what has changed, or everything."""

    def open_target(self, target: Target) -> object:
        """Switch to an organization of a profile, and show its dashboard."""

    def switch_organization(self, organization: str) -> None:
        """Show another organization, named by its id as it is shown."""

    def export(self, wanted: Export, path: Path | None, listener: Listener, *, exclusive: bool) -> object:
        """Export to a file, or without one to the terminal's clipboard."""

    def cancel_export(self) -> None:
        """Stop it."""

    @property
    def fetched_at(self) -> datetime:
        """When the source told what is shown."""


def program_of(node: MessagePump) -> Program:
    """The program that a screen, a widget or a provider of commands belongs to."""
    app: App[object] = node.app
    return cast(Program, app)
