"""Credit grants: granted once, then only ended. https://docs.stripe.com/api/billing/credit-grant."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import credits as errors
from stripe_emulator.errors import moments, parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.objects.catalog.price_amounts import refuse_bad_currency
from stripe_emulator.objects.credits.ledger import CREDIT_GRANT, credit, debit_rest, is_over, left, settle
from stripe_emulator.objects.credits.scope import scope_of
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.pagination import newest_first, page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [CREDIT_GRANT]
routes = Routes()

_MOST = 100  # unused ones of a customer


@routes("POST /v1/billing/credit_grants")
def create(call: Call) -> Document:
    """Grant credits to a customer."""
    fields = _fields(call)
    settle(call)
    mine = (grant for grant in call.store.all(CREDIT_GRANT.object) if grant["customer"] == fields["customer"])
    if sum(left(call, grant) > 0 for grant in mine) >= _MOST:
        raise errors.too_many(_MOST)
    grant = call.create(CREDIT_GRANT, fields)
    credit(call, grant)
    return grant


@routes("GET /v1/billing/credit_grants/{id}")
def retrieve(call: Call) -> Document:
    """Return one grant."""
    return call.in_path(CREDIT_GRANT)


@routes("POST /v1/billing/credit_grants/{id}")
def update(call: Call) -> Document:
    """Change when a grant ends, and its metadata."""
    grant = call.in_path(CREDIT_GRANT)
    params = call.params
    if "metadata" in params:
        grant["metadata"] = merge_metadata(grant["metadata"], params["metadata"])
    if "expires_at" in params:
        _refuse_over(call, grant)
        grant["expires_at"] = _end(call, grant["effective_at"])
    return call.save(CREDIT_GRANT, {**grant, "updated": call.now})


@routes("POST /v1/billing/credit_grants/{id}/expire")
def expire(call: Call) -> Document:
    """End a grant now."""
    grant = call.in_path(CREDIT_GRANT)
    _refuse_over(call, grant)
    debit_rest(call, grant, "credits_expired", call.now)
    return call.save(CREDIT_GRANT, {**grant, "expires_at": call.now, "updated": call.now})


@routes("POST /v1/billing/credit_grants/{id}/void")
def void(call: Call) -> Document:
    """Take a grant back that nothing was paid with."""
    grant = call.in_path(CREDIT_GRANT)
    _refuse_over(call, grant)
    debit_rest(call, grant, "credits_voided", call.now)
    return call.save(CREDIT_GRANT, {**grant, "voided_at": call.now, "updated": call.now})


@routes("GET /v1/billing/credit_grants")
def index(call: Call) -> Document:
    """List grants, newest first."""
    return page(call, newest_first(call, CREDIT_GRANT.object, "customer"), noun=CREDIT_GRANT.noun)


def _fields(call: Call) -> Document:
    params = call.params
    effective = params.get("effective_at", call.now)
    scope = scope_of(call, params["applicability_config"]["scope"], "applicability_config[scope]")
    return {
        "amount": _amount(params["amount"]),
        "applicability_config": {"scope": scope},
        "category": params.get("category", "paid"),
        "created": call.now,
        "customer": _customer(call),
        "customer_account": None,
        "effective_at": effective,
        "expires_at": _end(call, effective),
        "metadata": merge_metadata({}, params.get("metadata")),
        "name": params.get("name"),
        "priority": _priority(params),
        "test_clock": None,
        "updated": call.now,
        "voided_at": None,
    }


def _customer(call: Call) -> str:
    if "customer_account" in call.params:
        raise not_emulated("customer_account")
    if "customer" not in call.params:
        raise parameters.missing("customer")
    return str(call.named(CUSTOMER, call.params["customer"], "customer")["id"])


def _amount(given: Document) -> Document:
    if "monetary" not in given:
        raise parameters.missing("amount[monetary]")
    currency = given["monetary"]["currency"].lower()
    refuse_bad_currency(currency, "amount[monetary][currency]")
    if given["monetary"]["value"] < 1:
        raise parameters.invalid_positive("amount[monetary][value]")
    return {"monetary": {"currency": currency, "value": given["monetary"]["value"]}, "type": given["type"]}


def _end(call: Call, effective: int) -> int | None:
    end: int | None = call.params.get("expires_at")
    if end is not None and end <= call.now:
        raise moments.in_the_past("expires_at", end)
    if end is not None and end <= effective:
        raise errors.expires_before_effective()
    return end


def _priority(params: Document) -> int:
    priority = int(params.get("priority", 50))
    if not 0 <= priority <= 100:
        raise parameters.out_of_range("priority", priority, 0, 100)
    return priority


def _refuse_over(call: Call, grant: Document) -> None:
    if is_over(call, grant):
        raise errors.already("voided" if grant["voided_at"] is not None else "expired")
