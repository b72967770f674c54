"""`usage-tui` without a command: the dashboard, on the screen or as plain text."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from usage_tui import __version__
from usage_tui.cli import client_options, period_option, table_options
from usage_tui.cli.client_options import TOKEN_VARIABLE
from usage_tui.cli.ending import DONE, Misuse
from usage_tui.cli.output import print_line, print_note
from usage_tui.cli.parser import Parser

TYPE_CHECKING = False  # typing is longer in coming than a help may take
if TYPE_CHECKING:
    from usage_tui.cli.beginning import Beginning
    from usage_tui.cli.early_frame import EarlyFrame
    from usage_tui.cli.frame_keeper import FrameKeeper
    from usage_tui.cli.opening import OpenProfile
    from usage_tui.config.profiles import Profile
    from usage_tui.config.settings import Settings
    from usage_tui.state.reported_alerts import ReportedAlerts
    from usage_tui.tui.app import UsageApp

_INSIDE = {
    *("restricted", "demo", "profile", "url", "organization", "refresh_seconds", "no_cache", "redact"),
    *("print", "period", "theme", "ascii", "no_mouse", "stock_display"),
}
"""The options that --restricted allows: they open nothing but the dashboard."""
_WATCH_SECONDS = 2
_DESCRIPTION = "The Usage dashboard of an AI workspace: how much is left, where it went, what expires unused."
_EPILOG = f"""\
answers for people, scripts and monitoring, each with its own --help:
  usage-tui status          one line, for prompts and status bars
  usage-tui check           an exit code and what is new, for monitoring
  usage-tui forecast        how long what is left lasts
  usage-tui plan            whether a batch fits into it
  usage-tui why             what made a day expensive
  usage-tui sources         a table; others: daily, history, grants, ...
  usage-tui export          a table as a file
  usage-tui mcp             the same answers for an AI agent

other commands:
  usage-tui login NAME|URL  save a key, and open its vendor or service by name
  usage-tui logout NAME     delete what is stored of it
  usage-tui profiles        list the sources that have a name
  usage-tui providers       list the vendors, and what each of them reports
  usage-tui doctor          check settings, data source and terminal
  usage-tui import FILE     make a recording from an export or another table
  usage-tui record          record what any data source tells
  usage-tui schema          print a JSON Schema
  usage-tui completion      print the completion of a shell
  usage-tui man             print the man page
  usage-tui serve           serve the Usage API
  usage-tui admin           administer the Usage API

connect to a Usage API, once with a token in the environment, or permanently:
  {TOKEN_VARIABLE}=... usage-tui --url https://usage.example.com
  usage-tui login https://usage.example.com
"""


def run(words: Sequence[str], early: EarlyFrame | None = None) -> int:
    """Open the dashboard, or print it.

    Args:
        words: The command line.
        early: The terminal, and what is on it already; None if nothing is to be kept for the next start.
    """
    parser = _parser()
    options = parser.parse_args(words)  # before anything is imported that only a data source needs
    from usage_tui.cli import opening
    from usage_tui.config.terminal import has_screen

    if options.restricted:
        _restrict(options, parser)
    if options.demo == "?":
        return _list_demos()
    _refuse_what_does_not_go_together(options)
    settings = opening.read_settings()
    named = opening.chosen_profile(options, settings)
    profile = opening.with_recording(named, options)
    if options.restricted:
        _keep_to(profile, settings)
    _prepare_environment()
    _refuse_unknown_theme(options, settings)
    settings = _with_options(settings, options, profile)
    keeps = _keeps(options)
    frames = keeps and not options.redact  # a frame with pseudonyms would have to be kept apart
    keeper = _keeper(early, options, profile) if early is not None and frames else None
    opened = opening.open_client(profile, keeps_days=keeps)
    if options.file and not options.redact and (read_as := getattr(opened.client, "read_as", "")):
        print_note(read_as)
    if options.print:
        from usage_tui.cli.plain import print_cards

        return print_cards(opened.client, settings, options.period, opened.profile.provider.title)
    # Last, so that it hides no other mistake.
    if not has_screen():
        raise Misuse("the dashboard needs a terminal; usage-tui --print shows the same as plain text")
    from usage_tui.cli.beginning import beginning_of

    beginning = beginning_of(opened, options, settings, named, keeps=keeps)
    return _show(opened, settings, beginning, early, keeper)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "usage-tui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
    )
    client_options.add_arguments(parser, file=client_options.ANY_FILE)
    parser.add_argument(
        "--refresh",
        dest="refresh_seconds",
        type=_seconds,
        metavar="SECONDS",
        help="how often to refresh; 0 turns it off",
    )
    parser.add_argument("--redact", action="store_true", help="replace all names with pseudonyms")
    parser.add_argument("--no-cache", action="store_true", help="do not cache data for the next start")
    parser.add_argument("--print", action="store_true", help="print the cards as plain text and exit")
    period_option.add_argument(parser, "with --print: the usage of which billing period")
    parser.add_argument("--watch", action="store_true", help="reload the recording when it changes")
    parser.add_argument("--theme", metavar="NAME", help="usage-dark, usage-light, ansi-dark, ...")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII symbols only")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--stock-display",
        action="store_true",
        help="use Textual's own renderer (if the screen shows artifacts)",
    )
    parser.add_argument(
        "--restricted",
        action="store_true",
        help="only the dashboard, with no way out of it: for a dedicated login",
    )
    table_options.add_arguments(parser)
    parser.add_argument("--version", action="version", version=f"usage-tui {__version__}")
    return parser


def _restrict(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Refuse every way out of the dashboard. Without a terminal it is printed: nobody could ask for that."""
    from usage_tui.config.terminal import has_screen

    for name, value in vars(options).items():
        if name not in _INSIDE and value != parser.get_default(name):
            option = "FILE" if name == "file" else f"--{name.replace('_', '-')}"
            raise Misuse(f"--restricted shows only the dashboard: {option} is not allowed")
    options.print = options.print or not has_screen()


def _refuse_what_does_not_go_together(options: argparse.Namespace) -> None:
    """Refuse options without what they need.

    Raises:
        Misuse: Some do.
    """
    if options.period != period_option.CURRENT and not options.print:
        raise Misuse("--period needs --print; on the screen, [ and ] lead to other billing periods")
    if options.watch and not options.file:
        raise Misuse("--watch needs a recording: usage-tui FILE.jsonl --watch")
    client_options.refuse_empty_names(options)


def _keep_to(profile: Profile, settings: Settings) -> None:
    """With --restricted, run no command, and know no token but that of the profile.

    Raises:
        Misuse: A command gives its token.
    """
    from usage_tui.cli.restricted import forget_other_variables
    from usage_tui.config.profiles import TokenCommand

    if isinstance(profile.token, TokenCommand):
        raise Misuse(
            "--restricted does not run a token_command: use token_file or token_variable in the profile"
        )
    forget_other_variables(_token_variables(profile, *settings.profiles.values()))


def _token_variables(*profiles: Profile) -> list[str]:
    """The names of the variables that hold tokens."""
    from usage_tui.config.profiles import TokenVariable

    return [profile.token.name for profile in profiles if isinstance(profile.token, TokenVariable)]


def _seconds(text: str) -> int:
    from usage_tui.clients.registry import LONGEST_REFRESH

    if not text.isdecimal() or not text.isascii() or len(text) > 9 or int(text) > LONGEST_REFRESH:
        raise argparse.ArgumentTypeError(f"must be a whole number from 0 to {LONGEST_REFRESH}")
    return int(text)


def _with_options(settings: Settings, options: argparse.Namespace, profile: Profile) -> Settings:
    """The settings file, overridden by what was remembered, and that by the options."""
    from usage_tui.config import paths
    from usage_tui.config.remembered import remembered_theme
    from usage_tui.config.terminal import speaks_unicode

    return settings._replace(
        theme=options.theme or remembered_theme(paths.state_file()) or settings.theme,
        mouse=settings.mouse and not options.no_mouse,
        ascii=options.ascii or not speaks_unicode(sys.stdout.encoding),
        stock_display=options.stock_display,
        refresh_seconds=_WATCH_SECONDS if options.watch else profile.seconds_between_looks,
        redacted=options.redact,
        restricted=options.restricted,
    )


def _keeps(options: argparse.Namespace) -> bool:
    """Whether data are kept on disk for the next start."""
    return not (options.no_cache or options.restricted)


def _list_demos() -> int:
    from usage_tui.clients.demo.scenarios.catalog import SCENARIOS

    widest = max(map(len, SCENARIOS))
    for name, text in SCENARIOS.items():
        print_line(f"{name:<{widest}} {text}")
    return DONE


def _refuse_unknown_theme(options: argparse.Namespace, settings: Settings) -> None:
    """Refuse an unknown theme. For plain text, the theme of the settings is not worth loading Textual for."""
    theme = options.theme if options.theme is not None or options.print else settings.theme
    from usage_tui.tui.colors import COLORS

    if theme is None or theme in COLORS:
        return
    from usage_tui.config import paths
    from usage_tui.tui.themes import NAMES

    if theme not in NAMES:
        place = "" if options.theme is not None else f"{paths.config_file()}: theme: "
        raise Misuse(f"{place}unknown theme {theme!r}; the themes are {', '.join(NAMES)}")


def _keeper(early: EarlyFrame, options: argparse.Namespace, profile: Profile) -> FrameKeeper | None:
    """What keeps the first screen for the next start; None if it is not kept."""
    from pathlib import Path

    from usage_tui.cli.frame_keeper import keeper_of

    files = [options.file, profile.options.get("file")]
    return keeper_of(early, profile, [Path(file) for file in files if file is not None])


def _open_alerts(opened: OpenProfile, settings: Settings) -> ReportedAlerts:
    """Open what remembers dismissed alerts."""
    from usage_tui.config import paths
    from usage_tui.state.reported_alerts import ReportedAlerts

    return ReportedAlerts(None if settings.restricted else paths.alerts_file(opened.alerts_key))


def _show(
    opened: OpenProfile,
    settings: Settings,
    beginning: Beginning,
    early: EarlyFrame | None,
    keeper: FrameKeeper | None,
) -> int:
    """The dashboard on the screen: its numbers before Textual is imported, as far as they are at hand."""
    from functools import partial

    from usage_tui.cli import loop
    from usage_tui.cli.beginning import cache_of
    from usage_tui.config import paths

    if early is not None and early.attributes is None:
        from usage_tui.cli.early_drawing import draw_early

        draw_early(early, opened, settings, beginning)
    app = _app(opened, settings, beginning, early)
    if keeper is not None:
        key, organization = opened.cache_key, opened.profile.organization
        cache_again = partial(cache_of, key, organization) if key is not None else None
        keeper.serve(app, opened.client, cache_again, paths.alerts_file(opened.alerts_key))
    loop.run(app.run_async(mouse=settings.mouse))
    return app.return_code or 0


def _app(opened: OpenProfile, settings: Settings, beginning: Beginning, early: EarlyFrame | None) -> UsageApp:
    """The dashboard, with everything that it can open besides."""
    from functools import partial

    from usage_tui.tui.app import UsageApp

    return UsageApp(
        opened.client,
        settings,
        hint=beginning.hint,
        pages=opened.profile.provider.pages(opened.client),
        cache=beginning.cache,
        open_alerts=partial(_open_alerts, opened, settings),
        started=beginning.started,
        sources=beginning.sources,
        shown=early if early is not None and early.is_intact else None,
    )


def _prepare_environment() -> None:
    """Set what Textual reads from the environment when it is imported."""
    from usage_tui.config.terminal import bound_size, over_ssh, wants_no_color

    if not wants_no_color():
        # Textual reads the variable as set even when it is empty.
        os.environ.pop("NO_COLOR", None)
    bound_size()
    if over_ssh():
        # A dropped connection would leave the user's terminal in this keyboard mode.
        os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
