"""A manifest may be older than the last `up`: a price that was archived since is looked up by its lookup key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from billing_runtime.errors import StripeRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from billing_runtime._stripe import StripeApi
    from billing_runtime.catalog import Price

Json = dict[str, Any]
_T = TypeVar("_T")
_PARAM = re.compile(r"(?:line_items|items)\[(\d+)\]\[price\]")


def with_successors(
    api: StripeApi, prices: Sequence[Price], name: str, request: Json, make: Callable[[Json], _T]
) -> _T:
    """Make it; each price that Stripe no longer sells is replaced by the one that holds its lookup key now, once.

    `name` is the parameter that holds the lines, in the order of the prices.
    """
    replaced: set[int] = set()
    while True:
        try:
            return make(request)
        except StripeRefused as refusal:
            index = _refused_line(refusal, len(prices))
            successor = None if index is None or index in replaced else _successor(api, prices[index])
            if index is None or successor is None:
                raise
            replaced.add(index)
            lines = list(request[name])
            lines[index] = lines[index] | {"price": successor}
            request = request | {name: lines}


def _refused_line(refusal: StripeRefused, lines: int) -> int | None:
    match = _PARAM.fullmatch(refusal.param or "")
    return int(match[1]) if match and int(match[1]) < lines else None


def _successor(api: StripeApi, price: Price) -> str | None:
    if price.lookup_key is None:
        return None
    keys = [price.lookup_key]
    page = api.read("look a price up", lambda client: client.v1.prices.list({"lookup_keys": keys, "active": True}))
    return next((found["id"] for found in page["data"] if found["id"] != price.id), None)
