"""How a change of seats is billed: pure rules, by direction and interval.

More seats are billed from now on; fewer seats are cheaper from the next renewal on, and what the running period has
been paid for is not billed a second time. https://docs.stripe.com/billing/subscriptions/prorations
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

Proration = Literal["create_prorations", "always_invoice", "none"]
Interval = Literal["day", "week", "month", "year"]
PaymentBehavior = Literal["allow_incomplete", "error_if_incomplete", "pending_if_incomplete"]

_INCREASE: Mapping[str, Proration] = {
    "day": "create_prorations",
    "week": "create_prorations",
    "month": "create_prorations",
    # A year is long: what is added in January would otherwise be paid in December.
    "year": "always_invoice",
}


@dataclass(frozen=True, slots=True)
class SeatPolicy:
    """How changes of seats are billed and when they are sent.

    `increase`: the proration of more seats by interval. `decrease`: `at_renewal`, or a proration that credits at once.
    `invoices_per_day`: so many invoices an item makes at once in a day (UTC); further increases of that day wait for
    the next invoice, since Stripe allows 20 a day and 10 a minute for a subscription. `payment_behavior`: what happens
    when an invoice is not paid. `delay`: changes within it become one update. `unsubscribed`: how many seats an entity
    without a per-seat subscription may fill; None: any number.
    """

    increase: Mapping[str, Proration] = field(default_factory=lambda: dict(_INCREASE))
    decrease: Literal["at_renewal", "create_prorations", "always_invoice"] = "at_renewal"
    invoices_per_day: int = 5
    payment_behavior: PaymentBehavior = "allow_incomplete"
    delay: timedelta = timedelta(seconds=2)
    unsubscribed: int | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """The most seats that an item's running period was billed for, and the invoices that a day has had."""

    period_start: int
    quantity: int
    day: int = 0
    invoices: int = 0

    def within(self, period_start: int, quantity: int) -> Paid:
        """The same in this period; a new period was billed for what there is now."""
        same = period_start == self.period_start
        return self if same else replace(self, period_start=period_start, quantity=quantity)


@dataclass(frozen=True, slots=True)
class Step:
    """One write: the quantity to set and how it is billed."""

    quantity: int
    proration: Proration
    payment_behavior: PaymentBehavior = "allow_incomplete"


def steps(
    quantity: int, wanted: int, *, paid: Paid, interval: str, trialing: bool, day: int, policy: SeatPolicy
) -> tuple[Step, ...]:
    """The writes that lead from one quantity to another, in order; none if nothing changes.

    `day` is the day of today, counted from 1970 in UTC.
    """
    if wanted == quantity:
        return ()
    if trialing:
        return (Step(wanted, "none"),)  # a trial costs nothing, however many there are
    if wanted < quantity:
        return (Step(wanted, "none" if policy.decrease == "at_renewal" else policy.decrease),)
    free = min(wanted, max(paid.quantity, quantity))
    first = (Step(free, "none"),) if free > quantity else ()
    if wanted == free:
        return first
    return (*first, Step(wanted, _increase(interval, paid, day, policy), policy.payment_behavior))


def after(paid: Paid, before: int, step: Step, *, day: int, policy: SeatPolicy) -> Paid:
    """What the period has been billed for once a step is done."""
    invoices = paid.invoices if paid.day == day else 0
    invoiced = step.proration == "always_invoice"
    credited = step.quantity < before and policy.decrease != "at_renewal"
    quantity = step.quantity if credited else max(paid.quantity, before, step.quantity)
    return replace(paid, quantity=quantity, day=day, invoices=invoices + invoiced)


def _increase(interval: str, paid: Paid, day: int, policy: SeatPolicy) -> Proration:
    asked = policy.increase.get(interval, "create_prorations")
    today = paid.invoices if paid.day == day else 0
    if asked == "always_invoice" and today >= policy.invoices_per_day:
        return "create_prorations"
    return asked
