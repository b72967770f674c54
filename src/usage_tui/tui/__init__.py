"""The Textual app: screens, and widgets that show cards."""
