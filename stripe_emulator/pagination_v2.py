"""Lists of the v2 namespace: newest first, with the addresses of the pages before and after.

https://docs.stripe.com/api-v2-overview#list-pagination
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from stripe_emulator.errors import StripeError
from stripe_emulator.errors import fields as errors

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

_USUAL = 20
_MOST = 100


def page(call: Call, documents: list[Document]) -> Document:
    """Return one page of documents, which are newest first and have a `_number` each."""
    limit = limit_of(call)
    direction, number = _place(call)
    if direction == "before":
        start = max(0, sum(document["_number"] > number for document in documents) - limit)
    else:
        start = sum(document["_number"] >= number for document in documents)
    shown, left = documents[start : start + limit], documents[start + limit :]
    return {
        "data": shown,
        "next_page_url": page_url(call, "after", shown[-1]["_number"]) if shown and left else None,
        "previous_page_url": page_url(call, "before", shown[0]["_number"]) if shown and start > 0 else None,
    }


def limit_of(call: Call) -> int:
    """Return how many objects a page may have."""
    limit = int(call.params.get("limit", _USUAL))
    if not 1 <= limit <= _MOST:
        raise errors.invalid_fields([f"limit: {errors.out_of_range(1, _MOST)}"])
    return limit


def _place(call: Call) -> tuple[str, float]:
    """Read where the page begins: numbers grow with time, so what is deleted meanwhile leaves no gap."""
    direction, mark = mark_of(call)
    if not mark:
        return direction, float("inf")
    if not mark.isdigit():
        raise unknown_page()
    return direction, int(mark)


def mark_of(call: Call) -> tuple[str, str]:
    """Return whether the page comes after or before something, and what that is; nothing for the first page."""
    token = call.params.get("page")
    if token is None:
        return "after", ""
    try:
        direction, _, mark = base64.urlsafe_b64decode(token).decode().partition(":")
    except (binascii.Error, ValueError):
        raise unknown_page() from None
    if direction not in ("after", "before") or not mark:
        raise unknown_page()
    return direction, mark


def unknown_page() -> StripeError:
    """Return the refusal of a page that no list has named."""
    return errors.invalid_fields(["page: Unrecognized page token."])


def page_url(call: Call, direction: str, mark: int | str) -> str:
    """Return the address of the page after or before what a mark stands for, with the same filters."""
    token = base64.urlsafe_b64encode(f"{direction}:{mark}".encode()).decode()
    filters = {name: value for name, value in call.params.items() if name != "page"}
    return f"{call.url}?{urlencode({'page': token, **_flat(filters)})}"


def _flat(filters: Document) -> Document:
    """Write lists and hashes as a query has them: `types[0]`, `created[gt]`."""
    flat: Document = {}
    for name, value in filters.items():
        pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
        flat |= {name: value} if pairs is None else {f"{name}[{key}]": inner for key, inner in pairs}
    return flat
