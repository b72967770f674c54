"""What was found: a mark, what it is about, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from usage_tui.models import clean


class Mark(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


_SIGNS = {Mark.OK: "✓", Mark.WARN: "!", Mark.FAIL: "✗"}
_ASCII_SIGNS = {Mark.OK: "+", Mark.WARN: "!", Mark.FAIL: "x"}


class Finding(NamedTuple):
    """One line of the report.

    Attributes:
        mark: How it is to be taken.
        subject: What was looked at, in a word or two.
        text: What was found, without a token or a secret.
        advice: What to do about it; empty where there is nothing to do.
    """

    mark: Mark
    subject: str
    text: str
    advice: str = ""


def ok(subject: str, text: str) -> Finding:
    """All is well."""
    return Finding(Mark.OK, subject, text)


def warn(subject: str, text: str, advice: str) -> Finding:
    """It works, but could be better."""
    return Finding(Mark.WARN, subject, text, advice)


def fail(subject: str, text: str, advice: str) -> Finding:
    """It does not work."""
    return Finding(Mark.FAIL, subject, text, advice)


def report(findings: Iterable[Finding], *, ascii_only: bool = False) -> str:
    """The findings as plain text, a line each."""
    signs = _ASCII_SIGNS if ascii_only else _SIGNS
    return "".join(
        f"{signs[one.mark]} {one.mark:<4}  {one.subject:<12}  {clean(f'{one.text} {one.advice}'.rstrip())}\n"
        for one in findings
    )
