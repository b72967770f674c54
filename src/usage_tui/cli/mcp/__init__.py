"""`usage-tui mcp`: the answers of the commands, for AI agents over the Model Context Protocol."""
