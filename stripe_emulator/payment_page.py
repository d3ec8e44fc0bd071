"""What happens to payments outside of Stripe, pressed by tests: the customer and the bank answer, a card is renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_named
from stripe_emulator.expand import Presenter
from stripe_emulator.objects import KINDS
from stripe_emulator.objects.customers.payment_method_record import PAYMENT_METHOD
from stripe_emulator.objects.payments import consequences

if TYPE_CHECKING:
    from collections.abc import Callable

    from stripe_emulator.call import Call
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_OUTCOMES = {"succeed": True, "fail": False}


def authenticate(emulator: Emulator, kind: str, identifier: str, given: Document) -> Document:
    """Let a customer confirm with the bank (3D Secure), or not; a ValueError says why that is not possible."""
    succeeds = _outcome(given)
    return _do(emulator, kind, identifier, lambda call, one: consequences.authenticate(call, one, succeeds=succeeds))


def settle(emulator: Emulator, identifier: str, given: Document) -> Document:
    """Let a payment that takes days arrive now, or come back."""
    succeeds = _outcome(given)
    return _do(
        emulator, "payment_intent", identifier, lambda call, one: consequences.settle(call, one, succeeds=succeeds)
    )


def renew_card(emulator: Emulator, identifier: str, given: Document) -> Document:
    """Let the bank send a customer a new card, which the networks tell Stripe about."""
    allowed = {"exp_month", "exp_year", "last4"}
    if not given or set(given) - allowed:
        message = f"a new card has {', '.join(sorted(allowed))}: give at least one of them, and nothing else"
        raise ValueError(message)
    return _do(emulator, PAYMENT_METHOD.object, identifier, lambda call, one: _renewed(call, one, given))


def _renewed(call: Call, method: Document, given: Document) -> Document:
    if method["type"] != "card":
        message = f"{method['id']} is no card"
        raise ValueError(message)
    renewals = method.get("_renewals", 0) + 1
    return call.save(PAYMENT_METHOD, {**method, "card": {**method["card"], **given}, "_renewals": renewals})


def _do(emulator: Emulator, kind: str, identifier: str, action: Callable[[Call, Document], Document]) -> Document:
    """Do something to an object, whichever account has it, and return it as Stripe shows it."""
    emulator.catch_up()
    scopes = emulator.storage.scopes(kind)
    scope = next((one for one in scopes if identifier in emulator.storage.table(one, kind)), None)
    if scope is None:
        message = f"no account has a {kind.replace('_', ' ')} {identifier}"
        raise ValueError(message)
    call = emulator.begin(scope_named(scope))
    found = call.store.get(kind, identifier)
    if found is None:
        message = f"no account has a {kind.replace('_', ' ')} {identifier}"
        raise ValueError(message)
    done = action(call, found)
    emulator.commit(call)
    return Presenter(call, KINDS).show(done, [])


def _outcome(given: Document) -> bool:
    outcome = given.get("outcome", "succeed")
    if set(given) - {"outcome"} or outcome not in _OUTCOMES:
        message = "give `outcome`: succeed or fail"
        raise ValueError(message)
    return _OUTCOMES[outcome]
