"""Rules over the portal and what it offers. https://docs.stripe.com/customer-management/configure-portal"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from billing_resources._engine.portal import PURCHASED
from billing_resources._engine.portal_rules import UPDATE, prices_with_quantities, products_of
from billing_resources._engine.validation import Place
from billing_resources.catalog.entries import Entry
from billing_resources.catalog.places import steps

Problems = Iterator[tuple[Place, str]]


def _portals(found: Sequence[Entry]) -> list[Entry]:
    return [entry for entry in found if entry.kind.name == "PortalConfiguration"]


def _prices(found: Sequence[Entry]) -> dict[str, Mapping[str, Any]]:
    return {entry.key: entry.args for entry in found if entry.kind.name == "Price"}


def quantities_are_for_sale(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """Customers change a quantity only where they buy it: seats that follow the members are counted."""
    del data
    prices = _prices(found)
    for entry in _portals(found):
        for path, price in prices_with_quantities(entry.args):
            seats = prices[price].get("seats") if price in prices else {"mode": "purchased"}
            if not isinstance(seats, Mapping) or seats.get("mode") != "purchased":
                yield (*entry.place, *steps(path)), PURCHASED


def prices_belong_to_their_product(found: Sequence[Entry], data: Mapping[str, Any]) -> Problems:
    """The portal offers the prices of a product under it, one for each interval."""
    del data
    prices = _prices(found)
    for entry in _portals(found):
        for index, product in products_of(entry.args):
            place = (*entry.place, *steps(f"{UPDATE}.products[{index}].prices"))
            yield from _unfit(place, product, prices)


def _unfit(place: Place, product: Mapping[str, Any], prices: Mapping[str, Mapping[str, Any]]) -> Problems:
    taken: dict[tuple[Any, ...], str] = {}
    listed = product.get("prices")
    for index, name in enumerate(listed if isinstance(listed, list) else ()):
        price = prices.get(name) if isinstance(name, str) else None
        if price is None:
            continue
        recurring = price.get("recurring")
        if price.get("product") != product.get("product"):
            yield (*place, index), f"is no price of {product.get('product')}"
        elif not isinstance(recurring, Mapping):
            yield (*place, index), "is paid once: the portal switches between recurring prices"
        else:
            interval = (price.get("currency"), recurring.get("interval"), recurring.get("interval_count", 1))
            before = taken.setdefault(interval, name)
            if before != name:
                yield (*place, index), f"is billed as often as {before}: the portal takes one price for each interval"


ALL = (quantities_are_for_sale, prices_belong_to_their_product)
