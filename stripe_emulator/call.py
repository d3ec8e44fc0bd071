"""One request as an operation sees it: typed parameters, its account's objects, the time, new ids."""

from __future__ import annotations

import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from stripe_emulator.agenda import DUE, key_of
from stripe_emulator.errors import parameters
from stripe_emulator.errors import requests as errors
from stripe_emulator.hosted import STRIPES_OWN, Hosted

if TYPE_CHECKING:
    from stripe_emulator.accounts import Scope
    from stripe_emulator.ids import Ids
    from stripe_emulator.kinds import Kind
    from stripe_emulator.storage import Storage, Transaction

Document = dict[str, Any]

MOST_METADATA = 50  # keys of one object


@dataclass
class Call:
    """What an operation may use."""

    params: dict[str, Any]
    path: dict[str, str]  # the ids in the address, by Stripe's own names
    url: str
    scope: Scope
    now: int
    api_version: str
    store: Transaction
    storage: Storage
    ids: Ids
    request_id: str | None = None  # none where time itself is the cause
    idempotency_key: str | None = None
    hosted: Hosted = STRIPES_OWN  # where the pages are that objects link to
    account_now: int | None = None

    @property
    def account_time(self) -> int:
        """Return the time of the account, where `now` is that of a test clock."""
        return self.now if self.account_now is None else self.account_now

    def at(self, moment: int) -> Call:
        """Return the same call at another time."""
        return replace(self, now=moment)

    def on_clock(self, clock: str | None) -> Call:
        """Return the same call at the time of a test clock, if there is one."""
        found = self.store.peek("test_helpers.test_clock", clock) if clock else None
        return self.at(found["frozen_time"]) if found else self

    def due(
        self,
        task: str,
        identifier: str,
        at: int | None,
        clock: str | None = None,
        *,
        first: tuple[str, int] | None = None,
        early: bool = False,
    ) -> None:
        """Let a task be done for an object at a moment of the account's time or a test clock's; None: no more.

        `first` names a test clock and a moment: all that is due on that clock until then is done before the task.
        `early` puts it before everything else that is due at the same moment.
        """
        key = key_of(task, identifier)
        if at is not None:
            entry = {"task": task, "id": identifier, "at": at, "clock": clock, "first": first, "early": early}
            self.store.put(DUE, key, entry)
        elif self.store.peek(DUE, key) is not None:
            self.store.remove(DUE, key)

    def announce(self, event: str, document: Document) -> None:
        """Make an event that follows from no change, such as `invoice.upcoming`, and shows this object as it is now."""
        self.store.announced.append((event, copy.deepcopy(document)))

    def new_id(self, kind: Kind) -> str:
        """Return an id for a new object."""
        return self.ids.new(kind.prefix, self.store)

    def new_code(self, kind: Kind) -> str:
        """Return a short code for a new object, of the kind that people type."""
        return self.ids.new_code(kind.prefix, self.store)

    def create(self, kind: Kind, fields: Document, *, identifier: str | None = None) -> Document:
        """Store a new object, with the fields every object has."""
        identifier = identifier or self.new_id(kind)
        document = {"id": identifier, "object": kind.object, "livemode": self.scope.livemode, **fields}
        return self.save(kind, document)

    def save(self, kind: Kind, document: Document) -> Document:
        """Store an object."""
        self.store.put(kind.object, document["id"], document)
        return document

    def in_path(self, kind: Kind, name: str = "id") -> Document:
        """Return the object the address names, or answer 404."""
        return self._find(kind, self.path[name], kind.path_param, 404)

    def named(self, kind: Kind, identifier: str, param: str, *, status: int = 400) -> Document:
        """Return the object a parameter names, or answer 400."""
        return self._find(kind, identifier, param, status)

    def _find(self, kind: Kind, identifier: str, param: str, status: int) -> Document:
        document = self.store.get(kind.object, identifier)
        if document is None or document.get("_hidden"):
            raise errors.no_such(
                kind.noun, identifier, param=param, status=status, other_mode=self._other_mode(kind, identifier)
            )
        return document

    def _other_mode(self, kind: Kind, identifier: str) -> str | None:
        other = self.scope.other_mode()
        if identifier not in self.storage.table(other.name, kind.object):
            return None
        return "live" if other.livemode else "test"


def merge_metadata(old: dict[str, str], new: dict[str, str] | None) -> dict[str, str]:
    """Merge as Stripe does: an empty value removes one key, an empty map (None here) removes all."""
    if new is None:
        return {}
    merged = {**old, **new}
    kept = {key: value for key, value in merged.items() if value != ""}
    if len(kept) > MOST_METADATA:
        raise parameters.metadata_too_large("objects", f"{MOST_METADATA} keys")
    return kept
