"""What a start shows before Textual begins, what it never shows, and how it leaves the terminal."""

from __future__ import annotations

import os
import pty
import re
import signal
import sys
import termios
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.app import App

from tests.server.processes import Served, serve
from tests.terminal import TIMEOUT, Emulator, Terminal, environment
from tests.tui.witness import visible

COLUMNS, ROWS = 120, 40
FIRST_NUMBERS = "6,250.25", "2,810.25", "1,200 of 2,000"
NUMBERS = (*FIRST_NUMBERS, "Runs out")
START_OF_TEXTUAL = b"\x1b[?1000h"
OTHER_SCREEN, FIRST_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"
_PROGRAM = """
import os, select, signal, sys
from usage_tui import cli
from usage_tui.cli import dashboard
from usage_tui.cli.ending import Misuse

def fail(words, early):
    raise RuntimeError("broken")

def refuse(words, early):
    raise Misuse("settings are unreadable")

def wait(words, early):
    print("waiting", file=sys.__stdout__, flush=True)
    while True:
        signal.pause()

def until_typed(words, early):
    select.select([0], [], [])
    return run(words, early)

def until_resized(words, early):
    while early.is_intact:
        signal.pause()
    return run(words, early)

def until_resized_once_drawn(words, early):
    from usage_tui.cli import early_drawing
    draw = early_drawing.draw_early
    def draw_and_wait(early, *rest):
        draw(early, *rest)
        while early.is_intact:
            signal.pause()
    early_drawing.draw_early = draw_and_wait
    return run(words, early)

run = dashboard.run
dashboard.run = {
    "run": run,
    "end": lambda words, early: 0,
    "fail": fail,
    "refuse": refuse,
    "wait": wait,
    "until typed": until_typed,
    "until resized": until_resized,
    "until resized once drawn": until_resized_once_drawn,
}[os.environ.get("INSTEAD", "run")]
if changed := os.environ.get("CHANGED"):
    import inspect, pkgutil
    pkgutil.resolve_name(changed).__signature__ = inspect.signature(lambda other: None)
sys.exit(cli.main())
"""
"""The program, whose dashboard can be made to wait or to fail before it has begun."""


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", _PROGRAM, *words]


def started(
    home: Path, *words: str, instead: str = "run", size: tuple[int, int] = (COLUMNS, ROWS), **variables: str
) -> Terminal:
    columns, rows = size
    variables = {"COLORTERM": "truecolor", "INSTEAD": instead, **variables}
    return Terminal(command(*words), columns=columns, rows=rows, environment=environment(home, **variables))


def frames(home: Path) -> list[Path]:
    return sorted((home / ".cache" / "usage-tui").glob("*.frame.json"))


def keep(home: Path, *words: str, **options: Any) -> Path:
    """Run the program once; the frame that it keeps."""
    before = frames(home)
    with started(home, *words, **options) as terminal:
        wait_for_file(terminal, lambda: frames(home) != before)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    (frame,) = set(frames(home)) - set(before)
    return frame


def wait_for_file(terminal: Terminal, is_there: Callable[[], bool]) -> None:
    for _ in range(int(TIMEOUT / 0.05)):
        if is_there():
            return
        terminal.listen(0.05)
    raise AssertionError(f"no frame was kept\n{terminal.text}")


def early_bytes(terminal: Terminal) -> bytes:
    """What was written before Textual began, or all of it."""
    return terminal.raw.partition(START_OF_TEXTUAL)[0]


def shown(terminal: Terminal, size: tuple[int, int] = (COLUMNS, ROWS)) -> str:
    """What was on the screen before Textual began."""
    emulator = Emulator(*size)
    emulator.feed(early_bytes(terminal).partition(FIRST_SCREEN)[0])
    return emulator.text


def shows(home: Path, *words: str, **options: Any) -> bool:
    """Whether another start shows the numbers at once."""
    with started(home, *words, instead="end", **options) as terminal:
        assert terminal.wait_for_exit() == 0
        text = shown(terminal, options.get("size", (COLUMNS, ROWS)))
        assert terminal.attributes == attributes()
        return "6,250.25" in text


def attributes() -> list[Any]:
    """How a new terminal is set."""
    both = pty.openpty()
    try:
        return termios.tcgetattr(both[0])
    finally:
        for one in both:
            os.close(one)


class Kept(NamedTuple):
    """A home where the demo and a recording were opened once, and what was kept of them."""

    home: Path
    recording: Path
    contents: Mapping[Path, bytes]

    def restore(self) -> None:
        """Keep it again: what does not fit is deleted."""
        for file, content in self.contents.items():
            file.unlink(missing_ok=True)
            file.touch(0o600)
            file.write_bytes(content)


@pytest.fixture(scope="module")
def kept_once(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    home = tmp_path_factory.mktemp("home")
    recording = home / "demo.jsonl"
    with Terminal(
        [sys.executable, "-m", "usage_tui", "record", "--demo", "-o", str(recording)],
        environment=environment(home),
    ) as terminal:
        assert terminal.wait_for_exit() == 0
    files = [keep(home, "--demo"), keep(home, str(recording))]
    return Kept(home, recording, {file: file.read_bytes() for file in files})


@pytest.fixture
def kept(kept_once: Kept) -> Kept:
    kept_once.restore()
    return kept_once


# The first start


def prove_taken_over(terminal: Terminal) -> None:
    """The app goes on from what was there, which is what it would have painted."""
    terminal.wait_until_quiet(1)
    taken_over = visible(terminal.cells)
    terminal.press("ctrl+l")
    terminal.wait_until_quiet(1)
    assert visible(terminal.cells) == taken_over


@pytest.mark.parametrize("what", ["demo", "recording"])
def test_the_first_start_draws_its_numbers_before_textual_begins(
    kept: Kept, what: str, tmp_path: Path
) -> None:
    words = "--demo" if what == "demo" else str(kept.recording)
    with started(tmp_path, words) as terminal:
        terminal.wait_for(*NUMBERS, "q quit")
        drawn = shown(terminal)
        assert all(number in drawn for number in FIRST_NUMBERS)
        assert "q quit" not in drawn  # no key acts yet
        assert "6,250.25" not in terminal.raw.partition(START_OF_TEXTUAL)[2].decode()
        assert terminal.raw.count(OTHER_SCREEN) == 1
        prove_taken_over(terminal)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.attributes == attributes()


def test_what_is_not_drawn_before_textual_begins_comes_with_it(tmp_path: Path) -> None:
    with started(tmp_path, "--demo", "--theme", "nord") as terminal:
        terminal.wait_for(*NUMBERS, "q quit")
        assert not shown(terminal).strip()


@pytest.mark.parametrize(
    "option", ["--redact", "--reda", "--restricted", "--restr", "--stock-display", "--stock"]
)
def test_nothing_is_drawn_early_with_an_option_that_shows_it_otherwise(option: str, tmp_path: Path) -> None:
    with started(tmp_path, "--demo", option) as terminal:
        terminal.wait_for("6,250.25", "q quit")
        assert not shown(terminal).strip()
        assert ("Acme" in terminal.raw.decode()) is not option.startswith("--reda")


def test_a_terminal_that_is_resized_after_the_first_frame_was_drawn_is_painted_anew(tmp_path: Path) -> None:
    with started(tmp_path, "--demo", instead="until resized once drawn") as terminal:
        terminal.wait_for(*FIRST_NUMBERS)
        terminal.resize(100, 30)
        terminal.wait_for("6,250.25", "q quit")
        prove_taken_over(terminal)


def test_an_interrupt_after_the_first_frame_was_drawn_gives_the_terminal_back(tmp_path: Path) -> None:
    with started(tmp_path, "--demo", instead="until resized once drawn") as terminal:
        terminal.wait_for(*FIRST_NUMBERS)
        terminal.press("\x03")
        assert terminal.wait_for_exit() == 130
        assert terminal.raw.count(FIRST_SCREEN) == 1
        assert terminal.attributes == attributes()


# The second start


@pytest.mark.parametrize("what", ["demo", "recording"])
def test_the_second_start_shows_its_numbers_before_textual_begins(kept: Kept, what: str) -> None:
    words = "--demo" if what == "demo" else str(kept.recording)
    with started(kept.home, words) as terminal:
        terminal.wait_for(*NUMBERS)
        terminal.wait_until_quiet(1)
        text = shown(terminal)
        assert all(number in text for number in NUMBERS)
        assert terminal.raw.count(OTHER_SCREEN) == 1
        # Nothing of it is sent again: what follows are the modes that Textual sets.
        after = terminal.raw.partition(START_OF_TEXTUAL)[2]
        assert "6,250.25" not in after.decode()
        assert len(after) < 300
        taken_over = visible(terminal.cells)
        terminal.press("ctrl+l")
        terminal.wait_until_quiet(1)
        assert visible(terminal.cells) == taken_over


def test_keys_that_are_typed_meanwhile_act_and_are_not_shown(kept: Kept) -> None:
    with started(kept.home, "--demo", instead="until typed") as terminal:
        terminal.wait_for(*NUMBERS)
        terminal.press("2")
        terminal.wait_for("Rows 1–32 of 676")
        assert all(number in shown(terminal) for number in NUMBERS)


def test_a_terminal_that_is_resized_meanwhile_is_painted_anew(kept: Kept) -> None:
    with started(kept.home, "--demo", instead="until resized") as terminal:
        terminal.wait_for(*NUMBERS)
        terminal.resize(100, 30)
        terminal.wait_for("6,250.25", "q quit")
        prove_taken_over(terminal)


def test_without_color_the_early_frame_has_none_either(tmp_path: Path) -> None:
    keep(tmp_path, "--demo", NO_COLOR="1")
    with started(tmp_path, "--demo", instead="end", NO_COLOR="1") as terminal:
        assert terminal.wait_for_exit() == 0
        assert "6,250.25" in shown(terminal)
        styles = re.findall(rb"\x1b\[([0-9;]*)m", early_bytes(terminal))
        assert not [one for one in styles if re.search(rb"(^|;)[34]8;|(^|;)[349][0-7](;|$)", one)]


def test_a_suspended_program_leaves_the_terminal_as_it_was(kept: Kept) -> None:
    with started(kept.home, "--demo") as terminal:
        terminal.wait_for(*NUMBERS)
        terminal.wait_until_quiet(1)
        terminal.press("ctrl+z")
        terminal.wait_until_quiet(1)
        assert FIRST_SCREEN in terminal.raw
        assert terminal.attributes == attributes()
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_until_quiet(1)
        assert terminal.raw.count(OTHER_SCREEN) == 2
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
        assert terminal.attributes == attributes()


def test_each_size_has_its_own_frame(tmp_path: Path) -> None:
    keep(tmp_path, "--demo")
    assert not shows(tmp_path, "--demo", size=(80, 24))
    keep(tmp_path, "--demo", size=(80, 24))
    assert shows(tmp_path, "--demo", size=(80, 24))
    assert shows(tmp_path, "--demo")


# What is not shown


def test_nothing_is_shown_where_nothing_was_kept(tmp_path: Path) -> None:
    assert not shows(tmp_path, "--demo")


@pytest.mark.parametrize(
    ("words", "variables"),
    [
        (["--demo", "dollars"], {}),
        (["--demo", "--ascii"], {}),
        (["--demo"], {"NO_COLOR": "1"}),
        (["--demo"], {"COLORTERM": ""}),
        (["--demo"], {"TERM": "xterm-16color"}),
        (["--demo"], {"LANG": "C"}),
        (["--demo"], {"TEXTUAL_COLOR_SYSTEM": "256"}),
        (["--demo"], {"XDG_CONFIG_HOME": "/nowhere"}),
        (["--demo", "--restricted"], {}),
        (["--demo", "--stock-display"], {}),
    ],
)
def test_another_start_shows_nothing_of_it(kept: Kept, words: list[str], variables: dict[str, str]) -> None:
    assert not shows(kept.home, *words, **variables)


@pytest.mark.parametrize("name", [".config/usage-tui/config.toml", ".local/state/usage-tui/state.toml"])
def test_new_settings_or_another_theme_make_it_unfit(kept: Kept, name: str) -> None:
    file = kept.home / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    try:
        assert not shows(kept.home, "--demo")
    finally:
        file.unlink()
    demo = next(iter(kept.contents))
    assert not demo.exists(), "what does not fit any more is deleted"
    kept.restore()
    assert shows(kept.home, "--demo")


def test_a_recording_that_has_changed_makes_it_unfit(kept: Kept) -> None:
    before = kept.recording.stat()
    assert shows(kept.home, str(kept.recording))
    try:
        os.utime(kept.recording, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
        assert not shows(kept.home, str(kept.recording))
    finally:
        os.utime(kept.recording, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_a_dismissed_alert_makes_it_unfit_and_one_written_again_does_not(tmp_path: Path) -> None:
    keep(tmp_path, "--demo")
    with started(tmp_path, "--demo") as terminal:
        terminal.wait_for(*NUMBERS, "Esc dismiss")
        terminal.wait_until_quiet(1)
        assert "Esc dismiss" in shown(terminal)
        terminal.press("escape")
        wait_for_file(terminal, lambda: bool(list(tmp_path.rglob("alerts-*.json"))))
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert not shows(tmp_path, "--demo")
    keep(tmp_path, "--demo")
    (told,) = tmp_path.rglob("alerts-*.json")
    told.write_bytes(told.read_bytes())
    assert shows(tmp_path, "--demo")


def damaged(content: bytes) -> Iterator[bytes]:
    yield b""
    yield content[:-1]
    yield content + b"\n"
    yield content.replace(b"6,240.50", b"9,240.50", 1)
    for at in range(0, len(content), len(content) // 7):
        yield content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


def test_a_damaged_frame_is_not_shown(kept: Kept) -> None:
    file, content = next(iter(kept.contents.items()))
    for bad in damaged(content):
        kept.restore()
        file.write_bytes(bad)
        assert not shows(kept.home, "--demo")


@pytest.mark.parametrize("change", ["readable by others", "a link", "a folder", "a pipe"])
def test_a_file_that_is_not_ours_alone_is_not_shown(kept: Kept, change: str, tmp_path: Path) -> None:
    file, content = next(iter(kept.contents.items()))
    if change == "readable by others":
        file.chmod(0o640)
    else:
        file.unlink()
    match change:
        case "a link":
            other = tmp_path / "frame"
            other.touch(0o600)
            other.write_bytes(content)
            file.symlink_to(other)
        case "a folder":
            file.mkdir(0o700)
        case "a pipe":
            os.mkfifo(file, 0o600)
    try:
        assert not shows(kept.home, "--demo")
    finally:
        if file.is_dir():
            file.rmdir()


@pytest.mark.parametrize("option", ["--restricted", "--stock-display", "--no-cache"])
def test_some_starts_keep_nothing(tmp_path: Path, option: str) -> None:
    with started(tmp_path, "--demo", option) as terminal:
        terminal.wait_for(*NUMBERS)
        terminal.wait_until_quiet(1)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert not list(tmp_path.rglob("*.frame.json"))


def test_with_another_textual_the_program_opens_and_keeps_nothing(kept: Kept, tmp_path: Path) -> None:
    part = f"{App.__module__}:{App._display.__qualname__}"
    for home in (tmp_path, kept.home):  # without a kept frame, and with one from before
        with started(home, "--demo", CHANGED=part) as terminal:
            terminal.wait_for(*NUMBERS)
            terminal.wait_until_quiet(1)
            terminal.press("q")
            assert terminal.wait_for_exit() == 0
            assert terminal.attributes == attributes()
            assert terminal.raw.count(OTHER_SCREEN) == terminal.raw.count(FIRST_SCREEN)
    assert not list(tmp_path.rglob("*.frame.json"))


# A service


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serve("--demo") as service:
        yield service


def settings(home: Path, url: str, token: str) -> Path:
    """A default profile of the service; the file with its token."""
    folder = home / ".config" / "usage-tui"
    folder.mkdir(parents=True)
    file = folder / "tokens" / "work"
    file.parent.mkdir()
    file.touch(0o600)
    file.write_text(token)
    (folder / "config.toml").write_text(
        f'profile = "work"\n[profiles.work]\nurl = "{url}"\ntoken_file = "{file}"\n'
    )
    return file


def test_a_service_begins_with_its_cache_as_of_then(served: Served, tmp_path: Path) -> None:
    settings(tmp_path, served.url, served.owner)
    content = keep(tmp_path).read_bytes()
    assert served.owner.encode() not in content
    with started(tmp_path, instead="until typed") as terminal:
        terminal.wait_for(*NUMBERS)
        assert "Runway … ────────── as of Nov 22, 15:30" in terminal.text
        terminal.press("tab")
        terminal.wait_for("Runway ─────────────────────── estimate")
        terminal.wait_until_quiet(1)
        taken_over = visible(terminal.cells)
        terminal.press("ctrl+l")
        terminal.wait_until_quiet(1)
        assert visible(terminal.cells) == taken_over


def test_on_another_screen_a_service_begins_with_its_cache_too(served: Served, tmp_path: Path) -> None:
    settings(tmp_path, served.url, served.owner)
    keep(tmp_path)
    with started(tmp_path, size=(130, 45)) as terminal:
        terminal.wait_for(*NUMBERS, "q quit")
        drawn = shown(terminal, (130, 45))
        assert all(number in drawn for number in FIRST_NUMBERS)
        assert "as of Nov 22, 15:30" in drawn
        prove_taken_over(terminal)


def test_a_service_without_a_cache_is_not_asked_before_textual_begins(served: Served, tmp_path: Path) -> None:
    settings(tmp_path, served.url, served.owner)
    with started(tmp_path) as terminal:
        terminal.wait_for(*NUMBERS, "q quit")
        assert not shown(terminal).strip()


def test_what_one_token_has_seen_is_not_shown_to_another(served: Served, tmp_path: Path) -> None:
    token = settings(tmp_path, served.url, served.owner)
    keep(tmp_path)
    assert shows(tmp_path)
    token.write_text(served.member)
    assert not shows(tmp_path)
    keep(tmp_path, "--url", served.url, USAGE_TUI_TOKEN=served.owner)
    assert shows(tmp_path, "--url", served.url, USAGE_TUI_TOKEN=served.owner)
    assert not shows(tmp_path, "--url", served.url, USAGE_TUI_TOKEN=served.member)


def test_another_cache_makes_it_unfit_and_a_logout_deletes_it(served: Served, tmp_path: Path) -> None:
    settings(tmp_path, served.url, served.owner)
    frame = keep(tmp_path)
    content = frame.read_bytes()
    (cache,) = frame.parent.glob("*[0-9a-f].jsonl")
    before = cache.stat()
    os.utime(cache, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert not shows(tmp_path)
    assert not frame.exists()
    os.utime(cache, ns=(before.st_atime_ns, before.st_mtime_ns))
    frame.touch(0o600)
    frame.write_bytes(content)
    assert shows(tmp_path)
    with started(tmp_path, "logout", "work") as terminal:
        assert terminal.wait_for_exit() == 0
    assert not list(frame.parent.iterdir())


def test_with_a_command_for_the_token_nothing_is_kept(served: Served, tmp_path: Path) -> None:
    token = settings(tmp_path, served.url, served.owner)
    config = tmp_path / ".config" / "usage-tui" / "config.toml"
    text = config.read_text().replace(f'token_file = "{token}"', f'token_command = ["/bin/cat", "{token}"]')
    config.write_text(text)
    with started(tmp_path) as terminal:
        terminal.wait_for(*NUMBERS)
        wait_for_file(terminal, lambda: bool(list(tmp_path.rglob("*.status.json"))))
        terminal.wait_until_quiet(2)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert frames(tmp_path) == []


# How the terminal is left


@pytest.mark.parametrize(
    ("instead", "key", "number", "code", "says"),
    [
        ("run", "q", None, 0, ""),
        ("run", "", signal.SIGTERM, 0, ""),
        ("end", "", None, 0, ""),
        ("refuse", "", None, 2, "settings are unreadable"),
        ("fail", "", None, 1, "RuntimeError: broken"),
        ("wait", "\x03", None, 130, ""),
        ("wait", "", signal.SIGTERM, -signal.SIGTERM, ""),
        ("wait", "", signal.SIGHUP, -signal.SIGHUP, ""),
        ("wait", "", signal.SIGQUIT, -signal.SIGQUIT, ""),
    ],
)
def test_the_terminal_is_given_back_at_every_end(
    kept: Kept, instead: str, key: str, number: signal.Signals | None, code: int, says: str
) -> None:
    with started(kept.home, "--demo", instead=instead) as terminal:
        if instead == "wait":
            terminal.wait_for("waiting")
            assert not terminal.attributes[3] & termios.ECHO
        elif instead == "run":
            terminal.wait_for(*NUMBERS)
            terminal.wait_until_quiet(1)
        if key:
            terminal.press(key)
        if number is not None:
            os.kill(terminal.pid, number)
        assert terminal.wait_for_exit() == code
        assert "6,250.25" in shown(terminal)
        assert terminal.attributes == attributes()
        raw = terminal.raw
        assert raw.count(OTHER_SCREEN) == raw.count(FIRST_SCREEN) == 1
        last = raw.rpartition(FIRST_SCREEN)[2]
        assert says.encode() in last
        assert raw.rfind(b"\x1b[?25h") > raw.rfind(b"\x1b[?25l")
        assert raw.rfind(b"\x1b[?7h") > raw.rfind(b"\x1b[?7l")
