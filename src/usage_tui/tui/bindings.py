"""From the table of commands to Textual's bindings."""

from __future__ import annotations

from textual.binding import Binding, BindingType

from usage_tui.config.commands import COMMANDS

_ANYWHERE = {"redraw", "suspend"}
"""Commands for the terminal, which work whatever is open."""


def bindings(*ids: str, **actions: str) -> list[BindingType]:
    """The bindings of these commands.

    Args:
        ids: Commands whose action has their name.
        actions: Commands with another action, such as one of Textual's own.
    """
    named = {command: command for command in ids} | actions
    return [_binding(command, action) for command, action in named.items()]


def _binding(command_id: str, action: str) -> Binding:
    command = COMMANDS[command_id]
    return Binding(
        command.keys,
        action,
        command.label,
        id=command.id,
        tooltip=command.help or command.label,
        priority=command.id in _ANYWHERE,
    )
