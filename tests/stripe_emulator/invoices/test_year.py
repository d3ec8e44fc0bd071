"""A year of one subscription: seats by the year, usage by the month, changes, a coupon and credits, to the cent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from math import floor
from typing import Any

import stripe

from stripe_emulator import EmulatorClient
from tests.stripe_emulator.invoices.billing import HOUR, first_item, invoices, meter_of, price_of, use
from tests.stripe_emulator.subscriptions.subscribing import subscribe

SEAT, FREE, CENTS_PER_CALL = 12_000, 1000, Fraction(1, 2)
USED = (5000, 800, 12_001, 0, 20_333, 1001, 7000, 65_000, 1002, 3, 9999, 44_444)  # calls of each month
CHANGES = {(2, 10): (8, "create_prorations"), (6, 15): (6, "always_invoice"), (10, 3): (10, "create_prorations")}
CREDITS, OFF = 2000, Fraction(1, 4)  # a quarter off for six months
COUPON_ENDS = 7


def moment(month: int, day: int = 1) -> int:
    """Return noon of a day of 2026, or of a later year by a month above twelve."""
    return int(datetime(2026 + (month - 1) // 12, (month - 1) % 12 + 1, day, 12, tzinfo=UTC).timestamp())


def cents(exact: Fraction) -> int:
    """Round half away from zero."""
    return floor(exact + Fraction(1, 2)) if exact >= 0 else -floor(-exact + Fraction(1, 2))


@dataclass
class Books:
    """What is owed by a calculation of its own: nothing of it asks the emulator."""

    seats: int = 5
    paid_from: int = moment(1)
    paid: int = 0  # for the seats, from `paid_from` to the end of the year
    credits: int = CREDITS
    balance: int = 0
    waiting: list[int] = field(default_factory=list)
    due: list[int] = field(default_factory=list)
    """What each invoice asks for after the balance."""

    def left(self, month: int) -> Fraction:
        """Return what the coupon leaves of a price in a month."""
        return 1 - OFF if month < COUPON_ENDS else Fraction(1)

    def begin(self) -> None:
        """Bill the seats of the year."""
        self.paid = cents(self.seats * SEAT * self.left(1))
        self.invoice([self.paid])

    def change(self, month: int, day: int, seats: int, behavior: str) -> None:
        """Give back the rest of what was paid, ask for the rest at the new number."""
        now, end = moment(month, day), moment(13)
        self.waiting.append(-cents(Fraction(self.paid * (end - now), end - self.paid_from)))
        share = Fraction(end - now, end - moment(1))
        self.seats, self.paid_from = seats, now
        self.paid = cents(seats * SEAT * share * self.left(month))
        self.waiting.append(self.paid)
        if behavior == "always_invoice":
            self.invoice([])

    def month(self, number: int, used: int) -> None:
        """Bill a month's usage with what waits; in January the seats of the next year as well."""
        usage = cents(max(0, used - FREE) * CENTS_PER_CALL)
        usage -= cents(usage * (1 - self.left(number)))
        spent = min(usage, self.credits)
        self.credits -= spent
        self.invoice([usage - spent, *([self.seats * SEAT] if number == 13 else [])])

    def invoice(self, lines: list[int]) -> None:
        """Sum up; a credit goes to the balance, which the next invoices use; less than 50 cents waits there."""
        owed = sum(lines) + sum(self.waiting) + self.balance
        self.waiting = []
        self.balance = 0 if owed >= 50 else owed
        self.due.append(owed if owed >= 50 else 0)


def expected() -> Books:
    """Return the books of the whole year."""
    books = Books()
    books.begin()
    for month in range(1, 13):
        for (changed, day), (seats, behavior) in CHANGES.items():
            if changed == month:
                books.change(month, day, seats, behavior)
        books.month(month + 1, USED[month - 1])
    return books


def subscribed(client: stripe.StripeClient, payer: Any) -> Any:
    """Return the subscription, with its coupon and credits."""
    meter = meter_of(client)
    tiers: Any = [{"up_to": FREE, "unit_amount": 0}, {"up_to": "inf", "unit_amount_decimal": "0.5"}]
    tiered: Any = {"billing_scheme": "tiered", "tiers_mode": "graduated", "tiers": tiers}
    coupon = client.v1.coupons.create({"percent_off": 25, "duration": "repeating", "duration_in_months": 6})
    amount: Any = {"type": "monetary", "monetary": {"currency": "usd", "value": CREDITS}}
    scope: Any = {"scope": {"price_type": "metered"}}
    client.v1.billing.credit_grants.create({"customer": payer.id, "amount": amount, "applicability_config": scope})
    seats: Any = {"price": price_of(client, SEAT, interval="year").id, "quantity": 5}
    usage = price_of(client, name="Calls", meter=meter, **tiered)
    return subscribe(client, payer, seats, usage, discounts=[{"coupon": coupon.id}])


def test_a_year_to_the_cent(client: stripe.StripeClient, payer: Any, stripe_emulator: EmulatorClient) -> None:
    """Fourteen invoices, each as the books say, and the customer's balance at the end."""
    stripe_emulator.clock.set(moment(1))
    subscription = subscribed(client, payer)
    seats = first_item(subscription).id
    for month in range(1, 13):
        stripe_emulator.clock.set(moment(month, 2))
        use(client, payer, USED[month - 1])
        for (changed, day), (quantity, behavior) in CHANGES.items():
            if changed == month:
                stripe_emulator.clock.set(moment(month, day))
                change: Any = {"quantity": quantity, "proration_behavior": behavior}
                client.v1.subscription_items.update(seats, change)
    stripe_emulator.clock.set(moment(13) + HOUR)
    found, books = invoices(client, subscription), expected()
    assert [one.amount_due for one in found] == books.due
    assert {one.status for one in found} == {"paid"}
    assert client.v1.customers.retrieve(payer.id).balance == books.balance
    for one in found:
        off = sum(entry.amount for entry in one.total_discount_amounts or [])
        credit = sum(entry.amount for entry in one.total_pretax_credit_amounts if entry.type != "discount")
        assert one.total == sum(line.amount for line in one.lines.data) - off - credit
