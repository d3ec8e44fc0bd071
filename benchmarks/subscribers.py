"""A data file of the emulator with many subscriptions: copies of one that was made through the API."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import stripe

from stripe_emulator import serve
from stripe_emulator.storage import Storage

Document = dict[str, Any]

NOW, YEARS = 1_795_000_000, 3
FAR = 4_000_000_000
# Price -> share of the subscriptions; everybody in three has the add-on as well.
SHARES = {"monthly": 0.5, "yearly": 0.2, "pro": 0.2, "legacy": 0.1}
EXTRA = "extra"
STATUSES = {"active": 0.86, "trialing": 0.05, "past_due": 0.02, "canceled": 0.05, "incomplete_expired": 0.02}


@dataclass(frozen=True)
class Shop:
    """The prices' ids by their names."""

    prices: dict[str, str]


def fill(path: Path, number: int) -> Shop:
    """Write the file; more and more customers came in three years, as it goes."""
    with serve(data=path, clock=NOW) as server:
        shop, template = _template(stripe.StripeClient(server.admin.key, base_addresses={"api": server.url}))
        scope = next(one[0] for one in server.admin.snapshot()["documents"] if one[1] == "subscription")
    storage = Storage(path)
    subscription = storage.table(scope, "subscription")[template]
    item = storage.table(scope, "subscription_item")[subscription["_items"][0]]
    storage.apply({(scope, "subscription", template): None, (scope, "subscription_item", item["id"]): None})
    chance = random.Random(7)  # noqa: S311 - the same crowd every time
    made = (one for place in range(number) for one in _copies(place / number, place, subscription, item, shop, chance))
    storage.apply({(scope, document["object"], document["id"]): document for document in made})
    storage.close()
    return shop


def _template(client: stripe.StripeClient) -> tuple[Shop, str]:
    product = client.v1.products.create({"name": "Team"})
    prices = {}
    for place, name in enumerate((*SHARES, EXTRA)):
        interval: Any = "year" if name == "yearly" else "month"
        made = client.v1.prices.create(
            {"product": product.id, "currency": "usd", "unit_amount": 1000 + place, "recurring": {"interval": interval}}
        )
        prices[name] = made.id
    card: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
    customer = client.v1.customers.create(card)
    subscription = client.v1.subscriptions.create({"customer": customer.id, "items": [{"price": prices["monthly"]}]})
    return Shop(prices), subscription.id


def _copies(
    share: float, place: int, subscription: Document, item: Document, shop: Shop, chance: random.Random
) -> Iterator[Document]:
    name = f"sub_{place:08d}"
    (price,) = chance.choices(list(SHARES), list(SHARES.values()))
    (status,) = chance.choices(list(STATUSES), list(STATUSES.values()))
    wanted = [price, EXTRA] if chance.random() < 1 / 3 else [price]
    items = [f"si_{place:08d}_{number}" for number in range(len(wanted))]
    for identifier, one in zip(items, wanted, strict=True):
        fields = {"price": shop.prices[one], "quantity": chance.randint(1, 40), "current_period_end": FAR}
        yield {**item, "id": identifier, "subscription": name, **fields}
    yield {
        **subscription,
        "id": name,
        "customer": f"cus_{place * 9 // 10:08d}",
        "created": NOW - YEARS * 365 * 86_400 + int(YEARS * 365 * 86_400 * share**0.5),
        "status": status,
        "trial_end": FAR if status == "trialing" else None,
        "_items": items,
    }
