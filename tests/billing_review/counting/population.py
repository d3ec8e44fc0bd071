"""Many subscriptions at once: copies of a few that were made through the API, put into the emulator's memory."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stripe_emulator import EmulatorClient

FAR = 4_000_000_000
Document = list[Any]
"""Scope, kind, id and body, as the emulator's snapshots have them."""


@dataclass(frozen=True)
class Subscriber:
    """One subscription: who has how many of which prices, since when."""

    items: tuple[tuple[str, int], ...]
    created: int
    customer: int = 0
    status: str = "active"


def settle(emulator: EmulatorClient, template: str, subscribers: Iterable[Subscriber]) -> None:
    """Put subscriptions in the place of a template, oldest first, as Stripe lists them by their creation."""
    documents = emulator.snapshot()["documents"]
    subscription = next(one for one in documents if one[1] == "subscription" and one[2] == template)
    item = next(one for one in documents if one[1] == "subscription_item" and one[3]["subscription"] == template)
    kept = [one for one in documents if one not in (subscription, item)]
    made = [
        one
        for number, subscriber in enumerate(sorted(subscribers, key=lambda one: one.created))
        for one in _copies(number, subscriber, subscription, item)
    ]
    emulator.restore({"documents": kept + made})


def _copies(number: int, subscriber: Subscriber, subscription: Document, item: Document) -> list[Document]:
    name = f"sub_{number:06d}"
    items = [
        _as(item, f"si_{number:06d}_{place}", subscription=name, price=price, quantity=quantity, current_period_end=FAR)
        for place, (price, quantity) in enumerate(subscriber.items)
    ]
    fields = {
        "customer": f"cus_{subscriber.customer:06d}",
        "created": subscriber.created,
        "status": subscriber.status,
        "trial_end": FAR if subscriber.status == "trialing" else None,
        "_items": [one[2] for one in items],
    }
    return [_as(subscription, name, **fields), *items]


def _as(document: Document, identifier: str, **fields: Any) -> Document:
    scope, kind, _, body = copy.deepcopy(document)
    return [scope, kind, identifier, {**body, "id": identifier, **fields}]
