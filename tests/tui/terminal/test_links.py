"""Addresses: which may be opened, where, and how."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from usage_tui.tui import links
from usage_tui.tui.links import _open

SSH = "192.0.2.7 50022 192.0.2.1 22"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://billing.example/buy?plan=team&seats=3#top", True),
        ("http://billing.example/buy", False),
        ("HTTPS://billing.example/buy", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("--help", False),
        ("", False),
        ("https://billing.example/ two", False),
        ("https://billing.example/\x1b]52;c;eA==\x07", False),
        ("https://billing.example/\x9b2J", False),
        ("https://billing.example/\n", False),
        ("https://b\u0456lling.example/", False),
    ],
)
def test_only_plain_https_is_safe(url: str, safe: bool) -> None:
    assert links.is_safe(url) is safe


@pytest.mark.parametrize(
    ("environ", "platform", "there"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({"DISPLAY": ":0", "SSH_CONNECTION": SSH}, "linux", False),
        ({"DISPLAY": "localhost:10.0", "SSH_TTY": "/dev/pts/1"}, "linux", False),
        ({"SSH_CONNECTION": SSH}, "darwin", False),
    ],
)
def test_a_browser_is_where_the_viewer_is(environ: dict[str, str], platform: str, there: bool) -> None:
    assert links.has_browser(environ, platform) is there


async def test_without_a_browser_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSH_CONNECTION", SSH)
    assert not await links.open_in_browser("https://billing.example/buy")


@pytest.mark.parametrize(("platform", "program"), [("linux", "xdg-open"), ("darwin", "open")])
def test_a_browser_gets_the_address_as_one_argument_and_another_terminal_than_ours(
    platform: str, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], dict[str, Any]]] = []

    class Process:
        pid = 4711

        def __init__(self, command: list[str], **options: Any) -> None:
            started.append((command, options))

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(subprocess, "Popen", Process)
    assert _open("https://billing.example/buy?a=1&b=2")
    ((command, options),) = started
    assert command == [program, "https://billing.example/buy?a=1&b=2"]
    assert {options[stream] for stream in ("stdin", "stdout", "stderr")} == {subprocess.DEVNULL}
    assert options["start_new_session"]


def test_without_a_program_that_opens_addresses_nothing_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert not _open("https://billing.example/buy")
