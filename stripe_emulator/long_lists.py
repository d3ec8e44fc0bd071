"""Pages of lists that may be long: nothing is looked at but what stands on the page, and what is passed over.

https://docs.stripe.com/api/pagination. The same form as `pagination.page`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from stripe_emulator.errors import parameters as errors
from stripe_emulator.errors import requests
from stripe_emulator.pagination import created_bounds, created_test, envelope, page_limit

if TYPE_CHECKING:
    from stripe_emulator.call import Call
    from stripe_emulator.kinds import Kind
    from stripe_emulator.table import Table

Document = dict[str, Any]
Look = Callable[[Document], "Document | None"]

_DEAR = 200  # to walk past so many documents costs a page as much as to sort one of the few


def few(identifiers: set[str], rows: Table) -> bool:
    """Say whether a page is sooner found by sorting these than by walking past all the others."""
    return len(identifiers) ** 2 < _DEAR * len(rows.documents)


def listed(
    call: Call, kind: Kind, *names: str, also: Callable[[Document], bool] | None = None, url: str | None = None
) -> Document:
    """Return a page of the objects that agree with the named filters, and with one more test, newest first."""
    wanted = {name: call.params[name] for name in names if name in call.params}
    rows = call.store.rows(kind.object)

    def look(document: Document) -> Document | None:
        fits = not document.get("_hidden") and all(document[name] == value for name, value in wanted.items())
        return document if fits and (also is None or also(document)) else None

    return page_of(call, kind, look, _fewest(rows, wanted), url=url)


def _fewest(rows: Table, wanted: Document) -> set[str] | None:
    """Return the ids that have one of the wanted values, where they are few."""
    found = [rows.with_value(name, value) for name, value in wanted.items() if isinstance(value, str)]
    among = min(found, key=len, default=None)
    return among if among is not None and few(among, rows) else None


def page_of(call: Call, kind: Kind, look: Look, among: set[str] | None = None, *, url: str | None = None) -> Document:
    """Return a page of what `look` returns for a document, unless that is None; `among`: every id, if they are few."""
    limit = page_limit(call)
    after, before = call.params.get("starting_after"), call.params.get("ending_before")
    if after and before:
        raise errors.both_cursors()
    rows = call.store.rows(kind.object)
    _require_cursor(rows, kind, after, before)
    identifiers = _newer(rows, before, among) if before else _older(call, rows, after, among)
    found = list(islice(_seen(call, rows, look, identifiers), limit + 1))
    shown = found[:limit][::-1] if before else found[:limit]

    def total() -> int:
        return sum(1 for _ in _seen(call, rows, look, _older(call, rows, None, among)))

    return envelope(shown, has_more=len(found) > limit, url=url or call.url, total=total)


def _seen(call: Call, rows: Table, look: Look, identifiers: Iterable[str]) -> Iterator[Document]:
    documents = (one for one in map(rows.documents.__getitem__, identifiers) if not one.get("_hidden"))
    looked = (look(one) for one in filter(created_test(call), documents))
    return (one for one in looked if one is not None)


def _require_cursor(rows: Table, kind: Kind, after: str | None, before: str | None) -> None:
    """A cursor is any object of the kind: one that the filters leave out has its place all the same."""
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor and cursor not in rows.documents:
            raise requests.no_such(kind.noun, cursor, param=name, status=400)


def _older(call: Call, rows: Table, after: str | None, among: set[str] | None) -> Iterable[str]:
    if among is None:
        return rows.newest_first(after, *created_bounds(call))
    bound = None if after is None else rows.place(after)
    return (one for one in rows.sorted_newest_first(among) if bound is None or rows.place(one) < bound)


def _newer(rows: Table, before: str, among: set[str] | None) -> Iterable[str]:
    if among is None:
        return rows.oldest_first(before)
    bound = rows.place(before)
    return (one for one in reversed(rows.sorted_newest_first(among)) if rows.place(one) > bound)
