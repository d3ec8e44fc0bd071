"""Stripe's test bank accounts: debits that are known to have worked only days later.

https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment#test-account-numbers
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stripe_emulator.errors import declines as bank
from stripe_emulator.objects.customers.behavior import Behavior

Document = dict[str, Any]

_ROUTING = "110000000"


@dataclass(frozen=True)
class TestBank:
    """One account; its name stands in `pm_usBankAccount_…`."""

    __test__ = False  # pytest would take the class for tests

    name: str
    number: str
    behavior: Behavior

    def shown(self, given: Document) -> Document:
        """Return the `us_bank_account` hash of a payment method."""
        return {
            "account_holder_type": given.get("account_holder_type", "individual"),
            "account_type": given.get("account_type", "checking"),
            "bank_name": "STRIPE TEST BANK",
            "financial_connections_account": None,
            "fingerprint": f"emulated{self.number[-8:]}",
            "last4": self.number[-4:],
            "networks": {"preferred": "ach", "supported": ["ach"]},
            "routing_number": _ROUTING,
            "status_details": {},
        }


BANKS = (
    TestBank("success", "000123456789", Behavior(takes_days=True)),
    TestBank("noAccount", "000111111116", Behavior(bank.NO_ACCOUNT, takes_days=True)),
    TestBank("accountClosed", "000111111113", Behavior(bank.ACCOUNT_CLOSED, takes_days=True)),
    TestBank("insufficientFunds", "000222222227", Behavior(bank.NO_FUNDS_IN_ACCOUNT, takes_days=True)),
    TestBank("debitNotAuthorized", "000333333335", Behavior(bank.DEBIT_NOT_AUTHORIZED, takes_days=True)),
)
_PREFIX = "pm_usBankAccount_"


def bank_by_payment_method(name: str) -> TestBank | None:
    """Return the account behind `pm_usBankAccount_success` and its like; without a word, the one that works."""
    word = "success" if name == _PREFIX.rstrip("_") else name.removeprefix(_PREFIX)
    return next((one for one in BANKS if one.name == word), None) if name.startswith(_PREFIX[:-1]) else None


def bank_by_number(number: str) -> TestBank | None:
    """Return the account with this number."""
    return next((one for one in BANKS if one.number == number), None)
