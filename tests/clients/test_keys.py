"""Keys of the wrong kind are recognized by how they begin, and only those."""

from __future__ import annotations

import pytest

from usage_tui.clients.keys import Key
from usage_tui.clients.registry import require_provider, vendor_names
from usage_tui.clients.transport.token import BearerToken


@pytest.mark.parametrize(
    ("name", "token", "looks"),
    [
        ("openai", "sk-admin-1", ""),
        ("openai", "sk-proj-1", "a project key"),
        ("openai", "sk-svcacct-1", "the key of a service account"),
        ("openai", "sk-1", ""),
        ("anthropic", "sk-ant-admin01-1", ""),
        ("anthropic", "sk-ant-api03-1", "an API key"),
        ("openrouter", "sk-or-v1-1", ""),
        ("github", "ghp_1", ""),
        ("github", "github_pat_1", ""),
        ("github", "ghs_1", "the token of an app"),
        ("litellm", "sk-1234", ""),
        ("v0", "v1:team_1:2", ""),
        ("usage-api", "uat_1_2", ""),
        ("usage-api", "opaque", ""),
    ],
)
def test_what_a_key_looks_like(name: str, token: str, looks: str) -> None:
    key = require_provider(name).key
    assert key is not None
    assert key.mistaken(BearerToken(token)) == looks


def test_no_vendor_takes_the_usual_key_of_another_for_its_own() -> None:
    keys = [key for name in vendor_names() if (key := require_provider(name).key) is not None]
    for key in keys:
        for other in keys:
            for prefix in other.prefixes:
                token = BearerToken(f"{prefix}1")
                assert key.is_usual(token) == (key is other)
                assert bool(key.mistaken(token)) == (key is not other)


def test_which_key_is_needed_is_a_sentence() -> None:
    assert Key("X", "a key").needed("It") == "It needs a key."
    assert Key("X", "a key", "https://x.example").needed("X") == "X needs a key: https://x.example"
