"""The status line: what it says, in each preset, and how it is cut to a width."""

from __future__ import annotations

from collections.abc import Callable

from usage_tui.cli.status.values import Digest, micro_of, taken_at, text_of
from usage_tui.named_tuple import NamedTuple
from usage_tui.text.words import days_left

PLAIN, TMUX, PROMPT, MOTD, ASCII = "plain", "tmux", "prompt", "motd", "ascii"
_DOT, _BAR = " · ", " | "
_NOT_IN_PROMPTS = str.maketrans("", "", "%\\`$!#\x1b")
"""What a shell could expand in a prompt."""


class Preset(NamedTuple):
    """A form of the line.

    Attributes:
        parts: What it says, most important first.
        joint: What stands between them.
        safe: Makes every character harmless where the line is shown.
    """

    parts: Callable[[Digest], list[str]]
    joint: str
    safe: Callable[[str], str]


def status_line(digest: Digest, preset: str = PLAIN, width: int | None = None) -> str:
    """The line; at its end the time of the data if they are old.

    Args:
        digest: The numbers.
        preset: Which form.
        width: Characters at most; None for as many as it has.
    """
    form = PRESETS[preset]
    parts = [form.safe(part) for part in form.parts(digest)]
    age = form.safe(f"as of {taken_at(digest)}") if digest["stale"] else ""
    while width is not None and parts and len(form.joint.join(filter(None, (*parts, age)))) > width:
        parts.pop()  # a part is shown whole or not at all, for half a number is a wrong one
    return form.joint.join(filter(None, (*parts, age)))


def cut(line: str, age: str, width: int | None) -> str:
    """A line of the user's own format with its age, without the last words if it is too long."""
    words = line.split(" ")
    while width is not None and words and len(" ".join(filter(None, (*words, age)))) > width:
        words.pop()
    return " ".join(filter(None, (" ".join(words), age)))


def _parts(digest: Digest) -> list[str]:
    days = [] if digest["days_left"] is None else [days_left(digest["days_left"])]
    return [*_amounts(digest, ""), *_progress(digest, "of {} used"), *days, *_state(digest)]


def _short(digest: Digest) -> list[str]:
    days = digest["days_left"]
    parts = [*_amounts(digest, "k"), *_progress(digest, "used"), *_state(digest)]
    return parts if days is None else [*parts, f"{max(days, 0)}d"]


def _prompt(digest: Digest) -> list[str]:
    """The amount alone: a prompt has no room, and no percent sign. Money has its code in place of a sign."""
    return [_without_dollar(part, digest["unit"]) for part in _amounts(digest, "k")] + _state(digest)


def _without_dollar(part: str, unit: str) -> str:
    words = part.split(" ")
    return " ".join(f"{word.replace('$', '')} {unit}" if "$" in word else word for word in words)


def _login(digest: Digest) -> list[str]:
    first, *others = _parts(digest) or [""]
    return [f"{text_of(digest, 'org')}: {first}", *others]


def _amounts(digest: Digest, spec: str) -> list[str]:
    """What is left; for a source without a balance, what the period used."""
    if digest["credits"] is not None:
        left = [f"{text_of(digest, 'credits', spec)} left"]
        over = digest["overage"] is not None and micro_of(digest["overage"]) > 0
        return [*left, f"{text_of(digest, 'overage', spec)} overage"] if over else left
    if digest["used"] is not None:
        return [f"{text_of(digest, 'used', spec)} used this period"]
    return []


def _progress(digest: Digest, words: str) -> list[str]:
    shown = text_of(digest, "percent_used")
    return [f"{shown} {words.replace('{}', text_of(digest, 'progress_of'))}"] if shown else []


def _state(digest: Digest) -> list[str]:
    return [text_of(digest, "state")] if digest["state"] not in (None, "normal") else []


def _as_it_is(text: str) -> str:
    return text


def _for_tmux(text: str) -> str:
    return text.replace("#", "##")


def _for_prompt(text: str) -> str:
    return text.translate(_NOT_IN_PROMPTS)


def _as_ascii(text: str) -> str:
    return text.encode("ascii", "replace").decode("ascii")


PRESETS = {
    PLAIN: Preset(_parts, _DOT, _as_it_is),
    TMUX: Preset(_short, _DOT, _for_tmux),
    PROMPT: Preset(_prompt, " ", _for_prompt),
    MOTD: Preset(_login, _DOT, _as_it_is),
    ASCII: Preset(_parts, _BAR, _as_ascii),
}
"""Every form by name."""
