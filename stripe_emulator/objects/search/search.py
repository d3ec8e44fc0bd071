"""Search over customers, products, prices, subscriptions, invoices, payment intents and charges.

https://docs.stripe.com/search, https://docs.stripe.com/api/pagination/search
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import search as errors
from stripe_emulator.kinds import Kind
from stripe_emulator.objects.search.fields import FIELDS, check, fits, found_by_index
from stripe_emulator.objects.search.language import Query, parse
from stripe_emulator.pagination import page_limit
from stripe_emulator.routing import Operation, Routes

Document = dict[str, Any]

KINDS: list[Kind] = []
routes = Routes()

_SINCE = "2020-08-27"
_OBJECTS = {name: name.removesuffix("s") for name in FIELDS}
_COUNTED = 10_000  # beyond so many, the total is not exact at Stripe


def _search(resource: str) -> Operation:
    def search(call: Call) -> Document:
        """Return a page of what is searched for, newest first."""
        if call.api_version[:10] < _SINCE:
            raise errors.old_version(call.api_version)
        text, limit = call.params["query"], page_limit(call)
        query = parse(text)
        check(resource, query)
        found = list(islice(_found(call, resource, query, _place(call, text)), limit + 1))
        shown, more = found[:limit], len(found) > limit
        return {
            "object": "search_result",
            "data": [document for _, document in shown],
            "has_more": more,
            "next_page": _token(text, shown[-1][0]) if more else None,
            "url": call.url,
            "_total": _total(call, resource, query),
        }

    return search


for _name in FIELDS:
    routes(f"GET /v1/{_name}/search")(_search(_name))


def _found(call: Call, resource: str, query: Query, below: int | None) -> Iterator[tuple[int, Document]]:
    for place, document in _candidates(call, resource, query, below):
        if not document.get("_hidden") and fits(resource, query, document):
            yield place, document


def _candidates(call: Call, resource: str, query: Query, below: int | None) -> Iterator[tuple[int, Document]]:
    """Walk over what may be searched for: by an index, unless search lags behind or there is none."""
    rows, late = call.store.rows(_OBJECTS[resource]), call.storage.late
    found = None if late.seconds else found_by_index(resource, query, rows)
    if found is None:
        yield from late.known(call.scope.name, _OBJECTS[resource], rows, call.now, below)
        return
    for identifier in rows.sorted_newest_first(found):
        place = rows.place(identifier)
        if below is None or place < below:
            yield place, rows.documents[identifier]


def _total(call: Call, resource: str, query: Query) -> Callable[[], int]:
    return lambda: sum(1 for _ in islice(_found(call, resource, query, None), _COUNTED))


def _token(text: str, place: int) -> str:
    """Name the place where the next page begins, and the query it belongs to."""
    return base64.urlsafe_b64encode(f"{zlib.crc32(text.encode())}:{place}".encode()).decode()


def _place(call: Call, text: str) -> int | None:
    token = call.params.get("page")
    if token is None:
        return None
    try:
        query, place = base64.urlsafe_b64decode(token).decode().split(":")
        if int(query) == zlib.crc32(text.encode()):
            return int(place)
    except (binascii.Error, ValueError):
        pass
    raise errors.bad_page(token)
