"""Stripe's test cards: what each is called, and what happens when it is charged.

https://docs.stripe.com/testing
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True)
class TestCard:
    """One card; its name stands in `pm_card_…` and `tok_…`."""

    __test__ = False  # pytest would take the class for tests

    name: str
    number: str
    brand: str = "visa"
    funding: str = "credit"
    outcome: str = "succeeds"  # succeeds, declined, requires_action or attach_declined

    def shown(self, given: Document, now: int) -> Document:
        """Return the `card` hash of a payment method."""
        return {
            "brand": self.brand,
            "country": "US",
            "display_brand": self.brand,
            "exp_month": given.get("exp_month", 12),
            "exp_year": given.get("exp_year", datetime.fromtimestamp(now, UTC).year + 1),
            "fingerprint": f"emulated{self.number[-8:]}",
            "funding": self.funding,
            "last4": self.number[-4:],
        }


CARDS = (
    TestCard("visa", "4242424242424242"),
    TestCard("visa_debit", "4000056655665556", funding="debit"),
    TestCard("mastercard", "5555555555554444", brand="mastercard"),
    TestCard("amex", "378282246310005", brand="amex"),
    TestCard("discover", "6011111111111117", brand="discover"),
    TestCard("authenticationRequired", "4000002500003155", outcome="requires_action"),
    TestCard("threeDSecure2Required", "4000000000003220", outcome="requires_action"),
    TestCard("chargeCustomerFail", "4000000000000341", outcome="declined"),
    TestCard("visa_chargeDeclined", "4000000000000002", outcome="attach_declined"),
    TestCard("chargeDeclined", "4000000000000002", outcome="attach_declined"),
)


def by_payment_method(name: str) -> TestCard | None:
    """Return the card behind `pm_card_visa` and its like."""
    return next((card for card in CARDS if name == f"pm_card_{card.name}"), None)


def by_token(name: str) -> TestCard | None:
    """Return the card behind `tok_visa` and its like."""
    return next((card for card in CARDS if name == f"tok_{card.name}"), None)


def by_number(number: str) -> TestCard | None:
    """Return the card with this number."""
    return next((card for card in CARDS if number.replace(" ", "") == card.number), None)
