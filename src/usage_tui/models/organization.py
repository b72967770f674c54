"""The viewer and the organizations they belong to."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("owner", "admin", "member", "viewer")
"""The roles of members. A service may have others."""

NO_BILLING_ACCESS = "An owner or a billing admin can see this. Your membership has no billing access."
"""Why something is withheld, if the service gives no reason itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """The person a token belongs to."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """An organization as one of its members sees it.

    Attributes:
        id: The organization's id.
        name: The organization's name.
        role: ``owner``, ``admin``, ``member``, ``viewer``, or a word this version does not know.
        billing_access: Whether events and grants may be seen. It does not follow from the role.
        time_zone: IANA name of the zone whose days the organization counts in.
    """

    id: str
    name: str
    role: str
    billing_access: bool
    time_zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the viewer is."""

    user: User
    organizations: tuple[Membership, ...]
    scopes: tuple[str, ...] = ("read",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The organization that a reply is about."""

    id: str
    name: str
    time_zone: str
