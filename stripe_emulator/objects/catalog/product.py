"""Products. https://docs.stripe.com/api/products."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import catalog as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.catalog.price import PRICE, create_price
from stripe_emulator.objects.catalog.product_feature_record import detach_all
from stripe_emulator.objects.catalog.product_record import PRODUCT, add_product
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS: list[Kind] = [PRODUCT]
routes = Routes()

_MOST_IMAGES = 8
_MOST_FEATURES = 15


@routes("POST /v1/products")
def create(call: Call) -> Document:
    """Create a product, with a chosen id or a new one, and with its first price if asked for."""
    _refuse_too_many(call)
    product = add_product(call, call.params)
    first_price = call.params.get("default_price_data")
    if first_price is not None:
        price = create_price(call, {**first_price, "product": product["id"]})
        product["default_price"] = price["id"]
    return call.save(PRODUCT, product)


@routes("GET /v1/products/{id}")
def retrieve(call: Call) -> Document:
    """Return one product."""
    return call.in_path(PRODUCT)


@routes("POST /v1/products/{id}")
def update(call: Call) -> Document:
    """Change what may change."""
    product = call.in_path(PRODUCT)
    _refuse_too_many(call)
    if call.params.get("default_price"):
        _refuse_foreign_price(call, product)
    changes = {name: _cleared(name) if value is None else value for name, value in call.params.items()}
    if "metadata" in call.params:
        changes["metadata"] = merge_metadata(product["metadata"], call.params["metadata"])
    return call.save(PRODUCT, {**product, **changes, "updated": call.now})


@routes("DELETE /v1/products/{id}")
def delete(call: Call) -> Document:
    """Delete a product that never had a price."""
    product = call.in_path(PRODUCT)
    if any(price["product"] == product["id"] for price in call.store.all("price")):
        raise errors.product_has_prices()
    call.store.remove("product", product["id"])
    detach_all(call, product["id"])
    return {"id": product["id"], "object": "product", "deleted": True}


@routes("GET /v1/products")
def index(call: Call) -> Document:
    """List products, newest first; ids that name nothing are left out silently."""
    ids = call.params.get("ids")
    also = None if ids is None else lambda product: product["id"] in ids
    return listed(call, PRODUCT, "active", "shippable", "type", "url", also=also)


def _refuse_too_many(call: Call) -> None:
    if len(call.params.get("images") or []) > _MOST_IMAGES:
        raise errors.too_many("images", _MOST_IMAGES)
    if len(call.params.get("marketing_features") or []) > _MOST_FEATURES:
        raise errors.too_many("marketing_features", _MOST_FEATURES)


def _refuse_foreign_price(call: Call, product: Document) -> None:
    price = call.named(PRICE, call.params["default_price"], "default_price")
    if price["product"] != product["id"]:
        raise errors.default_price_of_another_product(price["id"], product["id"])
    if not price["active"]:
        raise errors.default_price_inactive(price["id"])


def _cleared(name: str) -> Any:
    """Lists are emptied, everything else becomes null."""
    return [] if name in ("images", "marketing_features") else None
