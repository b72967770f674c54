"""Widgets: they show what they are given, and know nothing of clients."""
