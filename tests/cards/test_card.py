"""What all cards share: the head, its right end, and what stands in a card without content."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.cards.states import area, demo, put, shown, text_of
from tests.known import known
from usage_tui.cards.card import (
    LOADING,
    Age,
    Placeholder,
    age,
    draw_placeholder,
    head,
    joined,
    key_hint,
    view_of,
)
from usage_tui.cards.typeset.lines import EMPTY, Span, line, width
from usage_tui.clients.base import ServiceFailed, Unreachable
from usage_tui.models import Grants
from usage_tui.state.reducers import refresh_failed
from usage_tui.state.remote import Remote, Status, not_offered
from usage_tui.state.usage import UsageState

NEW_YORK = "America/New_York"
GRANTS = Grants(as_of=datetime(2026, 11, 22, 20, 12, tzinfo=UTC), revision=1, items=())
FAILURE = ServiceFailed("The server answered 503.", advice="Try later.", request_id="req_8f3a1c")
IDLE: Remote[Grants] = Remote()
FAILED = IDLE.started().failed(1, FAILURE)
READY = IDLE.started().succeeded(1, GRANTS)


def placeholder(remote: Remote[Grants]) -> Placeholder:
    view = view_of(remote, lambda grants: grants.revision)
    assert isinstance(view, Placeholder)
    return view


def test_a_value_is_shown_however_the_newest_request_stands() -> None:
    for remote in (READY, READY.started(), READY.started().failed(2, FAILURE)):
        assert view_of(remote, lambda grants: grants) is GRANTS


@pytest.mark.parametrize("remote", [IDLE, IDLE.started(), FAILED.started()])
def test_while_nothing_is_known_the_card_loads(remote: Remote[Grants]) -> None:
    assert placeholder(remote) is LOADING
    assert shown(draw_placeholder("Credit grants", LOADING, area(30))) == [
        "Credit grants ────────────────",
        "Loading…",
    ]
    assert shown(draw_placeholder("Credit grants", LOADING, area(30, glyphs="ascii")))[1] == "Loading~"


def test_a_failed_card_says_what_happened_and_what_to_do() -> None:
    assert shown(draw_placeholder("Credit grants", placeholder(FAILED), area(58))) == [
        "Credit grants ─────────────────────────── ! could not load",
        "!  This card could not be loaded.",
        "   The server answered 503.",
        "   Try later.",
        "   Request req_8f3a1c.",
        "   r try again",
    ]


def test_a_failure_without_more_to_say_says_less() -> None:
    failed = IDLE.started().failed(1, Unreachable("No answer."))
    lines = shown(draw_placeholder("Credit grants", placeholder(failed), area(58)))
    assert lines[2:] == ["   No answer.", "   r try again"]


def test_plain_text_names_no_key_to_try_again() -> None:
    lines = shown(draw_placeholder("Credit grants", placeholder(FAILED), area(58, interactive=False)))
    assert lines[-1] == "   Request req_8f3a1c."


def test_the_key_to_try_again_is_the_one_that_was_set_and_can_be_clicked() -> None:
    lines = draw_placeholder("Credit grants", placeholder(FAILED), area(58, keys={"refresh": "f5,ctrl+r"}))
    assert text_of(lines[-1]) == "   F5 try again"
    assert [span.command for span in lines[-1]] == ["", "refresh", "refresh"]


def test_a_long_message_is_wrapped_beside_its_margin() -> None:
    failed = IDLE.started().failed(1, Unreachable("The usage service does not answer: timed out."))
    lines = draw_placeholder("Credit grants", placeholder(failed), area(30))
    assert shown(lines)[1:-1] == [
        "!  This card could not be",
        "   loaded.",
        "   The usage service does not",
        "   answer: timed out.",
    ]
    assert max(map(width, lines)) <= 30


def test_what_is_withheld_or_not_offered_says_why_and_names_no_key() -> None:
    for remote, status in (
        (IDLE.withheld("An owner can see this."), Status.WITHHELD),
        (not_offered("An owner can see this."), Status.NOT_OFFERED),
    ):
        view = placeholder(remote)
        assert view.status is status
        lines = draw_placeholder("Credit grants", view, area(40))
        assert shown(lines) == ["Credit grants " + "─" * 26, "An owner can see this."]
        assert not [span for row in lines for span in row if span.command]


def test_a_value_is_old_after_a_failure_until_there_is_a_new_one() -> None:
    state, old = UsageState(origin="demo"), READY.started().failed(2, FAILURE)
    for remote in (old, old.started()):
        assert age(state, remote) is Age.OLD
    for remote in (IDLE, FAILED, READY, READY.started(), old.started().succeeded(3, GRANTS)):
        assert age(state, remote) is Age.NEW


def test_a_cached_value_is_old_only_once_a_request_has_failed() -> None:
    cached = READY.from_cache()
    assert age(UsageState(origin="demo"), cached) is Age.CACHED
    assert age(UsageState(origin="demo"), cached.started().failed(cached.request + 1, FAILURE)) is Age.OLD


def test_what_is_of_the_time_of_an_old_summary_is_old_and_what_came_later_is_new() -> None:
    state = refresh_failed(demo(), FAILURE)
    for remote in (state.summary, state.sources, state.daily, state.recent, state.grants, state.allowances):
        assert age(state, remote) is Age.OLD
    later = replace(known(state.sources.value), as_of=known(state.summary.value).as_of + timedelta(seconds=1))
    assert age(state, put(state, sources=later).sources) is Age.NEW


@pytest.mark.parametrize(("old", "text"), [(Age.NEW, ""), (Age.OLD, "! "), (Age.CACHED, "… ")])
def test_the_age_stands_behind_the_title_and_moves_nothing_else(old: Age, text: str) -> None:
    shown_head = text_of(head("Daily usage", line("Period"), area(30), old))
    assert shown_head == f"Daily usage {text}{'─' * (11 - len(text))} Period"


def test_a_focused_head_differs_without_color() -> None:
    plain, focused = (head("Daily usage", line("Period"), area(30, focused=on)) for on in (False, True))
    assert text_of(plain) == "Daily usage ─────────── Period"
    assert text_of(focused) == "Daily usage ━━━━━━━━━━━ Period"
    assert {span.tone for span in focused} == {"focus", "text"}


def test_in_a_narrow_head_words_go_before_the_title_and_the_title_before_keys() -> None:
    end = joined([line(Span("newest first", "muted")), key_hint("history", "History", area(38))])
    heads = [text_of(head("Historical usage", end, area(cells))) for cells in (42, 40, 28, 20)]
    assert heads == [
        "Historical usage ─ newest first  2 History",
        "Historical usage ───────────── 2 History",
        "Historical usage ─ 2 History",
        "Historica… 2 History",
    ]


def test_a_number_at_the_end_of_a_head_is_never_cut() -> None:
    end = line("9,999,999,999.000001", Span(" credits", "muted"))
    heads = [text_of(head("Current-period usage", end, area(cells))) for cells in (51, 42, 38)]
    assert heads == [
        "Current-period usage ─ 9,999,999,999.000001 credits",
        "Current-period usage  9,999,999,999.000001",
        "Current-period u… 9,999,999,999.000001",
    ]


def test_a_key_without_a_word_is_a_key() -> None:
    assert key_hint("next_page", "", area(38)) == (Span("n", "key", "next_page"),)
    assert key_hint("next_page", "Next", area(38, interactive=False)) == EMPTY


def test_parts_are_joined_without_gaps_for_empty_ones() -> None:
    assert text_of(joined([EMPTY, line("a"), EMPTY, line("b")], " - ")) == "a - b"


def test_a_failed_demo_card_names_the_request() -> None:
    error = demo("failed").sources.error
    assert error is not None
    assert error.request_id == "req_8f3a1c"
