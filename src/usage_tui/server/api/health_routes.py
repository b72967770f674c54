"""The routes for monitoring. They return nothing about any organization."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse

from usage_tui.server.api.requests import Service
from usage_tui.server.metrics import MEDIA_TYPE
from usage_tui.server.problems import starting

router = APIRouter()
"""The routes beside ``/v1``."""


@router.get("/healthz", response_class=PlainTextResponse)
def healthz() -> str:
    """Check that the process answers."""
    return "ok\n"


@router.get("/readyz", response_class=PlainTextResponse)
def readyz(service: Service) -> str:
    """Check that the database answers, has the tables of this version, and that the clock can be trusted."""
    if not service.database.is_current():
        raise starting()
    service.require_clock()
    return "ready\n"


@router.get("/metrics", response_class=PlainTextResponse)
def metrics(service: Service) -> Response:
    """Get what the process has counted since it started, in the Prometheus text format."""
    return Response(service.metrics.exposition(), media_type=MEDIA_TYPE)
