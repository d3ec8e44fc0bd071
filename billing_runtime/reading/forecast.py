"""A forecast: the next invoice of a subscription, as it would be if nothing more were used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

LeftOut = Literal["tax", "discount", "credits", "price", "early_end", "schedule", "threshold", "usage"]


@dataclass(frozen=True, slots=True)
class ForecastLine:
    """One line, as it would stand on the invoice: a tiered price has one for every tier it reaches, and for flat fees.

    `kind`: "advance" is the coming period of what is paid ahead, "usage" that of the period that ends, "pending" an
    invoice item that waits, such as a proration. `amount`, `discount` and `credits` are in minor units, `unit_amount`
    is exact. `price` is the price's name in the manifest, if it has one; `item` is the subscription item.
    """

    kind: Literal["advance", "usage", "pending"]
    price: str | None
    price_id: str | None
    item: str | None
    description: str
    quantity: int
    unit_amount: Decimal | None
    amount: int
    discount: int = 0
    credits: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next invoice, in minor units of `currency`.

    `subtotal` is what the lines come to, less discounts of single lines; `total` is less all discounts and what
    Stripe's billing credits pay, before tax. The invoice closes the period from `period_start` to `period_end`; usage
    is as of `at`. What could not be reckoned with is named in `left_out`, and then `complete` is False:

    - `tax`: rates, or automatic tax
    - `discount`: of a coupon that was deleted
    - `credits`: a billing credit that begins or ends before the invoice is made
    - `price`: an item whose price is not sold in the subscription's currency; it has no line
    - `early_end`: an end inside a period, for which a rest may be given back
    - `schedule`: a change is planned at Stripe; these are the prices of today
    - `threshold`: usage may have been billed inside the period already, at a threshold
    - `usage`: usage in the minute in which the period began may be of the period before
    """

    subscription_id: str
    currency: str
    lines: tuple[ForecastLine, ...]
    subtotal: int
    total: int
    period_start: datetime
    period_end: datetime
    at: datetime
    left_out: tuple[LeftOut, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything was reckoned with that will be on the invoice, as far as it is known today."""
        return not self.left_out

    @property
    def discount(self) -> int:
        """What discounts take off."""
        return sum(line.discount for line in self.lines)

    @property
    def credits(self) -> int:
        """What Stripe's billing credits pay."""
        return sum(line.credits for line in self.lines)
