"""What looks like a token is never repeated."""

from __future__ import annotations

import pytest

from usage_tui.text.secrets import masked, masked_input, masked_words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("unknown: uat_0123456789ab_abc-DEF_1", "unknown: uat_***"),
        ("sk-or-v1-aaaa1111 and ghp_abcdefgh1234", "sk-*** and ghp_***"),
        ("github_pat_11AAAA_bbbb", "github_pat_***"),
        ("unknown eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozj-N_XgL0n3", "unknown eyJ***"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("the risk-free task of 2026-11-22", "the risk-free task of 2026-11-22"),
        ("~/.config/usage-tui/config.toml", "~/.config/usage-tui/config.toml"),
    ],
)
def test_tokens_of_known_services_are_hidden(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked_input(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("'0f8fad5b2d3c4e5f8a9b0c1d2e3f4a5b'", "'***'"),
        ("'abcDEF0123/ghiJKL4567+mnoPQR89=='", "'***'"),
        ("production", "production"),
        ("imports/2026/november-of-acme", "imports/2026/november-of-acme"),
        ("acme-2026", "acme-2026"),
        (
            "/srv/0f8fad5b2d3c4e5f8a9b0c1d2e3f4a5b/usage.jsonl",
            "/srv/0f8fad5b2d3c4e5f8a9b0c1d2e3f4a5b/usage.jsonl",
        ),
    ],
)
def test_a_long_word_of_letters_and_digits_that_was_typed_is_hidden(text: str, shown: str) -> None:
    assert masked_input(text) == shown


def test_of_a_message_only_the_words_that_were_typed_are_hidden() -> None:
    typed, request = "q3J8xK2mZ9pL4wR7tY1vB6nC", "0f8fad5b2d3c4e5f8a9b0c1d2e3f4a5b"
    message = f"there is no {typed}. Request {request}."
    assert masked_words(message, ["-p", typed]) == f"there is no ***. Request {request}."
    assert masked_words(message, [f"--profile={typed}"]) == f"there is no ***. Request {request}."


def test_how_keys_of_a_kind_begin_may_be_said() -> None:
    for text in ("an admin key (sk-admin-…)", "an admin key (sk-ant-admin…)"):
        assert masked(text) == text
    assert masked("sk-admin-5up3r…") == "sk-***…"
