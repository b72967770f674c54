"""Costs as a FinOps FOCUS 1.0 table: a row a charge, in the columns that tools for cloud bills read.

A source tells what was charged, when, and by what; it tells no list prices and no discounts, so that every
cost of a row is the same amount, and the columns of prices, commitments and regions stay empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from usage_tui.ledger.days import Calendar
from usage_tui.ledger.ranking import category_label
from usage_tui.models import Credits, Event, Organization, Period, Ranking, SourceDays
from usage_tui.text.amounts import CREDIT, exact_places, is_money
from usage_tui.text.csv_rows import csv_rows, disarmed
from usage_tui.text.words import count_noun, plural, spoken

VERSION = "1.0"
"""The newest version that the official validator has rules for."""

SERVICE_CATEGORY = "AI and Machine Learning"
_USAGE, _ADJUSTMENT, _CORRECTION = "Usage", "Adjustment", "Correction"
_USAGE_BASED, _ONE_TIME = "Usage-Based", "One-Time"
_CORRECTS = "adjustment"
"""The activity of an event that corrects usage."""

_AT_ONCE = 1000
"""Rows of one piece of text."""

_MANY = 2
"""A unit is named in the plural, however many there are."""

_OF_THE_VALIDATOR: Mapping[str, str] = {
    "InvoiceIssuer": "InvoiceIssuerName",
    "Provider": "ProviderName",
    "Publisher": "PublisherName",
}
"""The columns that the validator still looks for under a name of before 1.0, and what they are called now."""
_EMPTY_FOR_THE_VALIDATOR = "ChargeType"
"""One more of these. Filled, it would ask for the ids of prices."""
# ResourceID, as the validator spells it: two names that differ in case alone are one to most databases.
_COLUMNS = (
    *("AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency"),
    *("BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory", "ChargeClass", "ChargeDescription"),
    *("ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart", "CommitmentDiscountCategory"),
    *("CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountStatus"),
    *("CommitmentDiscountType", "ConsumedQuantity", "ConsumedUnit", "ContractedCost"),
    *("ContractedUnitPrice", "EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice"),
    *("PricingCategory", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId"),
    *("RegionName", "ResourceID", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName"),
    *("SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags"),
)
_OWN = (
    *("x_Activity", "x_Actor", "x_EventId", "x_Late", "x_ParentEventId", "x_ReversedEventId"),
    *("x_SourceKind", "x_Status"),
)
"""What the columns of FOCUS have no place for."""
COLUMNS = (*_COLUMNS, *_OF_THE_VALIDATOR, _EMPTY_FOR_THE_VALIDATOR, *_OWN)


class NotMoney(ValueError):
    """The amounts are in no currency. The message is a sentence."""


class Charge(NamedTuple):
    """What one row tells.

    Attributes:
        credits: The cost; negative for what is given back.
        starts_at: When what is charged began.
        ends_at: Its exclusive end.
        kind: The category of the source.
        source_id: Empty for the sum of several sources.
        event: The event that was charged; None for the sum of several.
    """

    credits: Credits
    starts_at: datetime
    ends_at: datetime
    kind: str
    source_id: str
    label: str
    event: Event | None = None


class Bill(NamedTuple):
    """What all rows have in common.

    Attributes:
        organization: Who is billed.
        currency: The code of the currency.
        provider: Who provides the service, and bills it.
        period: The billing period; None where it is not known, so that each charge is in its calendar month.
    """

    organization: Organization
    currency: str
    provider: str
    period: Period | None

    @property
    def calendar(self) -> Calendar:
        """The days of the organization."""
        return Calendar(self.organization.time_zone)


def check_currency(unit: str) -> None:
    """Go on only with amounts of money.

    Raises:
        NotMoney: They are something else.
    """
    if not is_money(unit):
        what = "credits" if unit == CREDIT else f"{unit or 'an unknown unit'}"
        raise NotMoney(f"FOCUS is for costs in a currency, and these data are in {what}")


def of_events(events: Iterable[Event], calendar: Calendar) -> Iterator[Charge]:
    """A charge for each event: of the span that it sums up, else of its civil day."""
    for event in events:
        starts_at, ends_at = event.occurred_at, event.ends_at
        if ends_at is None:
            starts_at, ends_at = calendar.bounds(calendar.date_of(event.occurred_at))
        yield Charge(event.credits, starts_at, ends_at, event.kind, event.source_id, event.label, event)


def of_days(days: SourceDays, calendar: Calendar) -> Iterator[Charge]:
    """A charge for each day of each source."""
    rows = [(item.kind, item.source_id, item.label, item.credits) for item in days.items]
    if days.other is not None:
        rows.append(("", "", "Other sources", days.other))
    for number in range((days.range.end_date - days.range.start_date).days + 1):
        bounds = calendar.bounds(days.range.start_date + timedelta(days=number))
        for kind, source_id, label, amounts in rows:
            if amounts[number]:
                yield Charge(amounts[number], *bounds, kind, source_id, label)


def of_ranking(ranking: Ranking, starts_at: datetime, ends_at: datetime) -> Iterator[Charge]:
    """A charge for each source, of all the time that the ranking is of."""
    for item in ranking.items:
        yield Charge(item.credits, starts_at, ends_at, item.kind, item.source_id, item.label)
    other = ranking.other
    if other is not None and other.credits:
        label = f"Other: {count_noun(other.sources, 'source')}"
        yield Charge(other.credits, starts_at, ends_at, "", "", label)


def month_of(day: date, calendar: Calendar) -> tuple[datetime, datetime]:
    """The first instant of the calendar month of a day, and that of the next."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return calendar.bounds(first)[0], calendar.bounds(following)[0]


def focus_texts(
    bill: Bill, charges: Sequence[Charge], corrected: Mapping[str, datetime], *, people: bool
) -> Iterator[tuple[str, int]]:
    """The table as CSV, piece by piece, each with how many rows it has.

    Args:
        bill: What all rows have in common.
        charges: The rows.
        corrected: When each event of the period occurred, by its id; without a period, of all times.
        people: Whether the rows may say who did what.
    """
    writer = FocusWriter(bill, corrected, people=people)
    yield writer.head(), 0
    for first in range(0, len(charges), _AT_ONCE):
        piece = charges[first : first + _AT_ONCE]
        yield writer.rows(piece), len(piece)


class FocusWriter:
    """Writes charges as CSV."""

    def __init__(self, bill: Bill, corrected: Mapping[str, datetime], *, people: bool) -> None:
        """Write nothing yet.

        Args:
            bill: What all rows have in common.
            corrected: When each event of the period occurred, by its id; without a period, of all times.
            people: Whether the rows may say who did what.
        """
        self._bill = bill
        self._corrected = corrected
        self._people = people
        self._calendar = bill.calendar
        self._same = {
            "BillingAccountId": disarmed(bill.organization.id or bill.organization.name),
            "BillingAccountName": disarmed(bill.organization.name),
            "BillingCurrency": bill.currency,
            "InvoiceIssuerName": disarmed(bill.provider),
            "ProviderName": disarmed(bill.provider),
            "PublisherName": disarmed(bill.provider),
            "ServiceCategory": SERVICE_CATEGORY,
        }

    def head(self) -> str:
        """The names of the columns."""
        return csv_rows([COLUMNS])

    def rows(self, charges: Iterable[Charge]) -> str:
        """Some rows."""
        return csv_rows(map(self._row, charges))

    def _row(self, charge: Charge) -> Sequence[str]:
        period_starts_at, period_ends_at = self._billing_period(charge.starts_at)
        cost = _decimal(charge.credits, self._bill.currency)
        cells = {
            **self._same,
            **dict.fromkeys(("BilledCost", "ContractedCost", "EffectiveCost", "ListCost"), cost),
            "BillingPeriodStart": _instant(period_starts_at),
            "BillingPeriodEnd": _instant(period_ends_at),
            "ChargeCategory": _USAGE,
            "ChargeDescription": disarmed(charge.label),
            "ChargeFrequency": _USAGE_BASED,
            "ChargePeriodStart": _instant(charge.starts_at),
            "ChargePeriodEnd": _instant(charge.ends_at),
            "ResourceID": disarmed(charge.source_id),
            "ResourceName": disarmed(charge.label),
            "ResourceType": disarmed(category_label(charge.kind)),
            "ServiceName": disarmed(charge.label or charge.source_id or self._bill.provider),
            "x_SourceKind": disarmed(charge.kind),
        }
        if charge.event is not None:
            cells |= self._of_event(charge.event)
        cells |= {old: cells[name] for old, name in _OF_THE_VALIDATOR.items()}
        return [cells.get(name, "") for name in COLUMNS]

    def _of_event(self, event: Event) -> Mapping[str, str]:
        cells = {
            "ChargeClass": _CORRECTION if self._is_correction(event) else "",
            "x_Activity": disarmed(event.activity),
            "x_Actor": disarmed(event.actor) if self._people else "",
            "x_EventId": disarmed(event.id),
            "x_Late": "true" if event.late else "false",
            "x_ParentEventId": disarmed(event.parent_id),
            "x_ReversedEventId": disarmed(event.reverses),
            "x_Status": disarmed(event.status),
        }
        if event.activity == _CORRECTS:
            cells |= {"ChargeCategory": _ADJUSTMENT, "ChargeFrequency": _ONE_TIME}
        elif event.quantity is not None:
            unit = spoken(plural(_MANY, event.activity.replace("_", " ")))
            cells |= {"ConsumedQuantity": f"{event.quantity}.0", "ConsumedUnit": disarmed(unit)}
        return cells

    def _is_correction(self, event: Event) -> bool:
        """Whether it takes back what was charged in an earlier billing period."""
        if event.reverses is None:
            return False
        reversed_at = self._corrected.get(event.reverses)
        own = self._billing_period(event.occurred_at)
        return reversed_at is None or self._billing_period(reversed_at) != own

    def _billing_period(self, at: datetime) -> tuple[datetime, datetime]:
        period = self._bill.period
        if period is not None:
            return period.starts_at, period.ends_at
        return month_of(self._calendar.date_of(at), self._calendar)


def _decimal(amount: Credits, currency: str) -> str:
    """The exact amount with a decimal point, for a reader that tells numbers with one from those without."""
    places = exact_places((amount,), currency)
    whole, _, fraction = str(amount).partition(".")
    return f"{whole}.{fraction:0<{places}}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
