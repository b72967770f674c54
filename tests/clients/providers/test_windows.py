from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from usage_tui.clients.providers.base import Act
from usage_tui.clients.providers.windows import Window
from usage_tui.models import EventQuery

NOW = datetime(2026, 11, 20, 12, 0, 0, 500, tzinfo=UTC)
SIZE = 3


class Pages:
    """A vendor that numbers its pages; a new act comes in before each page that is asked for."""

    def __init__(self, ages: list[int], new: int) -> None:
        self.times = sorted((NOW - timedelta(minutes=age) for age in ages), reverse=True)
        self.new = new

    def page(self, window: Window) -> tuple[list[Act], bool]:
        if self.new:
            self.times.insert(0, NOW + timedelta(seconds=self.new))
            self.new -= 1
        inside = [at for at in self.times if window.start <= at <= window.end]
        start = (window.page - 1) * SIZE
        found = [Act(f"{at}", at, "m", "m", "run", Decimal(1)) for at in inside[start : start + SIZE]]
        return found, start + SIZE < len(inside)


@given(
    ages=st.lists(st.integers(0, 400 * 24 * 60), max_size=40, unique=True),
    new=st.integers(0, 5),
    back=st.none() | st.integers(1, 400),
)
def test_every_act_is_found_once_while_others_come_in(ages: list[int], new: int, back: int | None) -> None:
    vendor = Pages(ages, new)
    oldest = NOW - timedelta(days=365 if back is None else back)
    wanted = [at for at in vendor.times if at >= oldest]
    query = EventQuery(starts_at=None if back is None else oldest)
    found, cursor, asked = dict[str, datetime](), None, 0
    while True:
        window = Window.of(query, cursor, NOW)
        acts, has_more = vendor.page(window)
        found |= {act.id: act.at for act in acts}
        cursor = window.cursor_after(acts, has_more=has_more)
        asked += 1
        if cursor is None:
            break
    assert [at for at in found.values() if at <= NOW] == wanted
    assert asked <= len(vendor.times) // SIZE + 14 + new


def test_an_empty_page_that_claims_more_ends_its_window() -> None:
    window = Window.of(EventQuery(starts_at=NOW - timedelta(days=1)), None, NOW)
    assert window.cursor_after([], has_more=True) is None


def test_a_query_that_ends_earlier_is_not_asked_for_later() -> None:
    ends = datetime(2026, 11, 3, 1, tzinfo=UTC).astimezone(tz=None)
    window = Window.of(EventQuery(ends_at=ends), None, NOW)
    assert (f"{window.end:%d %H:%M:%S}", window.end.tzinfo) == ("03 01:00:01", UTC)
