"""The emulator beside stripe-mock on calls both serve: requests per second, p50 and p99; and what it costs to have one.

    script/bench emulator [--requests 2000] [--connections 4] [--rounds 3] [--objects 10000] [--json]

Both servers are processes of their own and are asked in turns by one generator that speaks plain HTTP over kept
connections, so that no client library is measured; a row of its own says what the official client gets through. The
emulator does the work: it checks, stores, numbers and logs what stripe-mock answers from a fixture.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import stripe

from benchmarks.load import Ask, Load, form, one
from tests.stripe_mock.installed import MISSING, is_installed, serving

KEY = "sk_test_bench"


@dataclass(frozen=True)
class Row:
    """One call, on both servers."""

    call: str
    emulator: float
    stripe_mock: float | None
    p50: float
    p99: float
    mock_p99: float | None

    @property
    def ratio(self) -> float | None:
        """Say how many requests the emulator answers for one of stripe-mock's."""
        return None if self.stripe_mock is None else self.emulator / self.stripe_mock


def calls(names: dict[str, str]) -> dict[str, Ask]:
    """Return what is asked, by the ids that the emulator gave; stripe-mock has every id."""
    month = {"recurring[interval]": "month", "currency": "usd", "unit_amount": "1200", "product": names["product"]}
    return {
        "create product": form("POST", "/v1/products", name="Team", description="For everybody"),
        "retrieve product": form("GET", f"/v1/products/{names['product']}"),
        "list products": form("GET", "/v1/products", limit="10"),
        "create price": form("POST", "/v1/prices", **month),
        "retrieve price": form("GET", f"/v1/prices/{names['price']}"),
        "list prices": form("GET", "/v1/prices", limit="10"),
        "create customer": form("POST", "/v1/customers", email="ada@example.com", **{"metadata[team]": "7"}),
        "update customer": form("POST", f"/v1/customers/{names['customer']}", name="Ada"),
        "retrieve customer": form("GET", f"/v1/customers/{names['customer']}"),
        "list customers": form("GET", "/v1/customers", limit="10"),
        "retrieve subscription": form("GET", f"/v1/subscriptions/{names['subscription']}"),
        "create coupon": form("POST", "/v1/coupons", percent_off="20", duration="once"),
    }


def stage(url: str) -> dict[str, str]:
    """Make what the calls name."""
    client = stripe.StripeClient(KEY, base_addresses={"api": url})
    product = client.v1.products.create({"name": "Team"}).id
    price = client.v1.prices.create(
        {"product": product, "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}}
    ).id
    card = "pm_card_visa"
    customer = client.v1.customers.create(
        {"payment_method": card, "invoice_settings": {"default_payment_method": card}}
    ).id
    subscription = client.v1.subscriptions.create({"customer": customer, "items": [{"price": price}]}).id
    return {"product": product, "price": price, "customer": customer, "subscription": subscription}


def measure(urls: list[str], asked: dict[str, Ask], options: argparse.Namespace) -> Iterator[Row]:
    """Ask every server the same, in turns; the median of the rounds counts."""
    for name, ask in asked.items():
        rounds = [[Load(url, KEY, ask).run(options.requests, options.connections) for url in urls]]
        rounds += [
            [Load(url, KEY, ask).run(options.requests, options.connections) for url in urls]
            for _ in range(options.rounds - 1)
        ]
        mine, *others = (
            [statistics.median(values) for values in zip(*(run.figures for run in runs), strict=True)]
            for runs in zip(*rounds, strict=True)
        )
        mock = others[0] if others else (None, None, None)
        yield Row(name, mine[0], mock[0], mine[1], mine[2], mock[2])


def with_the_client(url: str, requests: int) -> float:
    """Return how many requests a second one thread of the official client gets through."""
    client = stripe.StripeClient(KEY, base_addresses={"api": url})
    begun = time.perf_counter()
    for _ in range(requests):
        client.v1.products.create({"name": "Team"})
    return requests / (time.perf_counter() - begun)


@contextmanager
def program(*options: str) -> Iterator[tuple[str, subprocess.Popen[str], float]]:
    """Run the emulator; yield its address, its process, and the seconds until it answered."""
    begun = time.perf_counter()
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip().rpartition(" ")[2]
            one(url, KEY, form("GET", "/v1/products"))
            yield url, process, time.perf_counter() - begun
        finally:
            process.terminate()


def resident(process: subprocess.Popen[str]) -> float:
    """Return the MiB that a process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * 4096 / 2**20


def costs(objects: int) -> dict[str, float]:
    """Return what an emulator costs: to start, for so many objects, and to find things among them."""
    found: dict[str, float] = {}
    with program() as (url, process, seconds):
        found["start, s"] = seconds
        before = resident(process)
        Load(url, KEY, form("POST", "/v1/customers", email="ada@example.com")).run(objects, 4)
        found[f"MiB for {objects} customers"] = resident(process) - before
    return found


def table(rows: list[Row]) -> Iterator[str]:
    """The rows as Markdown."""
    yield "| call | emulator, /s | stripe-mock, /s | ratio | p50, ms | p99, ms | stripe-mock p99, ms |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for row in rows:
        known = "" if row.stripe_mock is None else f"{row.stripe_mock:.0f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        mock = "" if row.mock_p99 is None else f"{row.mock_p99:.2f}"
        yield f"| {row.call} | {row.emulator:.0f} | {known} | {ratio} | {row.p50:.2f} | {row.p99:.2f} | {mock} |"


def main() -> int:
    """Measure and print."""
    options = arguments()
    with program() as (url, _, _), beside() as mock:
        asked = calls(stage(url))
        rows = list(measure([url, *mock], asked, options))
        sdk = with_the_client(url, min(options.requests, 1000))
    spent = costs(options.objects)
    if options.json:
        print(json.dumps({"calls": [asdict(row) for row in rows], "client": sdk, "costs": spent}))
        return 0
    print("\n".join(table(rows)))
    print(f"\nThe official client, one thread: {sdk:.0f} requests a second")
    print("\n".join(f"{name}: {value:.2f}" for name, value in spent.items()))
    if not mock:
        print(f"without stripe-mock: {MISSING}")
    return 0


@contextmanager
def beside() -> Iterator[list[str]]:
    """Run stripe-mock, if it is there."""
    if not is_installed():
        yield []
        return
    with serving() as address:
        yield [f"http://{address}"]


def arguments() -> argparse.Namespace:
    """Read the options."""
    parser = argparse.ArgumentParser(prog="script/bench emulator")
    parser.add_argument("--requests", type=int, default=2000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--objects", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
