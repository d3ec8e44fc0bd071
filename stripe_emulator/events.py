"""Events: what happened to an object, as it is and what it was.

They follow from the documents alone: each kind says which types a change from one document to another makes. What has
the newest shape is kept; an endpoint of another version gets it turned. https://docs.stripe.com/api/events
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from stripe_emulator.agenda import DUE, key_of
from stripe_emulator.delivery.plan import plan
from stripe_emulator.expand import Presenter
from stripe_emulator.kinds import Events, Kind
from stripe_emulator.parameters import api_version, snapshot_events

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]
Kinds = dict[str, Kind]
Told = tuple[str, Document, "Document | None"]  # type, the object, what it was

_OWNERS = ("customer", "invoice", "subscription", "charge", "payment_intent")
"""Fields that name, by its own kind, what an object belongs to."""

EVENT = Kind("event", "evt", "event", as_is=True)
KEPT_FOR = 30 * 86400
FORGET = "events.forget"
"""The task that forgets what is older."""


def record(call: Call, kinds: Kinds, presenter: Presenter | None = None) -> None:
    """Store the events of everything that this call changed, and their deliveries, before it is committed.

    `presenter` is one that has shown some of it already, in the newest shape.
    """
    scene = _Scene(call, kinds, presenter or Presenter(call, kinds))
    for kind, before, after in _touched(call, kinds):
        for told in _told(scene, kind, before, after):
            _keep(call, *told)
    for name, document in call.store.announced:
        _keep(call, name, scene.now.show(document, []), None)
    made = [one for (_, kind, _), one in call.store.changes.items() if kind == EVENT.object and one is not None]
    if made:
        plan(call, made)
        let_forget(call, call.account_time + KEPT_FOR)


def difference(before: Document, after: Document) -> Document:
    """Return what the fields that changed were before: hashes field by field, lists and the rest whole."""
    changed: Document = {}
    for name in before.keys() | after.keys():
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        inner = isinstance(old, dict) and isinstance(new, dict) and old.get("object") == new.get("object")
        changed[name] = difference(old, new) if inner and isinstance(old, dict) and isinstance(new, dict) else old
    return dict(sorted(changed.items()))


@dataclass
class _Scene:
    """Everything as it is now and as it was before."""

    call: Call
    kinds: Kinds
    now: Presenter
    _past: list[Presenter] = field(default_factory=list)

    @property
    def past(self) -> Presenter:
        if not self._past:
            self._past.append(Presenter(replace(self.call, store=self.call.store.before()), self.kinds))
        return self._past[0]


def _touched(call: Call, kinds: Kinds) -> list[tuple[Kind, Document | None, Document | None]]:
    """Return what changed, in the order of the changes; an object also changes with its parts."""
    found: dict[tuple[str, str], tuple[Kind, Document | None, Document | None]] = {}
    for name, identifier, before, after in call.store.changed():
        kind = kinds.get(name)
        if kind is None:
            continue
        if kind.part_of is None:
            found.setdefault((name, identifier), (kind, before, after))
            continue
        whole_field, whole = kind.part_of
        owner = str((after or before or {})[whole_field])
        found.setdefault((whole, owner), (kinds[whole], *_twice(call, whole, owner)))
    return list(found.values())


def _twice(call: Call, name: str, identifier: str) -> tuple[Document | None, Document | None]:
    """Return a document before and after."""
    return call.store.before().peek(name, identifier), call.store.peek(name, identifier)


def _told(scene: _Scene, kind: Kind, before: Document | None, after: Document | None) -> Iterator[Told]:
    for face in kind.faces:
        was, now = (None if one is None else face.view(one) for one in (before, after))
        if was is not None or now is not None:
            yield from _of_face(scene, face.events, was, now)
    yield from _of_face(scene, kind.events, before, after)


def _of_face(scene: _Scene, events: Events, before: Document | None, after: Document | None) -> Iterator[Told]:
    if before is None and after is None:  # made and gone within one call: nobody ever saw it
        return
    types = events(before, after)
    if not types:
        return
    was = None if before is None else scene.past.show(before, [])
    shown = was if after is None else scene.now.show(after, [])
    if shown is None:
        return
    if was == shown and after is not None:  # what happened shows nowhere in the object, as an attempt to pay
        types = [name for name in types if not name.endswith(".updated")]
    previous = None if was is None or after is None else difference(was, shown)
    # One document in memory, where it is shown as it is stored.
    kept: Document = shown if after is None or shown != after else after
    for name in types:
        yield name, kept, previous if name.endswith(".updated") else None


def _keep(call: Call, name: str, shown: Document, previous: Document | None) -> None:
    if name not in _published():
        message = f"{name} is no event of Stripe's"
        raise LookupError(message)
    data = {"object": shown} if previous is None else {"object": shown, "previous_attributes": previous}
    clock = _clock_of(call, shown)
    fields = {
        "api_version": api_version(),
        "created": call.on_clock(clock).now if clock else call.now,
        "data": data,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": name,
        "_made": call.account_time,
    }
    call.create(EVENT, fields)


def let_forget(call: Call, at: int) -> None:
    """Let what is too old be forgotten at the next full hour after a moment, or before; one entry stands for all."""
    moment = at + -at % 3600
    entry = call.store.peek(DUE, key_of(FORGET, EVENT.object))
    if entry is None or entry["at"] > moment:  # a clock was set back
        call.due(FORGET, EVENT.object, moment)


def kept_until(event: Document) -> int:
    """Return the first moment at which an event is too old to be asked for."""
    return int(event["_made"] if "_made" in event else event["created"]) + KEPT_FOR


@cache
def _published() -> frozenset[str]:
    return frozenset(snapshot_events())


def _clock_of(call: Call, shown: Document) -> str | None:
    """Return the test clock whose time an object lives in: its own, or that of what it belongs to."""
    if isinstance(shown.get("test_clock"), str):
        return str(shown["test_clock"])
    for name in _OWNERS:
        owner = shown.get(name)
        found = call.store.peek(name, owner) if isinstance(owner, str) else None
        if found is not None:
            return _clock_of(call, found)
    return None
