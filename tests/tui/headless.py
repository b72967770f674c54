"""What hundreds of dashboards in one process need to do only once, or not at all."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from textual import _wait
from textual._compositor import Compositor
from textual._context import active_app, visible_screen_stack
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

from usage_tui.tui.app import UsageApp

_parse_rules = Stylesheet._parse_rules
_render_update = Compositor.render_update
_parsed: dict[object, list[RuleSet]] = {}


def be_quick() -> None:
    """Spare what no test can notice: waiting, reading the same styles again, drawing for nobody."""
    # After each key Textual waits until the process has been idle for so long; `settled` knows better.
    _wait.SLEEP_GRANULARITY = 0.001
    Stylesheet._parse_rules = _parse_rules_once  # type: ignore[method-assign, assignment]
    Compositor.render_update = _render_if_sent  # type: ignore[method-assign, assignment]


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
