"""What happens to events and deliveries later: they are tried again, and forgotten after thirty days."""

from __future__ import annotations

from stripe_emulator.agenda import Tasks
from stripe_emulator.call import Call
from stripe_emulator.delivery.record import DELIVERY, READY, TRY_AGAIN, WAITING, change
from stripe_emulator.events import EVENT, FORGET, KEPT_FOR, kept_until, let_forget
from stripe_emulator.kinds import Kind
from stripe_emulator.routing import Routes

KINDS: list[Kind] = []
routes = Routes()
tasks = Tasks()


@tasks(TRY_AGAIN)
def try_again(call: Call, identifier: str) -> None:
    """Let a delivery be sent that waited for its moment."""
    delivery = call.store.peek(DELIVERY, identifier)
    if delivery is not None and delivery["state"] == WAITING:
        change(call, delivery, state=READY)


@tasks(FORGET)
def forget(call: Call, _identifier: str) -> None:
    """Forget the events that are too old, with their deliveries."""
    for identifier, event in call.store.rows(EVENT.object).documents.items():
        if kept_until(event) > call.now:
            let_forget(call, kept_until(event))
            if kept_until(event) <= call.now + KEPT_FOR:
                return  # what comes after it is no older
        else:  # what was made before a clock was set back stands before it
            _remove(call, identifier)


def _remove(call: Call, event: str) -> None:
    call.store.remove(EVENT.object, event)
    for delivery in call.store.rows(DELIVERY).with_value("event", event):
        call.store.remove(DELIVERY, delivery)
        call.due(TRY_AGAIN, delivery, None)
