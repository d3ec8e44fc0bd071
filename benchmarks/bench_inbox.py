"""Webhooks taken in per second, look-ups, and reconciliation, each beside what people write by hand.

    script/bench inbox [--webhooks 3000] [--threads 64] [--lookups 20000] [--customers 10000] [--latency-ms 100]

Intake: signed webhooks of many threads, each answered only when it is on disk, beside the SDK's `construct_event` and
one INSERT and commit for each; both as a share of the disk's own fdatasync rate in the same folder. Look-up:
`billing.subscription(entity)` beside one SELECT and `json.loads`. Reconciliation: `sync_all` beside a request for each
customer, measured for some and scaled up; each answer takes the latency longer, as a network and a busy Stripe would.
PostgreSQL is measured too where it is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import stripe

from billing_runtime import Billing
from stripe_emulator import EmulatorClient, serve
from stripe_emulator.storage import Storage
from tests import postgresql
from tests.billing_runtime.conftest import example

Json = dict[str, Any]
SECRET = "whsec_of_the_benchmark"  # noqa: S105 - made up
ENTITIES = 1000
SAMPLE = 100
TABLE = "CREATE TABLE seen (id TEXT PRIMARY KEY, body TEXT)"


@dataclass(frozen=True)
class Row:
    """One measurement: so many in so many seconds, and how long one took, in microseconds."""

    what: str
    way: str
    number: int
    seconds: float
    p50_us: float = 0
    p99_us: float = 0
    calls: int = 0

    @property
    def rate(self) -> float:
        """How many in a second."""
        return self.number / self.seconds


def measured(what: str, way: str, calls: Sequence[Callable[[], object]], threads: int = 1) -> Row:
    """Make the calls, in so many threads, and time each."""
    took = [0.0] * len(calls)

    def one(place: int) -> None:
        begin = time.perf_counter_ns()
        calls[place]()
        took[place] = (time.perf_counter_ns() - begin) / 1000

    begin = time.perf_counter()
    if threads == 1:
        for place in range(len(calls)):
            one(place)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(len(calls)), chunksize=8))
    seconds = time.perf_counter() - begin
    return Row(what, way, len(calls), seconds, statistics.median(took), sorted(took)[int(len(took) * 0.99)])


def disk(folder: Path, seconds: float = 2) -> Row:
    """What the disk can do: append a page and wait for it, again and again."""
    number, begin = 0, time.perf_counter()
    handle = os.open(folder / "disk", os.O_CREAT | os.O_WRONLY)
    while time.perf_counter() - begin < seconds:
        os.write(handle, b"x" * 4096)
        os.fdatasync(handle)
        number += 1
    os.close(handle)
    return Row("disk", "fdatasync", number, time.perf_counter() - begin)


def webhooks(number: int) -> list[tuple[bytes, str]]:
    """Signed webhooks of a thousand customers, about as large as Stripe's."""
    found = []
    for place in range(number):
        thing = {
            "id": f"sub_{place}",
            "object": "subscription",
            "customer": f"cus_{place % ENTITIES}",
            "pad": "x" * 3000,
        }
        event = {"id": f"evt_{place}", "object": "event", "type": "customer.subscription.updated", "livemode": False}
        body = json.dumps(event | {"created": int(time.time()), "data": {"object": thing}}).encode()
        found.append((body, str(stripe.WebhookSignature.generate_signature_header(body.decode(), SECRET))))
    return found


def intake(name: str, url: str, number: int, threads: int) -> Row:
    """Webhooks into the durable inbox."""
    with opened(url) as billing:
        calls = [partial(billing.webhook, body, header) for body, header in webhooks(number)]
        row = measured(f"intake, {name}", "inbox", calls, threads)
        assert billing.inbox.lag().waiting == number
    return row


def by_hand(name: str, connect: Callable[[], Any], insert: str, number: int, threads: int) -> Row:
    """`construct_event`, one INSERT, one commit: a connection for each thread."""
    local = threading.local()

    def one(body: bytes, header: str) -> None:
        event = stripe.Webhook.construct_event(body, header, SECRET)
        if not hasattr(local, "connection"):
            local.connection = connect()
        local.connection.execute(insert, (event.id, body.decode()))
        local.connection.commit()

    calls = [partial(one, body, header) for body, header in webhooks(number)]
    return measured(f"intake, {name}", "by hand", calls, threads)


def sqlite_by_hand(path: Path) -> sqlite3.Connection:
    """A connection as careful as ours."""
    connection = sqlite3.connect(path, timeout=60)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


@contextmanager
def opened(url: str, manifest: Json | None = None, base: str | None = None) -> Iterator[Billing]:
    """The example's billing."""
    with Billing.open(
        manifest=manifest or example(),
        store=url,
        api_key="sk_test_emulator",
        api_base=base,
        environ={},
        webhook_secrets=SECRET,
    ) as billing:
        yield billing


def lookups(name: str, url: str, number: int) -> list[Row]:
    """Look-ups of a thousand entities, beside a SELECT and json.loads of the same bodies."""
    from billing_runtime._cache.writing import Answer

    item = {"id": "si_1", "quantity": 3, "current_period_start": 1, "current_period_end": 4_000_000_000}
    price = {"id": "price_team", "product": "prod_team", "metadata": {}, "recurring": {"interval": "month"}}
    body = {"id": "sub", "status": "active", "customer": "cus", "created": 1, "items": [item | {"price": price}]}
    with opened(url) as billing:
        cache = billing._context.cache  # noqa: SLF001 - filled without Stripe
        for place in range(ENTITIES):
            cache.keep(Answer(f"cus_{place}", f"org_{place}", place + 1, 1, [body | {"id": f"sub_{place}"}]))
        calls = [partial(billing.subscription, f"org_{place % ENTITIES}") for place in range(number)]
        assert all(call() for call in calls[:ENTITIES])
        rows = [measured(f"look-up, {name}", "subscription()", calls)]
        cache._stale = timedelta(seconds=1)  # noqa: SLF001 - as Billing.open(stale=…) sets it
        rows.append(measured(f"look-up, {name}", "subscription(), stale=1 s", calls))
        store = billing._context.store  # noqa: SLF001 - the same connection pool as ours
        scope = billing._context.scope  # noqa: SLF001

        def select(entity: str) -> object:
            with store.reading(scope) as reading:
                (row,) = reading.all("subscriptions_of_entity", entity_id=entity)
            return json.loads(row["body"])

        plain = [partial(select, f"org_{place % ENTITIES}") for place in range(number)]
        return [*rows, measured(f"look-up, {name}", "SELECT and json.loads", plain)]


def shop(path: Path, customers: int) -> Json:
    """A data file of the emulator in which every customer has one subscription; the manifest that goes with it."""
    manifest = example()
    with serve(data=path) as server:
        client = stripe.StripeClient(server.admin.key, base_addresses={"api": server.url})
        product = client.v1.products.create({"name": "Team"}).id
        wanted: Any = {"product": product, "currency": "usd", "unit_amount": 1200, "recurring": {"interval": "month"}}
        price = client.v1.prices.create(wanted).id
        marks = {"billing:entity": "org_x", "billing:stack": "shop/dev", "billing:kind": "organization"}
        customer = client.v1.customers.create({"metadata": marks}).id
        items: Any = [{"price": price}]
        made = client.v1.subscriptions.create({"customer": customer, "items": items, "trial_period_days": 700})
        scope = next(one[0] for one in server.admin.snapshot()["documents"] if one[1] == "subscription")
    manifest["prices"]["team.monthly"]["id"], manifest["products"]["team"]["id"] = price, product
    storage = Storage(path)
    who, what = storage.table(scope, "customer")[customer], storage.table(scope, "subscription")[made.id]
    part = storage.table(scope, "subscription_item")[what["_items"][0]]
    copies = (one for place in range(customers - 1) for one in _copy(place, who, what, part))
    storage.apply({(scope, one["object"], one["id"]): one for one in copies})
    storage.close()
    return manifest


def _copy(place: int, customer: Json, subscription: Json, item: Json) -> Iterator[Json]:
    who, what, part = f"cus_{place:08d}", f"sub_{place:08d}", f"si_{place:08d}"
    yield customer | {"id": who, "metadata": customer["metadata"] | {"billing:entity": f"org_{place}"}}
    yield item | {"id": part, "subscription": what}
    yield subscription | {"id": what, "customer": who, "_items": [part]}


def reconciliation(folder: Path, customers: int, latency: float) -> list[Row]:
    """Everybody, beside a request for each customer."""
    manifest = shop(folder / "stripe.db", customers)
    with emulator(folder / "stripe.db") as base, opened(f"sqlite:///{folder}/sync.db", manifest, base) as billing:
        EmulatorClient(base).delay_next(latency, count=1_000_000)
        rows = []
        for way in ("sync_all, from nothing", "sync_all, nothing to repair"):
            begin = time.perf_counter()
            done = billing.sync_all()
            assert done is not None
            assert done.subscriptions == customers
            rows.append(Row("reconciliation", way, customers, time.perf_counter() - begin, calls=done.calls))
        client = stripe.StripeClient("sk_test_emulator", base_addresses={"api": base})
        some = [one.id for one in client.v1.customers.list({"limit": SAMPLE}).data]
        begin = time.perf_counter()
        for one in some:
            client.v1.subscriptions.list({"customer": one, "status": "all", "limit": 1})
        seconds = (time.perf_counter() - begin) * customers / len(some)
        calls = customers + -(-customers // 100)
        return [*rows, Row("reconciliation", f"by hand ({SAMPLE}, scaled)", customers, seconds, calls=calls)]


@contextmanager
def emulator(data: Path) -> Iterator[str]:
    """The emulated Stripe as a process of its own."""
    command = [sys.executable, "-m", "stripe_emulator", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    yield process.stdout.readline().split()[-1]
    process.terminate()
    process.wait()


def on_sqlite(folder: Path, wanted: argparse.Namespace) -> list[Row]:
    """Intake and look-up on SQLite."""
    plain = sqlite_by_hand(folder / "plain.db")
    plain.execute(TABLE)
    plain.close()
    insert = "INSERT OR IGNORE INTO seen VALUES (?, ?)"
    connect = lambda: sqlite_by_hand(folder / "plain.db")  # noqa: E731 - named for its use below
    return [
        intake("sqlite", f"sqlite:///{folder}/inbox.db", wanted.webhooks, wanted.threads),
        by_hand("sqlite", connect, insert, wanted.webhooks, wanted.threads),
        *lookups("sqlite", f"sqlite:///{folder}/lookups.db", wanted.lookups),
    ]


def on_postgresql(wanted: argparse.Namespace) -> list[Row]:
    """Intake and look-up on PostgreSQL, which waits for its disk like SQLite."""
    import psycopg

    with postgresql.server() as server:
        plain = server.database()
        with psycopg.connect(plain, autocommit=True) as connection:
            connection.execute(TABLE)
        insert = "INSERT INTO seen VALUES (%s, %s) ON CONFLICT DO NOTHING"
        return [
            intake("postgresql", server.database(), wanted.webhooks, wanted.threads),
            by_hand("postgresql", lambda: psycopg.connect(plain), insert, wanted.webhooks, wanted.threads),
            *lookups("postgresql", server.database(), wanted.lookups),
        ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--webhooks", type=int, default=3000)
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--lookups", type=int, default=20_000)
    parser.add_argument("--customers", type=int, default=10_000)
    parser.add_argument("--latency-ms", type=float, default=100)
    parser.add_argument("--json", type=Path, help="write the numbers there, too")
    wanted = parser.parse_args(arguments)
    Path(".billing").mkdir(exist_ok=True)  # on this disk, and nothing that git looks at
    with tempfile.TemporaryDirectory(dir=".billing") as place:
        folder = Path(place).absolute()
        synced = disk(folder)
        rows = [synced, *on_sqlite(folder, wanted)]
        rows += on_postgresql(wanted) if postgresql.programs() else []
        rows += reconciliation(folder, wanted.customers, wanted.latency_ms / 1000)
    if wanted.json:
        wanted.json.write_text(json.dumps([asdict(row) | {"rate": row.rate} for row in rows], indent=1))
    print(f"{'':22}{'':30}{'number':>8}{'per second':>12}{'of fdatasync':>14}{'p50 µs':>10}{'p99 µs':>10}{'calls':>8}")
    for row in rows:
        share = f"{row.rate / synced.rate:.0%}" if row.what.startswith(("intake", "disk")) else ""
        times = f"{row.p50_us:10.1f}{row.p99_us:10.1f}" if row.p50_us else f"{'':20}"
        calls = f"{row.calls:8}  {row.seconds:.1f} s" if row.calls else ""
        print(f"{row.what:22}{row.way:30}{row.number:8}{row.rate:12.0f}{share:>14}{times}{calls}")


if __name__ == "__main__":
    main()
