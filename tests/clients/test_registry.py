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
    ClientConfig,
    Provider,
    UnknownProvider,
    find_provider,
    provider_names,
    require_provider,
)
from usage_tui.clients.transport.token import BearerToken

PROVIDERS = (USAGE_API, RECORDING, DEMO)
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
    assert [find_provider(provider.name) for provider in PROVIDERS] == list(PROVIDERS)
    assert provider_names()[:3] == ["usage-api", "recording", "demo"]


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.name)
def test_what_opens_and_checks_a_provider_is_there(provider: Provider) -> None:
    for path in (provider.opener, provider.checker):
        module, _, name = path.partition(":")
        assert callable(getattr(import_module(module), name))


def test_another_package_s_is_known_by_its_entry_point(install: Install) -> None:
    install("toy = tests.toy:PROVIDER")
    provider = require_provider("toy")
    assert (provider.name, provider.title) == ("toy", "Toy")
    assert "toy" in provider_names()


def test_ours_go_before_another_package_s(install: Install) -> None:
    install("demo = tests.toy:PROVIDER")
    assert require_provider("demo") is DEMO


def test_no_package_is_looked_at_for_one_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    def looked(**_: str) -> None:
        raise AssertionError

    monkeypatch.setattr("importlib.metadata.entry_points", looked)
    for provider in PROVIDERS:
        assert require_provider(provider.name) is provider


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (
            "toy = tests.nowhere:PROVIDER",
            "the provider toy cannot be loaded from tests.nowhere:PROVIDER: No module",
        ),
        ("toy = tests.toy:NOTHING", "the provider toy cannot be loaded from tests.toy:NOTHING: "),
        ("toy = tests.toy:SENTENCE", "the provider toy cannot be loaded: tests.toy:SENTENCE is not a "),
        ("tyo = tests.toy:PROVIDER", "unknown provider 'toy'; did you mean tyo?"),
    ],
)
def test_one_that_cannot_be_loaded_is_a_clear_line(entry: str, why: str, install: Install) -> None:
    install(entry)
    with pytest.raises(UnknownProvider) as caught:
        require_provider("toy")
    assert str(caught.value).startswith(why)


def test_an_unknown_one_is_answered_with_all_there_are() -> None:
    with pytest.raises(
        UnknownProvider, match=r"^unknown provider 'x'; the providers are usage-api, recording, "
    ):
        require_provider("x")
    assert find_provider("x") is None


def test_every_fact_that_changes_what_is_seen_changes_the_key_of_the_cache() -> None:
    token = BearerToken("uat_1_secret")
    config = ClientConfig(url="https://a.example", token=token)
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
    for provider in (RECORDING, DEMO):
        assert provider.cache_key("work", ClientConfig()) is None
        assert not provider.reads_ahead
        assert not provider.is_remote
    assert USAGE_API.is_remote


async def test_a_service_without_a_token_is_refused() -> None:
    with pytest.raises(Unauthenticated, match="There is no token"):
        await USAGE_API.open(ClientConfig(url="https://a.example"))
