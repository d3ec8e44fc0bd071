"""A price list as data: everything is said already, the formats only lay it out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class TierRow:
    """One tier: from which unit to which, and what it costs."""

    first: str
    last: str
    unit: str
    flat: str


@dataclass(frozen=True)
class ListedPrice:
    """One price in words."""

    key: str
    amount: str
    """12.00 USD per seat and month; what is metered begins with what is counted."""
    notes: tuple[str, ...] = ()
    """Saving, trial, seats, what it includes otherwise than its plan, other currencies."""
    tiers_heading: str = ""
    tiers: tuple[TierRow, ...] = ()


@dataclass(frozen=True)
class ListedPlan:
    """A plan, or a product that is none, with its prices in the order of the catalog."""

    key: str
    name: str
    badge: str = ""
    description: str = ""
    audience: str = ""
    is_free: bool = False
    prices: tuple[ListedPrice, ...] = ()
    included: tuple[str, ...] = ()
    """Limits and features, in words."""


@dataclass(frozen=True)
class PriceList:
    """All plans by rank, then the products, in one currency or in those that they are written in."""

    currency: str | None
    plans: tuple[ListedPlan, ...]
    products: tuple[ListedPlan, ...] = ()
