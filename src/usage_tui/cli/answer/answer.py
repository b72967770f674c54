"""The answer of a command, for programs and for people."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from usage_tui.cards.typeset.lines import Area, Line
from usage_tui.cli.answer.session import Session
from usage_tui.state.answer import Answer

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
