"""The token or key that a provider needs, and how one of another kind is recognized."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from usage_tui.named_tuple import NamedTuple

if TYPE_CHECKING:
    from usage_tui.clients.transport.token import BearerToken

_KNOWN = {
    "github_pat_": "a GitHub token",
    "gho_": "a GitHub token",
    "ghp_": "a GitHub token",
    "ghs_": "a GitHub token",
    "ghu_": "a GitHub token",
    "sk-admin-": "an OpenAI key",
    "sk-ant-": "an Anthropic key",
    "sk-or-": "an OpenRouter key",
    "sk-proj-": "an OpenAI key",
    "sk-svcacct-": "an OpenAI key",
    "uat_": "a token of a Usage API",
}
"""What keys are, by how they begin."""


class Key(NamedTuple):
    """The token or key that a provider needs.

    Attributes:
        variable: The environment variable that usually holds it.
        words: Which one it must be, such as ``a management key``.
        page: Where to create one; empty if that differs from service to service.
        prefixes: How such a key may begin; empty if that is unknown.
        others: What the vendor's other keys are, by how they begin: ``{"sk-proj-": "a project key"}``.
    """

    variable: str
    words: str
    page: str = ""
    prefixes: tuple[str, ...] = ()
    others: Mapping[str, str] = MappingProxyType({})

    def is_usual(self, token: BearerToken) -> bool:
        """Whether a token begins as such keys do."""
        return any(map(token.starts_with, self.prefixes))

    def mistaken(self, token: BearerToken) -> str:
        """What a token looks like, if that is another kind of key; empty otherwise."""
        if self.is_usual(token):
            return ""
        known = (*self.others.items(), *_KNOWN.items())
        return next((words for prefix, words in known if token.starts_with(prefix)), "")

    def needed(self, title: str) -> str:
        """Which key a source needs and where to create one, as a sentence about ``title``."""
        return f"{title} needs {self.words}: {self.page}" if self.page else f"{title} needs {self.words}."
