"""Exports of clouds: FOCUS, AWS, Azure."""

from __future__ import annotations

from usage_tui.importing.formats.declaration import Format

_FOCUS_KEYS = (
    *("ChargeCategory", "ChargeClass", "ChargeDescription", "SkuId", "ResourceId", "RegionId"),
    *("SubAccountId", "ChargePeriodEnd", "BillingPeriodStart", "CommitmentDiscountId"),
)
# LineItemId is another one in each report, even for the same use.
_AWS_KEYS = (
    *("identity/TimeInterval", "lineItem/LineItemType", "lineItem/Operation", "lineItem/AvailabilityZone"),
    *("lineItem/ResourceId", "lineItem/LineItemDescription"),
    *("identity_time_interval", "line_item_line_item_type", "line_item_operation"),
    *("line_item_availability_zone", "line_item_resource_id", "line_item_line_item_description"),
)

FORMATS = (
    Format(
        name="focus",
        title="FOCUS cost and usage",
        found_at="the billing exports of AWS, Azure, Google Cloud, Oracle, Vercel and others",
        headers=(("BilledCost", "ChargePeriodStart", "ChargeCategory", "BillingCurrency"),),
        fields={
            "occurred_at": ("ChargePeriodStart",),
            "ends_at": ("ChargePeriodEnd",),
            "credits": ("EffectiveCost", "BilledCost"),
            "unit": ("BillingCurrency",),
            "label": ("ServiceName", "ServiceProviderName", "ProviderName"),
            "kind": ("ServiceCategory",),
            "actor": ("SubAccountName", "SubAccountId"),
        },
        is_summed=True,
        no_use={"ChargeCategory": ("Purchase", "Tax")},
        told_apart_by=_FOCUS_KEYS,
        trait="EffectiveCost; --map credits=BilledCost for what was billed; purchases, taxes are not usage",
    ),
    Format(
        name="aws-cur",
        title="AWS cost and usage report",
        seller="AWS",
        found_at="AWS Billing, Data Exports",
        headers=(
            (
                *("identity/LineItemId", "lineItem/LineItemType", "lineItem/UsageStartDate"),
                *("lineItem/UnblendedCost", "lineItem/UsageType"),
            ),
            (
                *("line_item_line_item_type", "line_item_usage_start_date", "line_item_unblended_cost"),
                "line_item_usage_type",
            ),
        ),
        fields={
            "occurred_at": ("lineItem/UsageStartDate", "line_item_usage_start_date"),
            "ends_at": ("lineItem/UsageEndDate", "line_item_usage_end_date"),
            "credits": ("lineItem/UnblendedCost", "line_item_unblended_cost"),
            "unit": ("lineItem/CurrencyCode", "line_item_currency_code"),
            "label": (
                "lineItem/UsageType",
                "line_item_usage_type",
                "lineItem/LineItemType",
                "line_item_line_item_type",
            ),
            "kind": ("lineItem/ProductCode", "line_item_product_code"),
            "actor": ("lineItem/UsageAccountId", "line_item_usage_account_id"),
        },
        is_summed=True,
        no_use={"lineItem/LineItemType": ("Tax",), "line_item_line_item_type": ("Tax",)},
        told_apart_by=_AWS_KEYS,
        trait="UnblendedCost; taxes are not usage",
    ),
    Format(
        name="azure",
        title="Azure cost and usage details",
        seller="Microsoft",
        found_at="Azure portal, Cost Management, Exports",
        headers=(
            ("Date", "MeterCategory", "MeterName", "CostInBillingCurrency"),
            ("date", "meterCategory", "meterName", "costInBillingCurrency"),
        ),
        fields={
            "occurred_at": ("Date", "date"),
            "credits": ("CostInBillingCurrency", "costInBillingCurrency"),
            "unit": ("BillingCurrency", "billingCurrency", "BillingCurrencyCode", "billingCurrencyCode"),
            "label": ("MeterName", "meterName"),
            "kind": ("MeterCategory", "meterCategory"),
            "actor": ("ResourceGroup", "resourceGroup", "ResourceGroupName", "resourceGroupName"),
        },
        days=True,
        is_summed=True,
        no_use={"ChargeType": ("Purchase", "Tax"), "chargeType": ("Purchase", "Tax")},
        told_apart_by=("ChargeType", "chargeType", "MeterId", "meterId", "ResourceId", "resourceId"),
        trait="purchases and taxes are not usage; dates are read by their whole column",
    ),
)
