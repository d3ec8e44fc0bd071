"""A delivery ready to be sent: where to, and what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import Scope
from stripe_emulator.delivery.addressee import Addressee, addressee
from stripe_emulator.delivery.payload import body_of
from stripe_emulator.delivery.record import CANCELLED, DELIVERY, DROPPED, READY, UNSENT, WAITING, change
from stripe_emulator.delivery.signature import secrets_at, signature_header
from stripe_emulator.events import EVENT
from stripe_emulator.expand import Presenter
from stripe_emulator.objects import KINDS

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.delivery.disturbances import Disturbance
    from stripe_emulator.delivery.forwarding import ForwardTable
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_AGENT = "Stripe/1.0 (+https://stripe.com/docs/webhooks)"


@dataclass(frozen=True)
class Parcel:
    """All that an attempt needs."""

    scope: Scope
    delivery: Document
    address: str
    body: bytes
    secrets: tuple[str, ...]

    def headers(self, timestamp: int) -> dict[str, str]:
        """Return the headers of an attempt that is made at a moment of real time."""
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": _AGENT,
            "Stripe-Signature": signature_header(self.body, self.secrets, timestamp),
        }


def pack(emulator: Emulator, scope: Scope, identifier: str, forward: ForwardTable) -> Parcel | None:
    """Return what is to be sent, or note why nothing is: nobody wants it any more, or nobody says where it leads."""
    call = emulator.begin(scope)
    delivery = call.store.peek(DELIVERY, identifier)
    if delivery is None or delivery["state"] != READY:
        return None
    event = call.store.peek(EVENT.object, delivery["event"])
    home = Scope(delivery["endpoint_account"], scope.livemode)
    endpoint = addressee(emulator.storage, home, delivery["endpoint"])
    if event is None or endpoint is None or not endpoint.is_enabled:
        _end(emulator, call, delivery, CANCELLED)
        return None
    address = forward.address(endpoint.url)
    if address is None:
        _end(emulator, call, delivery, UNSENT)
        return None
    return _parcel(call, delivery, event, endpoint, address)


def lay_aside(emulator: Emulator, parcel: Parcel, rule: Disturbance) -> None:
    """Send it later, or never."""
    call = emulator.begin(parcel.scope)
    if rule.kind == "drop":
        change(call, parcel.delivery, state=DROPPED)
    else:
        change(call, parcel.delivery, state=WAITING, next_attempt=call.now + rule.seconds, delayed=True)
    emulator.commit(call)


def _parcel(call: Call, delivery: Document, event: Document, endpoint: Addressee, address: str) -> Parcel:
    body = body_of(call, event, delivery, endpoint, Presenter(call, KINDS).find)
    return Parcel(call.scope, delivery, address, body, tuple(secrets_at(endpoint.secrets, call.now)))


def _end(emulator: Emulator, call: Call, delivery: Document, state: str) -> None:
    change(call, delivery, state=state)
    emulator.commit(call)
