"""Moving subscriptions: `billing_runtime.migration` beside the loop that people write, in the same run.

    script/bench migrate [--subscriptions 1000] [--latency-ms 0 20] [--parallel 1 4]

The naive loop lists the subscriptions and sets the price of each item; it reads nothing again, remembers nothing, and
cannot be resumed or undone. Stripe's answers are delayed by the emulator, so that calls show.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import stripe

import stripe_emulator
from billing_runtime import load_manifest
from billing_runtime.migration import Pacing, Policy, open_migrations
from stripe_emulator.client import EmulatorClient

HEAD = ("subscriptions", "latency", "way", "at once", "seconds", "a second", "calls", "calls each", "beside the loop")
MANIFEST: dict[str, Any] = {
    "version": 1,
    "project": "bench",
    "stack": "bench",
    "account": "acct_bench",
    "livemode": False,
    "api_version": "2026-10-28.endive",
    "plans": {},
    "products": {},
    "prices": {},
    "meters": {},
}


@dataclass(frozen=True)
class Shop:
    """Two prices, and subscriptions on the first."""

    emulator: EmulatorClient
    client: stripe.StripeClient
    old: str
    new: str

    @classmethod
    def opened(cls, emulator: EmulatorClient, number: int) -> Shop:
        """Make them."""
        client = stripe.StripeClient("sk_test_bench", base_addresses={"api": emulator.url}, max_network_retries=0)
        product = client.v1.products.create({"name": "Team"}).id
        prices = [_price(client, product, amount) for amount in (1200, 1400)]
        for _ in range(number):
            customer = client.v1.customers.create({}).id
            later: Any = {"collection_method": "send_invoice", "days_until_due": 7}
            asked: Any = {"customer": customer, "items": [{"price": prices[0], "quantity": 3}], **later}
            client.v1.subscriptions.create(asked)
        return cls(emulator, client, *prices)

    def naive(self) -> None:
        """The loop."""
        for found in list(self.client.v1.subscriptions.list({"price": self.old, "limit": 100}).auto_paging_iter()):
            [item] = found["items"].data
            change: Any = {"price": self.new, "quantity": item.quantity, "proration_behavior": "none"}
            self.client.v1.subscription_items.update(item.id, change)

    def migrated(self, at_once: int) -> None:
        """The migration, with its plan and its journal."""
        with tempfile.TemporaryDirectory() as folder:
            migrations = open_migrations(
                load_manifest(MANIFEST), locks=Path(folder), api_key="sk_test_bench", api_base=self.emulator.url
            )
            plan = migrations.plan(self.old, self.new, Policy())
            migrations.run(plan, Path(folder, "journal.jsonl"), Pacing(at_once=at_once))


def _price(client: stripe.StripeClient, product: str, amount: int) -> str:
    asked: Any = {"product": product, "currency": "usd", "unit_amount": amount, "recurring": {"interval": "month"}}
    return client.v1.prices.create(asked).id


def main() -> None:
    """Measure both and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--subscriptions", type=int, default=1000)
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[0, 20])
    parser.add_argument("--parallel", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    stripe.enable_telemetry = False
    print(f"{os.cpu_count()} cores\n\n| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    with stripe_emulator.serve() as server:
        shop = Shop.opened(server.admin, options.subscriptions)
        begun = server.admin.snapshot()
        for latency in options.latency_ms:
            for row in rows(shop, begun, options.subscriptions, latency, options.parallel):
                print(f"| {' | '.join(row)} |", flush=True)


def rows(shop: Shop, begun: dict[str, Any], number: int, latency: int, parallel: list[int]) -> Iterator[list[str]]:
    """The lines of one latency."""
    alone, calls = measured(shop, begun, number, latency, shop.naive)
    yield row(number, latency, "naive loop", 1, alone, calls, alone)
    for at_once in parallel:

        def run(at_once: int = at_once) -> None:
            shop.migrated(at_once)

        seconds, calls = measured(shop, begun, number, latency, run)
        yield row(number, latency, "billing migrate", at_once, seconds, calls, alone)


def measured(
    shop: Shop, begun: dict[str, Any], number: int, latency: int, way: Callable[[], None]
) -> tuple[float, int]:
    """Seconds and requests of one way, from the same beginning; everybody must have moved with three seats."""
    shop.emulator.restore(begun)
    if latency:
        shop.emulator.delay_next(latency / 1000, path="/v1/*", count=1_000_000)
    began = time.perf_counter()
    way()
    seconds, calls = time.perf_counter() - began, shop.emulator.count(path="/v1/*")
    shop.emulator.clear_faults()
    found = shop.client.v1.subscriptions.list({"price": shop.new, "limit": 100}).auto_paging_iter()
    assert [one["items"].data[0].quantity for one in found] == [3] * number
    return seconds, calls


def row(number: int, latency: int, way: str, at_once: int, seconds: float, calls: int, alone: float) -> list[str]:
    """One line of the table."""
    figures = [f"{seconds:.1f}", f"{number / seconds:.0f}", str(calls), f"{calls / number:.2f}"]
    return [str(number), f"{latency} ms", way, str(at_once), *figures, f"{seconds / alone:.2f}"]


if __name__ == "__main__":
    main()
