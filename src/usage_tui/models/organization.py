"""The viewer and the organizations they belong to."""

from __future__ import annotations

from usage_tui.frozen import frozen

ROLES = ("owner", "admin", "member", "viewer")
"""The roles of members. A service can have others."""

NO_BILLING_ACCESS = "An owner or a billing admin can see this. Your membership has no billing access."
"""Why something is withheld, if the service gives no reason itself."""


@frozen
class User:
    """The person a token belongs to."""

    id: str
    name: str


@frozen
class Membership:
    """An organization as one of its members sees it.

    Attributes:
        id: The organization's ID.
        name: The organization's name.
        role: ``owner``, ``admin``, ``member``, ``viewer``, or another word.
        billing_access: Whether this member can see events and grants. It does not depend on the role alone.
        time_zone: The IANA time zone in which the organization counts days.
    """

    id: str
    name: str
    role: str
    billing_access: bool
    time_zone: str


@frozen
class Me:
    """The user the token belongs to, and the organizations they belong to.

    Attributes:
        scopes: What the token can do.
    """

    user: User
    organizations: tuple[Membership, ...]
    scopes: tuple[str, ...] = ("read",)


@frozen
class Organization:
    """The organization that the reply is about."""

    id: str
    name: str
    time_zone: str
