"""Ending on a signal, and with the terminal."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import sys
from collections.abc import Callable
from threading import Thread

_TOLD_BY = (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)


def end_with_terminal(end: Callable[[], None]) -> None:
    """Exit cleanly on a signal, and at once if the terminal is gone.

    Call it in the main thread, with the loop of the program running.

    Args:
        end: Leaves and gives the terminal back as it was; called in the loop.
    """
    loop = asyncio.get_running_loop()
    terminal = sys.stdin.fileno()

    def told(number: int, frame: object) -> None:
        if os.isatty(terminal) and not loop.is_closed():
            loop.call_soon_threadsafe(end)
        else:
            # A clean exit writes to the terminal, which would block forever now that it is gone.
            signal.signal(signal.SIGHUP, signal.SIG_DFL)
            signal.raise_signal(signal.SIGHUP)

    # The kernel may hand a signal to any thread, and a loop that waits would not see it: neither one of these
    # nor the one that continues a suspended program. With a handler of its own, here for a signal that means
    # nothing, the loop wakes up for all of them.
    loop.add_signal_handler(signal.SIGURG, lambda: None)
    for number in _TOLD_BY:
        # Not the loop's own handlers: they wait for a loop that may wait for the terminal.
        signal.signal(number, told)
    Thread(target=_hang_up_without_signal, args=(terminal,), name="terminal-lost", daemon=True).start()


def _hang_up_without_signal(terminal: int) -> None:
    """Send the signal that a process gets from the kernel only in the terminal's own session.

    Without it the input of Textual would read the end of the terminal again and again.
    """
    lost = select.poll()
    lost.register(terminal, 0)  # no event is asked for: a hang-up alone is always told
    lost.poll()
    os.kill(os.getpid(), signal.SIGHUP)
