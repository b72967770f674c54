"""The program on the screen: four modes, one state, and the loaders that keep it up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.screen import Screen

from usage_tui.cards.arrangement import LEAST_HEIGHT, LEAST_WIDTH, LOW, WIDE, XWIDE
from usage_tui.cards.typeset.glyphs import ASCII, MONOCHROME, UNICODE, Glyphs
from usage_tui.cards.words import buy_words
from usage_tui.clients.base import CannotFilter, ClientError, EventPages, UsageClient
from usage_tui.config import paths
from usage_tui.config.commands import key_of
from usage_tui.config.settings import Settings
from usage_tui.config.started import Started
from usage_tui.models import EventQuery, Links
from usage_tui.state import access, reducers
from usage_tui.state.replies import EVENTS
from usage_tui.text.words import count_noun
from usage_tui.tui.alerting import AlertingApp
from usage_tui.tui.bindings import bindings
from usage_tui.tui.program import TakesNotes
from usage_tui.tui.screens.base import NOT_PRINTED, UsageScreen
from usage_tui.tui.screens.dashboard import Dashboard
from usage_tui.tui.start import Start

if TYPE_CHECKING:
    from usage_tui.state.cache import Cache
    from usage_tui.state.overview import Overview, Target
    from usage_tui.state.overview_profiles import OverviewProfile
    from usage_tui.state.reported_alerts import ReportedAlerts
    from usage_tui.tui.display.shown import Shown


def _imported(module: str, name: str) -> Screen[Any]:
    """A screen whose module is not imported before it is opened."""
    screen: Screen[Any] = getattr(import_module(f"usage_tui.tui.screens.{module}"), name)()
    return screen


class UsageApp(AlertingApp):
    """The Usage dashboard.

    Args:
        client: Where the data come from. It is closed at the end.
        settings: How it looks and behaves.
        hint: One quiet line below the header, such as how to open other data.
        pages: Where the pages of the history come from, if not straight from the client. It is closed at
            the end, and closes the client.
        cache: What an earlier run cached, shown until the client answers. It is updated with the state,
            and closed at the end.
        started: How the program was started, for commands that show the same.
        open_alerts: Opens what remembers dismissed alerts; by default there are no alerts.
        sources: What can be opened, the source that is open first; none for that one alone.
        shown: What is on the terminal already.
    """

    TITLE = "usage-tui"
    CSS_PATH = paths.styles(*paths.FIRST_STYLES)
    MODES: ClassVar[dict[str, str | Callable[[], Screen[Any]]]] = {
        "usage": Dashboard,
        "history": partial(_imported, "history", "HistoryScreen"),
        "grants": partial(_imported, "grants", "GrantsScreen"),
        "runway": partial(_imported, "runway", "RunwayScreen"),
        "overview": partial(_imported, "overview", "OverviewScreen"),
    }
    DEFAULT_MODE = "usage"
    ENABLE_COMMAND_PALETTE = False  # Textual's own; `palette` opens ours
    BINDINGS = bindings(
        "usage",
        "history",
        "grants",
        "runway",
        "overview",
        "organization",
        "help",
        "back",
        "quit",
        "refresh",
        "redraw",
        "copy",
        "copy_command",
        "export",
        "plan",
        "allowance",
        "buy_credits",
        "auto_recharge",
        "traffic",
        "palette",
        "theme",
        "redact",
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

    def __init__(
        self,
        client: UsageClient,
        settings: Settings | None = None,
        *,
        hint: str = "",
        pages: EventPages | None = None,
        cache: Cache | None = None,
        open_alerts: Callable[[], ReportedAlerts] | None = None,
        sources: Sequence[OverviewProfile] = (),
        started: Started | None = None,
        shown: Shown | None = None,
    ) -> None:
        settings, started = settings or Settings(), started or Started()
        super().__init__(Start(client, pages or client, settings, started, cache, open_alerts, shown))
        self.hint = hint
        self.sources = sources
        self.keys: Mapping[str, str] = self.settings.keys
        self.glyphs: Glyphs = ASCII if self.settings.ascii else MONOCHROME if self.without_color else UNICODE
        self.set_class(self.settings.ascii, "-ascii")

    def on_mount(self) -> None:
        """Read the styles of the other screens as soon as the first one is shown."""
        self.call_after_refresh(self.stylesheet.read_all, paths.styles(paths.PAGES, paths.MODALS))

    def show_events(self, query: EventQuery) -> None:
        """Go to the history with this filter."""
        if not access.allowed(self.state, EVENTS):
            self.note(self.state.events.reason)
            return
        try:
            meant = self.known.meant(query)
        except CannotFilter as error:
            self.note(error.full_text)
            return
        self.known.state = reducers.filtered(self.known.state, meant)
        if self.current_mode != "history":
            self.switch_mode("history")

    def show_grant(self, grant_id: str) -> None:
        """Go to a grant."""
        from usage_tui.tui.screens.grants import GrantsScreen

        self.switch_mode("grants")
        if isinstance(self.screen, GrantsScreen):
            self.screen.go_to(grant_id)

    def show_period(self, period_id: str) -> None:
        """Go to a billing period on Usage."""
        self.switch_mode("usage")
        self.look_at(period_id)

    @property
    def has_overview(self) -> bool:
        """Whether there are several organizations or profiles."""
        return access.has_overview(self.state, len(self.sources))

    @cached_property
    def overview(self) -> Overview:
        """Every organization of every profile, from the first look on."""
        from usage_tui.state.overview import Overview

        return Overview(self.sources)

    @work(exclusive=True, group="open")
    async def open_target(self, target: Target) -> None:
        """Switch to an organization of a profile, and show its dashboard."""
        summary = self.known.state.summary.value
        shown = summary.org.id if summary else None
        if target.profile != self.overview.open_profile:
            try:
                opened = await self.overview.open(target)
            except ClientError as error:
                self.note(self.known.sentence(error))
                return
            self.overview.opened(target.profile)
            await self.switch_client(opened)
        elif target.organization not in (None, shown):
            self._switch_to(target.organization)
        self.switch_mode("usage")

    # Commands

    def action_refresh(self) -> None:
        """Load everything again, the newest events too."""
        self.reload(force=True)

    def action_redraw(self) -> None:
        """Paint every cell again, for example after output of another program."""
        self.repaint()

    def action_usage(self) -> None:
        """Show the dashboard."""
        self.switch_mode("usage")

    def action_overview(self) -> None:
        """Show every organization."""
        self.switch_mode("overview")

    def action_history(self) -> None:
        """Show the history."""
        self.switch_mode("history")

    def action_grants(self) -> None:
        """Show the grants."""
        self.switch_mode("grants")

    def action_runway(self) -> None:
        """Show the runway."""
        self.switch_mode("runway")

    async def action_back(self) -> None:
        """Go back to the dashboard."""
        self.switch_mode("usage")

    def action_help(self) -> None:
        """Show every key."""
        from usage_tui.cards.help import Here
        from usage_tui.tui.screens.help import HelpDialog

        words = self.screen.footer_words if isinstance(self.screen, UsageScreen) else {}
        opens = {"open": f"open {words['open']}"} if words.get("open") else {}
        both = {"organization": "switch organization, all"} if self.has_overview else {}
        never = {
            "suspend": self.settings.restricted,
            "theme": self.without_color,
            "overview": not self.has_overview,
        }
        without = {command for command, hidden in never.items() if hidden}
        self.push_screen(HelpDialog(Here(self._active_commands(), opens | both), without))

    def action_palette(self) -> None:
        """Offer every command that acts now, and the data."""
        from usage_tui.cards.palette import palette
        from usage_tui.tui.screens.palette import PaletteDialog

        found = palette(self.state, self._active_commands(), self.keys, self.glyphs)
        self.push_screen(PaletteDialog(found))

    def _active_commands(self) -> set[str]:
        """The ids of the commands that act now."""
        bound = (one for one in self.screen.active_bindings.values() if one.enabled)
        return {one.binding.id for one in bound if one.binding.id is not None}

    def action_theme(self) -> None:
        """Offer every theme."""
        from usage_tui.tui.screens.theme import ThemeDialog

        self.push_screen(ThemeDialog(self.theme))

    def action_organization(self) -> None:
        """Offer the viewer's other organizations."""
        from usage_tui.tui.screens.organizations import OrganizationsDialog

        self.push_screen(OrganizationsDialog())

    def action_allowance(self) -> None:
        """Show every meter."""
        from usage_tui.tui.screens.allowance import AllowanceDialog

        self.push_screen(AllowanceDialog())

    def action_plan(self) -> None:
        """Tell whether a batch fits into what is left."""
        from usage_tui.tui.screens.plan import PlanDialog

        self.push_screen(PlanDialog())

    async def action_buy_credits(self) -> None:
        """Open the page where credits are bought."""
        title, _ = buy_words(self.state.unit)
        await self._open_link(f"{title} in Billing", self._links.buy_credits)

    async def action_auto_recharge(self) -> None:
        """Open the page where auto-recharge is adjusted."""
        await self._open_link("Auto-recharge in Billing", self._links.auto_recharge)

    @property
    def _links(self) -> Links:
        summary = self.known.state.summary.value
        return summary.links if summary and summary.links else Links()

    async def _open_link(self, title: str, url: str | None) -> None:
        from usage_tui.tui.links import is_safe, open_in_browser

        if url is None:
            self.note("The service did not provide a link to this part of Billing.")
        elif self.known.hides_names:
            self.note("Links are hidden with the names, because they may contain one.")
        elif not is_safe(url):
            self.note("The link was not opened because it is not HTTPS.")
        elif not self.settings.restricted and await open_in_browser(url):
            self.note(f"Billing is open in your browser: {url}")
        else:
            from usage_tui.tui.screens.link import LinkDialog

            self.push_screen(LinkDialog(title, url))

    def action_redact(self) -> None:
        """Hide names on every screen, in every copy and every export; or show them again."""
        self.known.hides_names = not self.known.hides_names
        self.show_alert()
        self.note("Names are hidden." if self.known.hides_names else "Names are shown.")

    def action_traffic(self) -> None:
        """Say how much was sent to the terminal."""
        if self.traffic is None:
            self.note("Textual's own renderer is in use; it does not count bytes.")
            return
        size, frames, seconds = self.traffic
        sent = f"{count_noun(size, 'byte')} sent in {count_noun(frames, 'frame')}"
        self.note(f"{sent}; the last frame took {seconds * 1000:.1f} ms.")

    def action_help_quit(self) -> None:
        """On Ctrl+C, say how to quit. Textual's own message would appear and vanish by itself."""
        self.note(f"Press {key_of('quit', self.keys)} to quit.")

    def action_copy(self) -> None:
        """Copy the focused row or number to the terminal's clipboard."""
        text = self.screen.copy_text if isinstance(self.screen, UsageScreen) else ""
        if text:
            self.copy_to_clipboard(text)
            self.note(f"Sent to your terminal's clipboard: {text}")
        else:
            self.note("Nothing to copy here.")

    def action_copy_command(self) -> None:
        """Copy the command line that prints what is shown here."""
        words = self.screen.printed_by if isinstance(self.screen, UsageScreen) else ()
        command = self.known.started(self.started).command(words) if words else ""
        if command:
            self.copy_to_clipboard(command)
            self.note(f"Sent to your terminal's clipboard: {command}")
        else:
            self.note(self.screen.why_not_printed if isinstance(self.screen, UsageScreen) else NOT_PRINTED)

    def action_export(self) -> None:
        """Offer the tables, in a file or for the clipboard."""
        from usage_tui.tui.screens.export import ExportDialog

        screen = self.screen
        if isinstance(screen, UsageScreen) and screen.offers():
            self.push_screen(ExportDialog(screen.offers))
        else:
            self.note("Nothing to export yet.")

    def switch_organization(self, organization: str) -> None:
        """Show another organization, named by its id as it is shown; nothing of the former one stays."""
        self._switch_to(self.known.organization(organization))

    def _switch_to(self, organization: str) -> None:
        self.started = self.started.shown_now(organization)
        super().switch_organization(organization)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Hide what the viewer may not do; gray out the screen that is shown."""
        match action:
            case "buy_credits" | "auto_recharge":
                return access.may_pay(self.state, action)
            case "organization":
                return access.has_others(self.state)
            case "suspend_process" | "screenshot":
                return not self.settings.restricted
            case "theme":
                return not self.without_color
            case "overview" if not self.has_overview:
                return False
            case "overview" | "usage" | "history" | "grants" | "runway":
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
        """Say what has just happened, in the last line or the frame of a dialog, until the next key."""
        if isinstance(self.screen, TakesNotes):
            self.screen.note(text)
