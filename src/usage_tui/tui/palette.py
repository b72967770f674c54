"""The command palette: every command that is available, from the same table as keys, footer and help."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from usage_tui.config.commands import COMMANDS, Command, key_of
from usage_tui.tui.program import Program


class Commands(Provider):
    """The commands of the screen below the palette."""

    def _available(self) -> Iterator[Command]:
        active = {one.binding.id for one in self.screen.active_bindings.values() if one.enabled}
        return (command for command in COMMANDS.values() if command.id in active and command.id != "palette")

    async def discover(self) -> Hits:
        """All of them, before anything is typed."""
        program = cast(Program, self.app)
        for command in self._available():
            yield DiscoveryHit(
                command.label,
                partial(program.run_command, command.id),
                help=key_of(command.id, program.keys, program.glyphs),
            )

    async def search(self, query: str) -> Hits:
        """Those whose words match."""
        program, matcher = cast(Program, self.app), self.matcher(query)
        for command in self._available():
            score = matcher.match(command.label)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(command.label),
                    partial(program.run_command, command.id),
                    help=key_of(command.id, program.keys, program.glyphs),
                )
