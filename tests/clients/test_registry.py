"""Kinds of sources: how one is found, what it needs, and what tells its cache from others."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from usage_tui.clients import registry
from usage_tui.clients.base import Unauthenticated
from usage_tui.clients.registry import (
    DEMO,
    RECORDING,
    USAGE_API,
    SourceConfig,
    SourceKind,
    UnknownKind,
    find_kind,
    kind_names,
    require_kind,
)
from usage_tui.clients.transport.token import BearerToken

KINDS = (USAGE_API, RECORDING, DEMO)
Install = Callable[[str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Pretend that a package with these entry points is installed."""

    def pretend(entry_points: str) -> None:
        folder = tmp_path / "site" / "other-1.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1\n")
        (folder / "entry_points.txt").write_text(f"[{registry.ENTRY_POINTS}]\n{entry_points}\n")
        monkeypatch.syspath_prepend(str(folder.parent))

    return pretend


def test_ours_are_known_by_name() -> None:
    assert [find_kind(kind.name) for kind in KINDS] == list(KINDS)
    assert kind_names()[:3] == ["usage-api", "recording", "demo"]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_what_opens_and_checks_a_kind_is_there(kind: SourceKind) -> None:
    for path in (kind.opener, kind.checker):
        module, _, name = path.partition(":")
        assert callable(getattr(import_module(module), name))


def test_another_package_s_is_known_by_its_entry_point(install: Install) -> None:
    install("toy = tests.toy:KIND")
    kind = require_kind("toy")
    assert (kind.name, kind.title) == ("toy", "Toy")
    assert "toy" in kind_names()


def test_ours_go_before_another_package_s(install: Install) -> None:
    install("demo = tests.toy:KIND")
    assert require_kind("demo") is DEMO


def test_no_package_is_looked_at_for_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked(**_: str) -> None:
        raise AssertionError

    monkeypatch.setattr("importlib.metadata.entry_points", looked)
    for kind in KINDS:
        assert require_kind(kind.name) is kind


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("toy = tests.nowhere:KIND", "the provider toy cannot be loaded from tests.nowhere:KIND: No module"),
        ("toy = tests.toy:NOTHING", "the provider toy cannot be loaded from tests.toy:NOTHING: "),
        ("toy = tests.toy:SENTENCE", "the provider toy cannot be loaded: tests.toy:SENTENCE is not its "),
        ("tyo = tests.toy:KIND", "unknown provider 'toy'; did you mean tyo?"),
    ],
)
def test_one_that_cannot_be_loaded_is_a_clear_line(entry: str, why: str, install: Install) -> None:
    install(entry)
    with pytest.raises(UnknownKind) as caught:
        require_kind("toy")
    assert str(caught.value).startswith(why)


def test_an_unknown_one_is_answered_with_all_there_are() -> None:
    with pytest.raises(UnknownKind, match=r"^unknown provider 'x'; the providers are usage-api, recording, "):
        require_kind("x")
    assert find_kind("x") is None


def test_every_fact_that_changes_what_is_seen_changes_the_key_of_the_cache() -> None:
    token = BearerToken("uat_1_secret")
    config = SourceConfig(url="https://a.example", token=token)
    configs = [
        config,
        config._replace(url="https://b.example"),
        config._replace(token=BearerToken("uat_2_secret")),
        config._replace(organization="acme"),
        config._replace(options={"team": "ops"}),
    ]
    keys = {USAGE_API.cache_key(name, one) for name in (None, "work") for one in configs}
    keys.add(USAGE_API._replace(name="other").cache_key(None, config))
    assert len(keys) == 2 * len(configs) + 1
    assert USAGE_API.cache_key(None, config) == USAGE_API.cache_key(None, config._replace(token=token))
    assert not any("secret" in str(key) for key in keys)


def test_what_lies_on_this_computer_is_not_cached_and_not_fetched_ahead() -> None:
    for kind in (RECORDING, DEMO):
        assert kind.cache_key("work", SourceConfig()) is None
        assert not kind.reads_ahead
        assert not kind.is_remote
    assert USAGE_API.is_remote


async def test_a_service_without_a_token_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="There is no token"):
        await USAGE_API.open(SourceConfig(url="https://a.example"))
