"""How cells look, and the shortest way from one look to another."""

from __future__ import annotations

import zlib
from functools import lru_cache

from rich.color import ColorSystem
from rich.style import Style

_FLAGS = {
    "bold": ("1", "22"),
    "dim": ("2", "22"),
    "italic": ("3", "23"),
    "underline": ("4", "24"),
    "blink": ("5", "25"),
    "blink2": ("6", "25"),
    "reverse": ("7", "27"),
    "conceal": ("8", "28"),
    "strike": ("9", "29"),
    "underline2": ("21", "24"),
    "frame": ("51", "54"),
    "encircle": ("52", "54"),
    "overline": ("53", "55"),
}
"""The codes that switch each attribute of a style on and off; some share the one for off."""
_OFF = dict(_FLAGS.values())
_UNSEEN_ON_BLANKS = {_FLAGS[name][0] for name in ("bold", "dim", "italic", "blink", "blink2", "conceal")}
_FOREGROUND, _BACKGROUND = "39", "49"
"""The codes of the terminal's own colors."""


class Look:
    """How a cell looks, in the codes of SGR.

    There is one object for each look, so that looks are compared by identity. One that the cache dropped
    and made again only costs a few extra bytes.

    Attributes:
        flags: The attributes that are on, such as ``1`` for bold.
        foreground: The color of the text.
        background: The color behind it.
        link: The address that the cell leads to; empty if there is none.
        blank: How a blank looks in this look: only its background shows. None if more does, such as a
            line below it.
    """

    __slots__ = ("background", "blank", "flags", "foreground", "link")

    def __init__(self, flags: tuple[str, ...], foreground: str, background: str, link: str) -> None:
        self.flags = flags
        self.foreground = foreground
        self.background = background
        self.link = link
        self.blank: Look | None = None
        if not flags and not link and foreground == _FOREGROUND:
            self.blank = self
        elif not link and _UNSEEN_ON_BLANKS.issuperset(flags):
            self.blank = _look((), _FOREGROUND, background, "")


_look = lru_cache(maxsize=4096)(Look)
DEFAULT = _look((), _FOREGROUND, _BACKGROUND, "")
"""The look of a terminal in its default style."""


def look_of(style: Style | None, color_system: ColorSystem) -> Look:
    """The look of a style on a terminal with these colors."""
    return DEFAULT if style is None else _look_of(style, color_system)


def look_as(flags: tuple[str, ...], foreground: str, background: str, link: str) -> Look:
    """The look with these codes; see `Look`."""
    return _look(flags, foreground, background, link)


@lru_cache(maxsize=4096)
def _look_of(style: Style, color_system: ColorSystem) -> Look:
    flags = tuple(on for name, (on, _) in _FLAGS.items() if getattr(style, name))
    foreground, background = _FOREGROUND, _BACKGROUND
    if style.color is not None:
        foreground = ";".join(style.color.downgrade(color_system).get_ansi_codes())
    if style.bgcolor is not None:
        background = ";".join(style.bgcolor.downgrade(color_system).get_ansi_codes(foreground=False))
    return _look(flags, foreground, background, style.link or "")


@lru_cache(maxsize=4096)
def transition(old: Look, new: Look) -> str:
    """The codes that change one look into another."""
    return _restyle(old, new) + _relink(old, new)


def _restyle(old: Look, new: Look) -> str:
    """The shorter way: change what differs, or start from the default style."""
    changed, anew = ";".join(_changes(old, new)), ";".join(["0", *_changes(DEFAULT, new)])
    if not changed:
        return ""
    return "\x1b[m" if new.flags == () and anew == "0" else f"\x1b[{min(changed, anew, key=len)}m"


def _changes(old: Look, new: Look) -> list[str]:
    off = {_OFF[flag] for flag in old.flags if flag not in new.flags}
    codes = sorted(off)
    codes += [flag for flag in new.flags if flag not in old.flags or _OFF[flag] in off]
    if new.foreground != old.foreground:
        codes.append(new.foreground)
    if new.background != old.background:
        codes.append(new.background)
    return codes


def _relink(old: Look, new: Look) -> str:
    if new.link == old.link:
        return ""
    # Terminals highlight links with one id together, such as the lines of a wrapped address.
    name = f"id={zlib.crc32(new.link.encode()):x}" if new.link else ""
    return f"\x1b]8;{name};{new.link}\x1b\\"
