"""State → finished words and numbers → lines of a given width, for the screens and for plain text."""
