from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.organization import Description, read_description
from usage_tui.models import CREDITS, Credits, Links, Unit

MINIMAL = """
[organization]
name = "Acme"
time_zone = "America/New_York"
[period]
starts_at = 2026-11-01
ends_at = 2026-12-01
"""
IN_DOLLARS = MINIMAL.replace('name = "Acme"', 'name = "Acme"\nunit = "USD"')
GRANT = """
[[grants]]
description = "Top-up"
bucket = "purchased"
credits = 100
granted_at = 2026-10-01T09:00:00
"""
METER = """
[[allowances]]
id = "storage"
unit = "gigabyte"
used = 41.2
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "org.toml"


def read(path: Path, text: str) -> Description:
    path.write_text(text, encoding="utf-8")
    return read_description(path)


def refusal(path: Path, text: str) -> str:
    with pytest.raises(ImportFailed) as caught:
        read(path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_name_a_zone_and_a_period_are_enough(path: Path) -> None:
    described = read(path, MINIMAL)
    assert (described.org.id, described.org.name) == ("Acme", "Acme")
    assert described.viewer.role == "owner"
    assert described.viewer.billing_access
    assert described.subscription.entitlement_active
    assert (described.terms, described.meters, described.links, described.auto_recharge) == (
        (),
        (),
        None,
        None,
    )
    assert described.low_threshold is None


def test_a_date_is_its_midnight_in_the_organizations_zone(path: Path) -> None:
    bounds = read(path, MINIMAL).bounds
    assert bounds.starts_at == datetime(2026, 11, 1, 4, tzinfo=UTC)
    assert bounds.ends_at == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert bounds.id == "2026-11"


def test_a_period_may_be_given_in_instants(path: Path) -> None:
    text = MINIMAL.replace("2026-11-01", "2026-11-01T04:00:00Z").replace("2026-12-01", "2026-12-01 00:00:00")
    assert read(path, text).bounds == read(path, MINIMAL).bounds


def test_an_included_grant_lives_as_long_as_the_period(path: Path) -> None:
    grant = '[[grants]]\ndescription = "Plan"\nbucket = "included"\ncredits = "5000.5"\n'
    described = read(path, MINIMAL + grant)
    (terms,) = described.terms
    assert terms.original == Credits.parse("5000.5")
    assert (terms.id, terms.origin) == ("grant-1", "subscription")
    assert (terms.effective_at, terms.expires_at) == described.bounds[1:]


def test_a_purchased_grant_lives_from_its_day_and_for_ever(path: Path) -> None:
    (terms,) = read(path, MINIMAL + GRANT).terms
    assert terms.granted_at == terms.effective_at == datetime(2026, 10, 1, 13, tzinfo=UTC)
    assert terms.expires_at is None
    assert terms.origin == "purchase"


def test_decimal_numbers_stay_exact(path: Path) -> None:
    text = MINIMAL + GRANT.replace("100", "0.1") + METER
    described = read(path, text)
    assert described.terms[0].original == Credits(100_000)
    assert described.meters[0].used == Decimal("41.2")


def test_a_meter_may_have_no_limit_and_lines(path: Path) -> None:
    (storage,) = read(path, MINIMAL + METER + 'lines = [{label = "Logs", used = 1}]').meters
    assert (storage.label, storage.included, storage.remaining) == ("storage", None, None)
    assert storage.lines is not None
    assert storage.lines[0].label == "Logs"


def test_a_member_has_billing_access_only_where_it_is_said(path: Path) -> None:
    assert not read(path, MINIMAL + '[viewer]\nrole = "admin"').viewer.billing_access
    assert read(path, MINIMAL + '[viewer]\nrole = "viewer"\nbilling_access = true').viewer.billing_access
    assert read(path, MINIMAL + '[viewer]\nname = "Ana"').viewer.billing_access


def test_texts_are_made_harmless(path: Path) -> None:
    described = read(path, MINIMAL.replace('"Acme"', '"A\\u001b]0;x\\u0007\\u202e"'))
    assert described.org.name == "A�]0;x�"


def test_everything_else_may_be_said(path: Path) -> None:
    text = (
        MINIMAL.replace("[period]", "low_threshold = 500\n[period]\nid = 'first'")
        + '[subscription]\nplan = "Team"\nstatus = "canceled"\nends_at = 2026-12-01\n'
        + "[auto_recharge]\nenabled = false\nthreshold = 5000\n"
        + '[links]\nbuy_credits = "https://billing.example/buy"\n'
    )
    described = read(path, text)
    assert described.low_threshold == Credits.parse("500")
    assert described.bounds.id == "first"
    assert described.subscription.ends_at == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert not described.subscription.entitlement_active
    assert described.auto_recharge is not None
    assert not described.auto_recharge.enabled
    assert described.links == Links(buy_credits="https://billing.example/buy")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "org.toml: organization: is missing"),
        ('[organization]\nname = "A"', "org.toml: organization.time_zone: is missing"),
        (MINIMAL.replace("ends_at", "end_at"), "org.toml: period.ends_at: is missing"),
        (
            MINIMAL.replace("America/New_York", "../etc"),
            "org.toml: organization.time_zone: must be an IANA time zone such as America/New_York",
        ),
        (MINIMAL.replace('"Acme"', "3"), "org.toml: organization.name: must be text in quotes"),
        (
            MINIMAL.replace("2026-12-01", '"2026-12-01"'),
            "org.toml: period.ends_at: must be a date or time without quotes, such as 2026-12-01",
        ),
        (
            MINIMAL.replace("2026-12-01", "2026-11-01"),
            "org.toml: period.ends_at: must be later than starts_at; it is exclusive",
        ),
        (
            MINIMAL.replace("2026-12-01", "9999-12-31"),
            "org.toml: period.ends_at: the year is out of range",
        ),
        (
            MINIMAL + "[viewer]\nbilling_acess = true",
            "org.toml: unknown key viewer.billing_acess; did you mean billing_access?",
        ),
        (
            MINIMAL + "[viewer]\ncolor = 1",
            "org.toml: unknown key viewer.color; the keys are billing_access, id, name, role",
        ),
        (
            MINIMAL + "[grant]\n",
            "org.toml: unknown key grant; did you mean grants?",
        ),
        (
            MINIMAL + "[viewer]\nbilling_access = 1",
            "org.toml: viewer.billing_access: must be true or false",
        ),
        (
            MINIMAL + "[viewer]\nbilling_access = false",
            "org.toml: viewer.billing_access: an owner always has it",
        ),
        (
            MINIMAL + GRANT + GRANT.replace("100", "-1"),
            "org.toml: grants[2].credits: must be a number of 0 or more",
        ),
        (
            MINIMAL + GRANT.replace("100", "0.0000001"),
            "org.toml: grants[1].credits: '0.0000001' has more than 6 decimals; round it to 6 first",
        ),
        (
            MINIMAL + GRANT.replace("100", "nan"),
            "org.toml: grants[1].credits: must be a number of 0 or more",
        ),
        (
            MINIMAL + GRANT.replace("100", "true"),
            "org.toml: grants[1].credits: must be a number of 0 or more",
        ),
        (
            MINIMAL + GRANT.replace("purchased", "given"),
            "org.toml: grants[1].bucket: must be included or purchased",
        ),
        (MINIMAL + GRANT.replace("credits", "#"), "org.toml: grants[1].credits: is missing"),
        (
            MINIMAL + GRANT.replace("100", "0"),
            "org.toml: grants: grant grant-1: the amount must be more than 0",
        ),
        (MINIMAL + GRANT.replace("granted_at", "#"), "org.toml: grants[1].granted_at: is missing"),
        (MINIMAL + "[grants]\n", "org.toml: grants: must be a list of tables: [[grants]]"),
        (MINIMAL + "[[links]]\n", "org.toml: links: must be a table: [links]"),
        (
            MINIMAL + '[links]\nbuy_credits = "javascript:alert()"',
            "org.toml: links.buy_credits: must begin with https://",
        ),
        (MINIMAL + METER.replace("used", "#"), "org.toml: allowances[1].used: is missing"),
        (
            MINIMAL + METER + "lines = [{label = 'a', used = 1}, {used = 1}]",
            "org.toml: allowances[1].lines[2].label: is missing",
        ),
        (
            MINIMAL + METER.replace("41.2", "0.1234567890123"),
            "org.toml: allowances[1].used: has more than 12 decimal places",
        ),
        ("name = ", "org.toml: is not valid TOML: Invalid value (at end of document)"),
        ("name = " + "[" * 9000, "org.toml: has a number that is too long, or is nested too deeply"),
        ("name = " + "1" * 9000, "org.toml: has a number that is too long, or is nested too deeply"),
        ("name = 1e" + "9" * 30, "org.toml: has a number that is too long, or is nested too deeply"),
    ],
)
def test_a_fault_names_the_key_and_what_to_do(path: Path, text: str, message: str) -> None:
    assert refusal(path, text) == message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match=r"^gone\.toml: cannot be read: No such file or directory$"):
        read_description(tmp_path / "gone.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ImportFailed, match=r"^latin\.toml: is not UTF-8, at byte 12$"):
        read_description(tmp_path / "latin.toml")


def test_amounts_count_credits_unless_another_unit_is_named(path: Path) -> None:
    assert read(path, MINIMAL).unit == CREDITS
    assert read(path, IN_DOLLARS).unit == Unit(code="USD")
    assert read(path, IN_DOLLARS.replace("USD", "ai_token")).unit == Unit(code="ai_token")


@pytest.mark.parametrize(
    ("unit", "reason"),
    [
        ("usd", "must be in capitals: USD"),
        ("$", "must be credit, a currency code such as USD, or another word in lower case"),
        ("US Dollars", "must be credit, a currency code such as USD, or another word in lower case"),
        ("", "must be credit, a currency code such as USD, or another word in lower case"),
    ],
)
def test_a_unit_is_a_code(path: Path, unit: str, reason: str) -> None:
    assert refusal(path, IN_DOLLARS.replace("USD", unit)) == f"org.toml: organization.unit: {reason}"
