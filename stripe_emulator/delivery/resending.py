"""Send an event once more, and roll a signing secret: what the Dashboard and the Stripe CLI can do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import Scope, scope_named
from stripe_emulator.delivery.addressee import DESTINATION, ENDPOINT, Addressee, addressee, addressees
from stripe_emulator.delivery.plan import told_to
from stripe_emulator.delivery.record import new_delivery
from stripe_emulator.events import EVENT
from stripe_emulator.ids import random_id
from stripe_emulator.thin_events import THIN, snapshot_of, twins

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.emulator import Emulator
    from stripe_emulator.storage import Storage

Document = dict[str, Any]

_DAY = 86400


def resend(emulator: Emulator, event: str, endpoint: str | None) -> list[Document]:
    """Deliver an event again, to one endpoint or to all that want it, or raise ValueError with one sentence."""
    scope, kept = _kept(emulator.storage, event)
    call = emulator.begin(scope)
    document = call.store.peek(EVENT.object, kept) or {}
    made = [
        new_delivery(call, kept, told, one)
        for one in _chosen(call, endpoint)
        for told in _told(one, document, event, is_named=endpoint is not None)
    ]
    if not made:
        message = f"no endpoint that is enabled wants {event}"
        raise ValueError(message)
    emulator.commit(call)
    return made


def roll_secret(emulator: Emulator, endpoint: str, expires_in: int = _DAY) -> str:
    """Give an endpoint a new secret and return it; the one before it also signs for so many seconds."""
    for kind in (ENDPOINT, DESTINATION):
        for name in emulator.storage.scopes(kind):
            if endpoint in emulator.storage.table(name, kind):
                return _rolled(emulator, scope_named(name), kind, endpoint, expires_in)
    message = f"there is no endpoint {endpoint}"
    raise ValueError(message)


def _rolled(emulator: Emulator, scope: Scope, kind: str, endpoint: str, expires_in: int) -> str:
    call = emulator.begin(scope)
    document = call.store.get(kind, endpoint) or {}
    old = [document["_secret"], call.now + expires_in]
    secret = random_id("whsec", 32)
    call.store.put(kind, endpoint, {**document, "_secret": secret, "_rolled": [old] if expires_in > 0 else []})
    emulator.commit(call)
    return secret


def _kept(storage: Storage, event: str) -> tuple[Scope, str]:
    """Return where an event is kept, and under which id: a thin one may follow from another."""
    for name in storage.scopes(EVENT.object):
        scope = scope_named(name)
        for identifier in (event, snapshot_of(event, livemode=scope.livemode)):
            if identifier in storage.table(name, EVENT.object):
                return scope, str(identifier)
    message = f"there is no event {event}"
    raise ValueError(message)


def _chosen(call: Call, endpoint: str | None) -> list[Addressee]:
    if endpoint is None:
        return [one for one in addressees(call.storage, call.scope) if one.is_enabled]
    reached = [one for one in addressees(call.storage, call.scope) if one.id == endpoint]
    found = reached[0] if reached else addressee(call.storage, call.scope, endpoint)
    if found is None or not found.is_enabled:
        message = f"there is no endpoint {endpoint}" if found is None else f"the endpoint {endpoint} is disabled"
        raise ValueError(message)
    return [found]


def _told(one: Addressee, event: Document, asked: str, *, is_named: bool) -> list[Document]:
    """Return what an endpoint gets again; one that is named gets it whether it wants it or not."""
    if one.is_thin:
        every = [event] if event["object"] == THIN else twins(event)
        told = every if is_named else list(told_to(one, event))
        return [each for each in told if asked in (event["id"], each["id"])]
    if not is_named:
        return list(told_to(one, event))
    return [] if event["object"] == THIN else [event]
