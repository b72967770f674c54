"""What the description says about each operation besides its route: texts, shapes, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from usage_tui.models import (
    Allowances,
    BillingPeriods,
    DailyUsage,
    Event,
    EventPage,
    Grant,
    Grants,
    Me,
    Ranking,
    SourceDays,
    Subscription,
    Summary,
)
from usage_tui.server.ledger_writer.audit import AuditLog
from usage_tui.server.ledger_writer.changes import NewAllowance, NewGrant, NewSubscription, Reversal
from usage_tui.server.ledger_writer.cloudevents import LONGEST_TEXT
from usage_tui.server.ledger_writer.ingest import Receipt
from usage_tui.server.replies.pages import LARGEST_LIMIT

TITLE = "Usage API"
ABOUT = """\
How much an organization has left, what spends it, and when it expires.

* **Amounts** are decimal strings with at most 6 decimal places, in the `unit` of the organization: credits,
  or a currency such as US dollars. Amounts are never converted. Counts are integers.
* **Times** are RFC 3339 in UTC, in fields named `..._at`; an end is exclusive. **Dates** are days in the
  organization's time zone, in fields named `..._date`; an end is inclusive.
* Every reply about an organization has a `revision` and the time `as_of` which it is true. Replies with the
  same revision agree with each other.
* Every GET returns an `ETag`. Send it as `If-None-Match` to get 304 and no body while nothing has changed.
* **Lists of events** have pages. Send `page.next` or `page.prev` as `cursor`, with the same filters. Events
  that arrive later do not move these pages; `newer` counts them.
* **Changes** need an `Idempotency-Key`. Events do not: their `source` and `id` identify them.
* **Errors** are problem documents (RFC 9457) with a `code`. 429 and 503 have a `Retry-After` header.
* New fields may be added at any time. Ignore fields that you do not know, and accept unknown values of words
  such as `kind` and `status`.
"""

TAGS: Mapping[str, str] = {
    "Usage": "What was spent, and what is left.",
    "Events": "Single usage events: list them, export them, or report them as CloudEvents.",
    "Billing": "Grants, allowances, billing periods and the plan.",
    "Operations": "For monitoring. No token is needed, and nothing about any organization is returned.",
}

PARAMETERS: Mapping[str, str] = {
    "org": "The ID of the organization, as listed by `/v1/me`.",
    "event_id": "The ID of the event.",
    "grant_id": "The ID of the grant.",
    "allowance_id": f"The ID of the allowance, at most {LONGEST_TEXT} characters. It is added if it is new.",
    "period": "The ID of a billing period, or `current`.",
    "by": "What a row stands for: a source, or a person, which needs billing access.",
    "range": (
        "The last 7 or 14 days, or the current billing period to date (the default). "
        "Ignored with `period`, `start` or `end`."
    ),
    "start": "The first day. Defaults to the start of the current billing period.",
    "end": "The last day, inclusive. Defaults to today.",
    "limit": f"The number of rows, from 1 to {LARGEST_LIMIT}. Others are changed to the nearest of these.",
    "cursor": "The `next`, `prev` or `here` of a page that was read with the same filters.",
    "from": "Only events at or after this time.",
    "to": "Only events before this time.",
    "kind": "Only events of this category, such as `ai_tool`. Several values mean any of them.",
    "not_kind": "No events of this category.",
    "source_id": "Only events of this source. Several values mean any of them.",
    "not_source_id": "No events of this source.",
    "source": "Only events with this text in the label or ID of their source, or that `source_name` allows.",
    "source_name": "Only events whose source has this label or ID, or that `source` allows.",
    "not_source": "No events with this text in the label or ID of their source.",
    "not_source_name": "No events whose source has this label or ID.",
    "actor": "Only events with this text in their actor, or that `actor_name` allows.",
    "actor_name": "Only events of this actor, or that `actor` allows.",
    "not_actor": "No events with this text in their actor.",
    "not_actor_name": "No events of this actor.",
    "activity": "Only events of this activity, such as `run`. Several values mean any of them.",
    "not_activity": "No events of this activity.",
    "q": "Only events with this text in their label, source ID or actor. All values must be found.",
    "not_q": "No events with this text in their label, source ID or actor.",
    "min_credits": "Only events of at least this amount, a decimal number. A reversal has a negative one.",
    "max_credits": "Only events of at most this amount.",
    "sort": "The order of the events: by time, or by amount and then by time.",
    "order": "Ascending or descending. By default the newest, or the largest amount, is first.",
    "before": "Only entries with a lower number: the `next_before` of the last reply.",
    "status": "Only grants with this status.",
    "If-None-Match": "The `ETag` of an earlier reply to the same request.",
    "Idempotency-Key": (
        "A name for this change that you choose, such as a UUID. A repeat with the same key and body changes "
        "nothing and gets the first answer."
    ),
}
"""The meaning of each parameter by name, which is the same everywhere."""

SAMPLES: Mapping[str, str] = {
    "org": "acme",
    "event_id": "evt_379d12299e8a4c476ce81dfc",
    "grant_id": "gr_1",
    "allowance_id": "storage",
    "Idempotency-Key": "6f0c8d3e-6b0e-4b43-9d3a-0d5f0b3a7c11",
}
"""An example of each required parameter."""


class Refusal(NamedTuple):
    """Why requests are refused with a status.

    Attributes:
        name: The name of the response among the components.
        description: What is wrong, as a sentence.
    """

    name: str
    description: str


REFUSALS: Mapping[int, Refusal] = {
    400: Refusal("BadRequest", "A parameter, a header or the body is invalid."),
    401: Refusal("Unauthorized", "The token is missing, invalid or expired."),
    403: Refusal("Forbidden", "The token may not do this."),
    404: Refusal("NotFound", "It does not exist, or the token may not see it."),
    408: Refusal("RequestTimeout", "The body did not arrive in time. Nothing was changed."),
    409: Refusal("Conflict", "The change contradicts what is stored."),
    410: Refusal("Gone", "The cursor has expired. Start again from the first page."),
    413: Refusal("TooLarge", "The body is larger than 1 MiB, or the batch has more than 1000 events."),
    415: Refusal("UnsupportedMediaType", "The `Content-Type` is not one that this operation accepts."),
    422: Refusal("Unprocessable", "The request can be read but not accepted. Nothing was changed."),
    429: Refusal("TooManyRequests", "The token has made too many requests."),
    500: Refusal("InternalError", "The service failed. Its log has the details under the request ID."),
    503: Refusal("Unavailable", "The service cannot answer now. Try again: nothing is booked twice."),
}
"""The meaning of every error status."""

_READ = (400, 401, 403, 404, 429, 500, 503)
_WRITE = (400, 401, 403, 404, 408, 409, 413, 415, 422, 429, 500, 503)
_MONITOR = (500,)


class Operation(NamedTuple):
    """One method of one address.

    Attributes:
        summary: A title for lists of operations.
        reply: The model of the reply; None for plain text.
        body: The model of a JSON body.
        refusals: The statuses with which it can be refused.
        needs_body: Whether the body is required.
    """

    tag: str
    summary: str
    reply: type[Any] | None
    body: type[Any] | None = None
    refusals: tuple[int, ...] = _READ
    needs_body: bool = True


OPERATIONS: Mapping[str, Operation] = {
    "me": Operation("Usage", "Get the user and their organizations", Me),
    "summary": Operation("Usage", "Get the balance and the state", Summary),
    "sources": Operation("Usage", "List sources by credits", Ranking),
    "daily": Operation("Usage", "List credits by day", DailyUsage),
    "source_days": Operation("Usage", "List credits by day and source", SourceDays),
    "events": Operation("Events", "List or export events", EventPage, refusals=(*_READ, 410)),
    "ingest": Operation("Events", "Report events", Receipt, refusals=_WRITE),
    "reverse": Operation("Events", "Reverse an event", Event, Reversal, _WRITE, needs_body=False),
    "grants": Operation("Billing", "List grants", Grants),
    "grant": Operation("Billing", "Grant credits", Grant, NewGrant, _WRITE),
    "void": Operation("Billing", "Void a grant", Grant, refusals=_WRITE),
    "allowances": Operation("Billing", "List allowances", Allowances),
    "allowance": Operation("Billing", "Set an allowance", Allowances, NewAllowance, _WRITE),
    "billing_periods": Operation("Billing", "List billing periods", BillingPeriods),
    "subscription": Operation("Billing", "Set the plan", Subscription, NewSubscription, _WRITE),
    "audit_log": Operation("Billing", "List changes", AuditLog),
    "healthz": Operation("Operations", "Check the process", None, refusals=_MONITOR),
    "readyz": Operation("Operations", "Check the database", None, refusals=(*_MONITOR, 503)),
    "metrics": Operation("Operations", "Get metrics", None, refusals=_MONITOR),
}
"""Every operation by its id, the name of its route."""
