"""What is taken off a bill. https://docs.stripe.com/api/coupons

Stripe changes only the name of a coupon: anything else makes a new one. Customers who redeemed the old one keep it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Ge, Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine import discount_rules
from billing_resources._engine.amounts import MinorUnits, Percent
from billing_resources._engine.currencies import Currency
from billing_resources._engine.facts import (
    AsSet,
    Default,
    Immutable,
    In,
    Kept,
    Numeral,
    OnlyAtCreate,
    Ours,
    Reference,
    Short,
    Sticky,
)
from billing_resources._engine.kind import Stripe
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions


@with_config(CONFIG)
class AppliesTo(TypedDict):
    """What the coupon is limited to."""

    products: Annotated[In[Annotated[list[In[str]], Len(1)]], Reference("Product"), AsSet(), Short()]
    """The ids of the products whose prices it takes something off."""


@with_config(CONFIG)
class CouponCurrencyOption(TypedDict):
    """The same coupon in another currency."""

    amount_off: In[MinorUnits]
    """What is taken off, in that currency's minor units."""


@with_config(CONFIG)
class CouponArgs(TypedDict):
    """The fields of a coupon."""

    percent_off: NotRequired[Annotated[In[Percent], Immutable(), Numeral()]]
    """The percentage taken off, above 0: 25 or "12.5"; or else amount_off."""
    amount_off: NotRequired[Annotated[In[MinorUnits], Immutable()]]
    """What is taken off, in minor units: 500 is 5.00 USD; with currency."""
    currency: NotRequired[Annotated[In[Currency], Immutable()]]
    """The currency of amount_off: three letters in lower case."""
    currency_options: NotRequired[Annotated[In[dict[str, In[CouponCurrencyOption]]], Kept()]]
    """The same coupon in other currencies; one that is removed makes a new coupon."""
    duration: NotRequired[
        Annotated[In[Literal["once", "repeating", "forever"]], Immutable(), Default("once", sent=True)]
    ]
    """For how long a subscription has it: one bill, some months (duration_in_months), or always."""
    duration_in_months: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Immutable()]]
    """How many months a repeating coupon lasts."""
    applies_to: NotRequired[Annotated[In[AppliesTo], Immutable()]]
    """What it is limited to; every product when absent."""
    max_redemptions: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Immutable()]]
    """How often it can be redeemed, by all customers together."""
    redeem_by: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Immutable()]]
    """The last moment it can be redeemed, in seconds since 1970 (UTC); five years ahead at most."""
    id: NotRequired[Annotated[In[Annotated[str, Len(1, 200)]], Immutable(), Sticky()]]
    """An id of your own choice, such as SUMMER; Stripe makes one when it is absent."""
    name: NotRequired[In[Annotated[str, Len(1, 40)]]]
    """The name on invoices, at most 40 characters; the id when absent."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class Coupon(
    StripeResource,
    args=CouponArgs,
    rules=discount_rules.OF_COUPONS,
    stripe=Stripe(
        service="coupons",
        noun="coupon",
        expand=("applies_to", "currency_options"),
        unique=("id",),
        vacates=("id",),
        seen=discount_rules.coupon_as_declared,
    ),
):
    """A coupon. Removing it deletes it at Stripe; discounts that were given stay."""

    if TYPE_CHECKING:
        percent_off: Output[float | None]
        amount_off: Output[int | None]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[CouponArgs]
        ) -> None: ...
