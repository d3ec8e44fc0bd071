"""In which group of plans a subscription is. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from billing_runtime.catalog import GROUP
from billing_runtime.marks import TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from billing_runtime.manifest import Manifest

Json = dict[str, Any]
MARK = "billing:group"

# Those that are paid for, or will be: an incomplete one waits for its first payment and ends by itself.
TAKING_PLACE = frozenset({"active", "trialing", "past_due", "unpaid", "paused"})


def group_of(manifest: Manifest, body: Json) -> str | None:
    """The group of a subscription as it is cached; None if it is none of our plans'.

    A customer may be on a plan of another group by now, so the prices come before the mark that the subscription was
    made with. A plan that is no longer sold is in the group it was sold in, or else among those that name none.
    """
    prices = [item["price"] for item in body["items"]]
    groups = {group for price in prices if (group := _of_price(manifest, price))}
    if groups:
        return min(groups)
    marked: str | None = (body.get("metadata") or {}).get(MARK)
    unknown = any(TYPE in (price.get("metadata") or {}) and not _product(manifest, price) for price in prices)
    return marked or (GROUP if unknown else None)


def taking_place(manifest: Manifest, bodies: Iterable[Json], group: str) -> list[Json]:
    """The subscriptions that leave no room for another one in the group, the oldest first."""
    found = [body for body in bodies if body["status"] in TAKING_PLACE and group_of(manifest, body) == group]
    return sorted(found, key=lambda body: (body["created"], body["id"]))


def trial_in(manifest: Manifest, bodies: Iterable[Json], group: str) -> Json | None:
    """The first subscription of the group, also an ended one, that began with a trial."""
    found = (body for body in bodies if body.get("trial_start") and group_of(manifest, body) == group)
    return min(found, key=lambda body: (body["created"], body["id"]), default=None)


def _of_price(manifest: Manifest, price: Json) -> str | None:
    known = manifest.price_with_id(price["id"])
    plan = manifest.plan_of(known) if known else None
    if plan is not None:
        return plan.group
    key = _product(manifest, price)
    return next((plan.group for plan in manifest.plans_for() if plan.product == key), None)


def _product(manifest: Manifest, price: Json) -> str | None:
    """The key of the price's product, if the catalog still has it."""
    return next((one.key for one in manifest.products.values() if one.id and one.id == price.get("product")), None)
