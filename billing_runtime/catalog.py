"""What the manifest offers, as frozen values: plans, products, prices, meters, alerts, webhook endpoints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

#: The group of every plan that names none.
GROUP = "plans"

PriceType = Literal["flat", "per_seat", "metered", "one_time"]


@dataclass(frozen=True, slots=True)
class Rollover:
    """What is left of a window stays for `periods` further ones: `max` units at most at any time, None for all."""

    max: int | None
    periods: int


@dataclass(frozen=True, slots=True)
class Limit:
    """How much of something a plan or price includes, and what happens beyond it.

    `included` is in units, 0 denies. `per` is the window: period, month, day, hour or lifetime. `overage` is block,
    allow or bill. `carry` says what a change of plan does with what is used already: carry keeps it, reset forgets it,
    prorate gives each plan's share of the window. `thresholds` are percents of `included`, ascending.
    """

    included: int | Literal["unlimited"]
    per: str = "period"
    overage: str = "block"
    meter: str | None = None
    rollover: Rollover | None = None
    carry: str = "carry"
    thresholds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seats:
    """How the quantity of a per-seat price follows the members."""

    mode: str = "follow"
    minimum: int = 1
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """One step of a tiered price; amounts are minor units."""

    up_to: int | Literal["inf"]
    unit_amount: Decimal | None = None
    flat_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TransformQuantity:
    """A price per started (or full) package of units."""

    divide_by: int
    round: str


@dataclass(frozen=True, slots=True)
class CurrencyOption:
    """The same price in another currency."""

    unit_amount: Decimal | None = None
    tiers: tuple[Tier, ...] | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product and its Stripe id."""

    key: str
    id: str | None


@dataclass(frozen=True, slots=True)
class Price:
    """A price: its Stripe id, what it costs in minor units, and how it is counted."""

    key: str
    id: str | None
    product: str
    type: PriceType
    currency: str
    unit_amount: Decimal | None
    seats: Seats | None = None
    tiers: tuple[Tier, ...] | None = None
    tiers_mode: str | None = None
    transform_quantity: TransformQuantity | None = None
    currency_options: Mapping[str, CurrencyOption] = field(default_factory=dict)
    interval: str | None = None
    interval_count: int | None = None
    lookup_key: str | None = None
    trial_days: int | None = None
    meter: str | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    default: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as it is shown and sold: its product, prices, limits and features.

    Plans of one group exclude each other: an entity has at most one subscription in a group. A plan that names no group
    is in the group of all such plans.
    """

    key: str
    name: str
    product: str
    prices: tuple[Price, ...]
    audience: tuple[str, ...] = ()
    rank: int = 0
    badge: str | None = None
    free: bool = False
    limits: Mapping[str, Limit] = field(default_factory=dict)
    features: Mapping[str, str] = field(default_factory=dict)
    group: str = GROUP

    def is_for(self, kind: str) -> bool:
        """Whether an entity of this kind may have it; a plan without an audience is for everyone."""
        return not self.audience or kind in self.audience


@dataclass(frozen=True, slots=True)
class Meter:
    """A meter: the event it listens to and the payload keys it reads."""

    key: str
    id: str | None
    event_name: str
    formula: Literal["sum", "count", "last"]
    customer_key: str = "stripe_customer_id"
    value_key: str = "value"
    window: str | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """A usage alert."""

    key: str
    id: str | None
    meter: str
    gte: int
    title: str = ""
    status: str | None = None


@dataclass(frozen=True, slots=True)
class WebhookEndpoint:
    """The application's webhook endpoint; its secret is not in the manifest."""

    key: str
    id: str | None
    url: str
    api_version: str | None = None


@dataclass(frozen=True, slots=True)
class PortalConfiguration:
    """What the customer portal shows and allows."""

    key: str
    id: str | None


@dataclass(frozen=True, slots=True)
class PromotionCode:
    """What customers type in to pay less; `code` is what they type."""

    key: str
    id: str | None
    code: str | None = None
