"""Seat changes in bursts: `billing.seats` beside the hook that people write, in the same run.

    script/bench seats [--changes 1000] [--burst 1 10 50] [--latency-ms 0 20]

The hook counts the members and sets the quantity, once for each change: a list and an update each. Ours records each
change, durably, and tells Stripe once a burst. Stripe's answers are delayed by the emulator, so that calls show.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import stripe

import stripe_emulator
from billing_runtime import Billing
from stripe_emulator.client import EmulatorClient

HEAD = ("changes", "in bursts of", "latency", "way", "seconds", "calls", "invoice lines", "calls beside the hook")
SEATS = {"mode": "follow", "minimum": 1, "maximum": None}


@dataclass
class Organization:
    """One paying organization with a monthly price per seat."""

    emulator: EmulatorClient
    client: stripe.StripeClient
    billing: Billing
    item: str
    customer: str
    now: datetime

    def hook(self, members: list[set[str]]) -> None:
        """What is written first: after each change, look and set."""
        for there in members:
            found = self.client.v1.subscription_items.retrieve(self.item)
            if found.quantity != len(there):
                self.client.v1.subscription_items.update(self.item, {"quantity": len(there)})

    def recorded(self, members: list[set[str]], burst: int) -> None:
        """Each change recorded, and a sweep after each burst."""
        before: set[str] = set()
        for number, there in enumerate(members, start=1):
            for joined in there - before:
                self.billing.seats.add("org", joined)
            for left in before - there:
                self.billing.seats.remove("org", left)
            before = there
            if number % burst == 0 or number == len(members):
                self.now += timedelta(seconds=3)
                self.billing.seats.sweep()

    def proration_lines(self) -> int:
        """Pending lines of the next invoice."""
        filters: Any = {"customer": self.customer, "pending": True, "limit": 100}
        return sum(1 for _ in self.client.v1.invoice_items.list(filters).auto_paging_iter())


def organization(emulator: EmulatorClient, folder: str) -> Organization:
    """Make one, in an account of its own."""
    emulator.reset()
    client = stripe.StripeClient("sk_test_bench", base_addresses={"api": emulator.url}, max_network_retries=0)
    product = client.v1.products.create({"name": "Team"}).id
    price: Any = {"product": product, "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}}
    price_id = client.v1.prices.create(price).id
    made: list[Organization] = []
    billing = Billing.open(
        manifest=_manifest(product, price_id),
        store=f"sqlite:///{folder}/{time.monotonic_ns()}.db",
        api_key="sk_test_bench",
        api_base=emulator.url,
        environ={},
        clock=lambda: made[0].now if made else datetime.now(UTC),
    )
    customer = billing.customers.ensure("org", kind="organization").id
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": customer}).id
    client.v1.customers.update(customer, {"invoice_settings": {"default_payment_method": card}})
    item = billing.subscribe("org", price="team.seat", quantity=1, payment_behavior="allow_incomplete").items[0].id
    made.append(Organization(emulator, client, billing, item, customer, datetime.now(UTC)))
    return made[0]


def memberships(changes: int) -> list[set[str]]:
    """Who is there after each change: mostly joins, every fourth somebody leaves."""
    there: set[str] = {"founder"}
    found = []
    for number in range(changes):
        there = there - {min(there)} if number % 4 == 3 else there | {f"user_{number:05d}"}
        found.append(there)
    return found


def measure(emulator: EmulatorClient, changes: int, burst: int, latency: int) -> Iterator[tuple[Any, ...]]:
    """One row for each way."""
    members = memberships(changes)
    hook_calls = 0
    with tempfile.TemporaryDirectory() as folder:
        for way in ("hook", "recorded"):
            one = organization(emulator, folder)
            emulator.clear_requests()
            if latency:
                emulator.delay_next(latency / 1000, path="/v1/*", count=1_000_000)
            begun = time.perf_counter()
            if way == "hook":
                one.hook(members)
            else:
                one.recorded(members, burst)
            seconds = time.perf_counter() - begun
            calls = emulator.count(path="/v1/*")
            hook_calls = hook_calls or calls
            emulator.clear_faults()
            yield (
                changes,
                burst,
                latency,
                way,
                f"{seconds:.1f}",
                calls,
                one.proration_lines(),
                f"{calls / hook_calls:.3f}",
            )
            one.billing.close()


def _manifest(product: str, price: str) -> dict[str, Any]:
    facts = {"type": "per_seat", "seats": SEATS, "currency": "usd", "unit_amount_decimal": "1200", "tiers": None}
    seat = {"id": price, "product": "team", "interval": "month", "interval_count": 1, **facts}
    return {
        "version": 1,
        "project": "bench",
        "stack": "bench",
        "account": "acct_bench",
        "livemode": False,
        "api_version": "2026-10-28.endive",
        "plans": {},
        "products": {"team": {"id": product}},
        "prices": {"team.seat": seat},
        "meters": {},
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--burst", type=int, nargs="+", default=[1, 10, 50])
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0])
    options = parser.parse_args()
    print("| " + " | ".join(HEAD) + " |\n" + "| --- " * len(HEAD) + "|")
    with stripe_emulator.serve() as server:
        for latency in options.latency_ms:
            for burst in options.burst:
                for row in measure(server.admin, options.changes, burst, latency):
                    print("| " + " | ".join(map(str, row)) + " |", flush=True)


if __name__ == "__main__":
    main()
