"""`up` and `refresh` of mixed objects: our host beside Pulumi's stock host, on the same engine, in the same run.

    script/bench up [--objects 300 1000] [--rates off 25] [--latency-ms 100] [--steps up preview refresh destroy]

Prints seconds, the requests that the emulator counted, and the time that the rate alone would take (requests divided by
rate); Stripe's answers are delayed by the emulator, so that concurrency shows.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import local_engine
import stripe_emulator

PROGRAM = """
import os
import billing_resources as billing

number = int(os.environ["OBJECTS"])
product = billing.Product("load", name="Load")
meter = billing.Meter("load", display_name="Load", event_name="load", default_aggregation={"formula": "sum"})
for n in range(number - 2):
    name = f"load{n}"
    if n % 10 < 6:
        billing.Price(f"load.{name}", product=product.id, currency="usd", unit_amount=100 + n, lookup_key=name,
                      recurring={"interval": "month"})
    elif n % 10 == 6:
        billing.Product(name, name=name)
    elif n % 10 == 7:
        billing.Coupon(name, percent_off=25, name=name)
    elif n % 10 == 8:
        billing.Feature(name, lookup_key=name, name=name)
    else:
        billing.TaxRate(name, display_name=name, percentage=19, inclusive=True)
"""
PROJECT = "name: load\nruntime: {{name: python, options: {{virtualenv: {environment}}}}}\n"
STEPS = {
    "up": local_engine.up,
    "preview": local_engine.preview,
    "refresh": local_engine.refresh,
    "destroy": local_engine.destroy,
}
OUR_HOST = "plugins: {{providers: [{{name: pulumi-python, path: {host}}}]}}\n"
HEAD = ("objects", "rate", "step", "our host", "stock host", "ratio", "requests", "rate alone", "of it")


@dataclass(frozen=True)
class Measured:
    """One step on one host."""

    seconds: float
    requests: int


def main() -> None:
    """Measure both hosts and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--objects", type=int, nargs="+", default=[300])
    parser.add_argument("--rates", nargs="+", default=["off", "25"], help="requests each second, or off")
    parser.add_argument("--latency-ms", type=int, default=100)
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=["up", "refresh"])
    options = parser.parse_args()
    os.environ |= {"STRIPE_API_KEY": "sk_test_bench", "PULUMI_CONFIG_PASSPHRASE": "bench"}
    print(f"{options.latency_ms} ms at Stripe, {os.cpu_count()} cores, time in seconds\n")
    print(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}")
    for objects in options.objects:
        for rate in options.rates:
            for row in rows(objects, rate, options.steps, options.latency_ms / 1000):
                print(f"| {' | '.join(row)} |", flush=True)


def rows(objects: int, rate: str, steps: list[str], latency: float) -> Iterator[list[str]]:
    """The lines of one number of objects at one rate."""
    os.environ["OBJECTS"] = str(objects)
    ours, stock = (measure(rate, steps, latency, own_host=own) for own in (True, False))
    for step, mine in ours.items():
        theirs = stock[step].seconds
        alone = None if rate == "off" else mine.requests / int(rate)
        limit = ["-", "-"] if not alone else [f"{alone:.1f}", f"{mine.seconds / alone:.2f}"]
        numbers = [f"{mine.seconds:.1f}", f"{theirs:.1f}", f"{theirs / mine.seconds:.1f}"]
        yield [str(objects), rate, step, *numbers, str(mine.requests), *limit]


def measure(rate: str, steps: list[str], latency: float, *, own_host: bool) -> dict[str, Measured]:
    """Each step of a stack's life."""
    with tempfile.TemporaryDirectory() as folder, stripe_emulator.serve() as server:
        os.environ["STRIPE_API_BASE"] = server.url
        os.environ["PULUMI_BACKEND_URL"] = Path(folder, "state").as_uri()
        Path(folder, "state").mkdir()
        server.admin.delay_next(latency, path="/v1/*", count=1_000_000)
        project = write_project(Path(folder), rate, own_host=own_host)
        local_engine.stack_init(project, "bench")
        found = {}
        for name in steps:
            server.admin.clear_requests()
            seconds = timed(STEPS[name], project)
            found[name] = Measured(seconds, server.admin.count())
        return found


def write_project(folder: Path, rate: str, *, own_host: bool) -> local_engine.Project:
    """A project of many objects of several kinds."""
    text = PROJECT.format(environment=sys.prefix)
    text += OUR_HOST.format(host=Path(__file__).absolute().parents[1] / "provider") if own_host else ""
    (folder / "Pulumi.yaml").write_text(text, encoding="utf-8")
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    limit = "" if rate == "off" else f'  stripe:rateLimit: "{rate}"\n'
    (folder / "Pulumi.bench.yaml").write_text("config:\n  load:x: y\n" + limit, encoding="utf-8")
    return local_engine.load_project(folder)


def timed(operation: Callable[[local_engine.Run], local_engine.Result], project: local_engine.Project) -> float:
    """The seconds that an operation takes; it must succeed."""
    run = local_engine.Run(project, "bench", environ=dict(os.environ), parallel=32)
    began = time.perf_counter()
    result = operation(run)
    assert result.succeeded, result.diagnostics
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
