"""When usage events are processed: the admin addresses set a delay, or have everything processed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stripe_emulator.accounts import scope_named
from stripe_emulator.objects.metering import delay
from stripe_emulator.objects.metering.processing import process_all
from stripe_emulator.objects.metering.reports import tell_all
from stripe_emulator.objects.metering.usage import METER_EVENTS

if TYPE_CHECKING:
    from stripe_emulator.emulator import Emulator


def set_delay(emulator: Emulator, given: dict[str, Any]) -> dict[str, Any]:
    """Set how long events wait; without a delay nothing waits any more. A ValueError is one sentence."""
    seconds = delay.set_delay(emulator.storage, given)
    if seconds is None:
        _process(emulator, reports=False)
    return {"delay": seconds}


def process(emulator: Emulator) -> None:
    """Process what waits in every account, and tell what was wrong with events so far."""
    _process(emulator, reports=True)


def _process(emulator: Emulator, *, reports: bool) -> None:
    for name in emulator.storage.scopes(METER_EVENTS):
        call = emulator.begin(scope_named(name))
        process_all(call)
        if reports:
            tell_all(call)
        emulator.commit(call)
