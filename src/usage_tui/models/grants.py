"""Grants: what an organization was given or bought."""

from __future__ import annotations

from datetime import datetime

from usage_tui.frozen import frozen
from usage_tui.models.credits import Credits
from usage_tui.models.events import Page

SOON_DAYS = 14
"""Within how many civil days a grant expires soon."""


@frozen
class Grant:
    """One grant; `original` = `used` + `expired_amount` + `voided_amount` + `remaining`.

    Attributes:
        bucket: ``included`` or ``purchased``.
        origin: Where it came from: ``subscription``, ``purchase``, ``auto_recharge``, …
        effective_at: When the credits can first be spent.
        expires_at: When the credits expire (exclusive); None if they never do.
        status: At `as_of`: ``active``, ``used``, ``expired``, ``locked``, ``scheduled`` or ``voided``.
    """

    id: str
    description: str
    bucket: str
    origin: str
    granted_at: datetime
    effective_at: datetime
    expires_at: datetime | None = None
    status: str
    original: Credits
    used: Credits
    expired_amount: Credits
    voided_amount: Credits
    remaining: Credits


@frozen
class Grants:
    """All grants: first the usable ones in the order they are spent, then the rest, newest first.

    Attributes:
        page: All grants are on one page; None if it is not known.
    """

    as_of: datetime
    revision: int
    items: tuple[Grant, ...]
    page: Page | None = None
