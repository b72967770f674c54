"""Lines of spans on the screen, and what they leave in memory."""

from __future__ import annotations

import gc

from textual.strip import Strip

from tests.tui.session import WIDE, make_app, running


async def test_a_page_that_is_no_longer_shown_needs_no_garbage_collector() -> None:
    async with running(make_app(), WIDE) as ui:
        await ui.press("2", "n", "p")
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            gc.collect()
            ui.app.screen._compositor.render_strips()
            await ui.press("n")
            ui.app.screen._compositor.render_strips()
            await ui.press("n")
            ui.app.screen._compositor.render_strips()
            gc.set_debug(gc.DEBUG_SAVEALL)
            gc.collect()
            rows = [one for one in gc.garbage if isinstance(one, Strip) and "Tool run" in one.text]
        finally:
            gc.set_debug(0)
            gc.garbage.clear()
            if was_enabled:
                gc.enable()
        assert not rows
