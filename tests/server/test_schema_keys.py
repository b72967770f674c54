"""The tables can be distributed by organization, as docs/service.md says."""

from __future__ import annotations

from usage_tui.server.db.schema import metadata

OF_NO_ORGANIZATION = {"users", "tokens", "signing_keys", "service_clock"}


def test_every_key_begins_with_the_organization() -> None:
    tables = [table for table in metadata.sorted_tables if table.name not in OF_NO_ORGANIZATION]
    assert len(tables) > 10
    for table in tables:
        unique = [list(index.columns) for index in table.indexes if index.unique]
        for columns in (list(table.primary_key.columns), *unique):
            assert columns[0].name == "org_id", table.name


def test_references_stay_within_an_organization() -> None:
    for table in metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            shared = key.referred_table.name in OF_NO_ORGANIZATION
            assert shared or "org_id" in key.column_keys, (table.name, key.name)
