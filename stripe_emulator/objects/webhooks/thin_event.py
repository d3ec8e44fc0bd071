"""Events of the last thirty days as the v2 namespace has them. https://docs.stripe.com/api/v2/core/events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from stripe_emulator import thin_events
from stripe_emulator.call import Call
from stripe_emulator.errors import fields as errors
from stripe_emulator.events import EVENT, kept_until
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.webhooks.thin_event_filters import filter_of
from stripe_emulator.pagination_v2 import limit_of, mark_of, page_url, unknown_page
from stripe_emulator.routing import Routes

Document = dict[str, Any]

KINDS = [Kind(thin_events.THIN, "evt", "event", as_is=True)]
routes = Routes()


@routes("GET /v2/core/events/{id}")
def retrieve(call: Call) -> Document:
    """Return one event with all that it tells."""
    found = _find(call, call.path["id"])
    if found is None:
        raise errors.not_found()
    return thin_events.shown(found)


@routes("GET /v2/core/events")
def index(call: Call) -> Document:
    """List events, newest first."""
    limit, (direction, mark) = limit_of(call), mark_of(call)
    is_wanted = filter_of(call)
    stream = _newer(call, mark) if direction == "before" else _older(call, mark)
    found = list(islice((event for event in stream if is_wanted(event)), limit + 1))
    page, more = found[:limit], len(found) > limit
    shown = page[::-1] if direction == "before" else page
    after, before = (True, more) if direction == "before" else (more, bool(mark))
    return {
        "data": [thin_events.shown(event) for event in shown],
        "next_page_url": page_url(call, "after", shown[-1]["id"]) if shown and after else None,
        "previous_page_url": page_url(call, "before", shown[0]["id"]) if shown and before else None,
    }


def _older(call: Call, mark: str) -> Iterator[Document]:
    """Walk to the oldest event, from the newest or from the one before a mark."""
    rows = call.store.rows(EVENT.object)
    row = _row(call, mark) if mark else None
    if row is not None:
        yield from _rest(_of(call, row)[::-1], mark)
    for identifier in rows.newest_first(row):
        yield from _of(call, identifier)[::-1]


def _newer(call: Call, mark: str) -> Iterator[Document]:
    """Walk to the newest event, from the one after a mark."""
    row = _row(call, mark)
    yield from _rest(_of(call, row), mark)
    for identifier in call.store.rows(EVENT.object).oldest_first(row):
        yield from _of(call, identifier)


def _rest(events: list[Document], mark: str) -> list[Document]:
    places = [place for place, event in enumerate(events) if event["id"] == mark]
    return events[places[0] + 1 :] if places else []


def _find(call: Call, identifier: str) -> Document | None:
    row = _row_of(call, identifier)
    return None if row is None else next((event for event in _of(call, row) if event["id"] == identifier), None)


def _row(call: Call, mark: str) -> str:
    row = _row_of(call, mark)
    if row is None:
        raise unknown_page()
    return row


def _row_of(call: Call, identifier: str) -> str | None:
    """Return the id of what is kept of a thin event: the event itself, or the one that carries the object."""
    kept = call.store.rows(EVENT.object).documents
    if identifier in kept:
        return identifier
    snapshot = thin_events.snapshot_of(identifier, livemode=call.scope.livemode)
    return snapshot if snapshot in kept else None


def _of(call: Call, row: str) -> list[Document]:
    """Return the thin events that stand for what is kept under an id."""
    event = call.store.rows(EVENT.object).documents[row]
    if kept_until(event) <= call.now:
        return []
    return [event] if event["object"] == thin_events.THIN else thin_events.twins(event)
