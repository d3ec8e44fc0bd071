"""The billing runtime: what an application does with its stack's provisioned catalog."""

from billing_runtime._sources import load_manifest
from billing_runtime._store import Claim, Scope, Store
from billing_runtime._stripe import Retries
from billing_runtime._validation import manifest_schema
from billing_runtime.billing import Billing
from billing_runtime.catalog import (
    Alert,
    CurrencyOption,
    Limit,
    Meter,
    Plan,
    Price,
    Product,
    Seats,
    Tier,
    TransformQuantity,
    WebhookEndpoint,
)
from billing_runtime.customers import Customer
from billing_runtime.errors import (
    ApiKeyMissing,
    BillingError,
    InvalidInput,
    ManifestError,
    ManifestInvalid,
    ManifestNotFound,
    ManifestTooNew,
    MarksInvalid,
    NoCustomer,
    NoSeats,
    NotProvisioned,
    SeatsOutOfRange,
    SettingsError,
    StoreError,
    StripeCallError,
    StripeRefused,
    StripeUnavailable,
    UnknownName,
    UnsafeAddress,
    UsageConflict,
    WrongAccount,
    WrongMode,
    WrongStack,
)
from billing_runtime.manifest import Manifest
from billing_runtime.marks import Terms
from billing_runtime.seats import SeatChange, SeatSync
from billing_runtime.subscription import Subscription, SubscriptionItem
from billing_runtime.usage import UsageRecord, UsageSummary

__all__ = [
    "Alert",
    "ApiKeyMissing",
    "Billing",
    "BillingError",
    "Claim",
    "CurrencyOption",
    "Customer",
    "InvalidInput",
    "Limit",
    "Manifest",
    "ManifestError",
    "ManifestInvalid",
    "ManifestNotFound",
    "ManifestTooNew",
    "MarksInvalid",
    "Meter",
    "NoCustomer",
    "NoSeats",
    "NotProvisioned",
    "Plan",
    "Price",
    "Product",
    "Retries",
    "Scope",
    "SeatChange",
    "SeatSync",
    "Seats",
    "SeatsOutOfRange",
    "SettingsError",
    "Store",
    "StoreError",
    "StripeCallError",
    "StripeRefused",
    "StripeUnavailable",
    "Subscription",
    "SubscriptionItem",
    "Terms",
    "Tier",
    "TransformQuantity",
    "UnknownName",
    "UnsafeAddress",
    "UsageConflict",
    "UsageRecord",
    "UsageSummary",
    "WebhookEndpoint",
    "WrongAccount",
    "WrongMode",
    "WrongStack",
    "load_manifest",
    "manifest_schema",
]
