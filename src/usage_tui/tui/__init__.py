"""The Textual side: screens of widgets that show views and post what was asked of them."""
