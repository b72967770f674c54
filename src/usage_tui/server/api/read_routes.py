"""The routes that read: what a request's parameters mean, and which reply they ask for."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from usage_tui import wire
from usage_tui.models import DailyUsage, SourceDays
from usage_tui.server.api import export
from usage_tui.server.api.event_filter import EventFilter
from usage_tui.server.api.requests import Service, ask_of, checked
from usage_tui.server.etag import Answer
from usage_tui.server.replies import people
from usage_tui.server.replies import slices as replies
from usage_tui.server.replies.pages import DEFAULT_LIMIT, LARGEST_LIMIT
from usage_tui.server.replies.slices import Build, View

T = TypeVar("T")

Limit = Annotated[int, Query()]
KnownEtags = Annotated[str | None, Header(alias="If-None-Match")]
Text = Annotated[str | None, Query(max_length=200)]
By = Annotated[Literal["source", "actor"], Query()]
Day = Annotated[str | None, Query(max_length=200, json_schema_extra={"format": "date"})]

_JSON = "application/json"
_LARGEST_NUMBER = 2**63 - 1
HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization, Accept"}

router = APIRouter()
"""The routes under ``/v1`` that read."""


def _reply(service: Service, request: Request, org: str, build: Build) -> Response:
    return sent(service.read(ask_of(request), org, build))


@router.get("/v1/me")
def me(service: Service, request: Request, known_etags: KnownEtags = None) -> Response:
    """Get the user the token belongs to, and the organizations they can see."""
    return sent(service.me(ask_of(request)))


@router.get("/v1/orgs/{org}/usage/summary")
def summary(service: Service, request: Request, org: str, known_etags: KnownEtags = None) -> Response:
    """Get the balance, billing period, progress and state: all that a first screen needs."""
    return _reply(service, request, org, replies.summary)


@router.get("/v1/orgs/{org}/usage/sources")
def sources(
    service: Service,
    request: Request,
    org: str,
    period: Annotated[str, Query(max_length=200)] = replies.CURRENT,
    by: By = "source",
    limit: Limit = LARGEST_LIMIT,
    known_etags: KnownEtags = None,
) -> Response:
    """List what or who spent credits in a billing period, highest first. Rows past the limit are added up.

    By `actor`, `kind` is `actor`, and `source_id` and `label` are the actor. The last row, whose `source_id`
    is empty, is what no event attributes to anybody, even if that is nothing.
    """
    ranking = people.people if by == "actor" else replies.sources
    build = partial(ranking, period_id=period, limit=_coerced(limit))
    return _reply(service, request, org, build)


@router.get("/v1/orgs/{org}/usage/daily")
def daily(
    service: Service,
    request: Request,
    org: str,
    range_name: Annotated[Literal["7d", "14d", "period"] | None, Query(alias="range")] = None,
    period: Text = None,
    start: Day = None,
    end: Day = None,
    known_etags: KnownEtags = None,
) -> Response:
    """List credits by day: for a billing period, for the last days, or between two dates.

    Dates go before `period`, and that goes before `range`.
    """
    return _reply(service, request, org, partial(_daily, range_name, period, start, end))


@router.get("/v1/orgs/{org}/usage/daily/sources")
def source_days(
    service: Service,
    request: Request,
    org: str,
    start: Day = None,
    end: Day = None,
    by: By = "source",
    limit: Limit = LARGEST_LIMIT,
    known_etags: KnownEtags = None,
) -> Response:
    """List what each source spent on each day between two dates, the source that spent most first.

    Each source has one amount for each day. Sources past the limit are added up. By `actor`, people stand
    where sources would.
    """
    days = people.people_days_between if by == "actor" else replies.source_days_between

    def build(view: View) -> SourceDays:
        return days(view, *_dates(start, end, view), _coerced(limit))

    return _reply(service, request, org, build)


@router.get("/v1/orgs/{org}/usage/events")
def events(
    service: Service,
    request: Request,
    org: str,
    read_query: EventFilter,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Annotated[str | None, Query(max_length=1000)] = None,
    known_etags: KnownEtags = None,
) -> Response:
    """Get a page of events that meet all conditions, newest first unless sorted, or export all of them.

    A condition with several values is met by any of them; each `q` must be found. `applied` lists the
    parameters that were applied. The first page has `totals` if there are conditions.

    With conditions beside one `kind`, one `source_id`, `from` and `to`, a page may have fewer events than
    `limit`, or none, and still have a next page: each request searches at most 5,000 events, and `newer`
    counts among the first 5,000 that arrived later. `totals` look at no more than 10,000 events, but are
    always complete for whole days, kinds and sources.

    With `Accept: text/csv` or `Accept: application/x-ndjson`, the reply is a stream of all matching events.
    """
    media_type = _media_type(request.headers.get("Accept", ""))
    if media_type in export.WRITERS:
        exported = service.export(ask_of(request), org, read_query)
        return StreamingResponse(export.WRITERS[media_type](exported), media_type=media_type, headers=HEADERS)
    build = partial(replies.events, read_query=read_query, cursor=cursor, limit=_coerced(limit))
    return _reply(service, request, org, build)


@router.get("/v1/orgs/{org}/grants")
def grants(
    service: Service,
    request: Request,
    org: str,
    status: Literal["active", "used", "expired", "locked", "scheduled", "voided"] | None = None,
    known_etags: KnownEtags = None,
) -> Response:
    """List all grants: first the usable ones in the order they are spent, then the rest, newest first."""
    return _reply(service, request, org, partial(replies.grants, status=status))


@router.get("/v1/orgs/{org}/allowances")
def allowances(service: Service, request: Request, org: str, known_etags: KnownEtags = None) -> Response:
    """List every allowance with its lines."""
    return _reply(service, request, org, replies.allowances)


@router.get("/v1/orgs/{org}/billing-periods")
def billing_periods(service: Service, request: Request, org: str, known_etags: KnownEtags = None) -> Response:
    """List the billing periods and what each cost, newest first."""
    return _reply(service, request, org, replies.billing_periods)


@router.get("/v1/orgs/{org}/audit-log")
def audit_log(
    service: Service,
    request: Request,
    org: str,
    before: Annotated[int | None, Query(ge=1, le=_LARGEST_NUMBER)] = None,
    limit: Limit = DEFAULT_LIMIT,
    known_etags: KnownEtags = None,
) -> Response:
    """List who changed what and when, newest first. Only owners can see it.

    It has changes of grants, allowances and the plan, reversals, members, tokens and settings. What services
    report is not in it; see the events.
    """
    return sent(service.audit_log(ask_of(request), org, before, _coerced(limit)))


def sent(answer: Answer) -> Response:
    """An answer as HTTP says it."""
    headers = dict(HEADERS)
    if answer.etag is not None:
        headers["ETag"] = answer.etag
    if answer.body is None:
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type=_JSON, headers=headers)


def _media_type(accepted: str) -> str:
    """The first that an ``Accept`` header names among those that events are given in."""
    named = (part.partition(";")[0].strip().lower() for part in accepted.split(","))
    return next((name for name in named if name in (*export.WRITERS, _JSON)), _JSON)


def _coerced(limit: int) -> int:
    return min(max(limit, 1), LARGEST_LIMIT)


def _daily(
    range_name: str | None, period_id: str | None, start: str | None, end: str | None, view: View
) -> DailyUsage:
    if start is not None or end is not None:
        return replies.daily_between(view, *_dates(start, end, view))
    if period_id is not None:
        return replies.daily_of_period(view, period_id)
    match range_name:
        case "7d":
            return replies.daily_of_last(view, 7)
        case "14d":
            return replies.daily_of_last(view, 14)
    return replies.daily_of_period(view)


def _dates(start: str | None, end: str | None, view: View) -> tuple[date, date]:
    """The first and the last day of a range; by default those of the current billing period to date."""
    first = view.shown(view.current_period()).start_date if start is None else _date("start", start)
    return first, view.today if end is None else _date("end", end)


def _date(name: str, text: str) -> date:
    return checked(name, text, wire.read_date)
