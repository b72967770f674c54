"""Where data come from: one client for each provider, all with one interface."""
