"""Every failure as a problem document."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from usage_tui.server.api.methods import allowed_methods
from usage_tui.server.api.requests import ask_of
from usage_tui.server.db.database import DatabaseUnavailable
from usage_tui.server.problems import MEDIA_TYPE, Problem, database_busy, not_found

CLIENT_CLOSED_REQUEST = 499
"""The status, as other servers log it, of a request whose client disconnected."""

_LOG = logging.getLogger("usage_tui.server")


def add_handlers(app: FastAPI) -> None:
    """Make an application answer exceptions with problem documents."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(ClientDisconnect, _hung_up)


def problem_response(request: Request, problem: Problem) -> Response:
    """The response for a problem."""
    request_id = getattr(request.state, "request_id", "")
    return Response(
        problem.document(request_id), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def _problem(request: Request, error: Any) -> Response:
    return problem_response(request, error)


def _hung_up(_request: Request, _error: Any) -> Response:
    """Nobody reads this response; it is for the log and the metrics."""
    return Response(status_code=CLIENT_CLOSED_REQUEST)


def _unavailable(request: Request, error: Any) -> Response:
    request.app.state.service.metrics.count_unavailable()
    _LOG.warning({"request_id": request.state.request_id, "database": str(error)[:200]})
    return problem_response(request, database_busy())


def _invalid_request(request: Request, error: Any) -> Response:
    """Only a client with a valid token is told what is wrong with the parameters."""
    try:
        request.app.state.service.check_token(ask_of(request))
    except Problem as refusal:
        return problem_response(request, refusal)
    except DatabaseUnavailable as unavailable:
        return _unavailable(request, unavailable)
    # A place is where the parameter is, its name, and which of its values.
    faults = [{"name": str(fault["loc"][:2][-1]), "reason": fault["msg"]} for fault in error.errors()]
    if any(fault["name"].lower() == "idempotency-key" for fault in faults):
        problem = Problem("idempotency_key_missing", "Send an Idempotency-Key header of 1 to 200 characters.")
    else:
        problem = Problem("invalid_parameter", "A parameter is invalid.", invalid_parameters=faults)
    return problem_response(request, problem)


def _http_exception(request: Request, error: Any) -> Response:
    if error.status_code == 405:
        return _no_such_method(request)
    if error.status_code == 404:
        return problem_response(request, not_found())
    return problem_response(request, Problem("invalid_body", "The request is malformed."))


def _no_such_method(request: Request) -> Response:
    allow = {"Allow": allowed_methods(request)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return problem_response(
        request, Problem("method_not_allowed", "This URL does not support that method.", headers=allow)
    )
