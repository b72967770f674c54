"""The program on the screen: three modes, one state, and the loaders that keep it up to date."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, work
from textual.command import Provider
from textual.reactive import Reactive, reactive
from textual.screen import Screen

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH, LOW, WIDE, XWIDE
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME, UNICODE, Glyphs
from usage_tui.cards.words import buy_words
from usage_tui.clients.base import ClientError, EventPages, UsageClient
from usage_tui.config import paths
from usage_tui.config.commands import key_of
from usage_tui.config.remembered import remember_theme
from usage_tui.config.settings import Settings
from usage_tui.config.terminal import wants_no_color
from usage_tui.models import EventQuery
from usage_tui.state import access, loading, reducers
from usage_tui.state.freshness import doubtful
from usage_tui.state.history import Turn
from usage_tui.state.replies import EVENTS
from usage_tui.state.turning import Turning
from usage_tui.state.usage import UsageState
from usage_tui.text.words import count_noun
from usage_tui.tui import themes
from usage_tui.tui.bindings import bindings
from usage_tui.tui.display import CellDiffApp
from usage_tui.tui.ending import end_with_terminal
from usage_tui.tui.screens.base import UsageScreen
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.screens.grants import GrantsScreen
from usage_tui.tui.screens.history import HistoryScreen

if TYPE_CHECKING:
    from usage_tui.state.cache import Cache

TIMEOUT = 0.05
"""Seconds that the first frame waits for data."""

_CHECKING = {"refresh", "all"}
"""The groups of workers that a check of the origin consists of."""


def commands_provider() -> type[Provider]:
    """The palette's commands, imported when the palette is opened."""
    from usage_tui.tui.palette import Commands

    return Commands


class UsageApp(CellDiffApp[None]):
    """The Usage dashboard.

    Args:
        client: Where the data come from. It is closed at the end.
        settings: How it looks and behaves.
        hint: One quiet line below the header, such as how to open other data.
        pages: Where the pages of the history come from, if not straight from the client. It is closed at
            the end, and closes the client.
        cache: What an earlier run has kept, to be shown until the client has answered. It follows what
            becomes known, and is closed at the end.
    """

    TITLE = "usage-tui"
    CSS_PATH = paths.styles()
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "usage": Dashboard,
        "history": HistoryScreen,
        "grants": GrantsScreen,
    }
    DEFAULT_MODE = "usage"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {commands_provider}
    BINDINGS = bindings(
        "usage",
        "history",
        "grants",
        "organization",
        "help",
        "back",
        "quit",
        "refresh",
        "redraw",
        "copy",
        "allowance",
        "buy_credits",
        "auto_recharge",
        "traffic",
        palette="command_palette",
        theme="change_theme",
        suspend="suspend_process",
    )
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-narrow"),
        (LEAST_WIDTH, "-narrow"),
        (76, "-normal"),
        (WIDE, "-wide"),
        (XWIDE, "-xwide"),
    ]
    VERTICAL_BREAKPOINTS = [  # noqa: RUF012 - as Textual declares it
        (0, "-too-low"),
        (LEAST_HEIGHT, "-low"),
        (LOW, "-high"),
    ]

    state: Reactive[UsageState] = reactive(UsageState(""), init=False, repaint=False)

    def __init__(
        self,
        client: UsageClient,
        settings: Settings | None = None,
        *,
        hint: str = "",
        pages: EventPages | None = None,
        cache: Cache | None = None,
    ) -> None:
        no_color = wants_no_color()
        self.settings = settings or Settings()
        # Textual chooses the filter that takes all color away here, and only for the terminal's own colors.
        super().__init__(stock_display=self.settings.stock_display, ansi_color=True if no_color else None)
        self.hint = hint
        self.keys: Mapping[str, str] = self.settings.keys
        self.glyphs: Glyphs = ASCII if self.settings.ascii else MONOCHROME if no_color else UNICODE
        self.set_class(self.settings.ascii, "-ascii")
        self.animation_level = "none"
        self.set_reactive(UsageApp.state, reducers.initial(client.origin, client.not_offered))
        self._client = client
        self._pages: EventPages = pages or client
        self._loaded = asyncio.Event()
        self._cache = cache
        self.turning = Turning()
        for theme in themes.OURS:
            self.register_theme(theme)
        wanted = themes.MONOCHROME if no_color else self.settings.theme
        self.theme = self._styled_for = wanted if wanted in self.available_themes else themes.DEFAULT
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_keymap(dict(self.settings.keys))

    def refresh_css(self, animate: bool = True) -> None:
        """Read the styles again, for another theme alone: Textual wants to for each new screen, too."""
        if self.theme != self._styled_for:
            self._styled_for = self.theme
            super().refresh_css(animate)

    async def on_load(self) -> None:
        """Load everything. Data at hand come before the first frame, which then needs no second one."""
        if self._cache is not None:
            await self._cache.fill(self)
        if self.state.summary.value is not None:
            self.call_after_refresh(self.load_all)
            return
        self.load_all()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._loaded.wait(), TIMEOUT)

    def on_mount(self) -> None:
        """From now on, load only what is asked for."""
        # The start has made no garbage worth looking for: see the command line.
        self.call_after_refresh(_collect_garbage_from_now_on)
        if not self.is_headless:
            end_with_terminal(self.exit)
        self.call_after_refresh(self.check_all)
        if self.settings.refresh_seconds:
            self._checks = self.set_interval(self.settings.refresh_seconds, self.check_origin)
            self.app_resume_signal.subscribe(self, self._resumed)
        if not self.settings.restricted:
            self.theme_changed_signal.subscribe(
                self, lambda theme: remember_theme(paths.state_file(), theme.name)
            )

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The palette's cursor stands still: a blinking one would send bytes without end."""
        from textual.widgets import Input

        if isinstance(event.widget, Input) and event.widget.cursor_blink:
            event.widget.cursor_blink = False
            # Textual hides a cursor that stops blinking, and shows it again with the next focus.
            event.widget.blur()
            event.widget.focus()

    async def on_unmount(self) -> None:
        """Release what the client holds."""
        await self._pages.aclose()
        if self._cache is not None:
            await self._cache.aclose()

    # Loading

    def watch_state(self) -> None:
        """Keep what has become known, and nothing that may not be seen any more."""
        if self._cache is not None:
            self._cache.follow(self.state)

    @work(exclusive=True, group="all")
    async def load_all(self) -> None:
        """Load every reply the viewer may see; who the viewer is comes first."""
        await loading.load_all(self, self._client)
        self._loaded.set()

    def turn_page(self, turn: Turn, limit: int) -> None:
        """Load another page of the history, or the same one anew, with so many rows."""
        if self.turning.ask(turn, limit):
            self._turn_pages()

    @work(exclusive=True, group="events")
    async def _turn_pages(self) -> None:
        note = await self.turning.make(self, self._pages)
        if note:
            self.note(note)

    def show_events(self, query: EventQuery) -> None:
        """Go to the history with this filter."""
        if not access.allowed(self.state, EVENTS):
            self.note(self.state.events.reason)
            return
        self.state = reducers.filtered(self.state, query)
        if self.current_mode != "history":
            self.switch_mode("history")

    def switch_organization(self, organization: str) -> None:
        """Show another organization; nothing of the former one stays.

        Args:
            organization: Its id.
        """
        for group in ("events", "refresh", "check"):
            self.workers.cancel_group(self, group)
        self._pages.select(organization)
        self.state = reducers.switched(self.state)
        self.load_all()

    @work(exclusive=True, group="check")
    async def check_all(self) -> None:
        """Say what is wrong with the data as a whole."""
        await loading.check_all(self, self._client)

    @work(exclusive=True, group="refresh")
    async def reload(self, *, force: bool) -> None:
        """Look at the origin again and load what it has now; on a fault the old view stays."""
        try:
            changed = await self._client.refresh()
        except ClientError as error:
            self.state = reducers.outdated(self.state, error)
            return
        if changed or force or doubtful(self.state):
            self.load_all()
            self.state = reducers.outdated_page(self.state, newest=force)
            if changed:
                self.check_all()

    def check_origin(self) -> None:
        """Look whether the origin has changed, unless such a look, or what it led to, is still under way."""
        if all(worker.group not in _CHECKING or worker.is_finished for worker in self.workers):
            self.reload(force=False)

    def _resumed(self, _: object) -> None:
        """The process was stopped, for who knows how long: look at once, and then at intervals again."""
        self._checks.reset()
        self.check_origin()

    # Commands

    def action_refresh(self) -> None:
        """Load everything again, the newest events too."""
        self.reload(force=True)

    def action_redraw(self) -> None:
        """Paint every cell again, as after output of another program."""
        self.repaint()

    def action_usage(self) -> None:
        """Show the dashboard."""
        self.switch_mode("usage")

    def action_history(self) -> None:
        """Show the history."""
        self.switch_mode("history")

    def action_grants(self) -> None:
        """Show the grants."""
        self.switch_mode("grants")

    async def action_back(self) -> None:
        """One step outward; from the dashboard there is none."""
        self.switch_mode("usage")

    def action_help(self) -> None:
        """Show every key."""
        from usage_tui.tui.screens.help import HelpDialog

        self.push_screen(HelpDialog())

    def action_organization(self) -> None:
        """Offer the viewer's other organizations."""
        from usage_tui.cards.organizations import organizations_view
        from usage_tui.tui.screens.organizations import OrganizationsDialog

        self.push_screen(OrganizationsDialog(organizations_view(self.state)))

    def action_allowance(self) -> None:
        """Show every meter."""
        from usage_tui.tui.screens.allowance import AllowanceDialog

        self.push_screen(AllowanceDialog())

    async def action_buy_credits(self) -> None:
        """Lead to the page where credits are bought."""
        title, _ = buy_words(self.state.unit)
        await self._open_link(title, "buy_credits")

    async def action_auto_recharge(self) -> None:
        """Lead to the page where auto-recharge is adjusted."""
        await self._open_link("Auto-recharge", "auto_recharge")

    async def _open_link(self, title: str, name: str) -> None:
        from usage_tui.tui.links import is_safe, open_in_browser

        summary = self.state.summary.value
        url = getattr(summary.links, name) if summary and summary.links else None
        if url is None or not is_safe(url):
            self.note("No address is known for this." if url is None else "This is no https address.")
        elif not self.settings.restricted and await open_in_browser(url):
            self.note(f"Opened in your browser: {url}")
        else:
            from usage_tui.tui.screens.link import LinkDialog

            self.push_screen(LinkDialog(title, url))

    def action_traffic(self) -> None:
        """Say what went to the terminal before this."""
        if self.traffic is None:
            self.note("Textual paints the screen, and does not count what it sends.")
            return
        size, frames, seconds = self.traffic
        sent = f"{count_noun(size, 'byte')} sent in {count_noun(frames, 'frame')}"
        self.note(f"{sent}, the last made in {seconds * 1000:.1f} ms.")

    def action_help_quit(self) -> None:
        """Say how to quit to those who press Ctrl+C; Textual's message would come and go by itself."""
        self.note(f"Press {key_of('quit', self.keys)} to quit.")

    def action_copy(self) -> None:
        """Send the focused row or number to the terminal's clipboard."""
        text = self.screen.copy_text if isinstance(self.screen, UsageScreen) else ""
        if text:
            self.copy_to_clipboard(text)
            self.note(f"Sent to your terminal's clipboard: {text}")
        else:
            self.note("Nothing to copy here.")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What the viewer has no right to is not there; the screen that is shown is greyed out."""
        match action:
            case "buy_credits" | "auto_recharge":
                return access.may_pay(self.state, action)
            case "organization":
                return access.has_others(self.state)
            case "suspend_process" | "screenshot":
                return not self.settings.restricted
            case "usage" | "history" | "grants":
                return None if self.current_mode == action else True
            case _:
                return True

    def run_command(self, command: str) -> None:
        """Run a command of the table as if its key had been pressed."""
        for active in self.screen.active_bindings.values():
            if active.binding.id == command and active.enabled:
                self.call_next(self.run_action, active.binding.action, active.node)
                return

    def note(self, text: str) -> None:
        """Say what has just happened, in the last line, until the next key."""
        if isinstance(self.screen, UsageScreen):
            self.screen.note(text)

    def _fatal_error(self) -> None:
        """Print where the program failed, without the values of variables: one may be a token."""
        from rich.segment import Segments
        from rich.traceback import Traceback

        self.bell()
        traceback = Traceback(show_locals=False, width=None)
        self._exit_renderables.append(Segments(self.console.render(traceback, self.console.options)))
        self._close_messages_no_wait()


def _collect_garbage_from_now_on() -> None:
    """What the start has made stays until the end: to look through it again and again would cost frames."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
