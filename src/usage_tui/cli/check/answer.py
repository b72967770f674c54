"""What a check says to programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Self

from usage_tui.cards.findings import finding_text
from usage_tui.cli.answer.session import Session
from usage_tui.cli.check.words import level_word
from usage_tui.frozen import frozen
from usage_tui.insight.findings import Finding, worst
from usage_tui.state.answer import Answer

SCHEMA = "usage-tui/check/1"


@frozen
class FoundReason:
    """A reason for the level.

    Attributes:
        key: By which it is known again: rule, threshold, level, and what it is about.
        about: The id of the period or the grant.
        new: Whether it is told for the first time.
    """

    key: str
    rule: str
    threshold: str
    level: str
    about: str
    text: str
    new: bool


@frozen
class CheckAnswer(Answer):
    """Whether all is well.

    Attributes:
        level: ``ok``, ``warning``, ``critical`` or ``unknown``.
        text: The level and every reason in one line.
        findings: Every reason, the worst first.
    """

    level: str
    exit_code: int
    text: str
    findings: tuple[FoundReason, ...]

    def with_news(self, keys: Iterable[str]) -> Self:
        """The same, where the findings with these keys are new."""
        new = {*keys}
        return replace(self, findings=tuple(replace(one, new=one.key in new) for one in self.findings))


def check_answer(session: Session, findings: Sequence[Finding], text: str) -> CheckAnswer:
    """The answer, in which nothing is new yet."""
    level = worst(findings)
    return CheckAnswer(
        **session.about.head(SCHEMA, session.summary.as_of),
        level=level_word(level),
        exit_code=level,
        text=text,
        findings=tuple(
            FoundReason(
                key=finding.key,
                rule=finding.rule,
                threshold=finding.threshold,
                level=level_word(finding.level),
                about=finding.about,
                text=finding_text(finding, session.summary),
                new=False,
            )
            for finding in findings
        ),
    )
