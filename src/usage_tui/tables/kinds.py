"""The formats of tables by name. A help needs no more than this of them."""

from __future__ import annotations

from collections.abc import Mapping

JSON, CSV, MARKDOWN, NDJSON, TSV = "json", "csv", "markdown", "ndjson", "tsv"
"""The formats; TSV is for the clipboard alone."""

FORMATS: Mapping[str, str] = {"csv": CSV, "json": JSON, "ndjson": NDJSON, "md": MARKDOWN}
"""The formats of files, by what a file's name ends with."""
