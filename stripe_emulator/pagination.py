"""Lists as Stripe pages them: newest first, at most 100, cursors exclusive, in both directions.

https://docs.stripe.com/api/pagination
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import parameters as errors
from stripe_emulator.errors import requests

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]


def page(call: Call, documents: Sequence[Document], *, noun: str, url: str | None = None) -> Document:
    """Return one page of documents, which stand in the order they are listed in."""
    limit = _limit(call)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise errors.both_cursors()
    if before:
        end = _position(documents, before, "ending_before", noun)
        start = max(0, end - limit)
        return _envelope(documents[start:end], has_more=start > 0, url=url or call.url)
    start = _position(documents, after, "starting_after", noun) + 1 if after else 0
    return _envelope(documents[start : start + limit], has_more=start + limit < len(documents), url=url or call.url)


def created_filter(call: Call, documents: Sequence[Document]) -> list[Document]:
    """Keep the documents that the `created` parameter asks for: a second, or a range."""
    wanted = call.params.get("created")
    if wanted is None:
        return list(documents)
    if isinstance(wanted, int):
        return [document for document in documents if document["created"] == wanted]
    return [document for document in documents if _in_range(document["created"], wanted)]


def newest_first(call: Call, kind: str, *names: str) -> list[Document]:
    """Return the objects of a kind that agree with the named filters and with `created`, newest first."""
    wanted = {name: call.params[name] for name in names if name in call.params}
    documents = [
        document
        for document in call.store.all(kind)
        if not document.get("_hidden") and all(document[name] == value for name, value in wanted.items())
    ]
    return created_filter(call, documents[::-1])


def _limit(call: Call) -> int:
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.out_of_range("limit", limit, 1, 100)
    return int(limit)


def _position(documents: Sequence[Document], cursor: str, param: str, noun: str) -> int:
    for position, document in enumerate(documents):
        if document["id"] == cursor:
            return position
    raise requests.no_such(noun, cursor, param=param, status=400)


def _in_range(value: int, bounds: dict[str, int]) -> bool:
    tests = {"gt": value.__gt__, "gte": value.__ge__, "lt": value.__lt__, "lte": value.__le__}
    return all(tests[name](bound) for name, bound in bounds.items())


def _envelope(data: Sequence[Document], *, has_more: bool, url: str) -> Document:
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url}
