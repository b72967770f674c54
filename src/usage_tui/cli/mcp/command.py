"""`usage-tui mcp`: answers for AI agents."""

from __future__ import annotations

from collections.abc import Sequence

from usage_tui.cli import opening
from usage_tui.cli.answer.options import answer_parser
from usage_tui.cli.ending import DONE
from usage_tui.cli.extras import extra


def run(words: Sequence[str]) -> int:
    """Serve answers until the agent leaves."""
    parser = answer_parser(
        "mcp",
        "Serve read-only answers to an AI agent over stdin and stdout, by the Model Context Protocol: "
        "status, forecast, plan and the tables, as the commands print them with --json. The agent sees what "
        "the token may see.",
        formats=(),
    )
    options = parser.parse_args(words)
    with extra("mcp", "the packages of the Model Context Protocol"):
        from usage_tui.cli.mcp import server
    # A source that cannot be opened is refused here, and not at the agent's first question.
    server.serve(options, opening.ready_profile(options))
    return DONE
