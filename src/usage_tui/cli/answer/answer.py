"""How the answer of a command begins."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli.answer.session import Session
from usage_tui.state.answer import Answer
from usage_tui.tables.head import Head

__all__ = ["Answer", "Answered", "Head", "Question", "head"]

A_co = TypeVar("A_co", bound=Answer, covariant=True)


class Answered(NamedTuple, Generic[A_co]):
    """An answer for programs and for people.

    Attributes:
        answer: What programs read.
        text: Draws it for people.
    """

    answer: A_co
    text: Callable[[Area], Sequence[Line]]


class Question(Protocol[A_co]):
    """The module of a command that answers; only its `run` prints."""

    def parser(self) -> argparse.ArgumentParser:
        """What the command takes."""

    async def ask(self, session: Session, options: argparse.Namespace) -> Answered[A_co]:
        """The answer.

        Raises:
            Refusal: There is none.
            ClientError: The source gives none.
        """


def head(session: Session, schema: str, as_of: datetime) -> Head:
    """How an answer begins.

    Args:
        session: What is known.
        schema: The name and version of its schema.
        as_of: When its data were true.

    Raises:
        Refusal: The organization is not known.
    """
    return session.about.head(schema, as_of)
