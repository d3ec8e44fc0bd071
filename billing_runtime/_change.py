"""What a change of plan comes to: up or down, and which items it touches. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from billing_runtime._chosen import licensed_item
from billing_runtime.manifest import provisioned
from billing_runtime.marks import terms_of

if TYPE_CHECKING:
    from billing_runtime._offer import Offer
    from billing_runtime.catalog import Plan, Price
    from billing_runtime.manifest import Manifest

Json = dict[str, Any]
Direction = Literal["up", "down", "same"]
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def direction(manifest: Manifest, body: Json, offer: Offer) -> Direction:
    """Whether the offer is more than what the subscription has.

    A plan of higher rank is; of one rank, a longer interval is, since it commits for longer; then what a day costs
    decides. What cannot be compared, such as tiers, counts as more: it begins at once and is paid for at once.
    """
    target = _main(offer)
    item = licensed_item(manifest, body)
    if _is_same(item, offer):
        return "same"
    current = manifest.price_with_id(item["price"]["id"])
    plan = _plan(manifest, item, current)
    if plan is not None and offer.plan is not None and plan.rank != offer.plan.rank:
        return "up" if plan.rank < offer.plan.rank else "down"
    before = _days(item["price"].get("recurring"))
    after = _days({"interval": target.interval, "interval_count": target.interval_count})
    if before != after:
        return "up" if before < after else "down"
    return _by_cost(item, offer, target)


def changed_items(manifest: Manifest, body: Json, offer: Offer) -> list[Json]:
    """The items of an update: the plan's own changes its price, its metered ones come and go, all others stay."""
    main, item = _main(offer), licensed_item(manifest, body)
    by_price = {one["price"]["id"]: one for one in body["items"]}
    wanted = {provisioned(line.price): line for line in offer.lines}
    items: list[Json] = [{"id": item["id"]} | next(line.sent() for line in offer.lines if line.price is main)]
    items += [line.sent() for price, line in wanted.items() if line.price is not main and price not in by_price]
    gone = [one for price, one in by_price.items() if price not in wanted and _is_our_usage(manifest, one)]
    return items + [{"id": one["id"], "deleted": True} for one in gone]


def phase_items(body: Json) -> list[Json]:
    """What the subscription has now, as a phase of a schedule takes it."""
    return [_phase_item(item) for item in body["items"]]


def next_phase_items(manifest: Manifest, body: Json, offer: Offer) -> list[Json]:
    """What it has after the change: the offer, and whatever the change leaves alone."""
    touched = {item["id"] for item in changed_items(manifest, body, offer) if "id" in item}
    sold = {provisioned(line.price) for line in offer.lines}
    kept = [item for item in body["items"] if item["id"] not in touched and item["price"]["id"] not in sold]
    return [line.sent() for line in offer.lines] + [_phase_item(item) for item in kept]


def _phase_item(item: Json) -> Json:
    count = {} if item.get("quantity") is None else {"quantity": item["quantity"]}
    return {"price": item["price"]["id"]} | count


def _main(offer: Offer) -> Price:
    """The price that is the plan's: the first one that is no usage."""
    return next((line.price for line in offer.lines if line.price.type != "metered"), offer.lines[0].price)


def _is_same(item: Json, offer: Offer) -> bool:
    line = next(line for line in offer.lines if line.price is _main(offer))
    return bool(item["price"]["id"] == provisioned(line.price) and item.get("quantity") == line.quantity)


def _plan(manifest: Manifest, item: Json, price: Price | None) -> Plan | None:
    """The plan of the item's price, also where that was replaced or is sold no longer."""
    if price is not None:
        return manifest.plan_of(price)
    product = item["price"].get("product")
    return next((plan for plan in manifest.plans_for() if manifest.products[plan.product].id == product), None)


def _days(recurring: Json | None) -> int:
    found = recurring or {}
    return _DAYS.get(found.get("interval") or "", 0) * int(found.get("interval_count") or 1)


def _by_cost(item: Json, offer: Offer, target: Price) -> Direction:
    """By what a period costs; more of the same price is more."""
    line = next(line for line in offer.lines if line.price is target)
    before = _cost(item["price"].get("unit_amount_decimal"), item.get("quantity"))
    after = None if target.unit_amount is None else _cost(str(target.unit_amount), line.quantity)
    if before is None or after is None:
        fewer = item["price"]["id"] == provisioned(target) and (line.quantity or 1) < (item.get("quantity") or 1)
        return "down" if fewer else "up"
    return "down" if after < before else "up"


def _cost(unit: str | None, quantity: int | None) -> Decimal | None:
    return None if unit is None else Decimal(unit) * (1 if quantity is None else quantity)


def _is_our_usage(manifest: Manifest, item: Json) -> bool:
    """Whether it is usage of one of our plans, which goes with its plan."""
    terms = terms_of(manifest, item["price"])
    return terms is not None and terms.type == "metered"
