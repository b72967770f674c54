"""Who sends a request, and what they may do: tokens, memberships, scopes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from usage_tui.models import Membership, User, clean
from usage_tui.server.db.instants import from_micros, to_micros
from usage_tui.server.db.reads import OrganizationRow, organization_of
from usage_tui.server.db.schema import memberships, organizations, tokens, users
from usage_tui.server.problems import Problem, not_found

SCOPES = ("ingest", "billing")
"""What a machine can be allowed to do."""

_PREFIX = "uat"
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="usage-tui"'}
_NO_HASH = bytes(32)
_REMOVED = "the person is no longer a member of any organization"

# Everything a request needs before it is answered, and everything a 304 costs.
_CALLER = (
    select(
        tokens.c.id.label("token_id"),
        tokens.c.secret_hash,
        tokens.c.user_id,
        tokens.c.org_id.label("machine_of"),
        tokens.c.scopes,
        tokens.c.expires_at,
        tokens.c.revoked_at,
        users.c.name.label("user_name"),
        memberships.c.role,
        memberships.c.billing_access,
        organizations,
    )
    .select_from(tokens)
    .outerjoin(users, users.c.id == tokens.c.user_id)
    .outerjoin(
        memberships,
        and_(memberships.c.org_id == bindparam("org"), memberships.c.user_id == tokens.c.user_id),
    )
    .outerjoin(organizations, organizations.c.org_id == memberships.c.org_id)
    .where(tokens.c.id == bindparam("token"))
)


class Access(NamedTuple):
    """A person's membership in the requested organization, at the time of the request."""

    user: User
    role: str
    billing_access: bool

    def require_billing(self) -> None:
        """Refuse those who cannot see events and grants.

        Raises:
            Problem: There is no billing access.
        """
        if not self.billing_access:
            raise Problem(
                "billing_access_required",
                "An owner or a billing admin can see this. Your membership has no billing access.",
                your_role=self.role,
            )

    def require_owner(self) -> None:
        """Refuse those who cannot see the audit log.

        Raises:
            Problem: The person is not an owner.
        """
        if self.role != "owner":
            raise Problem("owner_required", "Only an owner can see this.", your_role=self.role)


class Caller(NamedTuple):
    """The owner of a token: a person, or a machine of one organization.

    Attributes:
        user: The person; None for a machine.
        org_id: The machine's organization; None for a person.
        scopes: What the machine may do.
        membership: The person's membership in the requested organization, with its row; None if there
            is none.
    """

    token_id: str
    user: User | None
    org_id: str | None
    scopes: frozenset[str]
    membership: tuple[Access, OrganizationRow] | None


def create_token(
    connection: Connection,
    *,
    name: str,
    now: datetime,
    user_id: str | None = None,
    org_id: str | None = None,
    scopes: tuple[str, ...] = (),
    expires_at: datetime | None = None,
) -> str:
    """Make a token for a person, or for a machine of an organization.

    Returns:
        The token. Only a hash of its secret is stored, so it cannot be shown again.
    """
    token_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    connection.execute(
        insert(tokens).values(
            id=token_id,
            name=name,
            secret_hash=_hash(secret),
            user_id=user_id,
            org_id=org_id,
            scopes=" ".join(scopes),
            created_at=to_micros(now),
            expires_at=to_micros(expires_at),
        )
    )
    return f"{_PREFIX}_{token_id}_{secret}"


def revoke_token(connection: Connection, token_id: str, now: datetime) -> bool:
    """Revoke a token at once; False if it is unknown or was revoked before."""
    this_one = (tokens.c.id == token_id) & tokens.c.revoked_at.is_(None)
    return bool(connection.execute(update(tokens).where(this_one).values(revoked_at=to_micros(now))).rowcount)


def revoke_tokens_of(connection: Connection, user_id: str, now: datetime) -> tuple[str, ...]:
    """Revoke the tokens of a person, for good: they stay revoked when the person becomes a member again.

    Returns:
        The IDs of those that were valid.
    """
    valid = (tokens.c.user_id == user_id) & tokens.c.revoked_at.is_(None)
    found = tuple(connection.scalars(select(tokens.c.id).where(valid).order_by(tokens.c.id)))
    connection.execute(update(tokens).where(valid).values(revoked_at=to_micros(now)))
    return found


def authenticate(
    connection: Connection,
    authorization: str | None,
    now: datetime,
    note_token: Callable[[str], None],
    org_id: str | None = None,
) -> Caller:
    """The caller that the ``Authorization`` header identifies.

    Args:
        connection: A snapshot.
        authorization: The header.
        now: The present.
        note_token: Called with the ID of the token once its secret is verified, valid or no longer.
        org_id: The requested organization, if any.

    Raises:
        Problem: It is missing, unknown, revoked or expired.
    """
    scheme, _, token = (authorization or "").partition(" ")
    prefix, _, rest = token.strip().partition("_")
    token_id, _, secret = rest.partition("_")
    # PostgreSQL refuses some characters, and no ID has them.
    asked = org_id if org_id is None or clean(org_id) == org_id else None
    row = connection.execute(_CALLER, {"token": token_id, "org": asked}).one_or_none()
    # An unknown token takes as long as a wrong one.
    matches = hmac.compare_digest(_NO_HASH if row is None else row.secret_hash, _hash(secret))
    if scheme.lower() != "bearer" or prefix != _PREFIX or row is None or not matches:
        raise Problem(
            "unauthenticated", "The token is missing, or was not issued by this service.", headers=_CHALLENGE
        )
    note_token(row.token_id)
    # A membership in the requested organization is known already.
    if row.user_id is not None and row.role is None and not is_member(connection, row.user_id):
        raise Problem("unauthenticated", f"The token is no longer valid: {_REMOVED}.", headers=_CHALLENGE)
    if row.revoked_at is not None:
        raise Problem("unauthenticated", "The token has been revoked.", headers=_CHALLENGE)
    expires_at = from_micros(row.expires_at)
    if expires_at is not None and expires_at <= now:
        raise Problem("token_expired", "The token has expired.", headers=_CHALLENGE)
    user = None if row.user_id is None else User(id=row.user_id, name=row.user_name)
    membership = None
    if user is not None and row.role is not None:
        membership = Access(user, row.role, row.billing_access), organization_of(row)
    return Caller(row.token_id, user, row.machine_of, frozenset(row.scopes.split()), membership)


def is_member(connection: Connection, user_id: str) -> bool:
    """Whether a person is a member of any organization."""
    query = select(memberships.c.org_id).where(memberships.c.user_id == user_id).limit(1)
    return connection.scalar(query) is not None


def memberships_of(connection: Connection, user: User) -> tuple[Membership, ...]:
    """The organizations of a person, sorted by ID."""
    query = (
        select(memberships, organizations.c.name, organizations.c.time_zone)
        .join(organizations, organizations.c.org_id == memberships.c.org_id)
        .where(memberships.c.user_id == user.id)
        .order_by(memberships.c.org_id)
    )
    return tuple(
        Membership(
            id=row.org_id,
            name=row.name,
            role=row.role,
            billing_access=row.billing_access,
            time_zone=row.time_zone,
        )
        for row in connection.execute(query)
    )


def person(caller: Caller) -> User:
    """The person who sends the request.

    Raises:
        Problem: It is a machine.
    """
    if caller.user is None:
        raise Problem("scope_missing", "A machine token cannot read usage. Use a person's token.")
    return caller.user


def member(caller: Caller) -> tuple[Access, OrganizationRow]:
    """The person's membership in the requested organization, with its row.

    Raises:
        Problem: It is a machine, or the organization does not exist for this person.
    """
    person(caller)
    if caller.membership is None:
        raise not_found()
    return caller.membership


def machine(caller: Caller, org_id: str, scope: str) -> None:
    """Refuse everyone but a machine of this organization with the scope.

    Raises:
        Problem: It is not such a machine.
    """
    if caller.org_id is not None and caller.org_id != org_id:
        raise not_found()
    if scope not in caller.scopes:
        raise Problem(
            "scope_missing",
            f"This request needs a machine token with the scope {scope}.",
            required_scope=scope,
        )


def _hash(secret: str) -> bytes:
    """A hash of the secret. It has 256 random bits, so a plain hash cannot be reversed by search."""
    return hashlib.sha256(secret.encode()).digest()
