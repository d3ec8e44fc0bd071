"""Features of products: attached and detached, never changed. https://docs.stripe.com/api/product-feature."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import entitlements as errors
from stripe_emulator.errors import requests
from stripe_emulator.objects.catalog.feature import FEATURE
from stripe_emulator.objects.catalog.product_feature_record import PRODUCT_FEATURE, of_product
from stripe_emulator.objects.catalog.product_record import PRODUCT
from stripe_emulator.pagination import page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [PRODUCT_FEATURE]
routes = Routes()

_MOST = 20  # per product


@routes("POST /v1/products/{product}/features")
def create(call: Call) -> Document:
    """Attach a feature to a product."""
    product = _product(call)
    feature = call.named(FEATURE, call.params["entitlement_feature"], "entitlement_feature")
    if not feature["active"]:
        raise errors.inactive_feature(feature["id"])
    others = of_product(call, product)
    if any(one["entitlement_feature"] == feature["id"] for one in others):
        raise errors.attached_already(feature["id"], product)
    if len(others) >= _MOST:
        raise errors.too_many(_MOST)
    return call.create(PRODUCT_FEATURE, {"entitlement_feature": feature["id"], "_product": product})


@routes("GET /v1/products/{product}/features/{id}")
def retrieve(call: Call) -> Document:
    """Return one attachment, with the feature."""
    return _attachment(call)


@routes("DELETE /v1/products/{product}/features/{id}")
def delete(call: Call) -> Document:
    """Detach a feature from a product."""
    attachment = _attachment(call)
    call.store.remove(PRODUCT_FEATURE.object, attachment["id"])
    return {"id": attachment["id"], "object": PRODUCT_FEATURE.object, "deleted": True}


@routes("GET /v1/products/{product}/features")
def index(call: Call) -> Document:
    """List a product's attachments, newest first."""
    return page(call, of_product(call, _product(call))[::-1], noun=PRODUCT_FEATURE.noun)


def _product(call: Call) -> str:
    return str(call.named(PRODUCT, call.path["product"], "product", status=404)["id"])


def _attachment(call: Call) -> Document:
    product = _product(call)
    attachment = call.in_path(PRODUCT_FEATURE)
    if attachment["_product"] != product:
        raise requests.no_such(PRODUCT_FEATURE.noun, attachment["id"], param="id", status=404)
    return attachment
