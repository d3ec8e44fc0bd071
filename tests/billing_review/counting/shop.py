"""A shop with customers, made at the emulated Stripe, and changes of its prices."""

from __future__ import annotations

from typing import Any

import stripe

from billing_review.counting import Bound, count
from billing_review.report import Affected, Counting
from billing_review.steps import Change, Operation, Source, Step

FAST = Bound(per_second=None)
MONTH = {"interval": "month"}


class Shop:
    """What a test sells, and who buys it."""

    def __init__(self, client: stripe.StripeClient) -> None:
        self.client = client
        self.product = client.v1.products.create({"name": "Team"}).id

    def price(self, amount: int = 1200, **params: Any) -> str:
        """A monthly price in dollars unless told otherwise."""
        asked: Any = {"product": self.product, "currency": "usd", "recurring": MONTH, **params}
        if "tiers" not in params:
            asked["unit_amount"] = amount
        return self.client.v1.prices.create(asked).id

    def customer(self) -> str:
        """Somebody whose card works."""
        card: Any = {"payment_method": "pm_card_visa", "invoice_settings": {"default_payment_method": "pm_card_visa"}}
        return self.client.v1.customers.create(card).id

    def subscribe(self, *items: tuple[str, int | None], customer: str | None = None, **params: Any) -> str:
        """A subscription with so many of each price."""
        lines = [
            {"price": price} if quantity is None else {"price": price, "quantity": quantity}
            for price, quantity in items
        ]
        asked: Any = {"customer": customer or self.customer(), "items": lines, **params}
        return self.client.v1.subscriptions.create(asked).id

    def checkout(self, *prices: str, **params: Any) -> str:
        """An open checkout session."""
        lines = [{"price": price, "quantity": 1} for price in prices]
        asked: Any = {"mode": "subscription", "success_url": "https://app.example.com", "line_items": lines, **params}
        return self.client.v1.checkout.sessions.create(asked).id


def step(key: str, price: str | None, operation: Operation = "replace", **fields: Any) -> Step:
    """What happens to a price."""
    return Step("Price", key, operation, object_id=price, **fields)


def change(*steps: Step, account: str | None = "acct_emulator", livemode: bool | None = False) -> Change:
    """A plan about the emulator's account."""
    return Change(Source("plan", account=account, livemode=livemode), steps)


def counted(client: stripe.StripeClient, *steps: Step, **options: Any) -> dict[tuple[str, str], Affected]:
    """Count to the end, and return who is affected."""
    counting, affected = count(change(*steps), client, **{"bound": FAST, **options})
    assert counting.status == "counted", counting.sentence
    return affected


def told(client: stripe.StripeClient, *steps: Step, **options: Any) -> Counting:
    """Count, and return what is said about the counting."""
    counting, _ = count(change(*steps), client, **{"bound": FAST, **options})
    return counting
