"""What a product is and how one comes into being: used by products and by prices with `product_data`."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import catalog as errors
from stripe_emulator.kinds import Kind, lifecycle

Document = dict[str, Any]

PRODUCT = Kind("product", "prod", "product", expandable={"default_price": "price"}, events=lifecycle("product"))


def add_product(call: Call, params: Document) -> Document:
    """Store a new product; a chosen id must be free."""
    chosen = params.get("id")
    if chosen and call.store.get("product", chosen):
        raise errors.product_exists()
    return call.create(PRODUCT, _fields(call, params), identifier=chosen)


def _fields(call: Call, params: Document) -> Document:
    return {
        "active": params.get("active", True),
        "attributes": [],  # on the wire, though not in the specification
        "created": call.now,
        "default_price": None,
        "description": params.get("description"),
        "images": params.get("images") or [],
        "marketing_features": params.get("marketing_features") or [],
        "metadata": merge_metadata({}, params.get("metadata")),
        "name": params["name"],
        "package_dimensions": params.get("package_dimensions"),
        "shippable": params.get("shippable"),
        "statement_descriptor": params.get("statement_descriptor"),
        "tax_code": params.get("tax_code"),
        "tax_details": params.get("tax_details"),
        "type": params.get("type", "service"),
        "unit_label": params.get("unit_label"),
        "updated": call.now,
        "url": params.get("url"),
    }
