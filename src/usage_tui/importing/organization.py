"""What an import knows besides the events: an organization as a TOML file describes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from usage_tui.importing.faults import ImportFailed
from usage_tui.importing.toml_table import TomlTable
from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ledger import Ledger
from usage_tui.ledger.progress import meter
from usage_tui.ledger.spending import INCLUDED, PURCHASED, Terms
from usage_tui.ledger.statement import BillingTerms, Viewer
from usage_tui.models import (
    CREDITS,
    ROLES,
    AutoRecharge,
    Credits,
    Links,
    Meter,
    MeterLine,
    Organization,
    Subscription,
    Unit,
    User,
    clean,
    unit_of,
)
from usage_tui.toml_file import InvalidToml, read_toml


class PeriodBounds(NamedTuple):
    """A billing period, the end exclusive."""

    id: str
    starts_at: datetime
    ends_at: datetime


class Description(NamedTuple):
    """An organization and what it was granted, without its use.

    Attributes:
        low_threshold: At or below which balance it is low; None if that follows from the rest.
    """

    org: Organization
    unit: Unit
    viewer: Viewer
    bounds: PeriodBounds
    terms: tuple[Terms, ...]
    subscription: Subscription
    auto_recharge: AutoRecharge | None
    low_threshold: Credits | None
    meters: tuple[Meter, ...]
    links: Links | None

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the organization counts its days."""
        return ZoneInfo(self.org.time_zone)

    def with_grants(self, terms: tuple[Terms, ...]) -> Description:
        """The organization with further grants.

        Raises:
            ImportFailed: A grant makes no sense, or its id is taken.
        """
        ledger = Ledger()
        for grant in (*self.terms, *terms):
            try:
                ledger.grant(grant)
            except ValueError as error:
                raise ImportFailed(f"{error}.") from None
        return self._replace(terms=(*self.terms, *terms))

    def billing(self, calendar: Calendar, as_of: datetime) -> BillingTerms:
        """What the ledger needs to know at a moment."""
        return BillingTerms(
            org=self.org,
            period=calendar.period(*self.bounds, as_of),
            subscription=self.subscription,
            auto_recharge=self.auto_recharge,
            chosen_threshold=self.low_threshold,
            meters=self.meters,
            links=self.links,
            unit=self.unit,
        )


def description_of_grants(
    name: str, zone: ZoneInfo, unit: str, bounds: PeriodBounds, terms: tuple[Terms, ...]
) -> Description:
    """An organization of which nothing is known but its grants.

    Raises:
        ImportFailed: A grant makes no sense, or two have one id.
    """
    described = Description(
        org=Organization(id="export", name=name, time_zone=zone.key),
        unit=Unit(code=unit) if unit else CREDITS,
        viewer=_viewer(None),
        bounds=bounds,
        terms=(),
        subscription=_subscription(None, zone),
        auto_recharge=None,
        low_threshold=None,
        meters=(),
        links=None,
    )
    return described.with_grants(terms)


def read_description(path: Path) -> Description:
    """Read the TOML file.

    Raises:
        ImportFailed: It cannot be read, lacks a key, or has one that means nothing.
    """
    name = clean(path.name)
    try:
        return _description(TomlTable(read_toml(path, name), name))
    except InvalidToml as error:
        raise ImportFailed(str(error)) from None


def _description(root: TomlTable) -> Description:
    organization = root.table("organization") or root.missing("organization")
    org = _organization(organization)
    unit = _unit(organization)
    low_threshold = organization.credits("low_threshold")
    organization.finish()
    zone = ZoneInfo(org.time_zone)
    bounds = _bounds(root.table("period") or root.missing("period"), zone)
    terms = tuple(
        _terms(table, f"grant-{number}", bounds, zone)
        for number, table in enumerate(root.tables("grants"), start=1)
    )
    _check_grants(root, terms)
    description = Description(
        org=org,
        unit=unit,
        viewer=_viewer(root.table("viewer")),
        bounds=bounds,
        terms=terms,
        subscription=_subscription(root.table("subscription"), zone),
        auto_recharge=_auto_recharge(root.table("auto_recharge")),
        low_threshold=low_threshold,
        meters=tuple(_meter(table, zone) for table in root.tables("allowances")),
        links=_links(root.table("links")),
    )
    root.finish()
    return description


def _organization(table: TomlTable) -> Organization:
    name = table.text("name") or table.missing("name")
    time_zone = table.text("time_zone") or table.missing("time_zone")
    try:
        Calendar(time_zone)
    except ValueError:
        table.refuse("time_zone", "must be an IANA time zone such as America/New_York")
    return Organization(id=table.text("id") or name, name=name, time_zone=time_zone)


def _unit(table: TomlTable) -> Unit:
    code = table.text("unit")
    if code is None:
        return CREDITS
    try:
        return unit_of(code)
    except ValueError as error:
        table.refuse("unit", str(error))


def _viewer(table: TomlTable | None) -> Viewer:
    if table is None:
        return Viewer(User(id="owner", name="Owner"), role="owner", billing_access=True)
    name = table.text("name") or "Owner"
    role = table.choice("role", ROLES) or "owner"
    billing_access = table.flag("billing_access")
    if role == "owner" and billing_access is False:
        table.refuse("billing_access", "an owner always has it")
    user = User(id=table.text("id") or name, name=name)
    table.finish()
    return Viewer(user, role, role == "owner" if billing_access is None else billing_access)


def _bounds(table: TomlTable, zone: ZoneInfo) -> PeriodBounds:
    starts_at = table.instant("starts_at", zone) or table.missing("starts_at")
    ends_at = table.instant("ends_at", zone) or table.missing("ends_at")
    if ends_at <= starts_at:
        table.refuse("ends_at", "must be later than starts_at; it is exclusive")
    period_id = table.text("id") or f"{starts_at.astimezone(zone):%Y-%m}"
    table.finish()
    return PeriodBounds(period_id, starts_at, ends_at)


def _terms(table: TomlTable, default_id: str, period: PeriodBounds, zone: ZoneInfo) -> Terms:
    bucket = table.choice("bucket", (INCLUDED, PURCHASED)) or table.missing("bucket")
    included = bucket == INCLUDED
    granted_at, effective_at = table.instant("granted_at", zone), table.instant("effective_at", zone)
    expires_at, original = table.instant("expires_at", zone), table.credits("credits")
    if included:
        effective_at = effective_at or granted_at or period.starts_at
        expires_at = expires_at or period.ends_at
    terms = Terms(
        id=table.text("id") or default_id,
        description=table.text("description") or table.missing("description"),
        bucket=bucket,
        origin=table.text("origin") or ("subscription" if included else "purchase"),
        granted_at=granted_at or effective_at or table.missing("granted_at"),
        effective_at=effective_at or granted_at or table.missing("granted_at"),
        expires_at=expires_at,
        original=table.missing("credits") if original is None else original,
    )
    table.finish()
    return terms


def _check_grants(root: TomlTable, terms: Iterable[Terms]) -> None:
    ledger = Ledger()
    for grant in terms:
        try:
            ledger.grant(grant)
        except ValueError as error:
            root.refuse("grants", str(error))


def _subscription(table: TomlTable | None, zone: ZoneInfo) -> Subscription:
    if table is None:
        return Subscription(status="active", plan="", cadence="monthly", entitlement_active=True)
    status = table.text("status") or "active"
    entitled = table.flag("entitlement_active")
    subscription = Subscription(
        status=status,
        plan=table.text("plan") or table.missing("plan"),
        cadence=table.text("cadence") or "monthly",
        ends_at=table.instant("ends_at", zone),
        entitlement_active=status == "active" if entitled is None else entitled,
    )
    table.finish()
    return subscription


def _auto_recharge(table: TomlTable | None) -> AutoRecharge | None:
    if table is None:
        return None
    enabled = table.flag("enabled")
    recharge = AutoRecharge(enabled=enabled is not False, threshold=table.credits("threshold"))
    table.finish()
    return recharge


def _links(table: TomlTable | None) -> Links | None:
    if table is None:
        return None
    links = Links(buy_credits=table.link("buy_credits"), auto_recharge=table.link("auto_recharge"))
    table.finish()
    return links


def _meter(table: TomlTable, zone: ZoneInfo) -> Meter:
    meter_id = table.text("id") or table.missing("id")
    used = table.decimal("used")
    allowance = meter(
        meter_id,
        table.text("label") or meter_id,
        table.text("unit") or table.missing("unit"),
        used=table.missing("used") if used is None else used,
        included=table.decimal("included"),
        resets_at=table.instant("resets_at", zone),
        lines=[_meter_line(line) for line in table.tables("lines")],
    )
    table.finish()
    return allowance


def _meter_line(table: TomlTable) -> MeterLine:
    used = table.decimal("used")
    line = MeterLine(
        label=table.text("label") or table.missing("label"),
        used=table.missing("used") if used is None else used,
    )
    table.finish()
    return line
