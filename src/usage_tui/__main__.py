"""``python -m usage_tui``."""

import sys

from usage_tui.cli import main

if __name__ == "__main__":
    sys.exit(main())
