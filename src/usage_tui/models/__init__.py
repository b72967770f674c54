"""What the program knows: frozen values without I/O, in the shape of the replies of a Usage API."""

from usage_tui.models.allowances import Allowances, Meter, MeterLine
from usage_tui.models.credits import Credits, InvalidCredits
from usage_tui.models.daily import DailyUsage, DateRange, Day, SourceDays, SourceSeries, TopSource
from usage_tui.models.events import Allocation, Event, EventPage, Page, Totals
from usage_tui.models.grants import SOON_DAYS, Grant, Grants
from usage_tui.models.organization import NO_BILLING_ACCESS, ROLES, Me, Membership, Organization, User
from usage_tui.models.parts import Part
from usage_tui.models.past import BillingPeriods, PastPeriod, RollForward
from usage_tui.models.period import Period, PeriodReference
from usage_tui.models.queries import Choice, EventQuery, Name, SortKey
from usage_tui.models.sources import OtherSources, Ranking, SourceUsage
from usage_tui.models.summary import (
    BUDGET,
    CREDITS,
    AutoRecharge,
    Balance,
    Capabilities,
    Expiry,
    IncludedProgress,
    Links,
    Notice,
    PeriodUsage,
    Subscription,
    Summary,
    Unit,
    unit_of,
)
from usage_tui.text.clean import clean

__all__ = [
    "BUDGET",
    "CREDITS",
    "NO_BILLING_ACCESS",
    "ROLES",
    "SOON_DAYS",
    "Allocation",
    "Allowances",
    "AutoRecharge",
    "Balance",
    "BillingPeriods",
    "Capabilities",
    "Choice",
    "Credits",
    "DailyUsage",
    "DateRange",
    "Day",
    "Event",
    "EventPage",
    "EventQuery",
    "Expiry",
    "Grant",
    "Grants",
    "IncludedProgress",
    "InvalidCredits",
    "Links",
    "Me",
    "Membership",
    "Meter",
    "MeterLine",
    "Name",
    "Notice",
    "Organization",
    "OtherSources",
    "Page",
    "Part",
    "PastPeriod",
    "Period",
    "PeriodReference",
    "PeriodUsage",
    "Ranking",
    "RollForward",
    "SortKey",
    "SourceDays",
    "SourceSeries",
    "SourceUsage",
    "Subscription",
    "Summary",
    "TopSource",
    "Totals",
    "Unit",
    "User",
    "clean",
    "unit_of",
]
