"""The commands of ``usage-tui admin``."""
