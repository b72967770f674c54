"""Recordings: the local file that holds everything the dashboard shows."""
