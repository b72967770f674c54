"""Several vendors at once: each sees its own host and key alone, and what is kept of them is kept apart."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.clients.providers.live import LiveVendor, serving
from tests.terminal import Terminal, environment, usage_tui

KEYS = {"openrouter": "sk-or-v1-0ne1ne", "openai": "sk-admin-7w07wo"}


def home(tmp_path: Path, *vendors: LiveVendor) -> Path:
    folder = tmp_path / ".config/usage-tui"
    folder.mkdir(parents=True)
    tables = []
    for vendor in vendors:
        token = folder / vendor.name
        token.write_text(f"{KEYS[vendor.name]}\n")
        token.chmod(0o600)
        tables.append(vendor.profile(token))
    (folder / "config.toml").write_text("\n".join(tables))
    return tmp_path


def kept(home: Path) -> dict[str, bytes]:
    """Everything that is kept of both, by its place."""
    places = (home / ".cache", home / ".local")
    return {f"{file}": file.read_bytes() for place in places for file in place.rglob("*") if file.is_file()}


def test_hosts_keys_and_caches_are_apart(tmp_path: Path) -> None:
    with serving("openrouter") as one, serving("openai") as two:
        person = home(tmp_path, one, two)
        for vendor, shown in ((one, "nimbus-small"), (two, "OpenAI")):
            with Terminal(usage_tui("-p", vendor.name), environment=environment(person)) as terminal:
                terminal.wait_for(shown, "nimbus-large")
                terminal.press("q")
                assert terminal.wait_for_exit() == 0
        for vendor in (one, two):
            assert vendor.keys == {f"Bearer {KEYS[vendor.name]}"}
            assert vendor.requests
        files = kept(person)
        assert len([name for name in files if name.endswith(".db")]) == 2
        assert len([name for name in files if ".cache" in name]) == 4
        assert not any(key.encode() in content for key in KEYS.values() for content in files.values())
        for content in files.values():
            assert not (f":{one.port}".encode() in content and f":{two.port}".encode() in content)
        logged_out = subprocess.run(
            usage_tui("logout", "openrouter"), env=environment(person), capture_output=True, check=True
        )
        assert b"Deleted 1 journal of days.\nDeleted 2 cached files.\n" in logged_out.stdout
        left = kept(person)
        assert left.keys() < files.keys()
        assert len(left) == len(files) - 3
    assert not any(b"OpenRouter" in content for content in left.values())
