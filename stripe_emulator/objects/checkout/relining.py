"""Changes of the line items of an open session: the whole list is sent again.

https://docs.stripe.com/api/checkout/sessions/update#update_checkout_session-line_items
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from stripe_emulator.call import Call, merge_metadata
from stripe_emulator.errors import checkout as errors
from stripe_emulator.objects.checkout.lines import currency_of, line, prices_of
from stripe_emulator.objects.checkout.totals import totals

Document = dict[str, Any]


def relined(call: Call, session: Document) -> Document:
    """Return the session with the line items of the request: kept ones by their id, and new ones."""
    if session["status"] != "open" or session["mode"] == "setup":
        raise errors.lines_fixed(session["status"])
    old = {one["id"]: one for one in session["_lines"]}
    given = [_filled(old, one, f"line_items[{index}]") for index, one in enumerate(call.params["line_items"])]
    call = replace(call, params={"line_items": given, "currency": session["currency"]})
    prices = prices_of(call, session["mode"])
    currency = currency_of(call, prices)
    made = [line(call, index, price, currency, trial=session["_trial"]) for index, price in enumerate(prices)]
    kept = [{**new, **_identity(old, one)} for new, one in zip(made, given, strict=True)]
    return {**session, **totals(call, kept, session["discounts"], customer=session["customer"])}


def _filled(old: dict[str, Document], given: Document, name: str) -> Document:
    """Return a line item as if it were new: what a kept one does not name stays as it was."""
    if "id" not in given:
        return given
    if given["id"] not in old:
        raise errors.no_such_line(given["id"], f"{name}[id]")
    known = old[given["id"]]
    stays: Document = {} if "price_data" in given else {"price": known["price"]}
    if known["quantity"] is not None and "price" not in given:
        stays["quantity"] = known["quantity"]
    if known["adjustable_quantity"]["enabled"]:
        stays["adjustable_quantity"] = known["adjustable_quantity"]
    return {**stays, **given}


def _identity(old: dict[str, Document], given: Document) -> Document:
    known = old.get(given.get("id", ""))
    if known is None:
        return {}
    metadata = merge_metadata(known["metadata"], given["metadata"]) if "metadata" in given else known["metadata"]
    return {"id": known["id"], "metadata": metadata}
