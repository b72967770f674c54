"""Events that are kept oldest first come back newest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.recordings import EVENTS
from usage_tui.clients.recording.file import event_line
from usage_tui.clients.recording.oldest_first import OldestFirst


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2345])
def test_they_come_back_newest_first(tmp_path: Path, count: int) -> None:
    events = [EVENTS[number % len(EVENTS)] for number in range(count)]
    with OldestFirst(tmp_path / "x.jsonl") as kept:
        for event in events:
            kept.add(event)
        assert len(kept) == count
        assert list(kept.newest_first()) == [event_line(event) for event in reversed(events)]
        assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_is_not_needed() -> None:
    with OldestFirst(Path("/dev/stdout")) as kept:
        kept.add(EVENTS[0])
        assert list(kept.newest_first()) == [event_line(EVENTS[0])]
