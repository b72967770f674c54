"""HTML put together from elements: every text is escaped, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from usage_tui.models import Credits
from usage_tui.text.amounts import amount_text


class Html(str):
    """Text that is markup already. Only this module makes it."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str) -> Html:
    """An element.

    Args:
        tag: Its name.
        children: Elements, and texts, which are escaped.
        attributes: An underscore at the end of a name is dropped, and another one becomes a hyphen.
    """
    words = (f' {name.rstrip("_").replace("_", "-")}="{escape(text)}"' for name, text in attributes.items())
    return Html(f"<{tag}{''.join(words)}>{joined(children)}</{tag}>")


def void(tag: str, **attributes: str) -> Html:
    """An element that has no content, such as ``meta``."""
    return Html(element(tag, **attributes).removesuffix(f"</{tag}>"))


def joined(children: Iterable[str]) -> Html:
    """Elements and texts behind each other."""
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def name(text: str) -> Html:
    """A name from the source; its direction of writing does not change that of what stands around it."""
    return element("bdi", text)


def amount(exact: Credits, unit: str, decimals: int | None = None) -> Html:
    """An amount, with its exact value for programs; `decimals` as in `amount_text`."""
    return element("data", amount_text(exact, unit, decimals), value=str(exact))


def part_of(amount: int, whole: int) -> str:
    """A length in percent of a whole, from ``0%`` to ``100%``; not rounded up."""
    steps = min(max(amount, 0) * 10_000 // whole, 10_000) if whole > 0 else 0
    return f"{steps // 100}.{steps % 100:02d}%"


def hundredths(number: int) -> str:
    """A length of a chart, counted in hundredths."""
    return f"{number // 100}.{number % 100:02d}"


def style_sheet(css: str) -> Html:
    """The style of a page. It must be our own: nothing in it is escaped."""
    return Html(f"<style>{css}</style>")
