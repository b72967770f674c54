"""What a check of doctor tells: a mark, what was checked, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class CheckResult(NamedTuple):
    """One line of the report.

    Attributes:
        mark: How the check ended.
        subject: What was checked, in a word or two.
        text: What was found, without a token or a secret.
        advice: What to do about it; empty if there is nothing to do.
    """

    mark: Mark
    subject: str
    text: str
    advice: str = ""


def ok(subject: str, text: str) -> CheckResult:
    """It works."""
    return CheckResult(Mark.OK, subject, text)


def warn(subject: str, text: str, advice: str) -> CheckResult:
    """It works, but could be better."""
    return CheckResult(Mark.WARN, subject, text, advice)


def fail(subject: str, text: str, advice: str) -> CheckResult:
    """It does not work."""
    return CheckResult(Mark.FAIL, subject, text, advice)
