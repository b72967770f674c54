"""The routes that watch over the process; they tell nothing of any organization."""

from __future__ import annotations

from fastapi import APIRouter, Response

from usage_tui.server.problems import Problem
from usage_tui.server.requests import Service

router = APIRouter()
"""The routes beside ``/v1``."""


@router.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", media_type="text/plain")


@router.get("/readyz")
def readyz(service: Service) -> Response:
    """The database answers and has the tables of this version."""
    if not service.database.is_current():
        raise Problem("starting", "The database is being prepared.", headers={"Retry-After": "1"})
    return Response("ready\n", media_type="text/plain")
