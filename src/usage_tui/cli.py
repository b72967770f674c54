"""The command line. What a command needs is imported by that command: the dashboard must start at once."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from usage_tui import __version__

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from usage_tui.clients.base import UsageClient
    from usage_tui.settings import Settings

TOKEN = "USAGE_TUI_TOKEN"  # noqa: S105 - the name of the variable, not what it holds
FAILED, MISUSED, INTERRUPTED, UNREAD = 1, 2, 130, 141
_DEFAULT_DEMO = "acme"
_INSIDE = {"restricted", "demo", "url", "organization", "print", "theme", "ascii", "no_mouse"}
"""Options that lead nowhere but to the dashboard: with --restricted, all others are refused."""
_HINT = "Demo data. Open yours: usage-tui FILE.jsonl, or see --help"
_PLAIN_WIDTHS = (40, 120)
_PATIENCE = 60
"""Seconds that plain text waits for all replies; cards without one say that they are loading."""
_DESCRIPTION = "The Usage dashboard of an AI workspace: how much is left, where it went, what lapses unused."
_EPILOG = """\
commands:
  usage-tui import EVENTS --org ORG.toml -o FILE.jsonl   make a recording from usage events
  usage-tui schema                                       print the JSON Schema of a recording
  usage-tui serve [--demo]                               serve the Usage API
  usage-tui admin                                        administer what is served

connect to a Usage API with its token in the environment:
  USAGE_TUI_TOKEN=... usage-tui --url https://usage.example.com
"""


class Misuse(Exception):
    """The command can't be carried out as it was given."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: The command line without the program's name; that of the process by default.

    Returns:
        0 when it worked, 1 when it failed, 2 when it was not understood; as shells have it, 130 when it
        was interrupted and 141 when nobody read its output to the end.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    command = _COMMANDS.get(words[0]) if words else None
    try:
        try:
            return command(words[1:]) if command else _dashboard(words)
        finally:
            sys.stdout.flush()
    except Misuse as error:
        from usage_tui.models.text import clean

        sys.stderr.write(f"usage-tui: {clean(str(error))}\n")
        return MISUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What is left in the buffer would be tried, and complained about, once more at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD


class _Parser(argparse.ArgumentParser):
    """A parser that says in one line what it did not understand."""

    def error(self, message: str) -> NoReturn:
        """Refuse the command line.

        Raises:
            Misuse: Always.
        """
        raise Misuse(f"{message} (see {self.prog} --help)")


def _import(words: Sequence[str]) -> int:
    from usage_tui.importing import command

    parser = _Parser("usage-tui import", description=command.__doc__)
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def _schema(words: Sequence[str]) -> int:
    import json

    from usage_tui.clients.recording_header import recording_schema

    _Parser("usage-tui schema", description="Print the JSON Schema of a recording.").parse_args(words)
    sys.stdout.write(json.dumps(recording_schema(), indent=2) + "\n")
    return 0


def _serve(words: Sequence[str]) -> int:
    with _server_extra():
        from usage_tui.server import serving

    parser = argparse.ArgumentParser("usage-tui serve", description="Serve the Usage API.")
    serving.add_arguments(parser)
    return serving.run(parser.parse_args(words))


def _admin(words: Sequence[str]) -> int:
    with _server_extra():
        from usage_tui.server import administration

    parser = argparse.ArgumentParser("usage-tui admin", description="Administer a database of the Usage API.")
    administration.add_arguments(parser)
    return administration.run(parser.parse_args(words))


@contextmanager
def _server_extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "usage_tui":
            raise
        raise Misuse("this needs the server's packages: pip install 'usage-tui[server]'") from None


_COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "import": _import,
    "schema": _schema,
    "serve": _serve,
    "admin": _admin,
}


def _dashboard(words: Sequence[str]) -> int:
    """Open the dashboard, or print it."""
    parser = _parser()
    options = parser.parse_args(words)
    if options.restricted:
        _restrict(options, parser)
    if options.demo == "?":
        return _list_demos()
    if not options.print and not _has_screen():
        raise Misuse("this needs a terminal with a screen; usage-tui --print writes the same as plain text")
    if options.watch and not options.file:
        raise Misuse("--watch goes with a recording: only a file can change under the dashboard")
    if options.organization and not options.url:
        raise Misuse("--organization goes with --url: other data are of one organization")
    if "" in (options.file, options.demo, options.url):
        raise Misuse("the name of what to open is empty; is a variable not set?")
    settings = _settings(options)
    client, verify = _client(options)
    if options.print:
        return _print(client, settings, verify)
    chosen = options.file or options.demo or options.url
    hint = "" if chosen or options.restricted else _HINT
    return _show(client, settings, hint, verify, chosen_theme=options.theme)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        "usage-tui",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    data = parser.add_mutually_exclusive_group()
    data.add_argument("file", nargs="?", metavar="FILE.jsonl", help="a recording, also .gz")
    data.add_argument(
        "--demo", nargs="?", const=_DEFAULT_DEMO, metavar="SCENARIO", help="demo data (? lists the scenarios)"
    )
    data.add_argument("--url", help=f"a Usage API; its token is read from {TOKEN}")
    parser.add_argument("--organization", metavar="ID", help="which one, where a token sees several")
    parser.add_argument("--print", action="store_true", help="print the cards as plain text and leave")
    parser.add_argument("--watch", action="store_true", help="read the recording again when it changes")
    parser.add_argument("--theme", metavar="NAME", help="usage-dark, usage-light, ansi-dark, ...")
    parser.add_argument("--ascii", action="store_true", help="draw with ASCII symbols only")
    parser.add_argument("--no-mouse", action="store_true", help="leave the mouse to the terminal")
    parser.add_argument(
        "--restricted",
        action="store_true",
        help="the dashboard alone, without a way out: for a login of its own",
    )
    parser.add_argument("--version", action="version", version=f"usage-tui {__version__}")
    return parser


def _restrict(options: argparse.Namespace, parser: argparse.ArgumentParser) -> None:
    """Refuse every way out of the dashboard. Without a screen it is printed: nobody can ask for that."""
    for name, value in vars(options).items():
        if name not in _INSIDE and value != parser.get_default(name):
            option = "FILE.jsonl" if name == "file" else f"--{name.replace('_', '-')}"
            raise Misuse(f"--restricted shows the dashboard alone: not allowed with {option}")
    options.print = options.print or not _has_screen()


def _has_screen() -> bool:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    on_terminal = all(stream is not None and stream.isatty() for stream in streams)
    return on_terminal and os.environ.get("TERM", "dumb") not in ("dumb", "")


def _settings(options: argparse.Namespace) -> Settings:
    """The settings file, what was remembered, and the flags, each before the one named earlier."""
    from usage_tui import paths
    from usage_tui.settings import InvalidSettings, read_settings, remembered_theme

    try:
        settings = read_settings(paths.config_file())
    except InvalidSettings as error:
        raise Misuse(str(error)) from None
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    return replace(
        settings,
        theme=options.theme or remembered_theme(paths.state_file()) or settings.theme,
        mouse=settings.mouse and not options.no_mouse,
        watch=options.watch,
        ascii=options.ascii or encoding != "utf8",
        restricted=options.restricted,
    )


def _client(options: argparse.Namespace) -> tuple[UsageClient, Callable[[], Awaitable[None]] | None]:
    """Where the data come from, and what verifies them."""
    if options.url:
        return _http_client(options.url, options.organization), None
    if options.file:
        return _recording_client(Path(options.file))
    return _demo_client(options.demo or _DEFAULT_DEMO), None


def _demo_client(name: str) -> UsageClient:
    from usage_tui.clients.demo import SCENARIOS, open_demo

    if name not in SCENARIOS:
        raise Misuse(f"there is no demo {name!r}; there are {', '.join(SCENARIOS)}")
    return open_demo(name)


def _list_demos() -> int:
    from usage_tui.clients.demo import SCENARIOS

    sys.stdout.writelines(f"{name:<13} {text}\n" for name, text in SCENARIOS.items())
    return 0


def _recording_client(path: Path) -> tuple[UsageClient, Callable[[], Awaitable[None]]]:
    import asyncio

    from usage_tui.clients.base import ClientError
    from usage_tui.clients.recording import RecordingClient

    try:
        client = asyncio.run(RecordingClient.open(path))
    except ClientError as error:
        raise Misuse(f"{error.message} {error.advice}".strip()) from None
    return client, client.check


def _http_client(url: str, organization: str | None) -> UsageClient:
    from usage_tui.clients.base import ClientError
    from usage_tui.clients.http import BearerToken, HttpClient

    if not os.environ.get(TOKEN):
        raise Misuse(f"no token: set {TOKEN} to a token of the service")
    try:
        return HttpClient(url, BearerToken(os.environ.pop(TOKEN)), organization)
    except ClientError as error:
        raise Misuse(f"{error.message} {error.advice}".strip()) from None


def _print(client: UsageClient, settings: Settings, verify: Callable[[], Awaitable[None]] | None) -> int:
    """Every card as plain text. It fails where a card does, or where the data contradict themselves."""
    import asyncio
    import shutil
    from types import SimpleNamespace

    from usage_tui.present.glyphs import ASCII, MONOCHROME
    from usage_tui.present.page import page
    from usage_tui.state.loading import load_all, verify_all
    from usage_tui.state.usage import incomplete, initial

    store = SimpleNamespace(state=initial(client.origin, client.not_offered))

    async def load() -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(load_all(store, client), _PATIENCE)
        if verify is not None:
            await verify_all(store, verify)
        await client.aclose()

    asyncio.run(load())
    least, most = _PLAIN_WIDTHS
    width = max(least, min(shutil.get_terminal_size().columns, most))
    text = page(store.state, width, ASCII if settings.ascii else MONOCHROME)
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    return FAILED if incomplete(store.state) else 0


def _show(
    client: UsageClient,
    settings: Settings,
    hint: str,
    verify: Callable[[], Awaitable[None]] | None,
    *,
    chosen_theme: str | None,
) -> int:
    """The dashboard on the screen."""
    _prepare_environment()
    # Nothing that the start makes becomes garbage, but looking for some takes a tenth of it. The first
    # frame turns the collector on again.
    gc.disable()
    from usage_tui.ui.app import UsageApp

    app = UsageApp(client, settings, hint=hint, verify=verify)
    if chosen_theme and chosen_theme not in app.available_themes:
        raise Misuse(
            f"there is no theme {chosen_theme!r}; there are {', '.join(sorted(app.available_themes))}"
        )
    app.run(mouse=settings.mouse)
    return app.return_code or 0


def _prepare_environment() -> None:
    """What Textual reads from the environment when it is imported."""
    from usage_tui.settings import over_ssh, wants_no_color

    if not wants_no_color():
        # Textual takes the variable as a wish even when it is empty.
        os.environ.pop("NO_COLOR", None)
    if over_ssh():
        # A dropped connection would leave the viewer's own terminal in this keyboard mode.
        os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
