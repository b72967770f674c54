"""The cell-diffing display shows what Textual's own does, on every screen and on every way between them."""

from __future__ import annotations

import pytest

from tests.ui.session import make_app, running
from tests.ui.test_snapshots import DASHBOARDS, DIALOGS, PAGES, STATES, STATES_ELSEWHERE, Picture, pictures
from tests.ui.witness import Witness, witness_frames

EVERYTHING = DASHBOARDS + STATES + STATES_ELSEWHERE + PAGES + DIALOGS


async def look(picture: Picture, monkeypatch: pytest.MonkeyPatch, witness: Witness) -> None:
    """Get to a picture, and compare both terminals on every step of the way."""
    monkeypatch.setenv("SSH_TTY", "/dev/pts/3")
    if picture.theme == "nocolor":
        monkeypatch.setenv("NO_COLOR", "1")
    app = make_app(picture.scenario, hint=picture.hint, theme=picture.theme, ascii=picture.ascii)
    async with running(app, picture.size, answered=picture.scenario != "loading") as session:
        witness.check()
        for key in picture.keys:
            await session.press(key)
            witness.check()
        assert "".join(witness.ours.text.split()), "nothing was shown"


@pictures(EVERYTHING)
async def test_every_picture_is_the_same_cell_for_cell(
    picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await look(picture, monkeypatch, witness_frames(monkeypatch, picture.size))
