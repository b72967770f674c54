"""Taking over a terminal on which something is shown already."""

from __future__ import annotations

from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver

from usage_tui.tui.display.shown import Shown

_OTHER_SCREEN = "\x1b[?1049h"
"""The switch to the screen that full-screen programs use."""


def taking_over(shown: Shown) -> type[Driver]:
    """The driver that takes over what is shown.

    The other screen is there already. Terminals differ in whether a second switch clears it.
    """

    class TakingOver(LinuxDriver):
        _is_there = True

        def start_application_mode(self) -> None:
            is_first = self._is_there
            super().start_application_mode()  # type: ignore[no-untyped-call]
            if is_first and self.attrs_before is not None:
                self.attrs_before = shown.attributes

        def write(self, data: str) -> None:
            if self._is_there and data == _OTHER_SCREEN:
                self._is_there = False
                shown.taken_over()
            else:
                super().write(data)

    return TakingOver
