"""What comes with a price beside its amounts: trial, seats, limits, features, tax, names."""

from __future__ import annotations

from typing import Any

from billing_review.telling.fields import Field, Scene, became, counts
from billing_review.telling.limits import FEATURES, LIMITS
from billing_review.telling.shows import ADOPT, METADATA, amount_of_key, in_words, named
from billing_review.telling.words import counted

AMOUNTS = (
    "currency",
    "unit_amount",
    "unit_amount_decimal",
    "billing_scheme",
    "tiers.*.up_to",
    "tiers.*.unit_amount",
    "tiers.*.unit_amount_decimal",
    "tiers.*.flat_amount",
    "tiers.*.flat_amount_decimal",
    "tiers_mode",
    "transform_quantity.divide_by",
    "transform_quantity.round",
    "recurring.interval",
    "recurring.interval_count",
    "currency_options.*.unit_amount",
    "currency_options.*.unit_amount_decimal",
    "currency_options.*.tiers.*.up_to",
    "currency_options.*.tiers.*.unit_amount",
    "currency_options.*.tiers.*.unit_amount_decimal",
    "currency_options.*.tiers.*.flat_amount",
    "currency_options.*.tiers.*.flat_amount_decimal",
)
"""The places that ``costs`` tells."""
_TAX = {"exclusive": "added to the amount", "inclusive": "included in the amount", "unspecified": "not set"}
_MODES = {"follow": "follow the members", "purchased": "are bought and members are held to them"}
_USAGE = {"licensed": "quantity", "metered": "usage"}


def _days(value: Any, _: Scene) -> str:
    return counted(value, "day")


def _trial(_: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"no trial any more (it was {old})"
    return f"{new} of trial instead of {old.split()[0]}" if old else f"{new} of trial"


def _meter(_: str, old: str | None, new: str | None) -> str:
    return f"bills {f'usage of {new}' if new else 'no usage'} instead of {f'usage of {old}' if old else 'a quantity'}"


def _usage(_: str, old: str | None, new: str | None) -> str | None:
    # Where only one side writes it, the meter's clause says the same.
    return f"billed by {new} instead of {old}" if old and new else None


def _product(_: str, old: str | None, new: str | None) -> str:
    return f"belongs to {new} instead of {old}"


def _mode(_: str, __: str | None, new: str | None) -> str:
    return f"seats {new}" if new else "no longer billed by seats"


def _fewest(_: str, old: str | None, new: str | None) -> str:
    return f"at least {counted(int(new or 1), 'seat')} billed instead of {old or 1}"


def _most(_: str, old: str | None, new: str | None) -> str:
    if new is None:
        return f"any number of seats instead of at most {old}"
    return f"at most {new} seats instead of {old or 'any number'}"


def _default(_: str, __: str | None, new: str | None) -> str:
    return "it becomes the product's default price" if new == "yes" else "it is no longer the product's default price"


def _tax(_: str, __: str | None, new: str | None) -> str:
    return f"tax is {new}"


def _tax_in(label: str, _: str | None, new: str | None) -> str:
    return f"{label[:1].lower()}{label[1:]} is {new or 'not set'}"


TERMS = (
    Field("product", "Product", named("Product"), said=_product),
    Field("recurring.meter", "Bills usage of", named("Meter"), said=_meter),
    Field("recurring.usage_type", "Billed by", in_words(_USAGE), said=_usage),
    Field("default", "Default price of the product", absent=False, said=_default),
    Field("trial_days", "Trial", _days, said=_trial),
    Field("seats.mode", "Seats", in_words(_MODES), said=_mode),
    Field("seats.minimum", "Fewest seats billed", absent=1, said=_fewest),
    Field("seats.maximum", "Most seats", said=_most),
    LIMITS,
    FEATURES,
    Field("tax_behavior", "Tax is", in_words(_TAX), absent="unspecified", said=_tax),
    Field("currency_options.*.tax_behavior", "Tax in {currency}", in_words(_TAX), absent="unspecified", said=_tax_in),
    Field("lookup_key", "Lookup key", said=lambda _, __, ___: None),
    Field("nickname", "Nickname", said=became),
    METADATA,
    ADOPT,
)
"""In the order of a headline; the lookup key's part of it is told by ``lookup_key``."""
DRIFTING = (
    *TERMS,
    Field("currency_options.*.unit_amount", "Amount", amount_of_key(1), said=counts),
    Field("currency_options.*.unit_amount_decimal", "Amount", amount_of_key(1), said=counts),
)
"""With amounts that somebody can change at Stripe."""
