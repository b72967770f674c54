"""The replies of the state by their names, for tests that give them as keywords."""

from __future__ import annotations

from usage_tui.state.replies import REPLIES, Reply

NAMED = {reply.name: reply for reply in REPLIES if isinstance(reply, Reply)}
