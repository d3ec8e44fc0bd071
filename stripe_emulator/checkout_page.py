"""The page of a checkout session, with somebody in front of it: what tests press instead of a browser's button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_named
from stripe_emulator.errors import StripeError
from stripe_emulator.expand import Presenter
from stripe_emulator.objects import KINDS
from stripe_emulator.objects.checkout.completion import Filled, complete
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator


def fill_in(emulator: Emulator, identifier: str, given: dict[str, Any]) -> dict[str, Any]:
    """Complete a session as its customer does, and return it as Stripe shows it; a ValueError says why not."""
    kind = CHECKOUT_SESSION.object
    scopes = emulator.storage.scopes(kind)
    scope = next((one for one in scopes if identifier in emulator.storage.table(one, kind)), None)
    if scope is None:
        message = f"no account has a checkout session {identifier}"
        raise ValueError(message)
    emulator.catch_up()
    call = emulator.begin(scope_named(scope))
    try:
        session = complete(call, identifier, _filled(given))
    except StripeError as error:
        raise ValueError(error.message) from None
    emulator.commit(call)
    return Presenter(call, KINDS).show(session, [])


def _filled(given: dict[str, Any]) -> Filled:
    known = {"payment_method", "email", "quantities"}
    if strangers := sorted(set(given) - known):
        message = f"a customer fills in payment_method, email and quantities, not {', '.join(strangers)}"
        raise ValueError(message)
    quantities = {int(index): int(quantity) for index, quantity in (given.get("quantities") or {}).items()}
    return Filled(str(given.get("payment_method") or "pm_card_visa"), given.get("email"), quantities)
