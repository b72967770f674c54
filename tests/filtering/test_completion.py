"""What a term under the cursor may become."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.filtering.known import KNOWN
from tests.filtering.test_reading import PIECES
from usage_tui.filtering import complete, read_filter


def offered(text: str, cursor: int | None = None) -> list[str]:
    found = complete(text, len(text) if cursor is None else cursor, KNOWN)
    return [candidate.text for candidate in found.candidates]


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("s", ["source:", "source_id:"]),
        ("S", ["source:", "source_id:"]),
        ("-k", ["-kind:"]),
        ("-", ["-source:", "-source_id:", "-kind:", "-type:", "-actor:"]),
        ("zzz", []),
        ("kind:", ["kind:agent_chat", "kind:ai_tool", "kind:voice_call"]),
        ("kind:ai", ["kind:ai_tool"]),
        ("kind:ch", ["kind:agent_chat"]),
        ("-source:inv", ["-source:=Invoice"]),
        ("source:", ['source:="Agent chat"', 'source:="Contract review"', "source:=Invoice"]),
        ('source:"con', ['source:="Contract review"']),
        ("source_id:inv", ["source_id:tool_invoice"]),
        ("actor:tom", ["actor:=tom@acme.example"]),
        ("type:re", ["type:Reversal"]),
        ("on:mo", ["on:monday"]),
        ("from:last", ["from:last-period"]),
        ("credits:", ["credits:>0", "credits:<0", "credits:>=", "credits:<="]),
        ("credits:>", ["credits:>0", "credits:>="]),
    ],
)
def test_candidates(text: str, candidates: list[str]) -> None:
    assert offered(text) == candidates


def test_a_new_term_may_be_any_key() -> None:
    assert offered("maria ")[:3] == ["source:", "source_id:", "kind:"]
    assert complete("maria ", 6, KNOWN)[:2] == (6, 6)


def test_the_whole_term_is_replaced_whatever_follows_the_cursor() -> None:
    text = "maria kind:xyz on:today"
    found = complete(text, text.index("xyz"), KNOWN)
    assert text[found.start : found.end] == "kind:xyz"
    assert len(found.candidates) == 3


def test_days_say_what_they_mean() -> None:
    hints = dict(complete("on:", 3, KNOWN).candidates)
    assert hints["on:7d"] == "2026-11-16 to 2026-11-22"
    assert hints["on:period"] == "2026-11-01 to 2026-11-30"
    assert hints["on:today"] == "2026-11-22"


@pytest.mark.parametrize("key", ["source", "source_id", "kind", "type", "actor", "on", "from", "to"])
def test_every_offered_value_is_right(key: str) -> None:
    for text in offered(f"{key}:"):
        read_filter(text, KNOWN)


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.integers(0, 40))
def test_any_place_of_any_text_can_be_completed(text: str, cursor: int) -> None:
    found = complete(text, min(cursor, len(text)), KNOWN)
    assert 0 <= found.start <= found.end <= len(text)
