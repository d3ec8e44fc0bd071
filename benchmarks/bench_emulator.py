"""The emulator beside stripe-mock on calls both serve: requests per second, p50 and p99; and what it costs to have one.

    script/bench emulator [--requests 2000] [--connections 4] [--rounds 3] [--objects 10000] [--many 100000] [--json]

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
from tempfile import TemporaryDirectory

import stripe

from benchmarks.load import Ask, Load, form, one
from stripe_emulator import Emulator
from stripe_emulator.storage import Storage
from tests.stripe_mock.installed import MISSING, is_installed, serving

KEY = "sk_test_bench"
BEGUN = 1_700_000_000


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
        "list 1 product": form("GET", "/v1/products", limit="1"),
        "list 10 products": form("GET", "/v1/products", limit="10"),
        "create price": form("POST", "/v1/prices", **month),
        "retrieve price": form("GET", f"/v1/prices/{names['price']}"),
        "list 10 prices": form("GET", "/v1/prices", limit="10"),
        "create customer": form("POST", "/v1/customers", email="ada@example.com", **{"metadata[team]": "7"}),
        "update customer": form("POST", f"/v1/customers/{names['customer']}", name="Ada"),
        "retrieve customer": form("GET", f"/v1/customers/{names['customer']}"),
        "list 10 customers": form("GET", "/v1/customers", limit="10"),
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
        rounds = [
            [Load(url, KEY, ask).run(options.requests, options.connections) for url in urls]
            for _ in range(options.rounds)
        ]
        mine, *others = (
            [statistics.median(values) for values in zip(*(run.figures for run in runs), strict=True)]
            for runs in zip(*rounds, strict=True)
        )
        mock = others[0] if others else [None, None, None]
        yield Row(name, mine[0], mock[0], mine[1], mine[2], mock[2])


def with_the_client(requests: int) -> dict[str, float]:
    """Return how many requests a second one thread of the official client gets through, with and without a socket."""
    with Emulator() as emulator:
        clients = {
            "official client over a socket, /s": stripe.StripeClient(KEY, base_addresses={"api": emulator.url}),
            "official client in process, /s": stripe.StripeClient(KEY, http_client=emulator.http_client(stripe)),
        }
        found = {}
        for name, client in clients.items():
            begun = time.perf_counter()
            for _ in range(requests):
                client.v1.products.create({"name": "Team"})
            found[name] = requests / (time.perf_counter() - begun)
    return found


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
        found[f"MiB for {objects} customers and their events"] = resident(process) - before
    return found


def kept(requests: int) -> dict[str, float]:
    """Return how many customers a second are on disk, from one writer and from sixteen, who share writes."""
    found = {}
    with TemporaryDirectory() as folder, program("--data", f"{folder}/stripe.db") as (url, _, _):
        for writers in (1, 16):
            run = Load(url, KEY, form("POST", "/v1/customers", email="ada@example.com")).run(requests, writers)
            found[f"created on disk by {writers}, /s"] = run.figures[0]
    return found


def among_many(many: int, requests: int) -> dict[str, float]:
    """Return the milliseconds in which half of some questions are answered among so many customers."""
    with TemporaryDirectory() as folder:
        fill(Path(folder) / "stripe.db", many)
        with program("--data", f"{folder}/stripe.db") as (url, _, seconds):
            asked = {
                "list the newest": form("GET", "/v1/customers", limit="10"),
                "list by email": form("GET", "/v1/customers", email="7@example.com"),
                "list after the middle one": form(
                    "GET", "/v1/customers", starting_after=f"cus_{many // 2}", limit="10"
                ),
                "list of a second": form("GET", "/v1/customers", created=str(BEGUN + many // 3)),
                "search by metadata": form("GET", "/v1/customers/search", query=f"metadata['number']:'{many // 2}'"),
                "search for a part": form("GET", "/v1/customers/search", query=f"email~'{many // 2}@'"),
            }
            found = {f"start with {many} customers, s": seconds}
            for name, ask in asked.items():
                run = Load(url, KEY, ask).run(requests, 1)
                found[f"{name} of {many}, ms"] = run.figures[1]
    return found


def fill(path: Path, many: int) -> None:
    """Write a data file with so many customers, a second after one another."""
    with Emulator(data=path, clock=BEGUN) as emulator:
        client = stripe.StripeClient(KEY, http_client=emulator.http_client(stripe))
        template = client.v1.customers.create({}).id
        (scope,) = {one[0] for one in emulator.snapshot()["documents"] if one[1] == "customer"}
    storage = Storage(path)
    customer = storage.table(scope, "customer")[template]
    made = (
        {
            **customer,
            "id": f"cus_{number}",
            "email": f"{number}@example.com",
            "created": BEGUN + number,
            "metadata": {"number": str(number)},
        }
        for number in range(many)
    )
    storage.apply({(scope, "customer", one["id"]): one for one in made})
    storage.close()


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
    few = min(options.requests, 1000)
    others = with_the_client(few) | costs(options.objects) | kept(few) | among_many(options.many, min(few, 100))
    if options.json:
        print(json.dumps({"calls": [asdict(row) for row in rows], "others": others}))
        return 0
    print("\n".join(table(rows)))
    print("\n| | |\n| --- | --- |")
    print("\n".join(f"| {name} | {value:,.2f} |" for name, value in others.items()))
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
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
