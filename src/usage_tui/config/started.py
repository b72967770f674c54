"""How the program was started, so that it can tell the command that shows the same."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from usage_tui.named_tuple import NamedTuple

PROGRAM = "usage-tui"
_TO_FILL_IN = {
    "-p": "PROFILE",
    "--url": "URL",
    "--ca-file": "FILE",
    "--map": "FIELD=COLUMN",
    "--only": "COLUMN=VALUE",
}
"""What stands for the value of an option that may name someone."""


class Started(NamedTuple):
    """What the command line named.

    Attributes:
        source: The words that name the source, without the organization; None if no command could open
            it again, such as what came through a pipe.
        organization: The organization that was named; None for the one that the source opens by itself.
        has_organizations: Whether a command can name another one.
        title: What people call the provider.
        file: The file that is shown; None if the data do not come from one.
        redacted: Whether commands are to replace names.
    """

    source: tuple[str, ...] | None = ()
    organization: str | None = None
    has_organizations: bool = False
    title: str = ""
    file: Path | None = None
    redacted: bool = False

    def shown_now(self, organization: str) -> Started:
        """The same after the viewer has switched to another organization, named by its id."""
        if not self.has_organizations:
            return self._replace(source=None)
        return self._replace(organization=organization)

    def without_names(self) -> Started:
        """The same with capitals to fill in where a profile, an address or a file is named."""
        words = self.source
        if words is not None:
            before = ("", *words)
            words = tuple(_TO_FILL_IN.get(option, word) for option, word in zip(before, words, strict=False))
            words = ("FILE", *words[1:]) if words and not words[0].startswith("-") else words
        organization = "ORGANIZATION" if self.organization is not None else None
        return self._replace(source=words, organization=organization, redacted=True)

    def command(self, words: Sequence[str], output: str = "") -> str:
        """A command line that opens the same source, quoted for a shell; empty if there is none.

        Args:
            words: The command, and the options that are its own.
            output: The file that it writes; a leading ``~/`` stays for the shell to expand.
        """
        if self.source is None:
            return ""
        named = ("--organization", self.organization) if self.organization is not None else ()
        # A file belongs right behind the command: behind an option, a command with an argument takes none.
        options = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
        redact = ("--redact",) if self.redacted and "--redact" not in words else ()
        line = shlex.join([PROGRAM, *words[:options], *self.source, *named, *words[options:], *redact])
        return f"{line} -o {_quoted_path(output)}" if output else line


def _quoted_path(path: str) -> str:
    return f"~/{shlex.quote(path[2:])}" if path.startswith("~/") else shlex.quote(path)
