"""The billing runtime: what an application does with its stack's provisioned catalog."""

from billing_runtime._outbox.aside import UsageLag
from billing_runtime._outbox.drift import UsageDrift
from billing_runtime._outbox.problems import UsageProblem
from billing_runtime._outbox.settings import Reporting
from billing_runtime._sources import load_manifest
from billing_runtime._store import Scope, Store, Transaction
from billing_runtime._stripe import Retries
from billing_runtime._validation import manifest_schema
from billing_runtime.access import Access, AccessPolicy
from billing_runtime.alerts import FiredAlert
from billing_runtime.billing import Billing
from billing_runtime.catalog import (
    Alert,
    CurrencyOption,
    Limit,
    Meter,
    Plan,
    PortalConfiguration,
    Price,
    Product,
    PromotionCode,
    Rollover,
    Seats,
    Tier,
    TransformQuantity,
    WebhookEndpoint,
)
from billing_runtime.changing import PlanChange
from billing_runtime.checkout.session import CheckoutSession, Purchase
from billing_runtime.checkout.settings import CheckoutSettings
from billing_runtime.consuming.awaited import AioReservation
from billing_runtime.consuming.decision import Decision, Part
from billing_runtime.consuming.failure import FailureSettings
from billing_runtime.consuming.members import MemberLimit
from billing_runtime.consuming.reservation import Reservation
from billing_runtime.credits.automatic import AutoTopUp, AutoTopUpStatus
from billing_runtime.credits.settings import CreditSettings, TopUp
from billing_runtime.credits.stripe_views import StripeBalance, StripeCreditTransaction, StripeGrant
from billing_runtime.credits.views import CreditBalance, CreditEntry, CreditGrant
from billing_runtime.customers import Customer
from billing_runtime.duplicates import Duplicate
from billing_runtime.errors import (
    AlreadySubscribed,
    AmbiguousPrice,
    ApiKeyMissing,
    BillingError,
    ConsumeConflict,
    CreditConflict,
    EndpointUnreadable,
    InvalidInput,
    JournalInvalid,
    LimitReached,
    ManifestError,
    ManifestInvalid,
    ManifestNotFound,
    ManifestTooNew,
    MarksInvalid,
    MigrationError,
    MigrationLocked,
    MigrationRefused,
    MigrationStopped,
    NoCustomer,
    NoFreeSeat,
    NoInvitation,
    NoSeats,
    NoSubscription,
    NotAllowed,
    NotProvisioned,
    PermissionMissing,
    RefundTooLarge,
    ReservationEnded,
    ReturnInvalid,
    SeatsInUse,
    SeatsOutOfRange,
    SettingsError,
    StillSubscribed,
    StoreError,
    StripeCallError,
    StripeRefused,
    StripeUnavailable,
    UnknownGrant,
    UnknownName,
    UnknownReceipt,
    UnsafeAddress,
    UsageConflict,
    WebhookMalformed,
    WebhookRefused,
    WebhookSecretMissing,
    WebhookStale,
    WebhookTooLarge,
    WebhookUnsigned,
    WrongAccount,
    WrongAudience,
    WrongCurrency,
    WrongMode,
    WrongStack,
)
from billing_runtime.finding import Finding
from billing_runtime.held import HeldSubscription, PaymentMethod
from billing_runtime.leases import LeaseSettings
from billing_runtime.limits.gauge import Check
from billing_runtime.limits.terms import LimitSettings
from billing_runtime.llm import LlmCosts, LlmUsage, llm_usage
from billing_runtime.manifest import Manifest
from billing_runtime.marks import Terms
from billing_runtime.permissions import Permissions
from billing_runtime.personal import Erased
from billing_runtime.plan_changes import PlanChanges
from billing_runtime.portal import PortalSession
from billing_runtime.reading.consumption import Consumption
from billing_runtime.reading.forecast import Forecast, ForecastLine
from billing_runtime.reading.history import UsageRow
from billing_runtime.seats import (
    SeatChange,
    SeatEvent,
    SeatHolder,
    SeatItem,
    SeatPolicy,
    SeatProvider,
    SeatStatus,
    SeatSweep,
    SeatSync,
)
from billing_runtime.setup import SetupIntent
from billing_runtime.subscription import Subscription, SubscriptionItem
from billing_runtime.thresholds import ThresholdReached
from billing_runtime.usage import UsageRecord, UsageSummary

__all__ = [
    "Access",
    "AccessPolicy",
    "AioReservation",
    "Alert",
    "AlreadySubscribed",
    "AmbiguousPrice",
    "ApiKeyMissing",
    "AutoTopUp",
    "AutoTopUpStatus",
    "Billing",
    "BillingError",
    "Check",
    "CheckoutSession",
    "CheckoutSettings",
    "ConsumeConflict",
    "Consumption",
    "CreditBalance",
    "CreditConflict",
    "CreditEntry",
    "CreditGrant",
    "CreditSettings",
    "CurrencyOption",
    "Customer",
    "Decision",
    "Duplicate",
    "EndpointUnreadable",
    "Erased",
    "FailureSettings",
    "Finding",
    "FiredAlert",
    "Forecast",
    "ForecastLine",
    "HeldSubscription",
    "InvalidInput",
    "JournalInvalid",
    "LeaseSettings",
    "Limit",
    "LimitReached",
    "LimitSettings",
    "LlmCosts",
    "LlmUsage",
    "Manifest",
    "ManifestError",
    "ManifestInvalid",
    "ManifestNotFound",
    "ManifestTooNew",
    "MarksInvalid",
    "MemberLimit",
    "Meter",
    "MigrationError",
    "MigrationLocked",
    "MigrationRefused",
    "MigrationStopped",
    "NoCustomer",
    "NoFreeSeat",
    "NoInvitation",
    "NoSeats",
    "NoSubscription",
    "NotAllowed",
    "NotProvisioned",
    "Part",
    "PaymentMethod",
    "PermissionMissing",
    "Permissions",
    "Plan",
    "PlanChange",
    "PlanChanges",
    "PortalConfiguration",
    "PortalSession",
    "Price",
    "Product",
    "PromotionCode",
    "Purchase",
    "RefundTooLarge",
    "Reporting",
    "Reservation",
    "ReservationEnded",
    "Retries",
    "ReturnInvalid",
    "Rollover",
    "Scope",
    "SeatChange",
    "SeatEvent",
    "SeatHolder",
    "SeatItem",
    "SeatPolicy",
    "SeatProvider",
    "SeatStatus",
    "SeatSweep",
    "SeatSync",
    "Seats",
    "SeatsInUse",
    "SeatsOutOfRange",
    "SettingsError",
    "SetupIntent",
    "StillSubscribed",
    "Store",
    "StoreError",
    "StripeBalance",
    "StripeCallError",
    "StripeCreditTransaction",
    "StripeGrant",
    "StripeRefused",
    "StripeUnavailable",
    "Subscription",
    "SubscriptionItem",
    "Terms",
    "ThresholdReached",
    "Tier",
    "TopUp",
    "Transaction",
    "TransformQuantity",
    "UnknownGrant",
    "UnknownName",
    "UnknownReceipt",
    "UnsafeAddress",
    "UsageConflict",
    "UsageDrift",
    "UsageLag",
    "UsageProblem",
    "UsageRecord",
    "UsageRow",
    "UsageSummary",
    "WebhookEndpoint",
    "WebhookMalformed",
    "WebhookRefused",
    "WebhookSecretMissing",
    "WebhookStale",
    "WebhookTooLarge",
    "WebhookUnsigned",
    "WrongAccount",
    "WrongAudience",
    "WrongCurrency",
    "WrongMode",
    "WrongStack",
    "llm_usage",
    "load_manifest",
    "manifest_schema",
]
