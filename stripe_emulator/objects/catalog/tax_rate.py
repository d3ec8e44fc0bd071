"""Tax rates: their percentage is for ever. https://docs.stripe.com/api/tax_rates."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import taxes as errors
from stripe_emulator.kinds import Kind, lifecycle
from stripe_emulator.long_lists import listed
from stripe_emulator.routing import Routes

Document = dict[str, Any]

TAX_RATE = Kind("tax_rate", "txr", "tax rate", path_param="tax_rate", events=lifecycle("tax_rate"))
KINDS = [TAX_RATE]
routes = Routes()

_OPTIONAL = ("country", "description", "jurisdiction", "state", "tax_type")
_COUNTRY = re.compile(r"[A-Za-z]{2}")


@routes("POST /v1/tax_rates")
def create(call: Call) -> Document:
    """Create a tax rate."""
    params = call.params
    _refuse_bad_country(call)
    fields = {
        **{name: params.get(name) for name in _OPTIONAL},
        "active": params.get("active", True),
        "created": call.now,
        "display_name": params["display_name"],
        "effective_percentage": None,  # this and the next three are for the rates that Stripe Tax makes
        "flat_amount": None,
        "jurisdiction_level": None,
        "rate_type": "percentage",
        "inclusive": params["inclusive"],
        "metadata": merge_metadata({}, params.get("metadata")),
        "percentage": _percentage(params["percentage"]),
    }
    return call.create(TAX_RATE, fields)


@routes("GET /v1/tax_rates/{tax_rate}")
def retrieve(call: Call) -> Document:
    """Return one tax rate."""
    return call.in_path(TAX_RATE, "tax_rate")


@routes("POST /v1/tax_rates/{tax_rate}")
def update(call: Call) -> Document:
    """Change what may change: everything but the percentage, and whether it is included."""
    rate = call.in_path(TAX_RATE, "tax_rate")
    params = call.params
    _refuse_bad_country(call)
    if "metadata" in params:
        rate["metadata"] = merge_metadata(rate["metadata"], params["metadata"])
    changes = {name: params[name] for name in ("active", "display_name", *_OPTIONAL) if name in params}
    return call.save(TAX_RATE, {**rate, **changes})


@routes("GET /v1/tax_rates")
def index(call: Call) -> Document:
    """List tax rates, newest first."""
    return listed(call, TAX_RATE, "active", "inclusive")


def _percentage(given: float) -> float:
    value = Decimal(str(given))
    if not 0 <= value <= 100:
        raise errors.percentage_out_of_range(given)
    if value != round(value, 4):
        raise errors.too_many_decimals(given)
    return float(given)


def _refuse_bad_country(call: Call) -> None:
    country = call.params.get("country")
    if country is not None and not _COUNTRY.fullmatch(country):
        raise errors.bad_country(country)
