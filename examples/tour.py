"""What an application does with a provisioned stack: plans, a customer, usage, seats, limits."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from billing_runtime import Billing, BillingError, Price


def main() -> None:
    """Open the stack that was provisioned, and use every id once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--stack", default="local")
    with Billing.open(stack=parser.parse_args().stack) as billing:
        show_plans(billing)
        make_a_customer(billing)
        record_usage(billing)
        follow_seats(billing)
        consume_credits(billing)


def show_plans(billing: Billing) -> None:
    """The price list, with the ids that this stack has."""
    print(f"Stack {billing.manifest.stack} of account {billing.manifest.account}")
    for plan in billing.plans():
        print(f"  {plan.name}" + ("  (free, no subscription needed)" if plan.free else ""))
        for price in plan.prices:
            print(f"    {price.key:<22} {amount(price):<38} {price.id}")


def amount(price: Price) -> str:
    """A price in words; amounts are minor units."""
    if price.tiers is not None:
        text = f"{price.tiers_mode}, {len(price.tiers)} tiers"
    else:
        text = f"{(price.unit_amount or Decimal(0)) / 100:.2f} {price.currency.upper()}"
    if price.transform_quantity is not None:
        text += f" per started {price.transform_quantity.divide_by:,}"
    unit = " a seat" if price.type == "per_seat" else ""
    trial = f", {price.trial_days} days free" if price.trial_days else ""
    return f"{text}{unit} / {price.interval or 'once'}{trial}"


def make_a_customer(billing: Billing) -> None:
    """The second call changes nothing, here or at Stripe."""
    first = billing.customers.ensure("acme", kind="organization", email="billing@acme.example", name="Acme")
    second = billing.customers.ensure("acme", kind="organization", email="billing@acme.example", name="Acme")
    print(
        f"Customer of acme: {first.id}; asked again: {second.id}, {'the same' if first.id == second.id else 'ANOTHER'}"
    )


def record_usage(billing: Billing) -> None:
    """A retry with the same identifier counts once."""
    meter, now = "alpaca-ai-tokens", datetime.now(UTC)
    for _ in range(2):
        billing.usage.record("acme", meter, 2500, identifier=f"tour-{now:%Y%m%d%H%M%S}")
    summary = billing.usage.summary("acme", meter, start=now - timedelta(days=1), end=now + timedelta(minutes=2))
    print(f"Usage of {meter}: 2,500 tokens recorded, sent twice, counted once; last 24 hours: {summary.total:,}")


def follow_seats(billing: Billing) -> None:
    """The quantity follows the members; nothing is written where it is right already."""
    subscription = billing.subscribe("acme", price="team.monthly", quantity=3)
    seats = [item.quantity for item in subscription.items]
    print(f"Subscription of acme: {subscription.id}, {subscription.status}, {seats[0]} seats")
    for members in (3, 5, 2):
        done = billing.seats.sync("acme", members)
        print(f"  {members} members: {done.before} → {done.after} seats" + ("" if done.changed else ", nothing to do"))


def consume_credits(billing: Billing) -> None:
    """What the plan includes is used up; a repeated call counts once, and what is beyond the limit is refused."""
    key = f"tour-{datetime.now(UTC):%Y%m%d%H%M%S}"
    first, again = (billing.consume("acme", "standard-credits", 5, idempotency_key=key) for _ in range(2))
    times, until = "once" if again.receipt == first.receipt else "TWICE", f"{first.resets_at:%Y-%m-%d}"
    print(f"Credits of acme: 5 of {first.limit:,} used, twice under one key, counted {times}")
    print(f"  {first.remaining} left until {until}")
    refused = billing.consume("acme", "standard-credits", 5000)
    print(f"  5,000 more: {'ALLOWED' if refused else 'refused'}, {refused.reason}; {refused.remaining:,} left")


if __name__ == "__main__":
    try:
        main()
    except BillingError as error:
        raise SystemExit(f"error: {error}") from None
