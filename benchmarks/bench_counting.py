"""Calls and time to count who is affected by a change, beside the plain way: page after page of each price and status.

    script/bench counting [--subscriptions 100000] [--latency-ms 0 100] [--side-by-side 8] [--json]

The emulated Stripe is a process of its own with so many subscriptions; `--latency-ms` is what each answer takes longer,
as a network and a busy Stripe would. Both ways ask without a pace; "at 20/s" is the least that the calls would take at
the pace that counting keeps at Stripe. The numbers of both ways are compared.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import stripe

from benchmarks.subscribers import EXTRA, Shop, fill
from billing_review.counting import Bound, count
from billing_review.steps import Change, Source, Step
from stripe_emulator import EmulatorClient

CHANGES = {
    "one price": ("legacy",),
    "every price": ("monthly", "yearly", "pro", "legacy", EXTRA),
}
ENDLESS = 1_000_000
RATE = 20
Numbers = dict[str, tuple[int, int, int, int, int]]
"""By price: active, trialing, past due, seats, customers."""


@dataclass(frozen=True)
class Row:
    """One measurement."""

    change: str
    latency_ms: int
    way: str
    calls: int
    seconds: float


def plainly(client: stripe.StripeClient, prices: Sequence[str]) -> Numbers:
    """Count with the SDK's own pages, one after the other."""
    found = {}
    for price in prices:
        by_status, seats, customers = [], 0, set()
        for status in ("active", "trialing", "past_due"):
            params: Any = {"price": price, "status": status, "limit": 100}
            number = 0
            for one in client.v1.subscriptions.list(params).auto_paging_iter():
                number += 1
                customers.add(one.customer)
                seats += sum(item.quantity or 0 for item in one["items"].data if item.price.id == price)
            by_status.append(number)
        found[price] = (by_status[0], by_status[1], by_status[2], seats, len(customers))
    return found


def ours(client: stripe.StripeClient, prices: Sequence[str], side_by_side: int) -> Numbers:
    """Count as a review does, without the pace."""
    steps = tuple(Step("Price", price, "replace", object_id=price) for price in prices)
    bound = Bound(calls=ENDLESS, per_second=None, side_by_side=side_by_side)
    counting, affected = count(Change(Source("plan"), steps), client, bound=bound)
    assert counting.status == "counted", counting.sentence
    numbers = {key: one for (_, key), one in affected.items()}
    return {
        key: (one.active, one.trialing, one.past_due, one.seats, one.customers) for key, one in sorted(numbers.items())
    }


def measure(url: str, shop: Shop, latency: int, side_by_side: int) -> Iterator[Row]:
    """Measure both ways for every change."""
    emulator = EmulatorClient(url)
    client = stripe.StripeClient(emulator.key, base_addresses={"api": url})
    emulator.clear_faults()
    if latency:
        emulator.delay_next(latency / 1000, count=ENDLESS)
    for change, names in CHANGES.items():
        prices = sorted(shop.prices[name] for name in names)
        found = {}
        for way in ("plain", "ours"):
            emulator.clear_requests()
            begun = time.perf_counter()
            found[way] = plainly(client, prices) if way == "plain" else ours(client, prices, side_by_side)
            seconds = time.perf_counter() - begun
            yield Row(change, latency, way, sum(emulator.counts().values()), seconds)
        assert found["plain"] == found["ours"], found


@contextmanager
def emulator(data: Path) -> Iterator[str]:
    """Run the emulated Stripe over the data, with the clock that stands in it."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip().rpartition(" ")[2]
    finally:
        process.terminate()
        process.communicate()


def table(rows: list[Row]) -> Iterator[str]:
    """The rows beside each other, as Markdown."""
    names = ("change", "latency", "plain: calls", "s", "ours: calls", "s", "times faster", "ours at 20/s, s")
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---' for _ in names)} |"
    for plain, mine in zip(rows[::2], rows[1::2], strict=True):
        cells = (
            plain.change,
            f"{plain.latency_ms} ms",
            f"{plain.calls:,}",
            f"{plain.seconds:.1f}",
            f"{mine.calls:,}",
            f"{mine.seconds:.1f}",
            f"{plain.seconds / mine.seconds:.1f}",
            f"{max(mine.seconds, mine.calls / RATE):.0f}",
        )
        yield f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscriptions", type=int, default=100_000)
    parser.add_argument("--latency-ms", type=int, nargs="+", default=[100])
    parser.add_argument("--side-by-side", type=int, default=Bound().side_by_side)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        shop = fill(Path(folder) / "stripe.db", options.subscriptions)
        with emulator(Path(folder) / "stripe.db") as url:
            rows = [row for ms in options.latency_ms for row in measure(url, shop, ms, options.side_by_side)]
    if options.json:
        print(json.dumps([asdict(row) for row in rows], indent=2))
        return 0
    print(f"Counting who is affected, {options.subscriptions:,} subscriptions")
    print(*table(rows), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
