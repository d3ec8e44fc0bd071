"""The card that somebody types in: checked field by field, as Stripe's own form does.

https://docs.stripe.com/testing
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from stripe_emulator.objects.customers.behavior import PAYS, Behavior
from stripe_emulator.objects.customers.test_banks import BANKS
from stripe_emulator.objects.customers.test_cards import CARDS, TestCard, by_number

NO_TEST_CARD = (
    "Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, "
    "visit: https://stripe.com/docs/testing."
)
_SHOWN = ("visa", "mastercard", "amex", "threeDSecure2Required", "chargeDeclined", "chargeCustomerFail")
_BANKS = ("success", "insufficientFunds")
_LABELS = {"succeeds": "", "requires_action": "asks for 3D Secure", "declined": "declined later"}


@dataclass
class CardForm:
    """What stands in the fields, and what is wrong with it."""

    number: str = ""
    expiry: str = ""
    cvc: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, form: Mapping[str, Any]) -> CardForm:
        """Read the fields."""
        number, expiry, cvc = (str(form.get(one, "")).strip() for one in ("card_number", "card_expiry", "card_cvc"))
        return cls(number, expiry, cvc)

    @classmethod
    def filled(cls, name: str, now: int) -> CardForm:
        """Return the fields filled with a test card."""
        card = next((one for one in CARDS if one.name == name), None)
        if card is None:
            return cls()
        year = datetime.fromtimestamp(now, UTC).year + 2
        return cls(spaced(card.number), f"12 / {year % 100:02}", "1234" if card.brand == "amex" else "123")

    def check(self, now: int) -> bool:
        """Note what is wrong, and say whether nothing is."""
        digits, month_year = _digits(self.number), self.month_year()
        if len(digits) < 12:
            self.problems["card_number"] = "Your card number is incomplete."
        elif not _is_luhn(digits):
            self.problems["card_number"] = "Your card number is invalid."
        elif by_number(digits) is None:
            self.problems["card_number"] = NO_TEST_CARD
        if month_year is None:
            self.problems["card_expiry"] = "Your card's expiration date is incomplete."
        elif _is_over(month_year, now):
            self.problems["card_expiry"] = "Your card's expiration date is in the past."
        if len(_digits(self.cvc)) < (4 if digits.startswith(("34", "37")) else 3) or not self.cvc.isdigit():
            self.problems["card_cvc"] = "Your card's security code is incomplete."
        return not self.problems

    def month_year(self) -> tuple[int, int] | None:
        """Return month and year, if that is what was typed."""
        found = re.fullmatch(r"(\d{1,2})\s*/?\s*(\d{2}|\d{4})", self.expiry)
        if found is None or not 1 <= int(found[1]) <= 12:
            return None
        return int(found[1]), int(found[2]) + (2000 if len(found[2]) == 2 else 0)

    def params(self) -> dict[str, Any]:
        """Return the card as the API takes it."""
        month, year = self.month_year() or (0, 0)
        return {"number": _digits(self.number), "exp_month": month, "exp_year": year, "cvc": self.cvc}


def card_behavior(number: str) -> Behavior:
    """Return how payments with a card end."""
    found = by_number(number)
    return found.behavior if found else PAYS


def chooser() -> list[dict[str, str]]:
    """Return the test cards to choose from: what they are called, and what happens with them."""
    return [{"name": one.name, "label": _label(one)} for name in _SHOWN for one in CARDS if one.name == name]


def banks() -> list[dict[str, str]]:
    """Return the test bank accounts to choose from."""
    told = {True: "arrives in days", False: "comes back"}
    return [
        {"name": one.name, "label": f"Bank account ·· {one.number[-4:]} ({told[one.behavior.decline is None]})"}
        for one in BANKS
        if one.name in _BANKS
    ]


def spaced(number: str) -> str:
    """Write a number in groups, as it stands on the card."""
    if number.startswith(("34", "37")):
        return f"{number[:4]} {number[4:10]} {number[10:]}"
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _label(card: TestCard) -> str:
    told = _LABELS.get(card.outcome, "declined")
    brand = {"amex": "American Express"}.get(card.brand, card.brand.capitalize())
    return f"{brand} ·· {card.number[-4:]}" + (f" ({told})" if told else "")


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text) if re.fullmatch(r"[\d\s-]*", text) and text.isascii() else ""


def _is_luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def _is_over(month_year: tuple[int, int], now: int) -> bool:
    today = datetime.fromtimestamp(now, UTC)
    return (month_year[1], month_year[0]) < (today.year, today.month)
