"""Each term of a filter means what its grammar says, and each mistake is named where it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.filtering.known import KNOWN, NEW_YORK, NOVEMBER, OCTOBER, at
from usage_tui.filtering import InvalidFilter, Known, Mistake, read_filter
from usage_tui.ledger.days import Calendar
from usage_tui.models import Choice, Credits, EventQuery, Name


def read(text: str) -> EventQuery:
    return read_filter(text, KNOWN)


def names(*values: str, none_of: tuple[str, ...] = ()) -> Choice[Name]:
    return Choice(tuple(map(Name, values)), tuple(map(Name, none_of)))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", EventQuery()),
        ("  ", EventQuery()),
        ("maria", EventQuery(text="maria")),
        ("maria contract", EventQuery(words=("maria", "contract"))),
        ('"maria contract"', EventQuery(text="maria contract")),
        ("contract -maria", EventQuery(words=("contract",), without_words=("maria",))),
        (r'"say \"hi\" \\ there"', EventQuery(text=r'say "hi" \ there')),
        ("12:30", EventQuery(text="12:30")),
        ("- a-b", EventQuery(words=("-", "a-b"))),
        ("source:contract", EventQuery(sources=names("contract"))),
        ("source:contract source:invoice", EventQuery(sources=names("contract", "invoice"))),
        ('source:="Contract review"', EventQuery(sources=Choice((Name("Contract review", True),)))),
        ('source:"=x"', EventQuery(sources=names("=x"))),
        ("-source:contract", EventQuery(sources=names(none_of=("contract",)))),
        ("source_id:tool_contract", EventQuery(source_id="tool_contract")),
        ("kind:ai_tool", EventQuery(kind="ai_tool")),
        ('kind:"AI tools" KIND:"voice CALL"', EventQuery(kinds=Choice(("ai_tool", "voice_call")))),
        ("kind:=AI_TOOL kind:mining", EventQuery(kinds=Choice(("AI_TOOL", "mining")))),
        ("-kind:workflow", EventQuery(kinds=Choice(none_of=("workflow",)))),
        ("type:reversal", EventQuery(activities=Choice(("Reversal",)))),
        ("type:=reversal", EventQuery(activities=Choice(("reversal",)))),
        ("actor:maria -actor:=tom", EventQuery(actors=Choice((Name("maria"),), (Name("tom", True),)))),
        ("credits:5", EventQuery(least=Credits.parse("5"), most=Credits.parse("5"))),
        ("credits:>5", EventQuery(least=Credits.parse("5.000001"))),
        ("credits:>=5", EventQuery(least=Credits.parse("5"))),
        ("credits:<0", EventQuery(most=Credits.parse("-0.000001"))),
        ("credits:<=-0.5", EventQuery(most=Credits.parse("-0.5"))),
        ("credits:-1..10.25", EventQuery(least=Credits.parse("-1"), most=Credits.parse("10.25"))),
        ("maria maria kind:a kind:a", EventQuery(words=("maria",), kind="a")),
    ],
)
def test_terms(text: str, query: EventQuery) -> None:
    assert read(text) == query


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on:2026-11-10", "2026-11-10", "2026-11-10"),
        ("on:today", "2026-11-22", "2026-11-22"),
        ("on:yesterday", "2026-11-21", "2026-11-21"),
        ("on:7d", "2026-11-16", "2026-11-22"),
        ("on:Sunday", "2026-11-22", "2026-11-22"),
        ("on:monday", "2026-11-16", "2026-11-16"),
        ("on:mon", "2026-11-16", "2026-11-16"),
        ("on:period", "2026-11-01", "2026-11-30"),
        ("on:last-period", "2026-10-01", "2026-10-31"),
        ("from:monday to:today", "2026-11-16", "2026-11-22"),
        ("from:period to:2026-11-02", "2026-11-01", "2026-11-02"),
        ("on:period from:7d", "2026-11-16", "2026-11-30"),
    ],
)
def test_days_are_of_the_organizations_zone_and_both_ends_belong_to_them(
    text: str, first: str, last: str
) -> None:
    starts_at, _ = NEW_YORK.bounds(date.fromisoformat(first))
    _, ends_at = NEW_YORK.bounds(date.fromisoformat(last))
    assert read(text) == EventQuery(starts_at=starts_at, ends_at=ends_at)


@pytest.mark.parametrize(
    ("text", "starts_at", "hours"),
    [
        ("on:2026-11-01", "2026-11-01T04:00:00Z", 25),
        ("on:2026-03-08", "2026-03-08T05:00:00Z", 23),
        ("on:2026-03-09", "2026-03-09T04:00:00Z", 24),
        ("from:2026-03-08 to:2026-03-09", "2026-03-08T05:00:00Z", 47),
    ],
)
def test_a_day_is_as_long_as_the_clocks_say(text: str, starts_at: str, hours: int) -> None:
    query = read(text)
    assert query.starts_at == at(starts_at)
    assert query.ends_at == at(starts_at) + timedelta(hours=hours)


def test_a_half_open_span_has_one_end() -> None:
    assert read("from:yesterday") == EventQuery(starts_at=NEW_YORK.bounds(date(2026, 11, 21))[0])
    assert read("to:yesterday") == EventQuery(ends_at=NEW_YORK.bounds(date(2026, 11, 22))[0])


def test_an_instant_is_a_bound_too() -> None:
    query = read("from:2026-11-10T04:00:00.5Z to:2026-11-10T08:00:00+02:00")
    assert (query.starts_at, query.ends_at) == (at("2026-11-10T04:00:00.5Z"), at("2026-11-10T06:00:00Z"))


def test_a_period_is_as_exact_as_it_is_told() -> None:
    starts_at, ends_at = at("2026-11-01T12:34:56Z"), at("2026-12-01T12:34:56Z")
    known = replace(KNOWN, period=replace(NOVEMBER, starts_at=starts_at, ends_at=ends_at))
    assert read_filter("on:period", known) == EventQuery(starts_at=starts_at, ends_at=ends_at)
    assert read("on:last-period") == EventQuery(starts_at=OCTOBER.starts_at, ends_at=OCTOBER.ends_at)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("credits:>x", 'credits:>x: "x" is not an amount'),
        ("credits:1e3", 'credits:1e3: "1e3" is not an amount'),
        ("credits:1.0000001", 'credits:1.0000001: "1.0000001" has more than 6 decimals'),
        ("credits:10..5", "credits:10..5: 10 is more than 5"),
        ("credits:5..", 'credits:5..: "" is not an amount'),
        ("credits:>9223372036854.775807", '"9223372036854.775807" is too large'),
        ("credits:>1 credits:<5", "credits is given twice; write one range, such as credits:5..10"),
        ("-credits:>5", "a range cannot be excluded; say what is wanted, such as credits:<=5"),
        ("-on:today", "a range cannot be excluded; say what is wanted, with from: and to:"),
        ("on:monday on:friday", "on is given twice; write one range, with from: and to:"),
        ("sorce:x", 'sorce:x: unknown key "sorce"; did you mean source?'),
        ("who:x", 'who:x: unknown key "who"; did you mean actor?'),
        ("Category:x", 'unknown key "category"; did you mean kind?'),
        ("http://x", 'unknown key "http"; the keys are source, source_id, kind,'),
        ("source:", "source: a value is missing"),
        ('""', '"": a value is missing'),
        ('source:"a', 'source:"a: the closing " is missing'),
        ('source:"a"b', 'source:"a"b: a space is missing after the closing "'),
        ("on:2026-02-30", 'on:2026-02-30: there is no day "2026-02-30"'),
        ("on:0001-01-01", 'the year of "0001-01-01" is not between 1900 and 8999'),
        ("on:someday", '"someday" is not a day; use a day such as 2026-11-10, today,'),
        ("on:2026-11-10T04:00:00Z", '"2026-11-10T04:00:00Z" is not a day'),
        ("from:today to:yesterday", "to:yesterday: no time is left between these days"),
        ("x" * 201, "the value is longer than 200 characters"),
        (" ".join(f"w{n}" for n in range(51)), "w50: there are more than 50 word terms"),
        (" ".join(f"kind:{n}" for n in range(51)), "kind:50: there are more than 50 kind terms"),
        ("x " * 501, "the filter is longer than 1000 characters"),
    ],
)
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(InvalidFilter) as caught:
        read(text)
    assert said in str(caught.value)


def test_every_mistake_is_found_in_its_place() -> None:
    text = "maria credits:>x  sorce:y kind:ai_tool"
    with pytest.raises(InvalidFilter) as caught:
        read(text)
    places = [text[mistake.start : mistake.end] for mistake in caught.value.mistakes]
    assert places == ["credits:>x", "sorce:y"]


def test_an_unknown_period_is_a_mistake() -> None:
    known = Known(calendar=Calendar("UTC"), today=date(2026, 11, 22))
    with pytest.raises(InvalidFilter, match="on:last-period: the last billing period is not known"):
        read_filter("on:last-period", known)


def test_values_are_harmless() -> None:
    assert read("a\x1b[31mb").words == ("a�[31mb",)
    with pytest.raises(InvalidFilter) as caught:
        read("credits:\x1b")
    assert "\x1b" not in str(caught.value)


PIECES = [
    *'-:="\\ .<>0 \t',
    *("source", "kind", "on", "credits", "5", "..", "today", "7d", "2026-11-10", "AI", "é", "\x1b", "\u200b"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=30))
def test_any_text_is_a_filter_or_a_mistake_within_it(text: str) -> None:
    mistakes: tuple[Mistake, ...] = ()
    try:
        read(text)
    except InvalidFilter as error:
        mistakes = error.mistakes
    assert all(0 <= mistake.start < mistake.end <= len(text) for mistake in mistakes)
