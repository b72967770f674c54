"""Where data come from: one client for each kind of source, all with one interface."""
