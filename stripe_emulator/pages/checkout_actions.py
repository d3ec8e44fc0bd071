"""What a customer does with a checkout session: the buttons of its page, and the same calls for tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import StripeError
from stripe_emulator.expand import Presenter
from stripe_emulator.objects import KINDS
from stripe_emulator.objects.checkout.choices import Filled
from stripe_emulator.objects.checkout.completion import complete
from stripe_emulator.objects.checkout.record import CHECKOUT_SESSION
from stripe_emulator.objects.checkout.recovery import recover
from stripe_emulator.pages.refusals import RefusedError
from stripe_emulator.pages.visits import visit

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_FILLED = ("payment_method", "email", "quantities", "optional_items", "promotion_code")


def fill_in(emulator: Emulator, identifier: str, given: Document) -> Document:
    """Complete a session as its customer does, and return it as Stripe shows it."""
    call = visit(emulator, CHECKOUT_SESSION.object, identifier)
    session = pay(call, identifier, _filled(given))
    emulator.commit(call)
    return Presenter(call, KINDS).show(session, [])


def take_up(emulator: Emulator, identifier: str) -> Document:
    """Follow the link of an expired session, and return the new one as Stripe shows it."""
    call = visit(emulator, CHECKOUT_SESSION.object, identifier)
    try:
        session = recover(call, call.named(CHECKOUT_SESSION, identifier, "session"))
    except ValueError as error:
        raise RefusedError(str(error)) from None
    emulator.commit(call)
    return Presenter(call, KINDS).show(session, [])


def pay(call: Call, identifier: str, filled: Filled) -> Document:
    """Complete a session within a call."""
    try:
        return complete(call, identifier, filled)
    except StripeError as error:
        raise RefusedError(error.message) from None
    except ValueError as error:
        raise RefusedError(str(error)) from None


def _filled(given: Document) -> Filled:
    if strangers := sorted(set(given) - set(_FILLED)):
        message = f"a customer fills in {', '.join(_FILLED[:-1])} and {_FILLED[-1]}, not {', '.join(strangers)}"
        raise RefusedError(message)
    return Filled(
        str(given.get("payment_method") or "pm_card_visa"),
        given.get("email"),
        _numbers(given.get("quantities")),
        _numbers(given.get("optional_items")),
        given.get("promotion_code"),
    )


def _numbers(given: Any) -> dict[int, int]:
    return {int(index): int(quantity) for index, quantity in (given or {}).items()}
