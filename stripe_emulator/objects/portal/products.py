"""The products and prices that customers may switch between in the portal."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import portal as errors
from stripe_emulator.objects.catalog.price import PRICE
from stripe_emulator.objects.catalog.product_record import PRODUCT

Document = dict[str, Any]

_MOST = 10


def products_of(call: Call, given: list[Document], name: str) -> list[Document]:
    """Return the products as Stripe echoes them, once every one of their prices is found good."""
    if len(given) > _MOST:
        raise errors.too_many_products(_MOST, name)
    seen: set[str] = set()
    for index, entry in enumerate(given):
        product = call.named(PRODUCT, entry["product"], f"{name}[{index}][product]")
        if product["id"] in seen:
            raise errors.product_twice(product["id"], f"{name}[{index}][product]")
        seen.add(product["id"])
        _check_prices(call, entry, f"{name}[{index}][prices]")
    return [_echo(entry, f"{name}[{index}][adjustable_quantity]") for index, entry in enumerate(given)]


def _check_prices(call: Call, entry: Document, name: str) -> None:
    intervals: set[tuple[Any, ...]] = set()
    for index, identifier in enumerate(entry["prices"]):
        price = call.named(PRICE, identifier, f"{name}[{index}]")
        _refuse_unfit(price, entry["product"], f"{name}[{index}]")
        interval = (price["currency"], price["recurring"]["interval"], price["recurring"]["interval_count"])
        if interval in intervals:
            raise errors.same_interval(price["id"], f"{name}[{index}]")
        intervals.add(interval)


def _refuse_unfit(price: Document, product: str, name: str) -> None:
    if price["product"] != product:
        raise errors.price_of_another_product(price["id"], product, name)
    if not price["active"]:
        raise errors.inactive_price(price["id"], name)
    if price["type"] != "recurring":
        raise errors.one_time_price(price["id"], name)


def _echo(entry: Document, name: str) -> Document:
    # Without a word about it customers may change the quantity.
    quantity = {"enabled": True, "maximum": None, "minimum": 1, **entry.get("adjustable_quantity", {})}
    if quantity["minimum"] < 0:
        raise parameters.invalid_non_negative(f"{name}[minimum]")
    if quantity["maximum"] is not None and quantity["maximum"] < quantity["minimum"]:
        raise errors.bad_quantity(f"{name}[maximum]")
    return {"adjustable_quantity": quantity, "prices": entry["prices"], "product": entry["product"]}
