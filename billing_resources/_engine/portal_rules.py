"""Rules over several fields of a portal configuration, each named for what it states.

https://docs.stripe.com/customer-management/configure-portal
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from billing_resources._engine.facts import is_known

Problems = list[tuple[str, str]]
UPDATE = "features.subscription_update"
_CANCEL = "features.subscription_cancel.proration_behavior"


def inside(args: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    """The object at a place, as far as it is known; empty where there is none."""
    found: Any = args
    for step in path:
        found = found.get(step)
        if not is_known(found) or not isinstance(found, Mapping):
            return {}
    return found if isinstance(found, Mapping) else {}


def products_of(args: Mapping[str, Any]) -> list[tuple[int, Mapping[str, Any]]]:
    """The products on offer that are known, with their places."""
    listed = inside(args, "features", "subscription_update").get("products")
    found = listed if is_known(listed) and isinstance(listed, list) else []
    return [(index, one) for index, one in enumerate(found) if is_known(one) and isinstance(one, Mapping)]


def cancelling_makes_no_invoice(args: dict[str, Any]) -> Problems:
    """Prorations of a cancellation are for those that take effect at once, and never an invoice."""
    cancel = inside(args, "features", "subscription_cancel")
    prorations = cancel.get("proration_behavior")
    if prorations == "always_invoice":
        return [(_CANCEL, "must be none or create_prorations: Stripe makes no invoice for a cancellation")]
    if prorations == "create_prorations" and cancel.get("mode", "at_period_end") == "at_period_end":
        return [(_CANCEL, "needs mode immediately: at the end of a period nothing is left over")]
    return []


def products_are_listed_once(args: dict[str, Any]) -> Problems:
    """Stripe takes each product once, with all of its prices."""
    seen: set[str] = set()
    found: Problems = []
    for index, one in products_of(args):
        name = one.get("product")
        if isinstance(name, str) and name in seen:
            found.append((f"{UPDATE}.products[{index}].product", "is listed already: write all of its prices there"))
        seen |= {name} if isinstance(name, str) else set()
    return found


def quantities_have_room(args: dict[str, Any]) -> Problems:
    """The most of a quantity is not below the least."""
    found: Problems = []
    for index, one in products_of(args):
        quantity = inside(one, "adjustable_quantity")
        least, most = quantity.get("minimum"), quantity.get("maximum")
        if isinstance(least, int) and isinstance(most, int) and most < least:
            path = f"{UPDATE}.products[{index}].adjustable_quantity.maximum"
            found.append((path, "must not be below the minimum"))
    return found


def pauses_say_how_long(args: dict[str, Any]) -> Problems:
    """Durations on offer go with the type that offers them."""
    duration = inside(args, "features", "subscription_pause", "duration")
    offers, options = duration.get("type") == "interval_options", duration.get("interval_options")
    path = "features.subscription_pause.duration.interval_options"
    if offers and options is None:
        return [(path, "is required with type interval_options")]
    if duration.get("type") == "indefinite" and options is not None:
        return [(path, "belongs to type interval_options")]
    return []


def prices_with_quantities(args: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every price whose quantity customers could change, with its place."""
    for index, one in products_of(args):
        prices = one.get("prices")
        if inside(one, "adjustable_quantity").get("enabled") is True and isinstance(prices, list):
            for place, price in enumerate(prices):
                yield f"{UPDATE}.products[{index}].prices[{place}]", price


def switching_says_what_to(args: dict[str, Any]) -> Problems:
    """Customers who may change their subscription need products, and a quantity only changes where one says so."""
    update = inside(args, "features", "subscription_update")
    if update.get("enabled") is not True:
        return []
    if update.get("products") is None:
        return [(f"{UPDATE}.products", "is required: what customers can switch between")]
    allowed = update.get("default_allowed_updates")
    adjustable = [inside(one, "adjustable_quantity").get("enabled") for _, one in products_of(args)]
    if not isinstance(allowed, list) or any(adjustable):
        return []
    said = "allows quantity, but no product has adjustable_quantity enabled"
    return [(f"{UPDATE}.default_allowed_updates", said)] if "quantity" in allowed else []


ALL = (
    cancelling_makes_no_invoice,
    products_are_listed_once,
    quantities_have_room,
    pauses_say_how_long,
    switching_says_what_to,
)
