"""What the application wants to hear: functions by types of events, called after everything is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from billing_runtime._inbox.events import EVENTS
from billing_runtime._near import near_names
from billing_runtime.errors import InvalidInput

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BillingEvent:
    """An event that has been worked on: the subscriptions of its entity are read again by now.

    `fact` is what Stripe says now about the object of the event (ids, amounts in minor units, statuses, Unix times),
    or empty. `entity_id` is None for what is no entity's.
    """

    id: str
    type: str
    created: datetime
    entity_id: str | None
    customer_id: str | None
    object_id: str | None
    fact: Mapping[str, Any] = field(default_factory=dict)


Hook = Callable[[BillingEvent], object]


class Hooks:
    """Functions by type, or by a pattern such as `customer.subscription.*`. Each is called at least once per event."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._hooks: tuple[tuple[str, Hook], ...] = ()

    def add(self, name: str, hook: Hook) -> None:
        """Call the function for every event of this type. Raises InvalidInput for a type that is never handled."""
        if not any(fnmatchcase(known, name) for known in EVENTS):
            near = near_names(name, EVENTS)
            message = f"No event {name!r} is handled{f': did you mean {near[0]!r}?' if near else '.'}"
            raise InvalidInput(message)
        with self._guard:
            self._hooks += ((name, hook),)

    def of(self, name: str) -> tuple[Hook, ...]:
        """The functions that want to hear of this type, in the order in which they were added."""
        return tuple(hook for pattern, hook in self._hooks if fnmatchcase(name, pattern))
