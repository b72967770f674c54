"""What moves of each grant in each billing period."""

from __future__ import annotations

from sqlalchemy import BindParameter, Connection, bindparam, select

from usage_tui.ledger.roll_forward import Moves, MovesByPeriod
from usage_tui.server.db.bulk import insert_rows
from usage_tui.server.db.rows import GrantMovesRow
from usage_tui.server.db.schema import grant_moves

_ORG: BindParameter[str] = bindparam("org")
_MOVES = select(grant_moves).where(grant_moves.c.org_id == _ORG)
_ADD_TO_KEPT = """
ON CONFLICT (org_id, grant_id, period_number) DO UPDATE SET
    used = grant_moves.used + excluded.used,
    restored = grant_moves.restored + excluded.restored,
    voided = grant_moves.voided + excluded.voided,
    lapsed = grant_moves.lapsed + excluded.lapsed
"""


def add_moves(connection: Connection, org_id: str, moves: MovesByPeriod) -> None:
    """Add what moved to what is stored."""
    rows = [GrantMovesRow(org_id, *key, *moved) for key, moved in moves.items()]
    insert_rows(connection, grant_moves, rows, on_conflict=_ADD_TO_KEPT)


def read_moves(connection: Connection, org_id: str) -> MovesByPeriod:
    """What is stored of an organization."""
    return {
        (row.grant_id, row.period_number): Moves(row.used, row.restored, row.voided, row.lapsed)
        for row in connection.execute(_MOVES, {"org": org_id})
    }
