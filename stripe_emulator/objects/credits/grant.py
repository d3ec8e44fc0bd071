"""Credit grants: granted once, then only ended. https://docs.stripe.com/api/billing/credit-grant."""

from __future__ import annotations

from typing import Any

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import credits as errors
from stripe_emulator.errors import moments, parameters
from stripe_emulator.errors.requests import not_emulated
from stripe_emulator.long_lists import listed
from stripe_emulator.objects.catalog.price_amounts import refuse_bad_currency
from stripe_emulator.objects.credits.ledger import CREDIT_GRANT, credit, debit_rest, grants_of, is_over, left
from stripe_emulator.objects.credits.scope import scope_of
from stripe_emulator.objects.customers.record import CUSTOMER
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [CREDIT_GRANT]
routes = Routes()
tasks = Tasks()

_EXPIRE = "billing.credit_grant.expire"
_MOST = 100  # unused ones of a customer


@routes("POST /v1/billing/credit_grants")
def create(call: Call) -> Document:
    """Grant credits to a customer."""
    customer = _customer(call)
    call = call.on_clock(customer["test_clock"])
    fields = _fields(call, customer)
    if sum(left(grant) > 0 for grant in grants_of(call, customer["id"])) >= _MOST:
        raise errors.too_many(_MOST)
    grant = credit(call, call.create(CREDIT_GRANT, fields))
    _end_later(call, grant)
    return grant


@routes("GET /v1/billing/credit_grants/{id}")
def retrieve(call: Call) -> Document:
    """Return one grant."""
    return call.in_path(CREDIT_GRANT)


@routes("POST /v1/billing/credit_grants/{id}")
def update(call: Call) -> Document:
    """Change when a grant ends, and its metadata."""
    call, grant = _grant(call)
    params = call.params
    if "metadata" in params:
        grant["metadata"] = merge_metadata(grant["metadata"], params["metadata"])
    if "expires_at" in params:
        _refuse_over(call, grant)
        grant["expires_at"] = _end(call, grant["effective_at"])
        _end_later(call, grant)
    return call.save(CREDIT_GRANT, {**grant, "updated": call.now})


@routes("POST /v1/billing/credit_grants/{id}/expire")
def expire(call: Call) -> Document:
    """End a grant now."""
    call, grant = _grant(call)
    _refuse_over(call, grant)
    ended = debit_rest(call, {**grant, "expires_at": call.now}, "credits_expired")
    return _over(call, {**ended, "expires_at": call.now})


@routes("POST /v1/billing/credit_grants/{id}/void")
def void(call: Call) -> Document:
    """Take a grant back that nothing was paid with."""
    call, grant = _grant(call)
    _refuse_over(call, grant)
    if left(grant) < grant["amount"]["monetary"]["value"]:
        raise errors.used()
    return _over(call, {**debit_rest(call, grant, "credits_voided"), "voided_at": call.now})


@routes("GET /v1/billing/credit_grants")
def index(call: Call) -> Document:
    """List grants, newest first."""
    return listed(call, CREDIT_GRANT, "customer")


@tasks(_EXPIRE)
def run_out(call: Call, identifier: str) -> None:
    """Book out what is left of a grant when its time is over."""
    grant = call.store.peek(CREDIT_GRANT.object, identifier)
    if grant is not None:
        debit_rest(call, grant, "credits_expired")


def _grant(call: Call) -> tuple[Call, Document]:
    """Return the grant of the address, and the call in the time that the grant lives in."""
    grant = call.in_path(CREDIT_GRANT)
    return call.on_clock(grant["test_clock"]), grant


def _end_later(call: Call, grant: Document) -> None:
    call.due(_EXPIRE, grant["id"], grant["expires_at"], grant["test_clock"])


def _over(call: Call, grant: Document) -> Document:
    call.due(_EXPIRE, grant["id"], None, grant["test_clock"])
    return call.save(CREDIT_GRANT, {**grant, "updated": call.now})


def _fields(call: Call, customer: Document) -> Document:
    params = call.params
    effective = params.get("effective_at", call.now)
    scope = scope_of(call, params["applicability_config"]["scope"], "applicability_config[scope]")
    return {
        "amount": _amount(params["amount"]),
        "applicability_config": {"scope": scope},
        "category": params.get("category", "paid"),
        "created": call.now,
        "customer": customer["id"],
        "customer_account": None,
        "effective_at": effective,
        "expires_at": _end(call, effective),
        "metadata": merge_metadata({}, params.get("metadata")),
        "name": params.get("name"),
        "priority": _priority(params),
        "test_clock": customer["test_clock"],
        "updated": call.now,
        "voided_at": None,
        "_left": 0,
    }


def _customer(call: Call) -> Document:
    if "customer_account" in call.params:
        raise not_emulated("customer_account")
    if "customer" not in call.params:
        raise parameters.missing("customer")
    return call.named(CUSTOMER, call.params["customer"], "customer")


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
