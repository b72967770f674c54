"""usage-tui mcp, asked by the client of the protocol's own library over stdin and stdout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent

from tests.cli.hostile import record_hostile
from tests.cli.program import refused
from tests.forked import run
from tests.schema import faults
from tests.service import Service
from usage_tui.cli.schema import ANSWERS, answer_schema

ARGUMENTS: dict[str, dict[str, Any]] = {
    "plan": {"credits": "100", "top-up": ["5", "6"]},
    "history": {"limit": "201"},
}
NAMES = [name for name in ANSWERS if name != "check"]


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings, no cache."""
    for kind in ("CONFIG", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind))


@asynccontextmanager
async def agent(*words: str, token: str = "") -> AsyncIterator[Client]:
    """An agent that has started the program."""
    arguments = ["-m", "usage_tui", "mcp", *words]
    env = {**os.environ, "USAGE_TUI_TOKEN": token}
    async with Client(StdioServerParameters(command=sys.executable, args=arguments, env=env)) as client:
        yield client


def told(result: CallToolResult) -> str:
    """The text of an answer, or the sentence of an error."""
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def answer(result: CallToolResult) -> dict[str, Any]:
    """An answer."""
    assert not result.is_error, told(result)
    found: dict[str, Any] = json.loads(told(result))
    assert result.structured_content == found
    return found


def refusal(result: CallToolResult) -> str:
    """The one sentence of a refusal."""
    assert result.is_error
    assert "\n" not in told(result)
    return told(result)


async def test_an_agent_gets_what_the_commands_print_whatever_the_names(tmp_path: Path) -> None:
    recording = record_hostile(tmp_path)
    async with agent(recording) as client:
        assert sorted(tool.name for tool in (await client.list_tools()).tools) == sorted(NAMES)
        for name in NAMES:
            found = await client.call_tool(name, ARGUMENTS.get(name))
            schema = answer_schema(name)
            assert faults(answer(found), schema, schema["$defs"]) == []
            assert told(found).isprintable()
            assert f"{told(found)}\n" == _printed(name, recording)


def _printed(name: str, recording: str) -> str:
    """What the command prints for the same arguments."""
    options = {"plan": ["--credits=100", "--top-up=5", "--top-up=6"], "history": ["--limit=201"]}
    printed = run([name, recording, "--json", *options.get(name, [])], environment=os.environ)
    assert printed.returncode == 0
    return printed.stdout


async def test_arguments_are_those_of_the_command() -> None:
    async with agent("--demo") as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
        assert list(tools["sources"].input_schema["properties"]) == ["period", "by"]
        assert tools["plan"].input_schema["properties"]["top-up"]["type"] == "array"
        fits = answer(await client.call_tool("plan", {"credits": 100, "top-up": ["5", "6"]}))
        assert (fits["verdict"], fits["usual"]["credits"]) == ("fits", "100")
        assert fits["what_if"] == "top-up 5; top-up 6"
        assert len(answer(await client.call_tool("history", {"limit": "3"}))["items"]) == 3
        largest = {"filter": "kind:workflow credits:>5", "sort": "credits", "ascending": True}
        assert answer(await client.call_tool("history", largest))["filter"] == largest["filter"]
        assert tools["history"].input_schema["properties"]["ascending"]["type"] == "boolean"
        by_kind = answer(await client.call_tool("sources", {"by": "kind"}))
        assert by_kind["by"] == "kind"


MISUNDERSTOOD: list[tuple[str, dict[str, Any], str]] = [
    ("plan", {}, "one of the arguments --credits --runs is required"),
    ("plan", {"credits": "-5"}, "--credits"),
    ("plan", {"credits": 0.5}, "credits: 0.5 is not text"),
    ("plan", {"runs": "5"}, "--runs and --of go together"),
    ("sources", {"file": "/etc/passwd"}, "unknown argument 'file'"),
    ("sources", {"url": "http://127.0.0.1"}, "unknown argument 'url'"),
    ("sources", {"by": "uat_1_secretsecret"}, "--by"),
    ("sources", {"by": "--help"}, "--by"),
    ("admin", {}, "unknown tool 'admin'"),
]


async def test_what_is_not_understood_is_said_in_a_sentence() -> None:
    async with agent("--demo") as client:
        for name, arguments, words in MISUNDERSTOOD:
            sentence = refusal(await client.call_tool(name, arguments))
            assert words in sentence
            assert "secretsecret" not in sentence
            assert answer(await client.call_tool("status"))["state"] == "normal"  # and it goes on


async def test_names_are_replaced_where_asked(tmp_path: Path) -> None:
    async with agent(record_hostile(tmp_path), "--redact") as client:
        for name in NAMES:
            text = told(await client.call_tool(name, ARGUMENTS.get(name)))
            assert "cmd()" not in text
            assert "Maria" not in text


async def test_an_agent_sees_what_its_token_may_see(service: Service) -> None:
    async with agent("--url", service.url, "--organization", "acme", token=service.maria) as client:
        for name in NAMES:
            if name == "why":  # nothing was used on any day
                continue
            assert answer(await client.call_tool(name, ARGUMENTS.get(name)))["org"]["id"] == "acme"
    async with agent("--url", service.url, token=service.sam) as client:
        for name in ("grants", "history"):
            assert "no billing access" in refusal(await client.call_tool(name))
        assert answer(await client.call_tool("status"))["org"]["id"] == "acme"


async def test_a_token_that_is_refused_is_told_and_never_shown(service: Service) -> None:
    async with agent("--url", service.url, token="uat_1_secretsecret") as client:
        for name in NAMES:
            assert "secret" not in refusal(await client.call_tool(name, ARGUMENTS.get(name)))


def test_a_source_must_be_named_before_an_agent_asks(capsys: pytest.CaptureFixture[str]) -> None:
    assert "no data source is named" in refused(capsys, "mcp")


def test_its_help_names_how_a_source_is_chosen() -> None:
    words = [sys.executable, "-m", "usage_tui", "mcp", "--help"]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "--profile" in told
    assert "--redact" in told
    assert "--json" not in told.partition("options:")[2]


def test_it_ends_with_its_input() -> None:
    words = [sys.executable, "-m", "usage_tui", "mcp", "--demo"]
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")


def test_without_the_extra_one_line_says_what_to_install() -> None:
    script = "import sys; sys.modules['mcp'] = None; from usage_tui.cli import main; "
    script += "sys.exit(main(['mcp', '--demo']))"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    words = "this needs the packages of the Model Context Protocol; in a checkout of usage-tui run: "
    assert (ended.returncode, ended.stderr) == (2, f"usage-tui: {words}pip install '.[mcp]'\n")


def test_its_library_is_imported_by_no_other_command() -> None:
    script = "import sys; from usage_tui.cli import main; main(['plan', '--demo', '--credits', '1']); "
    script += "main(['mcp', '--demo', '--bad']); sys.exit('mcp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode == 0
