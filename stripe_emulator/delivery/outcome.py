"""What an attempt changes: the event has arrived, or it is tried again, or not any more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from stripe_emulator.delivery.backoff import next_attempt
from stripe_emulator.delivery.record import DELIVERED, DELIVERY, FAILED, WAITING, change

if TYPE_CHECKING:
    from stripe_emulator.accounts import Scope
    from stripe_emulator.delivery.attempt import Attempt
    from stripe_emulator.emulator import Emulator


def come_of(emulator: Emulator, scope: Scope, identifier: str, attempts: Sequence[Attempt]) -> None:
    """Keep the attempts that were made, and what follows from them."""
    call = emulator.begin(scope)
    delivery = call.store.peek(DELIVERY, identifier)
    if delivery is None:
        return
    made = [*delivery["attempts"], *(attempt.as_data() for attempt in attempts)]
    if any(attempt.succeeded for attempt in attempts):
        change(call, delivery, state=DELIVERED, attempts=made)
    else:
        again = next_attempt(made[0]["at"], call.now, livemode=scope.livemode)
        change(call, delivery, state=FAILED if again is None else WAITING, attempts=made, next_attempt=again)
    emulator.commit(call)


def give_up(emulator: Emulator, scope: Scope, identifier: str) -> None:
    """Do not try any more."""
    call = emulator.begin(scope)
    delivery = call.store.peek(DELIVERY, identifier)
    if delivery is not None:
        change(call, delivery, state=FAILED)
        emulator.commit(call)
