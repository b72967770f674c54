"""A display for Textual apps that sends only the cells that changed.

Derive an app from `CellDiffApp` instead of `textual.app.App`; nothing else changes. Between Textual's
compositor and its driver it remembers the cells that the terminal shows. Of every update it writes the cells
that differ, with the shortest moves between them and a new style only where the style changes; an update that
changes nothing writes nothing. The package needs Textual and Rich alone, and knows nothing of the app.
"""
