"""Lists as Stripe pages them: newest first, at most 100, cursors exclusive, in both directions.

https://docs.stripe.com/api/pagination
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import parameters as errors
from stripe_emulator.errors import requests

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

_COMPARISONS = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def page(call: Call, documents: Sequence[Document], *, noun: str, url: str | None = None) -> Document:
    """Return one page of documents, which stand in the order they are listed in."""
    limit = page_limit(call)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise errors.both_cursors()
    total = documents.__len__
    if before:
        end = _position(documents, before, "ending_before", noun)
        start = max(0, end - limit)
        return envelope(documents[start:end], has_more=start > 0, url=url or call.url, total=total)
    start = _position(documents, after, "starting_after", noun) + 1 if after else 0
    more = start + limit < len(documents)
    return envelope(documents[start : start + limit], has_more=more, url=url or call.url, total=total)


def created_filter(call: Call, documents: Sequence[Document]) -> list[Document]:
    """Keep the documents that the `created` parameter asks for: a second, or a range."""
    is_wanted = created_test(call)
    return [document for document in documents if is_wanted(document)]


def created_test(call: Call) -> Callable[[Document], bool]:
    """Return what says whether a document was created when the `created` parameter asks for."""
    wanted = call.params.get("created")
    if wanted is None:
        return lambda _document: True
    if isinstance(wanted, int):
        return lambda document: bool(document["created"] == wanted)
    tests = [(_COMPARISONS[name], bound) for name, bound in wanted.items()]
    return lambda document: all(is_so(document["created"], bound) for is_so, bound in tests)


def in_range(value: int | None, wanted: int | dict[str, int]) -> bool:
    """Say whether a moment is the one that is asked for, or lies in the range."""
    if value is None or isinstance(wanted, int):
        return value == wanted
    return all(_COMPARISONS[name](value, bound) for name, bound in wanted.items())


def created_bounds(call: Call) -> tuple[int, int | None]:
    """Return the first second that `created` asks for, and the first one after it, if there is one."""
    wanted = call.params.get("created")
    if wanted is None:
        return 0, None
    if isinstance(wanted, int):
        return wanted, wanted + 1
    lows = [wanted[name] + more for name, more in (("gte", 0), ("gt", 1)) if name in wanted]
    highs = [wanted[name] + more for name, more in (("lt", 0), ("lte", 1)) if name in wanted]
    return max(lows, default=0), min(highs, default=None)


def newest_first(call: Call, kind: str, *names: str) -> list[Document]:
    """Return the objects of a kind that agree with the named filters and with `created`, newest first."""
    wanted = {name: call.params[name] for name in names if name in call.params}
    documents = [
        document
        for document in call.store.all(kind)
        if not document.get("_hidden") and all(document[name] == value for name, value in wanted.items())
    ]
    return created_filter(call, documents[::-1])


def page_limit(call: Call) -> int:
    """Return how many objects a page may have."""
    limit = call.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise errors.out_of_range("limit", limit, 1, 100)
    return int(limit)


def _position(documents: Sequence[Document], cursor: str, param: str, noun: str) -> int:
    for position, document in enumerate(documents):
        if document["id"] == cursor:
            return position
    raise requests.no_such(noun, cursor, param=param, status=400)


def envelope(data: Sequence[Document], *, has_more: bool, url: str, total: Callable[[], int]) -> Document:
    """Return the form every list has; how many there are at all is shown where `total_count` is expanded."""
    return {"object": "list", "data": list(data), "has_more": has_more, "url": url, "_total": total}
