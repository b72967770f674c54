"""What the program remembers between runs: the theme that was chosen last."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from usage_tui.toml_file import InvalidToml, read_toml


def remembered_theme(path: Path) -> str | None:
    """The theme chosen last; None if there is none, or if it can't be read."""
    try:
        theme = read_toml(path, str(path)).get("theme")
    except InvalidToml:
        return None
    return theme if isinstance(theme, str) else None


def remember_theme(path: Path, theme: str) -> None:
    """Keep the chosen theme for the next start; a folder that can't be written is no reason to stop."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'theme = "{theme}"\n', encoding="utf-8")
