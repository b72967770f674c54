"""What hundreds of dashboards in one process need to do only once, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from rich.console import RenderableType
from textual import _callback, _wait, strip
from textual import app as app_module
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual._styles_cache import StylesCache
from textual.app import App
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.drivers.headless_driver import HeadlessDriver
from textual.message import Message
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.timer import Timer

from usage_tui.tui.app import UsageApp

_get_dispatch_methods = MessagePump._get_dispatch_methods
_parse_rules = Stylesheet._parse_rules
_render_update = Compositor.render_update
TIMEOUT = 60
"""Seconds after which whatever is still on its way will never come."""
MOST_TURNS = 1000
"""Turns of the event loop after which it is never idle."""
_parsed: dict[object, list[RuleSet]] = {}
_count_parameters = _callback._count_parameters
_counted: dict[object, int] = {}


def be_quick() -> None:
    """Spare what no test can notice: waiting, reading the same styles again, drawing for nobody."""
    # A pause gives sockets and threads so long, time and again.
    _wait.SLEEP_GRANULARITY = 0.001
    # To show another screen waits for the clock.
    App.delay_update.__defaults__ = (0.001,)
    # One that starts late, by so little, would never call anybody.
    Timer.__init__.__kwdefaults__["skip"] = False  # type: ignore[index]
    app_module.wait_for_idle = _wait_until_idle  # type: ignore[attr-defined, assignment]
    Pilot._wait_for_screen = _wait_for_screen  # type: ignore[method-assign, assignment]
    MessagePump._get_dispatch_methods = _get_handlers_once  # type: ignore[method-assign, assignment]
    _callback._count_parameters = _count_parameters_once  # type: ignore[assignment]
    # The same, without a call in Python for each rule of each widget.
    RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]
    Stylesheet._parse_rules = _parse_rules_once  # type: ignore[method-assign, assignment]
    # It keeps whatever it is called on: a thousand widgets with their rows, for the garbage collector to see.
    get_inner_outer: Any = StylesCache.get_inner_outer
    StylesCache.get_inner_outer = classmethod(get_inner_outer)  # type: ignore[method-assign, assignment]
    Compositor.render_update = _render_if_sent  # type: ignore[method-assign, assignment]
    # Each strip has seven of these, which take longer to make than what most are made for.
    strip.FIFOCache = _new_cache  # type: ignore[attr-defined, assignment]


async def _wait_until_idle(*_: object) -> None:
    """Wait until the event loop has nothing left to run but what waits for a socket, a thread or the clock.

    Textual waits until the process computes nothing for a moment.
    """
    for _turn in range(MOST_TURNS):
        await asyncio.sleep(0)
        if not has_more_to_run():
            return


def has_more_to_run() -> bool:
    """Whether the event loop has anything to run after who asks."""
    loop: Any = asyncio.get_running_loop()
    return bool(loop._ready)


async def _wait_for_screen(pilot: Pilot[Any], *_: object) -> bool:
    """Wait until the app and all its widgets wait for a message; False if an exception ends the app.

    Textual sends each of them a message to see when it is handled.
    """
    app = pilot.app
    async with asyncio.timeout(TIMEOUT):
        while not app._exception_event.is_set():
            await _wait_until_idle()
            if all(map(_waits, (app, *app._registry))):
                return True
            await asyncio.sleep(0.001)
    return False


def _waits(pump: MessagePump) -> bool:
    """Whether it has handled all its messages, or handles none."""
    return not pump._running or bool(pump._message_queue.ready_event._waiters)


def _get_handlers_once(
    pump: MessagePump, name: str, message: Message
) -> Iterable[tuple[type, Callable[[Message], Any]]]:
    """What handles a message, which is the same for each that is of one class and comes to one class."""
    handlers = _handlers(type(pump), name, type(message))  # type: ignore[arg-type]  # classes are
    if handlers is None:
        yield from _get_dispatch_methods(pump, name, message)
        return
    for owner, handler in handlers:
        if message._no_default_action:
            return
        yield owner, handler.__get__(pump, owner)


@cache
def _handlers(pump: type, name: str, message: type) -> list[tuple[type, Any]] | None:
    """The handlers by name; None if there are decorated ones, which may depend on the sender."""
    if any(vars(owner).get("_decorated_handlers", {}).keys() & message.__mro__ for owner in pump.__mro__):
        return None
    found = ((owner, vars(owner).get(f"_{name}") or vars(owner).get(name)) for owner in pump.__mro__)
    return [(owner, handler) for owner, handler in found if handler and not hasattr(handler, "_textual_on")]


def _count_parameters_once(function: Callable[..., object]) -> int:
    """How many arguments a callback takes, which is the same for each function that one `def` makes."""
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return _count_parameters(function)
    key = code, hasattr(function, "__self__")
    if key not in _counted:
        _counted[key] = _count_parameters(function)
    return _counted[key]


def _new_cache(_: int) -> dict[object, object]:
    """One that keeps all it is given."""
    return {}


def _parse_rules_once(
    stylesheet: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> list[RuleSet]:
    """The rules of a stylesheet, which apps share as the widgets of one app do."""
    options = is_default_rules, tie_breaker, scope
    key = css, read_from, options, frozenset(stylesheet._variables.items())
    if key not in _parsed:
        _parsed[key] = _parse_rules(stylesheet, css, read_from, *options)
    return _parsed[key]


def _render_if_sent(
    compositor: Compositor,
    full: bool = False,
    screen_stack: list[Screen[Any]] | None = None,
    simplify: bool = False,
) -> RenderableType | None:
    """What changed, drawn for a terminal or a picture; a test that looks at the screen draws all of it."""
    app = active_app.get()
    if full or type(app._driver) is not HeadlessDriver or not isinstance(app, UsageApp) or app._is_sent:
        return _render_update(compositor, full, screen_stack, simplify)
    visible_screen_stack.set(screen_stack or [])
    compositor._dirty_regions.clear()
    return None
