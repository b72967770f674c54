"""One large number: its whole part in large digits, its fraction raised beside them, its unit below that."""

from __future__ import annotations

from usage_tui.cards.typeset.digits import Digits, large
from usage_tui.cards.typeset.lines import Line, Span, Tone, line


def figure(text: str, noun: str, tone: Tone, digits: Digits) -> list[Line]:
    """The number as three lines, such as ``10,009`` with ``.75`` raised and ``credits`` below it.

    Args:
        text: An amount such as ``10,009.75``, ``$12.34`` or ``12.34 CHF``.
        noun: What it counts; empty if the text says so or if there is no room for it.
        tone: That of the number.
        digits: What the digits look like.
    """
    number, _, code = text.partition(" ")
    whole, point, fraction = number.partition(".")
    first, second, third = large(whole, digits)
    raised = Span(f" {point}{fraction}" if fraction else "", tone)
    below = Span(f" {code or noun}" if code or noun else "", "muted")
    return [line(Span(first, tone), raised), line(Span(second, tone)), line(Span(third, tone), below)]
