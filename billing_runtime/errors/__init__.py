"""What can go wrong at run time, and what to do about it.

BillingError
├── ManifestError                 the manifest cannot be used
│   ├── ManifestNotFound          nothing says where it is, or nothing is there
│   ├── ManifestInvalid           it breaks its JSON Schema or contradicts itself (.problems)
│   ├── ManifestTooNew            it is of a newer major version than this package reads
│   └── NotProvisioned            it was made from the catalog alone: no ids, no account
├── SettingsError                 key, address, stack and manifest do not fit together
│   ├── ApiKeyMissing             no Stripe key was given
│   ├── WrongMode                 a live key on a test stack, or the reverse
│   ├── WrongAccount              the key belongs to another Stripe account than the manifest
│   ├── WrongStack                the manifest is of another stack than the one asked for
│   ├── EndpointUnreadable        a webhook endpoint's API version is not parsed by this package
│   ├── UnsafeAddress             a live key would be sent to an address that is not Stripe's
│   └── WebhookSecretMissing      no signing secret is known, so that no webhook can be believed
├── InvalidInput                  an argument of a call is refused before anything is sent (also a ValueError)
├── UnknownName                   no such plan, price, product or meter (also a LookupError; .near)
├── AmbiguousPrice                a plan has several prices that were meant equally well (.candidates)
├── WrongAudience                 the plan is not for this kind of entity
├── WrongCurrency                 the price is not sold in this currency
├── AlreadySubscribed             the entity has a subscription in this group of plans (.subscription_id)
├── StillSubscribed               data cannot be removed while a subscription runs (.subscription_ids)
├── NoSubscription                the entity has no subscription that could be changed
├── NotAllowed                    the actor may not do this to the entity's billing (.actor, .entity_id, .verb)
├── ReturnInvalid                 a return link was forged, altered, or has expired (.reason)
├── MarksInvalid                  the metadata marks on a Stripe price are not understood
├── NoCustomer                    the entity has no Stripe customer yet
├── NoSeats                       the entity has no subscription with a per-seat price
├── SeatsOutOfRange               the count is above the price's maximum
├── NoFreeSeat                    every seat is held by a member or kept for an invitation
├── SeatsInUse                    fewer seats are wanted than are in use (.holders)
├── NoInvitation                  no such open invitation (also a LookupError)
├── LimitReached                  what was to be used is not allowed (.decision)
├── ConsumeConflict               the idempotency key was used before for another call
├── UnknownReceipt                no decision has this receipt (also a LookupError)
├── ReservationEnded              the reservation was committed or released before, or is none
├── RefundTooLarge                more is to be given back than the decision still has
├── CreditConflict                the source was used before for other credits
├── UnknownGrant                  the entity has no such credits (also a LookupError)
├── UsageConflict                 the identifier was used before for another amount, customer, meter or time
├── MigrationError                subscriptions cannot be moved to another price as it was asked
│   ├── MigrationRefused          the two prices or the options do not fit (.problems)
│   ├── MigrationLocked           another migration of the same account is at work
│   ├── MigrationStopped          a run could not go on (.journal knows what is left)
│   ├── JournalInvalid            the journal cannot be read or written, or is of another account or version
│   └── PermissionMissing         a restricted key may not do what is needed (.object, .verb)
├── WebhookRefused                a webhook is not taken in (.status is what to answer)
│   ├── WebhookUnsigned           no signature that one of our secrets makes
│   ├── WebhookStale              the signature is too old, or this machine's clock is wrong
│   ├── WebhookMalformed          signed, and no event
│   └── WebhookTooLarge           larger than any event is
├── StoreError                    the local store cannot be read or written
└── StripeCallError               a call to Stripe failed (.status, .code, .param, .request_id)
    ├── StripeRefused             Stripe said no: repeating the same call will not help
    └── StripeUnavailable         no usable answer after all retries: the same call may be repeated later
"""

from billing_runtime.errors.calls import (
    InvalidInput,
    MarksInvalid,
    NoCustomer,
    NoFreeSeat,
    NoInvitation,
    NoSeats,
    SeatsInUse,
    SeatsOutOfRange,
    StoreError,
    UnknownName,
    UsageConflict,
)
from billing_runtime.errors.checkout import (
    AlreadySubscribed,
    AmbiguousPrice,
    NoSubscription,
    NotAllowed,
    ReturnInvalid,
    StillSubscribed,
    WrongAudience,
    WrongCurrency,
)
from billing_runtime.errors.credits import CreditConflict, UnknownGrant
from billing_runtime.errors.manifest import (
    ManifestError,
    ManifestInvalid,
    ManifestNotFound,
    ManifestTooNew,
    NotProvisioned,
)
from billing_runtime.errors.migration import (
    JournalInvalid,
    MigrationError,
    MigrationLocked,
    MigrationRefused,
    MigrationStopped,
    PermissionMissing,
)
from billing_runtime.errors.root import BillingError
from billing_runtime.errors.settings import (
    ApiKeyMissing,
    EndpointUnreadable,
    SettingsError,
    UnsafeAddress,
    WebhookSecretMissing,
    WrongAccount,
    WrongMode,
    WrongStack,
)
from billing_runtime.errors.stripe import StripeCallError, StripeRefused, StripeUnavailable
from billing_runtime.errors.usage import (
    ConsumeConflict,
    LimitReached,
    RefundTooLarge,
    ReservationEnded,
    UnknownReceipt,
)
from billing_runtime.errors.webhooks import (
    WebhookMalformed,
    WebhookRefused,
    WebhookStale,
    WebhookTooLarge,
    WebhookUnsigned,
)

__all__ = [
    "AlreadySubscribed",
    "AmbiguousPrice",
    "ApiKeyMissing",
    "BillingError",
    "ConsumeConflict",
    "CreditConflict",
    "EndpointUnreadable",
    "InvalidInput",
    "JournalInvalid",
    "LimitReached",
    "ManifestError",
    "ManifestInvalid",
    "ManifestNotFound",
    "ManifestTooNew",
    "MarksInvalid",
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
    "PermissionMissing",
    "RefundTooLarge",
    "ReservationEnded",
    "ReturnInvalid",
    "SeatsInUse",
    "SeatsOutOfRange",
    "SettingsError",
    "StillSubscribed",
    "StoreError",
    "StripeCallError",
    "StripeRefused",
    "StripeUnavailable",
    "UnknownGrant",
    "UnknownName",
    "UnknownReceipt",
    "UnsafeAddress",
    "UsageConflict",
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
]
