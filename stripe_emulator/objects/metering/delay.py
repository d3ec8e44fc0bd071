"""How long it takes until an event counts: no time, or as long as the admin address says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.storage import Storage

PROCESS = "billing.meter_event.process"
ALL = "all"

_TABLE = ("", "metering")
_SETTING = "delay"


def set_delay(storage: Storage, given: dict[str, Any]) -> int | None:
    """Keep how many seconds events wait (None: they count at once), or raise ValueError with one sentence."""
    seconds = given.get("delay")
    is_number = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
    if set(given) != {"delay"} or not (seconds is None or is_number):
        message = "`delay` is a number of seconds that events wait until they count, or null: they count at once"
        raise ValueError(message)
    storage.apply({(*_TABLE, _SETTING): {"seconds": seconds}})
    return seconds


def delay_of(call: Call) -> int | None:
    """Return how many seconds events wait until they count; None: they count at once."""
    seconds: int | None = call.storage.table(*_TABLE).get(_SETTING, {"seconds": None})["seconds"]
    return seconds


def process_later(call: Call) -> None:
    """Let what was taken now be processed after the delay, if nothing is to be processed earlier anyway."""
    if call.store.peek("due", f"{PROCESS}/{ALL}") is None:
        call.due(PROCESS, ALL, call.now + (delay_of(call) or 0))
