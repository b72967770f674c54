"""`--restricted`: no way out of the dashboard, not through the environment either."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection

_KNOWN = {
    *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "TZ", "TMPDIR"),
    *("TERM", "COLORTERM", "NO_COLOR", "COLUMNS", "LINES", "LANG", "LANGUAGE", "TMUX", "STY"),
    *("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"),
    *("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
}
"""Environment variables that still have an effect, and those that begin with ``LC_``.

None of them says whom to trust: the service's certificates are for the profile to name.
"""


def leave_python_variables() -> None:
    """Start again without the variables that change how Python itself runs: some act at its very end."""
    found = [name for name in os.environ if name.startswith("PYTHON")]
    if found:
        environment = {name: value for name, value in os.environ.items() if name not in found}
        os.execve(sys.executable, sys.orig_argv, environment)  # noqa: S606 - the same program again


def forget_other_variables(also_known: Collection[str] = ()) -> None:
    """Remove every variable of the environment that is not known to be harmless.

    Args:
        also_known: Such as the one that holds the token.
    """
    known = {*_KNOWN, *also_known}
    for name in list(os.environ):
        if name.upper() not in known and name not in known and not name.startswith("LC_"):
            del os.environ[name]
