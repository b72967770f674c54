"""Data are untrusted: on no screen does any text of theirs reach the terminal as anything but text."""

from __future__ import annotations

import base64
import re
import sys
import textwrap
from pathlib import Path

import pytest

from tests.terminal import TIMEOUT, Terminal, environment, usage_tui
from tests.tui.hostile import CHARACTERS, HOSTILE, SEQUENCES, is_harmless, record_poisoned
from tests.tui.session import NARROW, NORMAL, WIDE, Session, make_app, running
from usage_tui.clients.recording.client import RecordingClient

OURS = re.compile(
    rb"""
      \x1b\[ [0-9;]* m                      # color and weight
    | \x1b\[ [0-9;]* [ABCDGH]             # a move
    | \x1b\[ [0-9]* [JKX]                 # erased cells
    | \x1b\[\? [0-9]+ [hl]                  # a mode of the terminal
    | \x1b\[\? [0-9]+ \$p                   # the question whether it has one
    | \x1b\[ (?: > [0-9]+ | < ) u           # the keyboard's
    | \x1b\]22;default\x07                  # the pointer's shape
    | \x1b\]52;c;(?P<copied>[A-Za-z0-9+/]+=*)\x07
    | \r+ \n?                             # a move to the first column, or to the next row
    """,
    re.VERBOSE,
)
"""All that the program itself tells a terminal to do."""


def copied(raw: bytes) -> list[str]:
    """What was sent to the clipboard."""
    texts = (match["copied"] for match in OURS.finditer(raw))
    return [base64.b64decode(text).decode() for text in texts if text]


def prove_harmless(raw: bytes) -> None:
    """Whatever is not one of our own sequences is text that can be seen."""
    text = OURS.sub(b"", raw).decode()
    assert is_harmless(text), {hex(ord(one)) for one in text if not is_harmless(one)}
    for sequence in SEQUENCES:
        assert sequence.encode() not in raw
    for character in set(CHARACTERS) - set("\x07\r\n"):
        assert character.encode() not in raw


def prove_copies_harmless(raw: bytes, *, at_least: int) -> None:
    texts = copied(raw)
    assert len(texts) >= at_least
    for text in texts:
        assert is_harmless(text.replace("\t", "").replace("\n", "")), text


def test_the_proof_knows_harm_when_it_sees_it() -> None:
    for sequence in (*SEQUENCES, *CHARACTERS):
        if sequence not in "\r\n":
            with pytest.raises(AssertionError):
                prove_harmless(b"\x1b[1;1H" + sequence.encode() + b"\r\n")


def press(terminal: Terminal, keys: str) -> None:
    """Press keys, and give the program time to paint what each of them does.

    It may take longer. A copy is waited for: by then all that was pressed before it is done.
    """
    for key in keys.split():
        before = len(copied(terminal.raw))
        terminal.press(key)
        if key == "y":
            while len(copied(terminal.raw)) == before:
                assert terminal.listen(TIMEOUT), f"nothing was copied\n{terminal.text}"
        else:
            terminal.wait_until_quiet(0.05)


def look_at(terminal: Terminal, key: str, text: str) -> None:
    """Open a dialog in which there is this text, and close it."""
    terminal.press(key)
    terminal.wait_for(text)
    terminal.press("escape")
    while text in terminal.text:
        assert terminal.listen(TIMEOUT)


def walk(terminal: Terminal, balance: str = "Credits remaining") -> None:
    """See every card, row, screen and dialog, and copy what can be copied."""
    press(terminal, "y tab y tab y down y c down y c tab y left y d y tab y tab y down y tab y")
    look_at(terminal, "v", f"Not part of {balance}.")
    look_at(terminal, "?", "one step back")
    look_at(terminal, "ctrl+p", "Enter run")
    press(terminal, "2 y down y n down y G y 3 y down y G y 1 tab tab enter y x r")
    terminal.resize(80, 24)
    press(terminal, "1 pagedown 2 3 r")
    look_at(terminal, "v", f"Not part of {balance}.")


@pytest.mark.parametrize("codes", [False, True], ids=["texts", "texts and codes"])
def test_nothing_in_a_recording_reaches_the_terminal_as_a_command(codes: bool, tmp_path: Path) -> None:
    name = "evil\x1b]0;title\x07\u202egpj\x9b2J.jsonl"
    path = record_poisoned(tmp_path, codes=codes, name=name)
    with Terminal(usage_tui(str(path)), environment=environment(tmp_path, SSH_TTY="x")) as terminal:
        balance = "Balance remaining" if codes else "Credits remaining"
        terminal.wait_for(balance, "evil", "q quit")
        walk(terminal, balance)
        path.write_bytes(path.read_bytes()[:-200] + HOSTILE.encode())
        press(terminal, "1 r")
        terminal.wait_for("Not refreshed", "is cut short")
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    assert b"52;c;c3RvbGVu" in terminal.raw
    prove_harmless(terminal.raw)
    prove_copies_harmless(terminal.raw, at_least=20)


def test_nothing_in_the_hostile_demo_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    variables = environment(tmp_path, COLORTERM="truecolor", SSH_TTY="x")
    with Terminal(usage_tui("--demo", "labels"), environment=variables) as terminal:
        terminal.wait_for("Credits remaining", "q quit")
        walk(terminal)
        terminal.press("q")
        assert terminal.wait_for_exit() == 0
    prove_harmless(terminal.raw)
    prove_copies_harmless(terminal.raw, at_least=20)


def test_nothing_in_an_answer_reaches_the_terminal_as_a_command(tmp_path: Path) -> None:
    statuses = 200, 302, 401, 403, 404, 410, 418, 429, 503
    program = textwrap.dedent(
        f"""
        import httpx
        from usage_tui.clients.transport.retries import RetryPolicy
        from usage_tui.clients.transport.token import BearerToken
        from usage_tui.clients.usage_api import UsageApiClient
        from usage_tui.tui.app import UsageApp

        hostile = {HOSTILE!r}
        problem = dict.fromkeys(("type", "title", "detail", "code", "instance", "your_role"), hostile)
        problem["invalid-params"] = [{{"name": hostile, "reason": hostile}}]
        problem["request_id"] = hostile

        def answer(request):
            latin = hostile.encode("latin-1", "ignore").replace(b"\\r", b"").replace(b"\\n", b"")
            headers = [(b"X-Request-Id", latin), (b"Location", b"https://evil.example/" + latin)]
            headers += [(b"Retry-After", latin), (b"Content-Type", b"application/problem+json")]
            return httpx.Response(status, headers=headers, json=problem)

        async def no_pause(_):
            pass

        for status in {statuses}:
            client = UsageApiClient(
                "https://usage.example",
                BearerToken("token"),
                retries=RetryPolicy(sleep=no_pause),
                transport=httpx.MockTransport(answer),
            )
            app = UsageApp(client)
            app.run()
            print(end="\x1b[H\x1b[J", flush=True)
            print(f"{{status}} ended with {{app.return_code}}", flush=True)
        """
    )
    with Terminal([sys.executable, "-c", program], environment=environment(tmp_path)) as terminal:
        for status in statuses:
            terminal.wait_for("could not load" if status != 403 else "Credits remaining")
            press(terminal, "2 3 1 r")
            look_at(terminal, "v", "╰")
            terminal.press("q")
            terminal.wait_for(f"{status} ended with 0")
        assert terminal.wait_for_exit() == 0
    prove_harmless(terminal.raw)


async def test_no_screen_of_a_hostile_recording_holds_anything_but_text(tmp_path: Path) -> None:
    client = await RecordingClient.open(record_poisoned(tmp_path, codes=True))
    async with running(make_app(client)) as ui:
        for keys in "", "tab", "tab tab y", "2", "down y", "3", "down y", "v", "escape b", "1", "enter":
            await ui.press(*keys.split())
            for size in (40, 12), NARROW, NORMAL, WIDE, (200, 60):
                await ui.resize(*size)
                assert harmless(ui), (keys, size)


def harmless(ui: Session) -> bool:
    return all(is_harmless(line) for line in ui.lines)


@pytest.mark.parametrize("key", ["a", "b"])
async def test_no_address_of_a_hostile_recording_is_shown_copied_or_opened(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    client = await RecordingClient.open(record_poisoned(tmp_path, codes=False))
    async with running(make_app(client)) as ui:
        await ui.press(key)
        assert ui.footer.startswith("The link was not opened because it is not HTTPS.")
        assert not ui.app.clipboard
