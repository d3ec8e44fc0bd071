"""What is left of a customer's billing credits. https://docs.stripe.com/api/billing/credit-balance-summary."""

from __future__ import annotations

from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.credits.balance_transaction import customer_of
from stripe_emulator.objects.credits.ledger import CREDIT_GRANT, currency_of, grants_of, left
from stripe_emulator.objects.credits.scope import covers, scope_of
from stripe_emulator.routing import Routes

Document = dict[str, Any]

_SUMMARY = Kind("billing.credit_balance_summary", "", "credit balance summary", expandable={"customer": "customer"})
KINDS = [_SUMMARY]
routes = Routes()


@routes("GET /v1/billing/credit_balance_summary")
def retrieve(call: Call) -> Document:
    """Sum up what a customer has left, by currency."""
    customer = customer_of(call)
    now = call.on_clock(customer["test_clock"]).now
    balances: dict[str, int] = {}
    for grant in _asked_for(call, grants_of(call, customer["id"])):
        rest = left(grant) if grant["effective_at"] <= now else 0
        balances[currency_of(grant)] = balances.get(currency_of(grant), 0) + rest
    return {
        "object": _SUMMARY.object,
        "balances": [_balance(currency, value) for currency, value in balances.items()],
        "customer": customer["id"],
        "customer_account": None,
        "livemode": call.scope.livemode,
    }


def _asked_for(call: Call, grants: list[Document]) -> list[Document]:
    """Keep the one grant that is named, or those that pay for the scope that is named."""
    filter_ = call.params["filter"]
    if filter_["type"] not in filter_:
        raise parameters.missing(f"filter[{filter_['type']}]")
    if filter_["type"] == "credit_grant":
        named = call.named(CREDIT_GRANT, filter_["credit_grant"], "filter[credit_grant]")
        return [grant for grant in grants if grant["id"] == named["id"]]
    scope = scope_of(call, filter_["applicability_scope"], "filter[applicability_scope]")
    return [grant for grant in grants if covers(grant["applicability_config"]["scope"], scope)]


def _balance(currency: str, value: int) -> Document:
    # Every booking takes effect at once, so what is on the books is available.
    amount = {"monetary": {"currency": currency, "value": value}, "type": "monetary"}
    return {"available_balance": amount, "ledger_balance": amount}
