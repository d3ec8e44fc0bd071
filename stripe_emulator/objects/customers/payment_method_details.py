"""What is typed in of a card or a bank account, read as Stripe reads it in test mode.

https://docs.stripe.com/testing#invalid-data
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from stripe_emulator.call import Call
from stripe_emulator.errors import parameters
from stripe_emulator.errors import payments as errors
from stripe_emulator.objects.customers.test_banks import TestBank, bank_by_number, bank_by_payment_method
from stripe_emulator.objects.customers.test_cards import TestCard, by_number, by_payment_method, by_token

Document = dict[str, Any]


def typed_in(call: Call, params: Document) -> Document:
    """Return the fields of a new payment method that say what it is, from `type` and its hash."""
    kind = params.get("type")
    if kind is None:
        raise parameters.missing("type")
    if kind not in ("card", "us_bank_account"):
        raise errors.type_not_emulated(kind)
    if not params.get(kind):
        raise parameters.missing(kind)
    if kind == "card":
        return card_fields(_card(call, params["card"]), params["card"], call.now)
    bank = bank_by_number(params[kind].get("account_number", ""))
    if bank is None:
        raise errors.bad_account_number()
    return bank_fields(bank, params[kind])


def named(call: Call, name: str) -> Document | None:
    """Return the fields of what a test name such as `pm_card_visa` stands for, if it stands for anything."""
    card, bank = by_payment_method(name), bank_by_payment_method(name)
    if card is not None:
        return card_fields(card, {}, call.now)
    return bank_fields(bank, {}) if bank else None


def card_fields(card: TestCard, given: Document, now: int) -> Document:
    """Return the fields that make a payment method a card."""
    return {"type": "card", "card": card.shown(given, now), "_card": card.number, "_outcome": card.behavior.outcome}


def bank_fields(bank: TestBank, given: Document) -> Document:
    """Return the fields that make a payment method a bank account."""
    return {
        "type": "us_bank_account",
        "us_bank_account": bank.shown(given),
        "_bank": bank.number,
        "_outcome": bank.behavior.outcome,
    }


def _card(call: Call, given: Document) -> TestCard:
    if "token" in given:
        card = by_token(given["token"])
        if card is None:
            raise errors.no_such_token(given["token"])
        return card
    _require_valid_date(call, given)
    if len(given.get("cvc", "123")) not in (3, 4) or not given.get("cvc", "123").isdigit():
        raise errors.bad_cvc()
    number = given.get("number", "").replace(" ", "")
    card = by_number(number)
    if card is None:
        raise errors.live_card() if _adds_up(number) else errors.bad_number()
    return card


def _require_valid_date(call: Call, given: Document) -> None:
    """A card that has expired already is refused before the bank is asked."""
    now = datetime.fromtimestamp(call.now, UTC)
    month, year = given.get("exp_month", 12), given.get("exp_year", now.year + 1)
    if not 1 <= month <= 12:
        raise errors.bad_expiry("month")
    if year < 100:
        year += 2000
    if (year, month) < (now.year, now.month):
        raise errors.bad_expiry("year" if year < now.year else "month")


def _adds_up(number: str) -> bool:
    """Say whether the last digit of a card number is the one that the others demand (Luhn)."""
    if not number.isdigit() or not 12 <= len(number) <= 19:
        return False
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
