"""The web application: routes and middleware."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from usage_tui import __version__
from usage_tui.server.api import health_routes, read_routes, refusals, write_routes
from usage_tui.server.api.description import describe
from usage_tui.server.api.methods import HeadAsGet
from usage_tui.server.api.request_log import RequestLog
from usage_tui.server.api.uploads import BODY_SECONDS, UploadLimits
from usage_tui.server.service import UsageService


class _UsageApi(FastAPI):
    """Describes itself as `describe` does, once, because that takes longer than most requests."""

    def openapi(self) -> dict[str, Any]:
        """The description, OpenAPI 3.1."""
        if self.openapi_schema is None:
            self.openapi_schema = describe(self)
        return self.openapi_schema


def create_app(
    service: UsageService, *, behind_proxy: bool = False, body_seconds: float = BODY_SECONDS
) -> FastAPI:
    """The application that serves one database.

    Args:
        service: Answers the requests.
        behind_proxy: Whether all requests come through a proxy, which forwards the address of the client.
        body_seconds: How long a sender can take for a body.
    """
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
    refusals.add_handlers(app)
    # The last one added sees a request first.
    app.add_middleware(HeadAsGet)
    app.add_middleware(RequestLog, metrics=service.metrics, behind_proxy=behind_proxy)
    app.add_middleware(UploadLimits, seconds=body_seconds)
    return app
