"""The least that a Textual program can be: what a start is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class MinimalApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Static("minimal app", markup=False)


if __name__ == "__main__":
    MinimalApp().run()
