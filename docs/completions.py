"""Writes the completions of bash, zsh and fish from the parsers. To complete a word no Python is started."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator

import shtab

from usage_tui.clients.demo.scenarios.catalog import SCENARIOS

SHELLS = {"bash": "usage-tui.bash", "zsh": "_usage-tui", "fish": "usage-tui.fish"}
"""The file of each shell."""
_NOTE = "Written by `make docs` from the parsers: change them."
_PROFILES = (
    r"sed -n 's/^\[profiles\.\([a-z0-9_-]*\)\].*/\1/p' "
    '"${XDG_CONFIG_HOME:-$HOME/.config}/usage-tui/config.toml" 2>/dev/null'
)
_FISH_PROFILES = (
    r"sed -n 's/^\[profiles\.\([a-z0-9_-]*\)\].*/\1/p' "
    "(set -q XDG_CONFIG_HOME; and echo $XDG_CONFIG_HOME; or echo ~/.config)/usage-tui/config.toml 2>/dev/null"
)
# What is cached of any profile. A shell expands what it completes, so that only plain ids may be offered.
_SOURCES = (
    r"""find {} -name '*.jsonl' -exec head -n 1 '{{}}' ';' 2>/dev/null"""
    r""" | grep -o '"source_id":"[A-Za-z0-9_./-]*"' | cut -d '"' -f 4 | sort -u"""
)
_CACHED_SOURCES = _SOURCES.format('"${XDG_CACHE_HOME:-$HOME/.cache}/usage-tui"')
_FISH_CACHED_SOURCES = _SOURCES.format(
    "(set -q XDG_CACHE_HOME; and echo $XDG_CACHE_HOME; or echo ~/.cache)/usage-tui"
)
_SCENARIOS = " ".join(SCENARIOS)
# Where a shell shows what each word means.
_ZSH_SCENARIOS = " ".join(shlex.quote(f"{name}:{text}") for name, text in SCENARIOS.items())
_FISH_SCENARIOS = " ".join(f"{name} {shlex.quote(text)}" for name, text in SCENARIOS.items())
_PREAMBLE = {
    "bash": (
        f'_usage_tui_profiles() {{ compgen -W "$({_PROFILES})" -- "$1"; }}\n'
        f'_usage_tui_scenarios() {{ compgen -W "{_SCENARIOS}" -- "$1"; }}\n'
        f'_usage_tui_sources() {{ compgen -W "$({_CACHED_SOURCES})" -- "$1"; }}\n'
    ),
    "zsh": (
        f'_usage_tui_profiles() {{ local -a names; names=(${{(f)"$({_PROFILES})"}}); compadd -a names }}\n'
        f"_usage_tui_scenarios() {{ local -a names; names=({_ZSH_SCENARIOS}); _describe scenario names }}\n"
        f'_usage_tui_sources() {{ local -a ids; ids=(${{(f)"$({_CACHED_SOURCES})"}}); compadd -a ids }}\n'
    ),
    "fish": (
        f"function __usage_tui_profiles; {_FISH_PROFILES}; end\n"
        f"function __usage_tui_scenarios; printf '%s\\t%s\\n' {_FISH_SCENARIOS}; end\n"
        f"function __usage_tui_sources; {_FISH_CACHED_SOURCES}; end\n"
    ),
}
_PROFILE = {
    "bash": "_usage_tui_profiles",
    "zsh": "_usage_tui_profiles",
    "fish": "(__usage_tui_profiles)",
    "preamble": _PREAMBLE,
}
_SCENARIO = {
    "bash": "_usage_tui_scenarios",
    "zsh": "_usage_tui_scenarios",
    "fish": "(__usage_tui_scenarios)",
    "preamble": _PREAMBLE,
}
_SOURCE = {
    "bash": "_usage_tui_sources",
    "zsh": "_usage_tui_sources",
    "fish": "(__usage_tui_sources)",
    "preamble": _PREAMBLE,
}
_FILES = {"file", "ca_file", "output", "events", "org", "prometheus", "map_file", "recording"}


def completion(shell: str, parser: argparse.ArgumentParser) -> str:
    """The script of a shell.

    Args:
        shell: One of `SHELLS`.
        parser: The whole command line, with a subparser for each command.
    """
    for action in _actions(parser):
        if action.dest == "profile":
            action.complete = _PROFILE  # type: ignore[attr-defined]
        elif action.dest == "demo":
            action.complete = _SCENARIO  # type: ignore[attr-defined]
        elif action.dest == "of":
            action.complete = _SOURCE  # type: ignore[attr-defined]
        elif action.dest in _FILES and action.nargs != 0:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
    script: str = shtab.complete(parser, shell=shell)
    first, _, rest = script.partition("\n")
    lines = f"{first}\n# {_NOTE}\n{rest}" if first.startswith("#") else f"# {_NOTE}\n{script}"
    return "\n".join(line.rstrip() for line in lines.splitlines()) + "\n"


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from _actions(sub)
