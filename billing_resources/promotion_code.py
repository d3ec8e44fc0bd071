"""The code by which customers redeem a coupon. https://docs.stripe.com/api/promotion_codes"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Ge, Len
from pydantic import StringConstraints, with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine import discount_rules
from billing_resources._engine.amounts import MinorUnits
from billing_resources._engine.currencies import Currency
from billing_resources._engine.facts import (
    CaseBlind,
    Default,
    Immutable,
    In,
    Kept,
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

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", min_length=1, max_length=500)]


@with_config(CONFIG)
class Promotion(TypedDict):
    """What the code is for."""

    coupon: Annotated[In[Annotated[str, Len(1)]], Reference("Coupon"), Short()]
    """The id of the coupon."""
    type: NotRequired[Annotated[In[Literal["coupon"]], Default("coupon", sent=True)]]
    """The only type there is."""


@with_config(CONFIG)
class RestrictionCurrencyOption(TypedDict):
    """The least bill in another currency."""

    minimum_amount: In[MinorUnits]
    """The least amount of a bill, in that currency's minor units."""


@with_config(CONFIG)
class Restrictions(TypedDict):
    """Who can redeem the code."""

    first_time_transaction: NotRequired[Annotated[In[bool], Immutable(), Default(False)]]
    """Whether it is for customers who have never paid before."""
    minimum_amount: NotRequired[Annotated[In[MinorUnits], Immutable()]]
    """The least amount of a bill, in minor units; with minimum_amount_currency."""
    minimum_amount_currency: NotRequired[Annotated[In[Currency], Immutable()]]
    """The currency of minimum_amount."""
    currency_options: NotRequired[Annotated[In[dict[str, In[RestrictionCurrencyOption]]], Kept()]]
    """The least amount in other currencies; one that is removed makes a new code."""


@with_config(CONFIG)
class PromotionCodeArgs(TypedDict):
    """The fields of a promotion code."""

    promotion: Annotated[In[Promotion], Immutable()]
    """What the code is for: a coupon."""
    code: NotRequired[Annotated[In[Code], Immutable(), Sticky(), CaseBlind()]]
    """What customers type: letters, digits, - and _, in any case; Stripe makes one when it is absent."""
    expires_at: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Immutable()]]
    """The last moment it can be redeemed, in seconds since 1970 (UTC); five years ahead at most."""
    max_redemptions: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Immutable()]]
    """How often it can be redeemed, by all customers together."""
    restrictions: NotRequired[Annotated[In[Restrictions], Default({})]]
    """Who can redeem it."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


class PromotionCode(
    StripeResource,
    args=PromotionCodeArgs,
    rules=discount_rules.OF_PROMOTION_CODES,
    stripe=Stripe(
        service="promotion_codes",
        noun="promotion code",
        alive={"active": True},
        retire={"active": False},
        expand=("restrictions.currency_options", "promotion.coupon"),
        computed=("code",),
        unique=("code",),
        vacates=("code",),
        ended=discount_rules.code_has_ended,
        seen=discount_rules.code_as_declared,
    ),
):
    """A promotion code. It cannot be deleted at Stripe, so removing it deactivates it, which frees the code."""

    if TYPE_CHECKING:
        active: Output[bool]
        code: Output[str]

        def __init__(
            self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[PromotionCodeArgs]
        ) -> None: ...
