"""The least that Stripe takes in a payment. https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts."""

from __future__ import annotations

from stripe_emulator.errors import intents as errors

_LEAST = {
    "usd": (50, "$0.50"), "aed": (200, "2.00 AED"), "aud": (50, "$0.50"), "bgn": (100, "лв1.00"),
    "brl": (50, "R$0.50"), "cad": (50, "$0.50"), "chf": (50, "0.50 Fr"), "czk": (1500, "15.00Kč"),
    "dkk": (250, "2.50 kr"), "eur": (50, "€0.50"), "gbp": (30, "£0.30"), "hkd": (400, "$4.00"),
    "huf": (17500, "175.00 Ft"), "inr": (50, "₹0.50"), "jpy": (50, "¥50"), "mxn": (1000, "$10"),
    "myr": (200, "RM 2"), "nok": (300, "3.00 kr"), "nzd": (50, "$0.50"), "pln": (200, "2.00 zł"),
    "ron": (200, "lei2.00"), "sek": (300, "3.00 kr"), "sgd": (50, "$0.50"), "thb": (1000, "฿10"),
}  # fmt: skip


def least(currency: str) -> int:
    """Return the smallest amount that is worth a payment."""
    return _LEAST.get(currency, (1, ""))[0]


def require_large_enough(amount: int, currency: str) -> None:
    """Refuse an amount that is not worth a payment; of the other currencies no limit is known."""
    least, words = _LEAST.get(currency, (1, ""))
    if amount < least:
        raise errors.amount_too_small(currency, words)
