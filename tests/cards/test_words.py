"""Words for what the data only code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cards.states import demo
from usage_tui.cards.words import activity_type, balance_title, buy_words, grant_origin
from usage_tui.ledger.ranking import category_label
from usage_tui.models import Credits


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("agent_chat", "Agent chat"),
        ("ai_tool", "AI Tools"),
        ("workflow", "Workflows"),
        ("browser_session", "Browser sessions"),
        ("voice_call", "Voice call"),
    ],
)
def test_categories_are_named_as_people_call_them(kind: str, words: str) -> None:
    assert category_label(kind) == words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "ai_tool", "activity": "run"}, "Tool run"),
        ({"kind": "workflow", "activity": "run"}, "Workflow run"),
        ({"kind": "agent_chat", "activity": "message"}, "Chat message"),
        ({"kind": "browser_session", "activity": "session"}, "Browser session"),
        ({"kind": "ai_tool", "activity": "dry_run"}, "Dry run"),
        ({"reverses": "evt_1"}, "Reversal"),
        ({"activity": "adjustment", "credits": Credits(-1)}, "Adjustment"),
        ({"activity": "refund", "credits": Credits(-1)}, "Refund"),
        ({"kind": "ai_tool", "activity": "run", "credits": Credits(-1)}, "Adjustment"),
        ({"ends_at": datetime(2026, 11, 23, 5, tzinfo=UTC)}, "Daily total"),
    ],
)
def test_an_act_has_a_type(changes: dict[str, Any], words: str) -> None:
    page = demo().recent.value
    assert page is not None
    assert activity_type(replace(page.items[0], **changes)) == words


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("subscription", "from the subscription"),
        ("purchase", "bought"),
        ("auto_recharge", "from auto-recharge"),
        ("partner_program", "partner program"),
    ],
)
def test_a_grant_says_where_it_came_from(origin: str, words: str) -> None:
    assert grant_origin("purchased", origin) == f"purchased, {words}"


@pytest.mark.parametrize(
    ("unit", "title", "buy"),
    [
        ("credit", "Credits remaining", ("Buy credits", "Buy")),
        ("", "Credits remaining", ("Buy credits", "Buy")),
        ("USD", "Balance remaining", ("Add funds", "Add")),
        ("token", "Balance remaining", ("Add funds", "Add")),
    ],
)
def test_only_credits_are_called_credits(unit: str, title: str, buy: tuple[str, str]) -> None:
    assert balance_title(unit) == title
    assert buy_words(unit) == buy
