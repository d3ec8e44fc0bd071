"""Prices: created once, then only renamed, labelled, archived. https://docs.stripe.com/api/prices."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import catalog as errors
from stripe_emulator.errors import parameters
from stripe_emulator.kinds import Face, Kind, lifecycle
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.catalog.plan import plan_of
from stripe_emulator.objects.catalog.price_amounts import amount_of, custom_amount, refuse_bad_currency, transform_of
from stripe_emulator.objects.catalog.price_currencies import currency_options, merge_currency_options, own_option
from stripe_emulator.objects.catalog.price_lookup_keys import take_lookup_key
from stripe_emulator.objects.catalog.price_recurring import recurring_of
from stripe_emulator.objects.catalog.price_tiers import tiers_of
from stripe_emulator.objects.catalog.product_record import PRODUCT, add_product
from stripe_emulator.routing import Routes

Document = dict[str, Any]

PRICE = Kind(
    "price",
    "price",
    "price",
    path_param="price",
    expandable={"product": "product"},
    on_request=frozenset({"tiers", "currency_options"}),
    events=lifecycle("price"),
    faces=(Face(lambda price: plan_of(price) if price["recurring"] else None, lifecycle("plan")),),
)
KINDS = [PRICE]
routes = Routes()


@routes("POST /v1/prices")
def create(call: Call) -> Document:
    """Create a price."""
    return create_price(call, call.params)


@routes("GET /v1/prices/{price}")
def retrieve(call: Call) -> Document:
    """Return one price."""
    return call.in_path(PRICE, "price")


@routes("POST /v1/prices/{price}")
def update(call: Call) -> Document:
    """Change what may change; amounts and intervals may not, which the parameter list says."""
    price = call.in_path(PRICE, "price")
    params = call.params
    _refuse_archived_default(call, price)
    if "metadata" in params:
        price["metadata"] = merge_metadata(price["metadata"], params["metadata"])
    if "tax_behavior" in params:
        _set_tax_behavior(price, params["tax_behavior"])
    if "currency_options" in params:
        price["currency_options"] = merge_currency_options(price, params["currency_options"])
    if "lookup_key" in params:
        take_lookup_key(call, PRICE, price, params["lookup_key"])
    price |= {name: params[name] for name in ("active", "nickname") if name in params}
    return call.save(PRICE, price)


@routes("GET /v1/prices")
def index(call: Call) -> Document:
    """List prices, newest first; without a word about it, active ones only."""
    call.params.setdefault("active", True)
    keys, recurring = call.params.get("lookup_keys"), call.params.get("recurring", {}).items()

    def also(price: Document) -> bool:
        has_key = keys is None or price["lookup_key"] in keys
        return has_key and (not recurring or (price["recurring"] or {}).items() >= recurring)

    return listed(call, PRICE, "active", "currency", "product", "type", also=also)


def create_price(call: Call, params: Document) -> Document:
    """Create a price from the parameters of a price or of a product's `default_price_data`."""
    params = {**params, "currency": params["currency"].lower()}
    refuse_bad_currency(params["currency"], "currency")
    _refuse_two_products(params)
    fields = _fields(call, params)
    product = _product(call, params)
    price = {"product": product, **fields}
    price["currency_options"] = currency_options(price, params.get("currency_options"))
    document = call.create(PRICE, price)
    if params.get("lookup_key"):
        take_lookup_key(call, PRICE, document, params["lookup_key"])
    return call.save(PRICE, document)


def _fields(call: Call, params: Document) -> Document:
    recurring = recurring_of(call, params.get("recurring"))
    tiers = tiers_of(params)
    return {
        "active": params.get("active", True),
        "billing_scheme": params.get("billing_scheme", "per_unit"),
        "created": call.now,
        "currency": params["currency"],
        "custom_unit_amount": custom_amount(params),
        "lookup_key": None,
        "metadata": merge_metadata({}, params.get("metadata")),
        "nickname": params.get("nickname"),
        "recurring": recurring,
        "tax_behavior": params.get("tax_behavior", "unspecified"),
        "tiers": tiers,
        "tiers_mode": params.get("tiers_mode"),
        "transform_quantity": transform_of(params),
        "type": "recurring" if recurring else "one_time",
        **amount_of(params),
    }


def _refuse_two_products(params: Document) -> None:
    if "product" in params and "product_data" in params:
        raise parameters.exclusive(["product", "product_data"], "product")
    if "product" not in params and "product_data" not in params:
        raise errors.no_product()


def _product(call: Call, params: Document) -> str:
    if "product_data" in params:
        return str(add_product(call, params["product_data"])["id"])
    return str(call.named(PRODUCT, params["product"], "product")["id"])


def _refuse_archived_default(call: Call, price: Document) -> None:
    if call.params.get("active", True) or not price["active"]:
        return
    product = call.store.get("product", price["product"])
    # An archived product may keep an archived default price.
    if product and product["active"] and product["default_price"] == price["id"]:
        raise errors.default_price_archived()


def _set_tax_behavior(price: Document, tax_behavior: str) -> None:
    """Unspecified becomes inclusive or exclusive once, and stays."""
    if price["tax_behavior"] not in ("unspecified", tax_behavior):
        raise errors.tax_behavior_fixed("tax_behavior")
    price["tax_behavior"] = tax_behavior
    price["currency_options"][price["currency"]] = own_option(price)
