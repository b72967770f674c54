"""Typesetting, for any text a viewer may meet: every width is exact, every cut has its sign."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from usage_tui.cards.typeset.glyphs import ASCII, UNICODE
from usage_tui.cards.typeset.lines import (
    EMPTY,
    Line,
    Span,
    cut,
    cut_line,
    fit,
    indent,
    line,
    plain,
    retoned,
    right,
    spread,
    width,
    wrap,
)
from usage_tui.models import clean

ODD = "日本語 Ünïcödé e\u0301a\u0308\u0334 שלום عربي 👍🎉 ー\u3000 ﷽ ｗｉｄｅ \t\x1b[31m…—"
TEXTS = st.one_of(
    st.text(max_size=40).map(clean),
    st.text(alphabet=st.sampled_from(ODD), max_size=40).map(clean),
    st.text(alphabet="ab ,.0", max_size=40),
)
LINES = st.lists(TEXTS, max_size=5).map(lambda texts: line(*texts))
CELLS = st.integers(0, 60)
many = settings(max_examples=200)


def text_of(spans: Line) -> str:
    return "".join(span.text for span in spans)


@many
@given(TEXTS, CELLS)
def test_cut_text_fits_and_ends_with_the_sign(text: str, cells: int) -> None:
    shown = cut(text, cells)
    assert cell_len(shown) <= cells
    if cell_len(text) <= cells:
        assert shown == text
    elif cells:
        assert shown.endswith("…")
        assert text.startswith(shown.removesuffix("…"))


@many
@given(TEXTS, CELLS)
def test_cut_text_wastes_no_more_than_a_wide_character_and_blanks(text: str, cells: int) -> None:
    shown = cut(text, cells)
    rest = text[len(shown) - 1 :]
    if shown != text and cells and not rest[:1].isspace():
        assert cell_len(shown) >= cells - 1


@many
@given(TEXTS, CELLS)
def test_fitted_text_has_exactly_the_cells_asked_for(text: str, cells: int) -> None:
    assert cell_len(fit(text, cells)) == cells


@many
@given(TEXTS, CELLS)
def test_right_aligned_text_is_never_cut(text: str, cells: int) -> None:
    shown = right(text, cells)
    assert shown.endswith(text)
    assert cell_len(shown) == max(cells, cell_len(text))


@many
@given(LINES, CELLS)
def test_a_cut_line_fits_and_ends_with_the_sign(spans: Line, cells: int) -> None:
    shown = cut_line(spans, cells)
    assert width(shown) <= cells
    if width(spans) <= cells:
        assert shown == spans
    elif cells:
        assert text_of(shown).endswith("…")
        assert all(span.text for span in shown)


def test_a_line_that_is_cut_between_two_spans_has_the_sign_too() -> None:
    assert cut_line((Span("abc", "muted"), Span("def")), 3) == (Span("ab…", "muted"),)


def test_the_sign_is_that_of_the_glyphs() -> None:
    assert cut("Contract review", 9, ASCII) == "Contract~"
    assert cut("Contract review", 9, UNICODE) == "Contract…"


@many
@given(LINES, LINES, CELLS)
def test_a_spread_line_is_exact_and_its_end_whole(start: Line, end: Line, spare: int) -> None:
    cells = width(end) + spare
    shown = spread(start, end, cells)
    assert width(shown) == cells
    assert text_of(shown).endswith(text_of(end))


def test_a_spread_line_keeps_a_blank_between_its_halves() -> None:
    assert text_of(spread(line("Storage"), line("41.2"), 10)) == "Stor… 41.2"


@many
@given(TEXTS, st.integers(2, 40), st.integers(0, 40))
def test_wrapped_lines_fit_and_lose_no_word(text: str, cells: int, taken: int) -> None:
    lines = wrap(text, cells, min(taken, cells))
    first, *others = lines or [""]
    assert cell_len(first) <= cells - min(taken, cells)
    assert all(0 < cell_len(row) <= cells for row in others)
    shown = "".join("".join(lines).split())
    # A character without a width of its own, alone in a word, is nothing that could be seen.
    assert "".join(text.split()) in shown or cell_len(shown) == cell_len("".join(text.split()))


def test_words_are_wrapped_where_they_end_and_broken_where_they_must() -> None:
    assert wrap("New AI work waits", 8) == ["New AI", "work", "waits"]
    assert wrap("a https://example", 8) == ["a", "https://", "example"]
    assert wrap("waits until then", 8, taken=4) == ["", "waits", "until", "then"]
    assert wrap("it waits for you", 12, taken=9) == ["it", "waits for", "you"]
    assert wrap("  ", 8) == []


def test_lines_have_no_empty_spans() -> None:
    assert line("", Span(""), "a", Span("b", "muted")) == (Span("a"), Span("b", "muted"))
    assert indent(line("a"), 0) == line("a")
    assert text_of(indent(line("a"), 2)) == "  a"


def test_plain_lines_have_no_blanks_at_their_end() -> None:
    assert plain([line("a", "  "), EMPTY, line("b", Span(" c", "muted"))]) == "a\n\nb c"


def test_a_retoned_line_has_one_tone_and_keeps_its_commands() -> None:
    spans = line(Span("n", "key", "next_page"), Span(" Next", "muted", "next_page"))
    assert retoned(spans, "disabled") == line(
        Span("n", "disabled", "next_page"), Span(" Next", "disabled", "next_page")
    )


@pytest.mark.parametrize(("text", "cells"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("👍", 2)])
def test_the_width_of_a_line_is_that_of_a_terminal(text: str, cells: int) -> None:
    assert width(line(text)) == cells
