"""What it costs. https://docs.stripe.com/api/prices

Stripe cannot change an amount: a new price takes over the lookup key and the default, then the old one is archived.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NotRequired

from annotated_types import Ge, Le, Len
from pydantic import with_config
from typing_extensions import TypedDict, Unpack

from billing_resources._engine import price_rules
from billing_resources._engine.amounts import DecimalString, MinorUnits
from billing_resources._engine.currencies import Currency
from billing_resources._engine.default_price import FollowsDefaultPrice
from billing_resources._engine.facts import (
    Default,
    Immutable,
    ImmutableOnce,
    In,
    KeyOf,
    OnlyAtCreate,
    Ours,
    Reference,
    Short,
)
from billing_resources._engine.kind import Stripe
from billing_resources._engine.price_marks import PRICE_MARKS
from billing_resources._engine.resource import StripeResource
from billing_resources._engine.validation import CONFIG

if TYPE_CHECKING:
    from pulumi import Output, ResourceOptions

TaxBehavior = Literal["exclusive", "inclusive", "unspecified"]


@with_config(CONFIG)
class Recurring(TypedDict):
    """How often it is billed, and by what."""

    interval: Annotated[In[Literal["day", "week", "month", "year"]], Short()]
    """The unit of the billing period."""
    interval_count: NotRequired[Annotated[In[Annotated[int, Ge(1)]], Default(1)]]
    """How many units make a period, three years at most."""
    meter: NotRequired[Annotated[In[Annotated[str, Len(1)]], Reference("Meter")]]
    """The id of the meter whose usage is billed."""
    usage_type: NotRequired[Annotated[In[Literal["licensed", "metered"]], Default("licensed")]]
    """Billed by quantity (licensed) or by usage (metered, with a meter)."""


@with_config(CONFIG)
class Tier(TypedDict):
    """One tier: it begins where the one before ends."""

    up_to: In[int | Literal["inf"]]
    """The last unit of the tier; "inf" in the last one."""
    unit_amount: NotRequired[In[MinorUnits]]
    """The price of a unit, in minor units."""
    unit_amount_decimal: NotRequired[In[DecimalString]]
    """The price of a unit in minor units, with up to 12 decimals."""
    flat_amount: NotRequired[In[MinorUnits]]
    """A fee for entering the tier, in minor units."""
    flat_amount_decimal: NotRequired[In[DecimalString]]
    """The same with up to 12 decimals."""


@with_config(CONFIG)
class CurrencyOption(TypedDict):
    """The same price in another currency."""

    unit_amount: NotRequired[In[MinorUnits]]
    """The amount in that currency's minor units."""
    unit_amount_decimal: NotRequired[In[DecimalString]]
    """The same with up to 12 decimals."""
    tiers: NotRequired[In[list[Tier]]]
    """Tiers with the same bounds as the price's own."""
    tax_behavior: NotRequired[Annotated[In[TaxBehavior], Default("unspecified")]]
    """Whether tax is included."""


@with_config(CONFIG)
class TransformQuantity(TypedDict):
    """Packages: the amount is for ``divide_by`` units."""

    divide_by: In[Annotated[int, Ge(1)]]
    """How many units a package holds."""
    round: In[Literal["up", "down"]]
    """What happens to a started package."""


@with_config(CONFIG)
class Seats(TypedDict):
    """How the quantity of a subscription relates to its members."""

    mode: Annotated[Literal["follow", "purchased"], Short()]
    """The quantity follows the members, or members are held to the purchased quantity."""
    minimum: NotRequired[Annotated[Annotated[int, Ge(1)], Default(1)]]
    """The fewest seats that are billed; 1 when absent."""
    maximum: NotRequired[Annotated[int, Ge(1)]]
    """The most seats that can be had."""


@with_config(CONFIG)
class Rollover(TypedDict):
    """What is left at the end of a window goes on into the next ones."""

    max: Annotated[int, Ge(0)] | Literal["unlimited"]
    """The most units from earlier windows at any time, or "unlimited"."""
    periods: Annotated[int, Ge(1)]
    """For how many further windows they stay."""


@with_config(CONFIG)
class Limit(TypedDict):
    """How much of something is included."""

    included: Annotated[Annotated[int, Ge(0)] | Literal["unlimited"], Short()]
    """The amount, 0 to deny, or "unlimited"."""
    per: NotRequired[Annotated[Literal["period", "month", "day", "hour", "lifetime"], Default("period")]]
    """The window it is counted in; the billing period when absent."""
    overage: NotRequired[Annotated[Literal["block", "allow", "bill"], Default("block")]]
    """What happens beyond it; blocked when absent."""
    meter: NotRequired[Annotated[str, KeyOf("Meter")]]
    """The name of the declared meter that bills the usage."""
    rollover: NotRequired[Rollover]
    """What happens to what is left of a window; it is gone when absent."""
    carry: NotRequired[Annotated[Literal["carry", "reset", "prorate"], Default("carry")]]
    """What a change of plan makes of what is used: kept, forgotten, or each plan gives its share of the window."""
    thresholds: NotRequired[Annotated[list[Annotated[int, Ge(1), Le(1000)]], Len(1)]]
    """Percents of the amount at which the application is told, ascending."""


@with_config(CONFIG)
class PriceTerms(TypedDict):
    """What a price says, whatever it is the price of. Amounts are in the currency's minor unit."""

    currency: Annotated[In[Currency], Immutable()]
    """A three-letter code in lower case."""
    unit_amount: NotRequired[Annotated[In[MinorUnits], Immutable()]]
    """The price of a unit in minor units: 1200 is 12.00 USD."""
    unit_amount_decimal: NotRequired[Annotated[In[DecimalString], Immutable()]]
    """The same with up to 12 decimals, as a quoted string."""
    billing_scheme: NotRequired[Annotated[In[Literal["per_unit", "tiered"]], Immutable(), OnlyAtCreate()]]
    """Follows from tiers when absent."""
    tiers: NotRequired[Annotated[In[Annotated[list[Tier], Len(1)]], Immutable()]]
    """Prices by quantity; the last tier ends at "inf"."""
    tiers_mode: NotRequired[Annotated[In[Literal["graduated", "volume"]], Immutable()]]
    """Each unit at its own tier's price, or all units at the price of the tier reached."""
    transform_quantity: NotRequired[Annotated[In[TransformQuantity], Immutable()]]
    """Packages of units; not together with tiers."""
    recurring: NotRequired[Annotated[In[Recurring], Immutable()]]
    """Absent for a one-time price."""
    currency_options: NotRequired[In[dict[str, In[CurrencyOption]]]]
    """The same price in other currencies."""
    tax_behavior: NotRequired[Annotated[In[TaxBehavior], ImmutableOnce(), Default("unspecified")]]
    """Whether tax is included; settable once."""
    lookup_key: NotRequired[In[Annotated[str, Len(1, 200)]]]
    """A name of your own that moves to the successor when the price is replaced."""
    nickname: NotRequired[In[Annotated[str, Len(1, 5000)]]]
    """A name that customers do not see."""
    metadata: NotRequired[In[dict[str, In[str]]]]
    """Your own keys and values; a key that is removed here is unset at Stripe."""
    default: NotRequired[Annotated[bool, Ours(), Default(False)]]
    """Whether it is its product's default price."""
    trial_days: NotRequired[Annotated[Annotated[int, Ge(1)], Ours()]]
    """The trial that the runtime gives to new subscriptions, in days."""
    seats: NotRequired[Annotated[Seats, Ours()]]
    """A price per seat."""
    limits: NotRequired[Annotated[dict[str, Limit], Ours()]]
    """What is included, by name."""
    features: NotRequired[Annotated[dict[str, str], Ours()]]
    """What comes with it, by name."""
    adopt: NotRequired[Annotated[bool, Ours(), OnlyAtCreate()]]
    """Take over an existing object that no stack owns."""


@with_config(CONFIG)
class PriceArgs(PriceTerms):
    """The fields of a price."""

    product: Annotated[In[Annotated[str, Len(1)]], Immutable(), Reference("Product")]
    """The id of the product."""


class Price(
    StripeResource,
    args=PriceArgs,
    rules=price_rules.ALL,
    marks=PRICE_MARKS,
    stripe=Stripe(
        service="prices",
        noun="price",
        alive={"active": True},
        retire={"active": False, "lookup_key": ""},
        listings=({"active": True}, {"active": False}),  # without a filter Stripe lists active prices only
        expand=("tiers", "currency_options"),
        unique=("lookup_key",),
        movable=True,
        params=price_rules.follows,
        seen=price_rules.seen,
        extra=FollowsDefaultPrice(),
    ),
):
    """A price. It cannot be deleted at Stripe, so removing it archives it and frees its lookup key."""

    if TYPE_CHECKING:
        active: Output[bool]
        product: Output[str]
        lookup_key: Output[str | None]

        def __init__(self, name: str, /, *, opts: ResourceOptions | None = None, **args: Unpack[PriceArgs]) -> None: ...
