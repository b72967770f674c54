"""Looks at everything the dashboard stands on, and says what to do about what it finds."""
