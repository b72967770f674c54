"""Adds a profile to the settings file, and changes nothing else in it."""

from __future__ import annotations

import json
from pathlib import Path

from usage_tui.clients.registry import USAGE_API
from usage_tui.config.profiles import Profile, TokenFile
from usage_tui.config.settings import Settings, parse_settings
from usage_tui.files import make_private_folder, replacing
from usage_tui.toml_file import InvalidToml


def add_profile(config: Path, profile: Profile) -> bool:
    """Append a profile; comments and all other settings stay exactly as they are.

    Args:
        config: The settings file; it is created if it does not exist.
        profile: It has a name that the file does not have yet, and its token in a file.

    Returns:
        Whether it is now the profile that is opened by default: if there was none before.

    Raises:
        OSError: The file cannot be read or written.
        InvalidToml: Nothing can be appended to the file, as with ``profiles = {…}``. It stays as it was.
    """
    before = config.read_text(encoding="utf-8") if config.exists() else ""
    settings = parse_settings(before, config)
    usual = settings.profile is None
    first = f'profile = "{profile.name}"\n\n' if usual else ""
    gap = "" if not before or before.endswith("\n\n") else "\n" if before.endswith("\n") else "\n\n"
    after = f"{first}{before}{gap}{_table(profile, config)}"
    expected = settings._replace(
        profile=profile.name if usual else settings.profile,
        profiles={**settings.profiles, str(profile.name): profile},
    )
    if _parsed(after, config) != expected:
        raise InvalidToml(
            f"{config}: profiles: cannot be appended to; add [profiles.{profile.name}] yourself"
        )
    make_private_folder(config.parent)
    with replacing(config) as file:
        file.write(after.encode())
    return usual


def _parsed(text: str, config: Path) -> Settings | None:
    try:
        return parse_settings(text, config)
    except InvalidToml:
        return None


def _table(profile: Profile, config: Path) -> str:
    """The profile as TOML; defaults are left out."""
    values: dict[str, str | bool] = {}
    if profile.provider is not USAGE_API:
        values["provider"] = profile.provider.name
    if profile.url != profile.provider.url:
        values["url"] = profile.url
    if profile.organization is not None:
        values["organization"] = profile.organization
    if isinstance(profile.token, TokenFile):
        values["token_file"] = str(profile.token.path.relative_to(config.parent))
    if profile.ca_file is not None:
        values["ca_file"] = str(profile.ca_file)
    if profile.allow_plain_http:
        values["allow_plain_http"] = True
    # A JSON string is a TOML string too, except for a character that no terminal sends.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"[profiles.{profile.name}]\n{''.join(lines)}"
