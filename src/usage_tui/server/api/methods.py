"""Methods without a route: HEAD is answered like GET, and OPTIONS with the allowed methods."""

from __future__ import annotations

from starlette.requests import ClientDisconnect, Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_OFFERED = "GET", "POST", "PUT"


def allowed_methods(request: Request) -> str:
    """The methods that the URL of a request supports, as in the ``Allow`` header."""
    routes = request.app.routes
    found = [
        method
        for method in _OFFERED
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return ", ".join([*found, *(["HEAD"] if "GET" in found else []), "OPTIONS"])


class HeadAsGet:
    """Answers HEAD with the status and headers of GET. An export is not read for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, as ASGI says."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
                return
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            raise _HeadSent

        answered = {**scope, "method": "GET"}
        try:
            await self._app(answered, receive, send_head)
        except (_HeadSent, ClientDisconnect):
            return
        finally:
            # The log and the metrics need the route that answered.
            scope.update({name: answered[name] for name in ("route", "path_params") if name in answered})


class _HeadSent(OSError):
    """Nobody reads the body, which ASGI signals with this kind of error."""
