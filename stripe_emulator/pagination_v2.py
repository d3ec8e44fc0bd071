"""Lists of the v2 namespace: newest first, with the addresses of the pages before and after.

https://docs.stripe.com/api-v2-overview#list-pagination
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from stripe_emulator.errors import fields as errors

if TYPE_CHECKING:
    from stripe_emulator.call import Call

Document = dict[str, Any]

_USUAL = 20
_MOST = 100


def page(call: Call, documents: list[Document]) -> Document:
    """Return one page of documents, which are newest first and have a `_number` each."""
    limit = _limit(call)
    direction, number = _place(call)
    if direction == "before":
        start = max(0, sum(document["_number"] > number for document in documents) - limit)
    else:
        start = sum(document["_number"] >= number for document in documents)
    shown, left = documents[start : start + limit], documents[start + limit :]
    return {
        "data": shown,
        "next_page_url": _url(call, "after", shown[-1]) if shown and left else None,
        "previous_page_url": _url(call, "before", shown[0]) if shown and start > 0 else None,
    }


def _limit(call: Call) -> int:
    limit = int(call.params.get("limit", _USUAL))
    if not 1 <= limit <= _MOST:
        raise errors.invalid_fields([f"limit: {errors.out_of_range(1, _MOST)}"])
    return limit


def _place(call: Call) -> tuple[str, float]:
    """Read where the page begins: numbers grow with time, so what is deleted meanwhile leaves no gap."""
    token = call.params.get("page")
    if token is None:
        return "after", float("inf")
    try:
        direction, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
        return direction, int(number)
    except (binascii.Error, ValueError):
        raise errors.invalid_fields(["page: Unrecognized page token."]) from None


def _url(call: Call, direction: str, document: Document) -> str:
    token = base64.urlsafe_b64encode(f"{direction}:{document['_number']}".encode()).decode()
    query = {"page": token, **({"limit": call.params["limit"]} if "limit" in call.params else {})}
    included = {f"include[{index}]": name for index, name in enumerate(call.params.get("include", []))}
    return f"{call.url}?{urlencode({**query, **included})}"
