"""What older emulators wrote, brought into today's form: a data file when it is opened, a snapshot when it is restored.

Done to what has today's form already, it changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_named
from stripe_emulator.agenda import DUE, key_of
from stripe_emulator.objects.metering.usage import METER_EVENTS, minute_of, note
from stripe_emulator.objects.subscriptions.moments import TIME, next_moment
from stripe_emulator.objects.subscriptions.record import ENDED, SUBSCRIPTION, peek_items

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.emulator import Emulator

Document = dict[str, Any]

_OLD_EVENTS = "meter_event/"  # followed by meter and customer: before usage was counted as it comes


def upgrade(emulator: Emulator) -> None:
    """Bring everything that is kept into today's form; nobody is told of it by events."""
    for name in emulator.storage.scopes(SUBSCRIPTION.object):
        _each(emulator, name, _plan)
    for kind in [kind for kind in emulator.storage.kinds() if kind.startswith(_OLD_EVENTS)]:
        for name in emulator.storage.scopes(kind):
            _each(emulator, name, lambda call, kind=kind: _count(call, kind))


def _each(emulator: Emulator, scope: str, step: Any) -> None:
    call = emulator.begin(scope_named(scope))
    step(call)
    call.store.commit()


def _plan(call: Call) -> None:
    """Subscriptions were brought up to date when somebody looked: now time comes to them, also for what is past."""
    for subscription in call.store.all(SUBSCRIPTION.object):
        if subscription["status"] in ENDED or call.store.peek(DUE, key_of(TIME, subscription["id"])):
            continue
        moment = next_moment(subscription, peek_items(call, subscription))
        if moment is not None:
            call.due(TIME, subscription["id"], moment, subscription["test_clock"])


def _count(call: Call, kind: str) -> None:
    _, meter, customer = kind.split("/")
    for key, event in call.store.rows(kind).documents.items():
        number, minute = call.store.count("meter_event"), minute_of(meter, customer, event["timestamp"])
        places = {"_customer": customer, "_meter": meter, "_minute": minute, "_of": f"{meter}/{customer}"}
        kept = {**event, **places, "_number": number, "_received": event["created"], "_state": "counted"}
        call.store.put(METER_EVENTS, str(number), kept)
        note(call, meter, customer, kept)
        call.store.remove(kind, key)
