"""Stripe's test cards: what each is called, its number, and what happens when it is charged.

https://docs.stripe.com/testing
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from stripe_emulator.errors import declines as bank
from stripe_emulator.errors.declines import Decline
from stripe_emulator.objects.customers.behavior import PAYS, Behavior

Document = dict[str, Any]


@dataclass(frozen=True)
class TestCard:
    """One card; its name stands in `pm_card_…` and `tok_…`, unless only its number is known."""

    __test__ = False  # pytest would take the class for tests

    name: str
    number: str
    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    behavior: Behavior = PAYS

    @property
    def outcome(self) -> str:
        """In a word, how a payment ends."""
        return self.behavior.outcome

    def shown(self, given: Document, now: int) -> Document:
        """Return the `card` hash of a payment method."""
        return {
            "brand": self.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass" if given.get("cvc") else None,
            },
            "country": self.country,
            "display_brand": _DISPLAY_BRANDS.get(self.brand, self.brand),
            "exp_month": given.get("exp_month", 12),
            "exp_year": given.get("exp_year", datetime.fromtimestamp(now, UTC).year + 1),
            "fingerprint": f"emulated{self.number[-8:]}",
            "funding": self.funding,
            "generated_from": None,
            "last4": self.number[-4:],
            "networks": {"available": [self.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        }


_DISPLAY_BRANDS = {"amex": "american_express", "diners": "diners_club", "unionpay": "union_pay"}


def _refused(name: str, number: str, decline: Decline) -> TestCard:
    """Return a card that the bank refuses already when it is to be saved."""
    return TestCard(name, number, behavior=Behavior(decline, refuses_to_attach=True))


def _secure(name: str, number: str, authentication: str = "always", decline: Decline | None = None) -> TestCard:
    """Return a card whose owner has to authenticate."""
    return TestCard(name, number, behavior=Behavior(decline, authentication=authentication))


CARDS = (
    TestCard("visa", "4242424242424242"),
    TestCard("us", "4242424242424242"),
    TestCard("visa_debit", "4000056655665556", funding="debit"),
    TestCard("mastercard", "5555555555554444", "mastercard"),
    TestCard("", "2223003122003222", "mastercard"),
    TestCard("mastercard_debit", "5200828282828210", "mastercard", "debit"),
    TestCard("mastercard_prepaid", "5105105105105100", "mastercard", "prepaid"),
    TestCard("amex", "378282246310005", "amex"),
    TestCard("", "371449635398431", "amex"),
    TestCard("discover", "6011111111111117", "discover"),
    TestCard("", "6011000990139424", "discover"),
    TestCard("", "6011981111111113", "discover", "debit"),
    TestCard("diners", "3056930009020004", "diners"),
    TestCard("", "36227206271667", "diners"),
    TestCard("jcb", "3566002020360505", "jcb", country="JP"),
    TestCard("unionpay", "6200000000000005", "unionpay", country="CN"),
    TestCard("br", "4000000760000002", country="BR"),
    TestCard("ca", "4000001240000000", country="CA"),
    TestCard("mx", "4000004840008001", country="MX"),
    TestCard("at", "4000000400000008", country="AT"),
    TestCard("de", "4000002760000016", country="DE"),
    TestCard("es", "4000007240000007", country="ES"),
    TestCard("fr", "4000002500000003", country="FR"),
    TestCard("gb", "4000008260000000", country="GB"),
    TestCard("it", "4000003800000008", country="IT"),
    TestCard("nl", "4000005280000002", country="NL"),
    TestCard("pl", "4000006160000005", country="PL"),
    TestCard("au", "4000000360000006", country="AU"),
    TestCard("in", "4000003560000008", country="IN"),
    TestCard("jp", "4000003920000003", country="JP"),
    TestCard("sg", "4000007020000003", country="SG"),
    _refused("visa_chargeDeclined", "4000000000000002", bank.GENERIC),
    _refused("chargeDeclined", "4000000000000002", bank.GENERIC),
    _refused("visa_chargeDeclinedInsufficientFunds", "4000000000009995", bank.INSUFFICIENT_FUNDS),
    _refused("chargeDeclinedInsufficientFunds", "4000000000009995", bank.INSUFFICIENT_FUNDS),
    _refused("visa_chargeDeclinedLostCard", "4000000000009987", bank.LOST_CARD),
    _refused("visa_chargeDeclinedStolenCard", "4000000000009979", bank.STOLEN_CARD),
    _refused("chargeDeclinedExpiredCard", "4000000000000069", bank.EXPIRED),
    _refused("chargeDeclinedIncorrectCvc", "4000000000000127", bank.INCORRECT_CVC),
    _refused("chargeDeclinedProcessingError", "4000000000000119", bank.PROCESSING_ERROR),
    _refused("visa_chargeDeclinedVelocityLimitExceeded", "4000000000006975", bank.VELOCITY),
    _refused("chargeDeclinedFraudulent", "4100000000000019", bank.FRAUDULENT),
    _refused("radarBlock", "4100000000000019", bank.FRAUDULENT),
    TestCard("chargeCustomerFail", "4000000000000341", behavior=Behavior(bank.GENERIC)),
    TestCard("visa_chargeCustomerFail", "4000000000000341", behavior=Behavior(bank.GENERIC)),
    TestCard("createDispute", "4000000000000259", behavior=Behavior(is_disputed=True)),
    _secure("authenticationRequired", "4000002760003184"),
    _secure("authenticationRequiredOnSetup", "4000002500003155", "unless_set_up"),
    _secure("authenticationRequiredSetupForOffSession", "4000003800000446", "on_session"),
    _secure(
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
        decline=bank.INSUFFICIENT_FUNDS,
    ),
    _secure("threeDSecure2Required", "4000000000003220"),
    _secure("threeDSecureRequired", "4000000000003063"),
    _secure("threeDSecureRequiredChargeDeclined", "4000008400001629", decline=bank.GENERIC),
    TestCard("threeDSecureOptional", "4000000000003055"),
    TestCard("amex_threeDSecureNotSupported", "378282246310005", "amex"),
)
_BY_NAME = {card.name: card for card in CARDS if card.name}
_BY_NUMBER = {card.number: card for card in reversed(CARDS)}


def by_payment_method(name: str) -> TestCard | None:
    """Return the card behind `pm_card_visa` and its like."""
    return _BY_NAME.get(name.removeprefix("pm_card_")) if name.startswith("pm_card_") else None


def by_token(name: str) -> TestCard | None:
    """Return the card behind `tok_visa` and its like."""
    return _BY_NAME.get(name.removeprefix("tok_")) if name.startswith("tok_") else None


def by_number(number: str) -> TestCard | None:
    """Return the card with this number."""
    return _BY_NUMBER.get(number.replace(" ", ""))
