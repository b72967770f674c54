"""The tools of an agent: each is a command, with its arguments and its JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from typing import Any, cast

from usage_tui import wire
from usage_tui.cli.answer.answer import Question
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.answer.session import answered
from usage_tui.cli.ending import Misuse
from usage_tui.cli.opening import ReadyProfile
from usage_tui.cli.schema import answer_schema
from usage_tui.cli.status import command as status
from usage_tui.state.answer import Answer

_FOR_PEOPLE = {"explain"}
"""Options that change the text alone."""


class Tool:
    """A command that an agent may call.

    Attributes:
        name: The command.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _module(self) -> Question[Answer]:
        return cast("Question[Answer]", import_module(f"usage_tui.cli.{self.name}"))

    @cached_property
    def _parser(self) -> argparse.ArgumentParser:
        return self._module.parser()

    @property
    def description(self) -> str:
        """What it answers."""
        return self._parser.description or ""

    @property
    def _arguments(self) -> Mapping[str, argparse.Action]:
        """Those of the command alone: which source is asked, and how, is not the agent's to say."""
        shared = {action.dest for action in answer_parser(self.name, "")._actions} | _FOR_PEOPLE
        return {one.option_strings[-1][2:]: one for one in self._parser._actions if one.dest not in shared}

    @property
    def input_schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        return {
            "type": "object",
            "properties": {name: _property(action) for name, action in self._arguments.items()},
            "additionalProperties": False,
        }

    @property
    def output_schema(self) -> dict[str, Any]:
        """The JSON Schema of its answer."""
        return {"type": "object", **answer_schema(self.name)}

    def words(self, arguments: Mapping[str, object]) -> list[str]:
        """The arguments as words of a command line.

        Raises:
            Misuse: The argument does not exist, or its value is not text.
        """
        unknown = sorted(arguments.keys() - self._arguments.keys())
        if unknown:
            known = ", ".join(self._arguments) or "none"
            raise Misuse(f"unknown argument {unknown[0][:40]!r}; the arguments of {self.name} are: {known}")
        flags = {name for name, action in self._arguments.items() if action.nargs == 0}
        words = [f"--{name}" for name in flags if arguments.get(name) is True]
        texts = {name: value for name, value in arguments.items() if name not in flags}
        return words + [f"--{name}={text}" for name, value in texts.items() for text in _texts(name, value)]

    def answer(self, words: Sequence[str], source: argparse.Namespace, ready: ReadyProfile) -> str:
        """Its answer as JSON.

        Args:
            words: The arguments.
            source: How the source is asked, as the server was told.
            ready: The source.

        Raises:
            Refusal: There is no answer.
        """
        options = self._parser.parse_args(words)
        vars(options).update(vars(source))
        found = answered(options, lambda session: self._module.ask(session, options), ready)
        return wire.dump(found.answer).decode()


class StatusTool(Tool):
    """The status, which comes from the digest beside the cache where that is new."""

    @cached_property
    def _parser(self) -> argparse.ArgumentParser:
        return status.parser()

    @property
    def description(self) -> str:
        """What it answers."""
        return "How the organization stands: what is left, what is used, and how long it lasts."

    @property
    def _arguments(self) -> Mapping[str, argparse.Action]:
        return {}  # all others choose the form of the line

    def answer(self, words: Sequence[str], source: argparse.Namespace, ready: ReadyProfile) -> str:
        """Its answer as JSON.

        Raises:
            Refusal: There is no answer.
        """
        return status.as_json(status.digest_from(source, ready))


TOOLS = (
    StatusTool("status"),
    *map(Tool, ("forecast", "plan", "why", "sources", "daily", "history", "grants", "allowances", "periods")),
)
"""All tools; `check` is none, for it keeps what it has told."""


def find_tool(name: str) -> Tool:
    """A tool by its name.

    Raises:
        Misuse: There is none.
    """
    for tool in TOOLS:
        if tool.name == name:
            return tool
    raise Misuse(f"unknown tool {name[:40]!r}; the tools are {', '.join(tool.name for tool in TOOLS)}")


def _property(action: argparse.Action) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "boolean" if action.nargs == 0 else "string"}
    if action.choices is not None:
        text["enum"] = list(action.choices)
    schema = {"type": "array", "items": text} if isinstance(action.default, list) else text
    form = f"{action.metavar}: " if isinstance(action.metavar, str) else ""
    return {**schema, "description": f"{form}{action.help or ''}".replace("%%", "%")}


def _texts(name: str, value: object) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bool) or not isinstance(one, (str, int)):
            raise Misuse(f"{name}: {json.dumps(one)[:40]} is not text")
        yield str(one)
