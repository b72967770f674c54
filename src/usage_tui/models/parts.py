"""The parts of an overview that a client may not offer."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Part(StrEnum):
    """A part of what a client reports about an organization, by its name in a reply.

    A part that is missing is None in the models, never zero. `Summary.not_offered` has the reasons.
    """

    BALANCE = "balance"
    """How much is left."""
    SPLIT = "split"
    """How much of the balance is included, and how much was bought."""
    PERIOD = "period"
    """When the billing period starts and ends."""
    INCLUDED = "included"
    """How far the included amount, or a budget, is used."""
    USAGE = "usage"
    """What the period cost in total."""
    COUNTS = "counts"
    """How many uses a source or a day had."""
    EVENTS = "events"
    """Single events; without them the history has daily totals."""
    PLAN = "plan"
    """The subscription."""
    STATE = "state"
    """What the balance means for new work."""


LEFT_OUT_BY_DEFAULT: Mapping[str, bool] = {"left_out_by_default": True}
"""Metadata of a field that is left out while it has its default, because most clients do not know it."""
