"""What doctor finds out: a mark, what it is about, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Mark(StrEnum):
    """How serious a finding is."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(NamedTuple):
    """One line of the report.

    Attributes:
        mark: How serious it is.
        subject: What was checked, in a word or two.
        text: What was found, without a token or a secret.
        advice: What to do about it; empty if there is nothing to do.
    """

    mark: Mark
    subject: str
    text: str
    advice: str = ""


def ok(subject: str, text: str) -> Finding:
    """It works."""
    return Finding(Mark.OK, subject, text)


def warn(subject: str, text: str, advice: str) -> Finding:
    """It works, but could be better."""
    return Finding(Mark.WARN, subject, text, advice)


def fail(subject: str, text: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(Mark.FAIL, subject, text, advice)
