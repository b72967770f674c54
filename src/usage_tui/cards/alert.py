"""One alert in one line: what was found, what to do, and the key that dismisses it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from usage_tui.cards.card import joined, key_hint
from usage_tui.cards.findings import finding_text, out_text, used_part
from usage_tui.cards.typeset.lines import Area, Line, Span, Tone, cut_line, line, spread, width
from usage_tui.cards.words import buy_words
from usage_tui.insight.findings import Finding, Level, Rule
from usage_tui.models import Credits
from usage_tui.named_tuple import NamedTuple
from usage_tui.state.access import allowed, may_pay
from usage_tui.state.known_answers import KnownAnswers
from usage_tui.state.replies import GRANTS
from usage_tui.state.usage import UsageState
from usage_tui.text import dates
from usage_tui.text.amounts import CREDIT, spoken_amount

_OUT = (Rule.RUNS_OUT_WITHIN, Rule.RUNS_OUT_BEFORE_REFRESH)
_SHORT = ("low", "paused", "locked")
"""States that a banner of their own tells, with what to do."""
_NOTHING = "", "", ""
_COMMANDS = {
    Rule.LAPSES: ("grants", "Grants", "Grants"),
    Rule.INCLUDED_USED: ("plan", "plan a batch", "plan"),
}


class Alert(NamedTuple):
    """What to say.

    Attributes:
        finding: What was found.
        texts: In words, from the longest to the shortest.
        command: What can be done about it, and what its key is called in full and short; empty if none.
    """

    finding: Finding
    texts: tuple[str, ...]
    command: tuple[str, str, str] = _NOTHING

    @property
    def tone(self) -> Tone:
        """The tone of its mark."""
        return "error-strong" if self.finding.level is Level.CRITICAL else "warning"


def alert(state: UsageState, answers: KnownAnswers, findings: Sequence[Finding]) -> Alert | None:
    """The worst of the findings that no banner tells; None if there is none."""
    is_short = answers.facts.summary.state in _SHORT
    told = (Rule.STATE, Rule.INCLUDED_USED, *_OUT) if is_short else (Rule.STATE,)
    finding = next((one for one in findings if one.rule not in told), None)
    if finding is None:
        return None
    texts = _texts(finding, answers, state.unit)
    if finding.rule in _OUT:
        return _out(finding, texts, state)
    command = _COMMANDS.get(finding.rule, _NOTHING)
    if command[0] == "grants" and not allowed(state, GRANTS):
        command = _NOTHING
    return Alert(finding, texts, command)


def _out(finding: Finding, texts: tuple[str, ...], state: UsageState) -> Alert:
    """What runs out can be added to, by the viewer or by somebody else."""
    summary = state.summary.value
    things = "credits" if state.unit == CREDIT else "funds"
    if summary is not None and summary.auto_recharge is not None and summary.auto_recharge.enabled:
        advice = f"Auto-recharge will add {things}."
    elif may_pay(state, "buy_credits"):
        return Alert(finding, texts, ("buy_credits", *buy_words(state.unit)))
    else:
        advice = f"An owner or a billing admin can add {things}."
    return Alert(finding, (*(f"{text} {advice}" for text in texts), *texts))


def _texts(finding: Finding, answers: KnownAnswers, unit: str) -> tuple[str, ...]:
    summary = answers.facts.summary
    whole = _sentence(finding_text(finding, summary))
    match finding.rule:
        case Rule.RUNS_OUT_BEFORE_REFRESH:
            start, refresh = out_text(finding, summary), finding.refresh_on
            before = f"{start}, before {_day(refresh, answers.facts.today)}" if refresh else start
            return (whole, _sentence(before), _sentence(start))
        case Rule.RUNS_OUT_WITHIN:
            return (whole, _sentence(out_text(finding, summary)))
        case Rule.INCLUDED_USED:
            rest, short = _rest(answers), f"{used_part(summary)} of included used."
            return (f"{whole[:-1]}; {rest}." if rest else whole, whole, short)
        case Rule.LAPSES:
            amount = finding.value if isinstance(finding.value, Credits) else Credits.ZERO
            spoken = spoken_amount(amount, unit)
            return (whole, f"{spoken} of what was bought will lapse.", f"{spoken} will lapse.")
    return (whole,)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _rest(answers: KnownAnswers) -> str:
    """How long the rest of what is included lasts; empty if that is unknown."""
    runway = answers.runway
    if runway is None or runway.pace is None:
        return ""
    if runway.included_out is not None:
        return f"they last until {dates.about(runway.included_out, runway.today)} at the usual pace"
    if runway.renewal is None:
        return ""
    refresh = answers.facts.calendar.date_of(runway.renewal.at)
    return f"they last until {_day(refresh, runway.today)} at the usual pace"


def _day(day: date, today: date) -> str:
    return dates.day(day, year=day.year != today.year)


def draw(shown: Alert, area: Area) -> Line:
    """As many words as fit beside what to do."""
    margin = line(Span(f"{area.glyphs.banner} ", shown.tone), Span("! ", shown.tone))
    command, *labels = shown.command
    does = [key_hint(command, label, area) for label in labels if command]
    dismiss = key_hint("back", "dismiss", area)
    for hints in (*([one, dismiss] for one in does), [dismiss], []):
        end = joined([*hints], "   ")
        for text in shown.texts:
            row = line(*margin, text)
            if width(row) + (width(end) + 2 if end else 0) <= area.width:
                return spread(row, end, area.width, area.glyphs)
    return cut_line(line(*margin, shown.texts[-1]), area.width, area.glyphs)
