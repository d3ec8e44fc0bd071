"""Which subscription is meant, when an application names only the entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from billing_runtime._groups import TAKING_PLACE, group_of
from billing_runtime.errors import NoSubscription
from billing_runtime.marks import terms_of

if TYPE_CHECKING:
    from billing_runtime._context import Context
    from billing_runtime.manifest import Manifest

Json = dict[str, Any]
_LICENSED = frozenset({"flat", "per_seat"})


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entity's subscription: by its id, else the one of a group of plans, else the only one."""

    entity_id: str
    subscription_id: str | None = None
    group: str | None = None


def running_subscription(context: Context, chosen: Chosen, customer_id: str) -> Json:
    """The subscription that is meant, as Stripe has it now; raises NoSubscription if none or several could be."""
    found = [one.body for one in context.cache.refresh(customer_id) if one.status in TAKING_PLACE]
    if chosen.subscription_id is not None:
        named = [one for one in found if one["id"] == chosen.subscription_id]
        if not named:
            raise NoSubscription.of(chosen.entity_id, f"{chosen.subscription_id!r} that runs")
        return named[0]
    if chosen.group is not None:
        found = [one for one in found if group_of(context.manifest, one) == chosen.group]
    if not found:
        raise NoSubscription.of(chosen.entity_id, "that runs")
    if len(found) > 1:
        raise NoSubscription.several(chosen.entity_id, [one["id"] for one in found])
    return found[0]


def licensed_item(manifest: Manifest, body: Json) -> Json:
    """The item whose price is the plan's: the only one with a quantity, or the one of them that is per seat.

    Found by what the prices are, never by their position; one that is not ours counts if it is the only one.
    """
    licensed: list[Json] = [
        item for item in body["items"] if (item["price"].get("recurring") or {}).get("usage_type") != "metered"
    ]
    terms = {item["id"]: terms_of(manifest, item["price"]) for item in licensed}
    ours = [item for item in licensed if (one := terms[item["id"]]) is not None and one.type in _LICENSED]
    found = ours or licensed
    seats = [item for item in found if (one := terms[item["id"]]) is not None and one.type == "per_seat"]
    if len(found) == 1:
        return found[0]
    if len(seats) == 1:
        return seats[0]
    raise NoSubscription.of(body["id"], "item whose price could be told to be the plan's")
