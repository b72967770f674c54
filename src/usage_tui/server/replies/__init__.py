"""The replies to members: slices, pages of events, and their cursors."""
