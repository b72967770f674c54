"""The web application: routes, and every failure as a problem document."""

from __future__ import annotations

import json
import logging
import secrets
import time
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from usage_tui import __version__
from usage_tui.server.api import health_routes, read_routes, write_routes
from usage_tui.server.api.description import describe
from usage_tui.server.api.methods import HeadAsGet, allowed_methods
from usage_tui.server.api.requests import ask_of
from usage_tui.server.db.database import DatabaseUnavailable
from usage_tui.server.metrics import RequestCount
from usage_tui.server.problems import MEDIA_TYPE, Problem, database_busy, not_found
from usage_tui.server.service import UsageService

_LOG = logging.getLogger("usage_tui.server")


class _UsageApi(FastAPI):
    """Describes itself as `describe` does: once, for that takes longer than most requests."""

    def openapi(self) -> dict[str, Any]:
        """The description, OpenAPI 3.1."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self)
        return self.openapi_schema


def create_app(service: UsageService) -> FastAPI:
    """The application that serves one database."""
    app = _UsageApi(
        title="Usage API",
        version=__version__,
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.service = service
    app.include_router(read_routes.router)
    app.include_router(write_routes.router)
    app.include_router(health_routes.router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(DatabaseUnavailable, _unavailable)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    # The last one added sees a request first.
    app.add_middleware(RequestCount, metrics=service.metrics)
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLog)
    return app


class RequestLog:
    """Gives every request an id, and writes one line about it: never a query, a header or a body.

    What fails unforeseen is answered here and raised on, so that the server logs where it happened.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(8)}"
        scope.setdefault("state", {})["request_id"] = request_id
        started, answered = time.perf_counter(), False

        async def send_on(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start":
                answered = True
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
                self._log(scope, message["status"], request_id, time.perf_counter() - started)
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception:
            if not answered:
                bug = Problem("internal_error", "The service failed; its log says more.")
                await _answer(Request(scope), bug)(scope, receive, send_on)
            raise

    def _log(self, scope: Scope, status: int, request_id: str, seconds: float) -> None:
        entry = {
            "request_id": request_id,
            "method": scope["method"],
            "path": scope["path"],
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        _LOG.info(json.dumps(entry))


def _answer(request: Request, problem: Problem) -> Response:
    request_id = getattr(request.state, "request_id", "")
    return Response(
        problem.document(request_id), problem.status, headers=problem.headers, media_type=MEDIA_TYPE
    )


def _problem(request: Request, error: Any) -> Response:
    return _answer(request, error)


def _unavailable(request: Request, error: Any) -> Response:
    request.app.state.service.metrics.count_unavailable()
    _LOG.warning(json.dumps({"request_id": request.state.request_id, "database": str(error)[:200]}))
    return _answer(request, database_busy())


def _invalid_request(request: Request, error: Any) -> Response:
    """What is wrong with the parameters is told to those alone who may ask."""
    try:
        request.app.state.service.check_token(ask_of(request))
    except Problem as refusal:
        return _answer(request, refusal)
    except DatabaseUnavailable as unavailable:
        return _unavailable(request, unavailable)
    faults = [{"name": str(fault["loc"][-1]), "reason": fault["msg"]} for fault in error.errors()]
    if any(fault["name"].lower() == "idempotency-key" for fault in faults):
        problem = Problem("idempotency_key_missing", "Send the header Idempotency-Key, 1 to 200 characters.")
    else:
        problem = Problem("invalid_parameter", "A parameter cannot be understood.", invalid_parameters=faults)
    return _answer(request, problem)


def _http_exception(request: Request, error: Any) -> Response:
    if error.status_code == 405:
        return _no_such_method(request)
    if error.status_code == 404:
        return _answer(request, not_found())
    return _answer(request, Problem("invalid_body", "The request cannot be read."))


def _no_such_method(request: Request) -> Response:
    allow = {"Allow": allowed_methods(request)}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allow)
    return _answer(
        request, Problem("method_not_allowed", "This address does not take that method.", headers=allow)
    )
