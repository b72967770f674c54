"""The routes that watch over the process; they tell nothing of any organization."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from usage_tui.server.problems import Problem
from usage_tui.server.requests import Service

router = APIRouter()
"""The routes beside ``/v1``."""


@router.get("/healthz", response_class=PlainTextResponse)
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@router.get("/readyz", response_class=PlainTextResponse)
def readyz(service: Service) -> str:
    """The database answers and has the tables of this version."""
    if not service.database.is_current():
        raise Problem("starting", "The database is being prepared.", headers={"Retry-After": "1"})
    return "ready\n"
