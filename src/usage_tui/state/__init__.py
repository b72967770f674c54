"""What the dashboard knows, and how that changes."""
