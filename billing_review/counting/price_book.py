"""What the prices that count cost in each currency: as Stripe has it, or else as the program declared it.

An item shows its price without tiers and other currencies. Where these matter, the price is asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from billing_review.counting.failures import Stopped
from billing_review.counting.reader import Reader
from billing_review.pricing import Pricing, pricing_of

Object = Mapping[str, Any]


class PriceBook:
    """The arithmetic of every price and currency."""

    def __init__(self, reader: Reader, declared: Mapping[str, Object]) -> None:
        self._reader = reader
        self._declared = declared
        """Arguments of the program, by the price's id."""
        self._asked: dict[str, Object | None] = {}
        self.missing: set[str] = set()
        """Prices without an amount in a currency that somebody pays them in."""

    def of(self, price: str, shown: Object | None) -> Callable[[str], Pricing | None]:
        """The arithmetic of one price by currency; `shown` is the price inside an item."""
        return lambda currency: self.pricing(price, shown, currency)

    def pricing(self, price: str, shown: Object | None, currency: str) -> Pricing | None:
        """The arithmetic of a price in a currency; None where nobody knows it."""
        if shown is not None and shown["billing_scheme"] == "per_unit" and shown["currency"] == currency:
            return pricing_of(shown)
        for known in (self._at_stripe(price), self._declared.get(price)):
            if known is not None and currency in {known["currency"], *(known.get("currency_options") or {})}:
                return pricing_of(known, currency)
        self.missing.add(price)
        return None

    def _at_stripe(self, price: str) -> Object | None:
        if price not in self._asked:
            expand = {"expand": ["tiers", "currency_options"]}
            try:
                self._asked[price] = _with_last_tiers(self._reader.get("Prices", f"/v1/prices/{price}", expand))
            except Stopped:
                self._asked[price] = None  # what the program declared is nearly as good
        return self._asked[price]


def _with_last_tiers(price: Object) -> Object:
    """The price with last tiers as programs write them: Stripe shows null where it takes `inf`."""
    options = {currency: _ended(option) for currency, option in (price.get("currency_options") or {}).items()}
    return {**_ended(price), "currency_options": options}


def _ended(amounts: Object) -> Object:
    tiers = [
        {**tier, "up_to": "inf" if tier["up_to"] is None else tier["up_to"]} for tier in amounts.get("tiers") or ()
    ]
    return {**amounts, "tiers": tiers}
