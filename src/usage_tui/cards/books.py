"""Whether the books agree and whether events still arrive: sentences beside the details of a balance."""

from __future__ import annotations

from collections.abc import Callable

from usage_tui.cards.carried import carried_text, moves
from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, cell_len, line, wrap
from usage_tui.insight.reconcile import Reconciliation, Silence
from usage_tui.models import Credits
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.known_answers import answers_now
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import amount_text, places
from usage_tui.text.words import time_span

AGREE = "The books agree"


class Sentence(NamedTuple):
    """One of them.

    Attributes:
        text: All of it.
        brief: What is said where all of it does not fit in a line; empty if it must not be shortened.
    """

    text: str
    tone: Tone = "muted"
    brief: str = ""


def books(state: UsageState) -> tuple[Sentence, ...]:
    """What can be told; empty while the replies are of different states, or not known."""
    answers = answers_now(state)
    if answers is None:
        return ()
    found = [] if answers.reconciliation is None else _sides(answers.reconciliation, state.unit)
    if answers.silence is not None:
        found.append(Sentence(_silence(answers.silence, state.time_zone), "warning"))
    return tuple(found)


def draw(sentences: tuple[Sentence, ...], area: Area) -> list[Line]:
    """Each on a line of its own; what is not as it should be is wrapped, never cut."""
    rows: list[Line] = []
    for sentence in sentences:
        fits = cell_len(sentence.text) <= area.width or not sentence.brief
        texts = wrap(sentence.text if fits else sentence.brief, area.width)
        rows += [line(Span(text, sentence.tone)) for text in texts]
    return rows


def _sides(found: Reconciliation, unit: str) -> list[Sentence]:
    carried = found.roll_forward
    amounts = [found.days, found.sources, found.period, *([found.held] if found.held is not None else [])]
    if carried is not None:
        amounts += [carried.opening, carried.closing, *moves(carried).values()]
    decimals = places(amounts, unit)

    def shown(amount: Credits) -> str:
        return amount_text(amount, unit, decimals)

    if found.agrees:
        return [Sentence(f"{AGREE}: {_agreed(found, shown)}.", brief=f"{AGREE}.")]
    sentences = []
    if not found.days == found.sources == found.period:
        sentences.append(Sentence(_differing(found, shown), "error"))
    if carried is not None and found.held is not None and found.surplus:
        differ = shown(Credits(abs(found.surplus.micro)))
        text = f"{shown(carried.closing)} should be left, {shown(found.held)} is left: {differ} differ"
        sentences.append(Sentence(text, "error"))
    return sentences


def _agreed(found: Reconciliation, shown: Callable[[Credits], str]) -> str:
    carried = found.roll_forward
    if carried is None or found.held is None:
        return f"days, sources, and the period say {shown(found.period)}; an opening balance is not offered"
    return carried_text(carried, f"{shown(found.held)} now", shown)


def _differing(found: Reconciliation, shown: Callable[[Credits], str]) -> str:
    """``Days say 2,100, sources 2,080: 20 differ``; the period only where it agrees with neither or alone."""
    sides = {"days": found.days, "sources": found.sources, "the period": found.period}
    if found.days == found.sources:
        sides = {"days and sources": found.days, "the period": found.period}
    elif found.period in (found.days, found.sources):
        del sides["the period"]
    (first, amount), *others = sides.items()
    told = ", ".join(f"{name} {shown(other)}" for name, other in others)
    differ = max(sides.values()) - min(sides.values())
    return f"{first.capitalize()} say {shown(amount)}, {told}: {shown(differ)} differ"


def _silence(found: Silence, time_zone: str) -> str:
    since = dates.moment(found.last_event_at, time_zone)
    return f"No event since {since}; usual is one in {time_span(found.usual_gap)}"
