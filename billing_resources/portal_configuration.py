"""What customers may do for themselves on Stripe's portal. https://docs.stripe.com/api/customer_portal/configurations

A feature that is not written is off, and is switched off again when somebody switches it on in the Dashboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Ge, Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine import portal_rules
from billing_resources._engine.facts import AsSet, Default, In, OnlyAtCreate, Ours, Reference, Switched, Vital
from billing_resources._engine.kind import Stripe
from billing_resources._engine.portal import OverPurchasedSeats
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions

Prorations = Literal["always_invoice", "create_prorations", "none"]
Reason = Literal[
    "customer_service",
    "low_quality",
    "missing_features",
    "other",
    "switched_service",
    "too_complex",
    "too_expensive",
    "unused",
]


@with_config(CONFIG)
class BusinessProfile(TypedDict):
    """The business, as the portal shows it."""

    headline: NotRequired[In[Annotated[str, Len(1, 60)]]]
    """The line at the top, at most 60 characters."""
    privacy_policy_url: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """The address of the privacy policy."""
    terms_of_service_url: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """The address of the terms of service."""


@with_config(CONFIG)
class Switch(TypedDict):
    """Something that is on or off."""

    enabled: In[bool]
    """Whether it is on."""


@with_config(CONFIG)
class CustomerUpdate(TypedDict):
    """Customers change their own details."""

    enabled: In[bool]
    """Whether it is on."""
    allowed_updates: NotRequired[
        Annotated[In[list[Literal["address", "email", "name", "phone", "shipping", "tax_id"]]], AsSet()]
    ]
    """What they may change."""


@with_config(CONFIG)
class PaymentMethodUpdate(TypedDict):
    """Customers change how they pay."""

    enabled: In[bool]
    """Whether it is on."""
    payment_method_configuration: NotRequired[In[Annotated[str, Len(1)]]]
    """The id of the payment methods on offer; the account's usual ones when absent."""


@with_config(CONFIG)
class CancellationReason(TypedDict):
    """Customers are asked why they cancel."""

    enabled: In[bool]
    """Whether they are asked."""
    options: Annotated[In[list[Reason]], AsSet()]
    """The answers on offer."""
    feedback_options: NotRequired[Annotated[In[list[In[str]]], AsSet()]]
    """The ids of answers of your own."""


@with_config(CONFIG)
class SubscriptionCancel(TypedDict):
    """Customers cancel."""

    enabled: In[bool]
    """Whether it is on."""
    mode: NotRequired[Annotated[In[Literal["at_period_end", "immediately"]], Vital(), Default("at_period_end")]]
    """When a cancellation takes effect."""
    proration_behavior: NotRequired[Annotated[In[Prorations], Default("none")]]
    """What becomes of time that is paid for; something only with mode immediately, and never always_invoice."""
    cancellation_reason: NotRequired[Annotated[In[CancellationReason], Switched(), Default({"enabled": False})]]
    """Whether they are asked why."""


@with_config(CONFIG)
class PauseInterval(TypedDict):
    """One duration on offer."""

    interval: In[Literal["day", "week", "month", "year"]]
    """The unit."""
    interval_count: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Default(1)]]
    """How many of them; three years at most."""


@with_config(CONFIG)
class PauseDuration(TypedDict):
    """How long a subscription can be paused."""

    type: In[Literal["indefinite", "interval_options"]]
    """Without an end, or for one of the durations on offer."""
    interval_options: NotRequired[In[Annotated[list[PauseInterval], Len(1)]]]
    """The durations on offer."""


ONE_MONTH = {"type": "interval_options", "interval_options": [{"interval": "month", "interval_count": 1}]}


@with_config(CONFIG)
class SubscriptionPause(TypedDict):
    """Customers pause."""

    enabled: In[bool]
    """Whether it is on."""
    duration: NotRequired[Annotated[In[PauseDuration], Default(ONE_MONTH)]]
    """For how long; one month when absent."""


@with_config(CONFIG)
class AdjustableQuantity(TypedDict):
    """Customers change the quantity: only where seats are purchased."""

    enabled: In[bool]
    """Whether they may."""
    minimum: NotRequired[Annotated[In[Annotated[int, Ge(0)]], Default(1)]]
    """The least they can choose."""
    maximum: NotRequired[In[Annotated[int, Ge(1)]]]
    """The most they can choose."""


@with_config(CONFIG)
class PortalProduct(TypedDict):
    """A product that customers can switch to."""

    product: Annotated[In[Annotated[str, Len(1)]], Reference("Product")]
    """The id of the product."""
    prices: Annotated[In[Annotated[list[In[str]], Len(1)]], Reference("Price"), AsSet()]
    """The ids of those of its prices that are on offer."""
    adjustable_quantity: NotRequired[
        Annotated[In[AdjustableQuantity], Vital(), Switched(), Default({"enabled": False}, sent=True)]
    ]
    """Whether the quantity can be changed; not when absent."""


@with_config(CONFIG)
class Condition(TypedDict):
    """A change that waits for the end of the period."""

    type: In[Literal["decreasing_item_amount", "shortening_interval"]]
    """What kind of change it is."""


@with_config(CONFIG)
class ScheduleAtPeriodEnd(TypedDict):
    """Changes that take effect at the end of the period."""

    conditions: NotRequired[In[list[Condition]]]
    """Which changes; any of them is enough."""


@with_config(CONFIG)
class SubscriptionUpdate(TypedDict):
    """Customers change their subscription."""

    enabled: In[bool]
    """Whether it is on."""
    default_allowed_updates: NotRequired[Annotated[In[list[Literal["price", "promotion_code", "quantity"]]], AsSet()]]
    """What they may change; the quantity only where seats are purchased."""
    products: NotRequired[In[Annotated[list[PortalProduct], Len(1, 10)]]]
    """Up to 10 products that they can switch between."""
    proration_behavior: NotRequired[Annotated[In[Prorations], Default("none")]]
    """What becomes of time that is paid for."""
    billing_cycle_anchor: NotRequired[Annotated[In[Literal["now", "unchanged"]], Default("unchanged")]]
    """Whether a change begins a new period."""
    trial_update_behavior: NotRequired[Annotated[In[Literal["continue_trial", "end_trial"]], Default("end_trial")]]
    """What becomes of a trial."""
    schedule_at_period_end: NotRequired[In[ScheduleAtPeriodEnd]]
    """Changes that wait for the end of the period."""


OFF = Default({"enabled": False})


@with_config(CONFIG)
class PortalFeatures(TypedDict):
    """What customers may do; what is not written is off."""

    customer_update: NotRequired[Annotated[In[CustomerUpdate], Vital(), Switched(), OFF]]
    """Changing their details."""
    invoice_history: NotRequired[Annotated[In[Switch], Vital(), Switched(), OFF]]
    """Seeing past bills."""
    payment_method_update: NotRequired[Annotated[In[PaymentMethodUpdate], Vital(), Switched(), OFF]]
    """Changing how they pay."""
    subscription_cancel: NotRequired[Annotated[In[SubscriptionCancel], Vital(), Switched(), OFF]]
    """Cancelling."""
    subscription_pause: NotRequired[Annotated[In[SubscriptionPause], Vital(), Switched(), OFF]]
    """Pausing."""
    subscription_update: NotRequired[Annotated[In[SubscriptionUpdate], Vital(), Switched(), OFF]]
    """Switching to other prices."""


@with_config(CONFIG)
class PortalConfigurationArgs(TypedDict):
    """The fields of a portal configuration."""

    features: In[PortalFeatures]
    """What customers may do."""
    business_profile: NotRequired[In[BusinessProfile]]
    """What the portal says about the business."""
    default_return_url: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """Where the portal's link back leads to."""
    login_page: NotRequired[Annotated[In[Switch], Vital(), Switched(), OFF]]
    """A page by which customers come in without a link of yours."""
    name: NotRequired[In[Annotated[str, Len(1, 256)]]]
    """A name for your team."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over the account's default configuration, which the portal uses where no other is named."""


class PortalConfiguration(
    StripeResource,
    args=PortalConfigurationArgs,
    rules=portal_rules.ALL,
    stripe=Stripe(
        service="billing_portal.configurations",
        noun="portal configuration",
        alive={"active": True},
        retire={"active": False},
        expand=("features.subscription_update.products",),
        computed=("is_default",),
        adopts={"is_default": True},
        extra=OverPurchasedSeats(),
    ),
):
    """A portal configuration. It cannot be deleted at Stripe, so removing it deactivates it.

    The account's default one cannot be deactivated either: it stays as it is, and belongs to nobody.
    """

    if TYPE_CHECKING:
        active: Output[bool]
        is_default: Output[bool]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[PortalConfigurationArgs]
        ) -> None: ...
