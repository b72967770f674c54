"""Names of files: they say what is in them, and need no quotes."""

from __future__ import annotations

import shlex
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from usage_tui.tables.names import file_name

DAY = date(2026, 11, 22)


def test_a_file_is_named_for_what_it_holds() -> None:
    assert file_name("Acme", DAY, "history", "csv") == "usage-acme-2026-11-22-history.csv"
    assert (
        file_name("Café & Söhne, Inc.", DAY, "report", "html")
        == "usage-cafe-sohne-inc-2026-11-22-report.html"
    )
    assert file_name("", DAY, "daily", "md") == "usage-2026-11-22-daily.md"
    assert file_name("東京", DAY, "daily", "md") == "usage-2026-11-22-daily.md"


@given(st.text(max_size=200))
def test_no_organization_makes_a_name_that_leads_elsewhere(organization: str) -> None:
    name = file_name(organization, DAY, "history", "csv")
    assert shlex.quote(name) == name
    assert "/" not in name
    assert not name.startswith((".", "-"))
    assert len(name) < 100
